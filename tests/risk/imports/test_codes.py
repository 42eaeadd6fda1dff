"""Codes that stand for the number of a process, beside it or before the title, are its own code."""

import pytest

from registry.models import Process
from tests.messy_workbooks import as_xlsx
from tests.register import make_process

pytestmark = pytest.mark.django_db
HEADS = ["N.", "Processo", "Area di rischio"]


def codes() -> list[tuple[int, str, str]]:
    rows = Process.objects.order_by("number")
    return list(rows.values_list("number", "code", "title"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (("A1", "A5a", "B10"), ("A1", "A5a", "B10")),
        (("1.1", "1.2", "2.1"), ("1.1", "1.2", "2.1")),
        ((1.1, 1.2, 2.1), ("1,1", "1,2", "2,1")),
        (("AP.01.01", "AP.01.02", "AP.02.01"), ("AP.01.01", "AP.01.02", "AP.02.01")),
        (("n. 4", "n. 4 bis", "n. 5"), ("4", "4 bis", "5")),
    ],
    ids=["letters", "decimals", "numbers with a comma", "long", "bis"],
)
def test_codes_in_the_column_of_numbers_are_kept(look, take, said, kept):
    rows = [(one, title, "F") for one, title in zip(said, ("Gare", "Atti", "Esiti"), strict=True)]
    (note,) = look(*rows, heads=HEADS, write=as_xlsx).notes
    take(*rows, heads=HEADS, write=as_xlsx)

    assert codes() == [(1, kept[0], "Gare"), (2, kept[1], "Atti"), (3, kept[2], "Esiti")]
    assert "restano come codici" in note.reason


@pytest.mark.parametrize(
    "heads",
    [
        ["N.", "Codice Processo", "Processo", "Area di rischio"],
        ["N.", "Codice", "Processo", "Area di rischio"],
        ["N.", "Cod.", "Denominazione processo", "Area di rischio"],
        ["N.", "ID processo", "Processo", "Area di rischio"],
    ],
)
def test_a_column_of_codes_beside_numbers_is_taken_and_asks_nothing(take, heads):
    take((7, "A1", "Gare", "F"), (9, "A2", "Atti", "F"), heads=heads, write=as_xlsx)

    assert codes() == [(7, "A1", "Gare"), (9, "A2", "Atti")]


def test_a_column_of_codes_that_are_numbers_is_that_of_the_numbers(take):
    heads = ["Codice processo", "Processo", "Area di rischio"]
    take((7, "Gare", "F"), (9, "Atti", "F"), heads=heads, write=as_xlsx)

    assert codes() == [(7, "", "Gare"), (9, "", "Atti")]


def test_the_code_of_a_risk_is_none_of_the_process(take):
    heads = ["N.", "Processo", "Codice", "Evento rischioso"]
    take((1, "Gare", "R1", "Favori"), (2, "Atti", "R2", "Ritardi"), heads=heads)

    assert codes() == [(1, "", "Gare"), (2, "", "Atti")]


def test_codes_before_all_titles_are_taken_off_them(look, take):
    heads = ["Processo", "Area di rischio"]
    rows = [("1.1 Gare", "F"), ("A.3) Atti", "F"), ("n. 4 bis Esiti", "F"), ("n. 5 Ruoli", "F")]
    (note,) = look(*rows, heads=heads).notes
    take(*rows, heads=heads)

    assert codes() == [
        (1, "1.1", "Gare"),
        (2, "A.3", "Atti"),
        (3, "4 bis", "Esiti"),
        (4, "5", "Ruoli"),
    ]
    assert "cominciano con un codice" in note.reason


def test_titles_of_which_some_have_no_code_are_as_written(take):
    take(("A1 Gare", "F"), ("Atti", "F"), heads=["Processo", "Area di rischio"])

    assert codes() == [(1, "", "A1 Gare"), (2, "", "Atti")]


def test_a_process_whose_rows_are_apart_is_one_by_its_code(take):
    heads = ["Codice processo", "Processo", "Evento rischioso"]
    take(
        ("A1", "Gare", "Favori"),
        ("A2", "Atti", "Ritardi"),
        ("A1", None, "Omissioni"),
        heads=heads,
        write=as_xlsx,
    )

    assert codes() == [(1, "A1", "Gare"), (2, "A2", "Atti")]
    behaviours = Process.objects.get(code="A1").behaviours.order_by("position")
    assert [row.text for row in behaviours] == ["Favori", "Omissioni"]


def test_two_processes_of_one_title_are_two_by_their_codes(take):
    heads = ["Codice processo", "Processo", "Area di rischio"]
    rows = [("A1", "Gare", "F"), ("B1", "Gare", "F")]
    take(*rows, heads=heads)
    assert codes() == [(1, "A1", "Gare"), (2, "B1", "Gare")]


def test_a_file_taken_again_changes_nothing(take, look):
    heads = ["Codice processo", "Processo", "Area di rischio"]
    rows = [("A1", "Gare", "F"), ("B1", "Gare", "F"), ("C1", "Atti", "F")]
    take(*rows, heads=heads)

    preview = look(*rows, heads=heads)

    assert (preview.changes.added, preview.changes.changed) == ([], [])


def test_a_code_said_later_is_written_to_its_process(annex, take):
    make_process(annex, "Gare")
    take(("A1", "Gare", "F"), heads=["Codice processo", "Processo", "Area di rischio"])

    assert codes() == [(1, "A1", "Gare")]


def test_a_code_that_is_too_long_is_refused_at_its_cell(look):
    heads = ["Codice processo", "Processo", "Area di rischio"]
    (problem,) = look(("A" * 41, "Gare", "F"), ("A2", "Atti", "F"), heads=heads).problems

    assert (problem.row, problem.column) == (2, "A")


@pytest.mark.parametrize("head", ["N.", "Codice"])
def test_codes_that_change_within_a_process_count_the_rows(look, take, head):
    heads = [head, "Processo", "Evento rischioso"]
    rows = [("1.1", "Gare", "Favori"), ("1.2", "Gare", "Omissioni"), ("2.1", "Atti", "Ritardi")]
    (note,) = look(*rows, heads=heads).notes
    take(*rows, heads=heads)

    assert codes() == [(1, "", "Gare"), (2, "", "Atti")]
    assert "righe" in note.reason
