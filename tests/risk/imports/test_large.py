"""Large registers: as many statements for four times the rows, none that writes for the same."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Office, Phase, TrailRecord
from registry.services.bulk import MANY
from registry.services.plans import open_annex
from registry.services.trail_verification import verify_trail
from risk.models import Coverage
from risk.services.imports import apply_import, undo_import
from tests.messy_workbooks import Grid, as_other_xlsx
from tests.risk.imports.test_published_documents import DemoImportCase
from tests.statements import COUNTED, LOCK

HEADS = ["Attività", "Principali fasi", "Comportamento a rischio", "Misure", "Livello di rischio"]
PHASES_A_PROCESS = 5


def register(rows: int) -> bytes:
    """Return a workbook of processes with five phases each, all but the phases merged."""
    grid = Grid([["Registro"], HEADS])
    for n in range(rows):
        place = len(grid.rows) + 1
        if n % PHASES_A_PROCESS:
            grid.rows.append(["", f"Fase {n}", "", "", ""])
            continue
        risk = f"Favorire qualcuno ({n})"
        grid.rows.append([f"Processo {n}", f"Fase {n}", risk, "Formazione", "BASSO"])
        last = place + PHASES_A_PROCESS - 1
        grid.merges += [(place, column, last, column) for column in (1, 3, 4, 5)]
    return as_other_xlsx(grid)


class LargeTests(DemoImportCase):
    def setUp(self):
        self.office = Office.objects.get(code="SI")
        open_annex(plan=self.plan, office=self.office, by=self.rpct)

    def statements(self, work):
        with CaptureQueriesContext(connection) as captured:
            found = work()
        told = [query["sql"] for query in captured]
        counted = ("COPY", *COUNTED)
        return found, [sql for sql in told if sql.startswith(counted) and LOCK not in sql]

    def take(self, content):
        preview = self.preview(content, office=self.office)
        assert preview.problems == preview.questions == []
        taken = self.start(content, office=self.office)
        _preview, told = self.statements(
            lambda: apply_import(register_import=taken, digest=preview.digest, by=self.rpct)
        )
        taken.refresh_from_db()
        undo_import(register_import=taken, by=self.rpct)
        return len(told)

    def test_the_statements_do_not_grow_with_the_rows(self):
        assert self.take(register(400)) <= self.take(register(100))

    def test_rows_written_the_fast_way_are_on_the_trail_and_undone(self):
        rows = MANY + PHASES_A_PROCESS
        content = register(rows)
        taken = self.start(content, office=self.office)
        preview = self.preview(content, office=self.office)
        apply_import(register_import=taken, digest=preview.digest, by=self.rpct)
        phases = Phase.objects.filter(process__annex__plan=self.plan)
        assert phases.count() == rows
        assert Coverage.objects.filter(phase__in=phases).count() == rows
        assert TrailRecord.objects.order_by("-pk")[0].row_count > 2 * rows
        assert verify_trail() == []
        again, told = self.statements(lambda: self.preview(content, office=self.office))
        assert again.writes_nothing
        assert not [sql for sql in told if not sql.startswith("SELECT")]
        taken.refresh_from_db()
        undo_import(register_import=taken, by=self.rpct)
        assert not phases.exists()

    def test_two_phases_with_the_same_words_are_both_covered(self):
        rows = [["Uno", "Istruttoria", "Favorire", "", "BASSO"], ["", "Istruttoria", "", "", ""]]
        grid = Grid([HEADS, *rows], [(2, column, 3, column) for column in (1, 3, 5)])
        preview = self.preview(as_other_xlsx(grid), office=self.office)
        assert [one.kind for one in preview.changes.added].count("coverage") == 2
