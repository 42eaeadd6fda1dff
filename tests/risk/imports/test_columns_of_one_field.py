"""Several columns of one field: numbered heads, and columns headed by the entries of a list."""

import pytest

from risk.models import Assessment, Measure
from risk.services.imports.recognise.crossed import is_cross
from risk.services.plans.making import use_method
from tests.messy_workbooks import as_xlsx

pytestmark = pytest.mark.django_db

LEVELS = ["Processo", "Evento rischioso", "BASSO", "MEDIO", "ALTO"]


@pytest.fixture
def judged(annex, methods):
    """Let the plan judge by levels in words."""
    use_method(plan=annex.plan, method=methods["PNA2019"], is_default=True, by=None)


@pytest.mark.parametrize(
    "heads",
    [
        ["Rischio 1", "Rischio 2", "Rischio 3"],
        ["Evento rischioso 1", "Evento rischioso 2", "Evento rischioso 3"],
        ["RISCHIO N. 1", "RISCHIO N. 2", "RISCHIO N. 3"],
    ],
)
def test_numbered_columns_are_joined_in_their_order(look, heads):
    preview = look(("Gare", "Favori", "", "Ritardi"), heads=["Processo", *heads])

    assert preview.questions == []
    added = [one.label for one in preview.changes.added if one.kind == "riskbehaviour"]
    assert added == ["Favori", "Ritardi"]


@pytest.mark.parametrize("cross", ["X", "x", "(x)", "sì"])
def test_levels_as_crossed_columns(judged, take, cross):
    take(("Gare", "Favori", "", cross, ""), ("Atti", "Ritardi", "", "", cross), heads=LEVELS)

    assert [row.level.label for row in Assessment.objects.order_by("pk")] == ["MEDIO", "ALTO"]


def test_two_crosses_for_one_level_are_refused_at_their_place(judged, look):
    (problem,) = look(("Gare", "Favori", "X", "X", ""), heads=LEVELS, write=as_xlsx).problems

    assert (problem.row, problem.column) == (2, "D")
    assert "«BASSO» e «MEDIO»" in problem.reason


def test_words_are_no_crosses():
    assert [text for text in ("", "no", "xx", "exe", "1", "A") if is_cross(text)] == []


def test_measures_as_crossed_columns_under_a_common_title(annex, rpct, look):
    for place, label in enumerate(["Formazione", "Whistleblowing"], 1):
        Measure.objects.create(code=f"MX{place}", label=label, character="general")
    heads = ["Processo", "Evento rischioso", "Misure applicate", ""]
    rows = [
        ("", "", "FORMAZIONE", "Whistleblowing"),
        ("Gare", "Favori", "X", ""),
        ("Atti", "Ritardi", "x", "sì"),
        ("Esiti", "Omissioni", "", ""),
    ]
    merges = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4)]

    preview = look(*rows, heads=heads, merges=merges, write=as_xlsx)

    assert (preview.problems, preview.questions) == ([], [])
    added = [one.label for one in preview.changes.added if one.kind == "plannedmeasure"]
    assert sorted(added) == ["Formazione", "Whistleblowing"]
    targets = [one for one in preview.changes.added if one.kind == "measuretarget"]
    assert len(targets) in (0, 3)
