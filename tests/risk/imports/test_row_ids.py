"""A file that carries the ids of its rows: edited on one side it changes, on both it is asked."""

import io

import xlsxwriter

from registry.models import Process
from risk.services.imports import preview_import
from risk.workbooks import rowids
from tests.risk.imports.test_published_documents import DemoImportCase


class RowIdTests(DemoImportCase):
    def setUp(self):
        self.process = self.processes_of("SI").first()
        self.area = str(self.process.risk_area)

    def file(self, *, title=None, objective="", version=None):
        """Return a workbook with one process and the hidden sheet of its ids."""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet("Catalogo")
            heads = ["Processo", "Area di rischio", "Obiettivo", "Ufficio", rowids.HEAD]
            sheet.write_row(0, 0, heads)
            words = title or self.process.title
            office = self.process.annex.office.name
            number = f"n. {self.process.number}"
            sheet.write_row(1, 0, [f"{number} {words}", self.area, objective, office, "r1"])
            hidden = book.add_worksheet(rowids.SHEET)
            origin = rowids.Origin(self.demo_plan.title, "c_x999", "catalogo")
            version = version or self.process.version
            ids = [rowids.RowId("r1", "process", 1, self.process.uid, version)]
            for row, cells in enumerate(rowids.lines(origin, ids)):
                hidden.write_row(row, 0, cells)
            hidden.very_hidden()
        return out.getvalue()

    def preview_of(self, content, answers=None):
        return preview_import(
            plan=self.demo_plan,
            content=content,
            filename="catalogo.xlsx",
            answers=answers,
            by=self.rpct,
        )

    def test_unchanged_writes_nothing(self):
        preview = self.preview_of(self.file())
        assert preview.problems == preview.questions == []
        assert preview.writes_nothing

    def test_a_new_title_changes_the_same_process(self):
        preview = self.preview_of(self.file(title="Un titolo nuovo"))
        (change,) = preview.changes.changed
        assert [one.after for one in change.changes] == ["Un titolo nuovo"]
        assert not preview.changes.added

    def test_changed_on_both_sides_is_asked_and_not_overwritten(self):
        before = self.process.version
        self.rename("Cambiato nel registro")
        content = self.file(title="Cambiato nel file", version=before)
        preview = self.preview_of(content)
        (conflict,) = preview.changes.conflicts
        assert (conflict.file, conflict.register) == ("Cambiato nel file", "Cambiato nel registro")
        assert not preview.is_ready
        assert not preview.changes.changed
        others = preview.rows - 1
        assert preview.changes.unchanged == others  # what both have changed is not as the file says
        kept = self.preview_of(content, {"conflict": {conflict.key: {"is": "register"}}})
        assert kept.is_ready
        assert kept.writes_nothing
        taken = self.preview_of(content, {"conflict": {conflict.key: {"is": "file"}}})
        assert taken.changes.changed[0].changes[0].after == "Cambiato nel file"

    def test_changed_in_the_register_only_stays(self):
        before, old = self.process.version, self.process.title
        self.rename("Cambiato nel registro")
        preview = self.preview_of(self.file(title=old, version=before))
        assert preview.is_ready
        assert preview.writes_nothing

    def test_spoilt_ids_are_no_ids(self):
        assert rowids.parse([("formato", 1), ("altro", 2)]) is None

    def rename(self, title):
        row = Process.objects.get(pk=self.process.pk)
        row.title = title
        row.save()
