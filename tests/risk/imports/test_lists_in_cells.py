"""Cells with several entries on one line: cut where that is certain, asked about where not."""

import pytest

from risk.enums import MeasureCharacter
from risk.models import Measure, MeasureTarget, RiskBehaviour

pytestmark = pytest.mark.django_db
HEADS = ["Processo", "Rischio", "Misure"]


@pytest.fixture
def measures(db):
    for place, label in enumerate(("Rotazione del personale", "Formazione"), 1):
        Measure.objects.create(
            code=f"M{place}",
            label=label,
            position=place,
            character=MeasureCharacter.GENERAL,
            source="prova",
        )


def test_measures_that_are_all_in_the_list_are_entries(measures, take):
    take(["Uno", "Ritardo", "Rotazione del personale; formazione"], heads=HEADS)
    labels = MeasureTarget.objects.values_list("planned_measure__measure__label", flat=True)
    assert set(labels) == {"Rotazione del personale", "Formazione"}


ROWS = [
    ["Uno", "Favorire un utente; Omettere i controlli", ""],
    ["Due", "Ritardare gli atti; in particolare quelli dovuti", ""],
]


def test_other_cells_are_asked_about_once_a_column(look):
    (question,) = look(*ROWS, heads=HEADS).questions
    assert (question.kind, question.value, question.count) == ("list", "Comportamento a rischio", 2)
    assert "«Favorire un utente; Omettere i controlli»" in question.reason
    # both parts begin as sentences do
    assert question.proposed == "list"


@pytest.mark.parametrize(("said", "count"), [("list", 4), ("single", 2)])
def test_the_answer_counts_for_the_whole_column(take, said, count):
    take(*ROWS, heads=HEADS, answers={"list": {"Comportamento a rischio": {"is": said}}})
    assert RiskBehaviour.objects.count() == count


def test_a_semicolon_at_the_end_lists_nothing(look):
    assert look(["Uno", "Favorire un utente;", ""], heads=HEADS).questions == []


def test_measures_unknown_are_asked_for_part_by_part(measures, look):
    row = ["Uno", "Ritardo", "Formazione; Doppia firma"]
    (question,) = look(row, heads=HEADS).questions
    assert (question.kind, question.value) == ("list", "Misure")
    answers = {"list": {"Misure": {"is": "list"}}}
    (question,) = look(row, heads=HEADS, answers=answers).questions
    assert (question.kind, question.value) == ("measure", "Doppia firma")
