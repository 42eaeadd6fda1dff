"""Where new rows of a file come to stand: phases after the one before, programmes under theirs."""

import io

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import InstitutionalFunction, Macroprocess, Phase, Process
from risk.models import EnablingFactor, EventCategory, RiskBehaviour
from risk.services.imports import apply_import, preview_import, start_import, undo_import
from risk.workbooks import rowids
from tests.messy_workbooks import Grid, as_csv
from tests.people import make_member
from tests.register import make_annex, make_phase, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def rpct(annex):
    return make_member("rpct", "rpct", body=annex.plan.administration)


@pytest.fixture
def take(annex, rpct):
    """Return a function that takes rows in under heads, and gives the import."""

    def taken(heads, *rows, answers=None):
        content = as_csv(Grid([list(heads), *map(list, rows)]))
        preview = preview_import(
            plan=annex.plan,
            office=annex.office,
            content=content,
            filename="registro.csv",
            answers=answers,
            by=rpct,
        )
        assert (preview.problems, preview.questions) == ([], [])
        started = start_import(
            plan=annex.plan,
            office=annex.office,
            filename="registro.csv",
            content=content,
            layout="auto",
            by=rpct,
        )
        started.answers = answers or {}
        started.save()
        apply_import(register_import=started, digest=preview.digest, by=rpct)
        return started

    return taken


def titles(rows) -> list[str]:
    return list(rows.order_by("position").values_list("title", flat=True))


PHASES = ["Processo", "Fase", "Rischio"]


def test_new_phases_stand_where_the_file_has_them_and_undo_puts_all_back(annex, take):
    process = make_process(annex, "Gare")
    for title in ("Bando", "Esame", "Stipula"):
        make_phase(process, title)

    taken = take(
        PHASES,
        ("Gare", "Avvio", ""),
        ("Gare", "Bando", ""),
        ("Gare", "Commissione", ""),
        ("Gare", "Nomine", ""),
        ("Gare", "Esame", ""),
    )

    assert titles(process.phases) == [
        *("Avvio", "Bando", "Commissione", "Nomine", "Esame", "Stipula")
    ]
    assert [row.position for row in process.phases.order_by("position")] == [1, 2, 3, 4, 5, 6]
    moved = Phase.objects.get(title="Stipula")
    assert moved.version == 2
    assert moved.history.count() == 2
    undo_import(register_import=taken, by=taken.by)
    assert titles(process.phases) == ["Bando", "Esame", "Stipula"]
    assert [row.position for row in process.phases.order_by("position")] == [1, 2, 3]


def test_phases_at_the_end_move_nothing(annex, take):
    process = make_process(annex, "Gare")
    make_phase(process, "Bando")

    take(PHASES, ("Gare", "Bando", ""), ("Gare", "Esame", ""))

    assert titles(process.phases) == ["Bando", "Esame"]
    assert Phase.objects.get(title="Bando").version == 1


def test_new_actions_stand_where_the_file_has_them(annex, take):
    process = make_process(annex, "Gare")
    phase = make_phase(process, "Bando")
    for position, title in enumerate(("Scrittura", "Firma"), start=1):
        phase.actions.create(position=position, title=title)

    take(
        ["Processo", "Fase", "Azione", "Rischio"],
        ("Gare", "Bando", "Scrittura", ""),
        ("Gare", "Bando", "Controllo", ""),
        ("Gare", "Bando", "Firma", ""),
    )

    assert titles(phase.actions) == ["Scrittura", "Controllo", "Firma"]


PROGRAMMES = ["Processo", "Funzione istituzionale", "Macroprocesso"]
NEW = {"new": True}


def test_a_new_macroprocess_stands_under_its_function(annex, take):
    body = annex.plan.administration
    InstitutionalFunction.objects.create(administration=body, code="01", label="Servizi generali")

    take(
        PROGRAMMES,
        ("Gare", "Servizi generali", "Appalti"),
        answers={"macroprocess": {"Appalti": NEW}},
    )

    made = Macroprocess.objects.get(label="Appalti")
    assert made.printed == "Servizi generali: Appalti"
    assert Process.objects.get().macroprocess == made


def test_a_function_that_is_new_too_is_asked_and_made_first(annex, take):
    take(
        PROGRAMMES,
        ("Gare", "Cultura", "Cultura: Biblioteche"),
        answers={"macroprocess": {"Cultura: Biblioteche": NEW}, "function": {"Cultura": NEW}},
    )

    made = Process.objects.get().macroprocess
    assert (made.label, made.function.label) == ("Biblioteche", "Cultura")


def test_categories_and_factors_are_written_with_their_history(take):
    for code in ("UNO", "DUE"):
        EventCategory.objects.create(code=code, label=f"Categoria {code}", position=1)
    EnablingFactor.objects.create(code="F1", label="Fretta", position=1)
    heads = ["Processo", "Rischio", "Categoria di evento rischioso", "Fattori abilitanti"]

    taken = take(
        heads,
        ("Gare", "Favori", "Categoria UNO\nCategoria DUE", "Fretta"),
        ("Mense", "Ritardi", "Categoria DUE", ""),
    )

    favours = RiskBehaviour.objects.get(text="Favori")
    assert set(favours.categories.values_list("code", flat=True)) == {"UNO", "DUE"}
    assert [row.code for row in favours.factors.all()] == ["F1"]
    assert favours.history.get().categories.count() == 2
    undo_import(register_import=taken, by=taken.by)
    assert not RiskBehaviour.objects.exists()


def file_of(annex, versions) -> bytes:
    """A workbook of ours that knows processes at older versions, by process."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Catalogo")
        sheet.write_row(0, 0, ["Processo", "Area di rischio", rowids.HEAD])
        ids = []
        for number, (process, version) in enumerate(versions.items(), start=1):
            sheet.write_row(number, 0, [process.title, "", f"r{number}"])
            ids.append(rowids.RowId(f"r{number}", "process", 1, process.uid, version))
        hidden = book.add_worksheet(rowids.SHEET)
        origin = rowids.Origin(annex.plan.title, "c_x001", "catalogo")
        for row, cells in enumerate(rowids.lines(origin, ids)):
            hidden.write_row(row, 0, cells)
        hidden.very_hidden()
    return out.getvalue()


@pytest.mark.parametrize("size", [1, 12])
def test_how_changed_rows_were_is_read_at_once(annex, rpct, size):
    versions = {}
    for number in range(size):
        process = make_process(annex, f"Processo {number}")
        versions[process] = process.version
        process.title = f"Cambiato {number}"
        process.save()
        process.title = f"Processo {number}"
    content = file_of(annex, versions)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        preview = preview_import(
            plan=annex.plan, office=annex.office, content=content, filename="a.xlsx", by=rpct
        )

    # the file has the old titles, which somebody changed: nothing of the file is newer
    assert preview.writes_nothing
    read = [row for row in queries.captured_queries if "historicalprocess" in row["sql"]]
    assert len(read) == 1
