"""What a report says in one place stands in all others, and on the page of its round."""

import itertools
import json

import pytest
from django.urls import reverse

from risk.content.round_parts import how_many, parts_of
from risk.content.round_values import ReportMeasure, RoundReport, public_content, report_of
from risk.enums import DeclaredOutcome, DerivedOutcome
from risk.models import RoundItem
from risk.scoring.outcomes import OutcomeGroup, group_of
from risk.services.monitoring.checking import check_answer, set_not_due
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.page import IN_GROUP, outcome_lists
from risk.services.monitoring.report_data import round_content
from tests.people import client_of
from tests.risk.monitoring.acts import answer, closed, confirm, measure, tell_step
from tests.risk.monitoring.conftest import item_of, start_checks

pytestmark = pytest.mark.django_db


def told_of(content, label: str) -> dict:
    return next(one for one in content["measures"] if one["measure"] == label)


def test_a_check_of_an_answer_that_no_longer_stands_is_not_told(world):
    rpct = world.people["rpct"]
    answer(world)
    confirm(world, "own")
    found = {"outcome": "not_confirmed", "looked_at": "Gli atti.", "finding": "Non risulta."}
    check_answer(item=item_of(world, "own"), by=rpct, **found)
    check_answer(item=item_of(world, "own"), by=rpct, request="Manca il verbale.")
    answer(world, done="Ecco il verbale.")
    confirm(world, "own")
    told = told_of(round_content(world.round), "Controlli a campione")
    assert (told["declared"], told["check"], told["finding"]) == ("done", "", "")
    check_answer(item=item_of(world, "own"), by=rpct, **found)
    told = told_of(round_content(world.round), "Controlli a campione")
    assert (told["check"], told["finding"]) == ("not_confirmed", "Non risulta.")


@pytest.mark.parametrize("outcome", ["no_answer", "not_due"])
def test_nothing_is_public_of_an_answer_nobody_confirmed(world, outcome):
    reasons = {"cause": "resources", "reason": "Mancano persone.", "proposed_on": "31/12/2021"}
    answer(world, declared="late", done="", **reasons)
    tell_step(world, progress="not_begun")
    measure(world)
    if outcome == "not_due":
        set_not_due(item=item_of(world, "own"), reason="Nessun caso.", by=world.people["rpct"])
    start_checks(world)
    close_round(row=world.round, by=world.people["rpct"])
    content = round_content(world.round)
    inside = told_of(content, "Controlli a campione")
    assert (inside["outcome"], inside["declared"]) == (outcome, "late"), "the body reads it"
    told = told_of(public_content(content), "Controlli a campione")
    named = {"uid", "measure", "planned", "asked", "office", "areas", "typologies"}
    said = {name for name, value in told.items() if value and name not in named}
    assert said == {"outcome", "outcome_reason"}
    figures = [
        [one.facts for one in parts_of(report_of(json.loads(json.dumps(of)))) if one.name == "fasi"]
        for of in (content, public_content(content))
    ]
    assert figures == [[], []], "both reports count the same steps"


def test_the_page_lists_what_the_paper_lists(world):
    """By what is known of a measure, as the rows have it and as the report reads it."""
    item = item_of(world, "own")
    declared = ("", *DeclaredOutcome.values)
    for outcome, said, late in itertools.product(DerivedOutcome.values, declared, (None, 3)):
        RoundItem.objects.filter(pk=item.pk).update(outcome=outcome, late_days=late)
        type(item.answer).objects.filter(item=item).update(declared=said)
        rows = RoundItem.objects.filter(pk=item.pk)
        found = [group for group, which in IN_GROUP.items() if rows.filter(which).exists()]
        group = group_of(outcome, said, late)
        assert found == [one for one in (group,) if one in IN_GROUP], (outcome, said, late)


def test_lists_that_are_cut_say_how_many_more_there_are(world):
    closed(world)
    rpct = world.people["rpct"]
    (untold,) = outcome_lists(world.round, rpct, most=1)
    assert (untold.title, len(untold.items), untold.more) == ("Misure non rilevate, e perché", 1, 1)
    page = client_of(rpct).get(reverse("risk:round", args=[world.round.uid])).content.decode()
    assert "Misure non rilevate, e perché" in page
    assert "e un’altra" not in page, "all of them are there"


def measure_of(outcome: DerivedOutcome, office: str = "Tributi") -> ReportMeasure:
    return ReportMeasure(
        uid=outcome, measure="Rotazione", office=office, outcome=outcome, outcome_reason="Perché."
    )


def report_with(*outcomes: DerivedOutcome, planned: int = 3) -> RoundReport:
    of_round = dict.fromkeys(("plan", "label", "coverage", "criteria"), "all")
    measures = tuple(measure_of(one) for one in outcomes)
    return RoundReport(
        **of_round, kind="final", situation_on="2021-06-30", measures=measures, planned=planned
    )


NONE = "Nessuna, oltre a quelle senza risposta."
ALL = "si sono potute valutare."


@pytest.mark.parametrize(
    ("outcomes", "is_of_office", "answered", "monitored"),
    [
        (["done"], False, "Tutti gli uffici hanno", "Tutte le misure del piano sono state chieste"),
        (["done"], True, "L’ufficio ha risposto", "Tutte le misure chieste all’ufficio"),
        (["no_answer"], False, "", NONE),
        (["done", "no_answer"], False, "", NONE),
        (["done", "no_answer"], True, "", NONE),
        (["not_due"], True, "L’ufficio ha risposto di tutte le misure dovute.", ""),
        (["done", "not_measured"], False, "Tutti gli uffici hanno risposto", ""),
    ],
)
def test_a_part_with_nothing_to_list_says_what_is_so(outcomes, is_of_office, answered, monitored):
    report = report_with(*map(DerivedOutcome, outcomes))
    if is_of_office:
        report = report.only({one.uid for one in report.measures})
    notes = {one.name: " ".join(one.notes) for one in parts_of(report)}

    for name, words in (("non-risposto", answered), ("non-monitorate", monitored)):
        assert notes[name].startswith(words)
        assert bool(notes[name]) == bool(words)


@pytest.mark.parametrize(
    ("asked", "planned", "is_of_office", "told"),
    [
        (1, 3, False, "1 delle 3 misure del piano (33 %)"),
        (1, 1, False, "1 di 1 misura del piano (100 %)"),
        (1, 0, False, "1 misura chiesta"),
        (2, 0, False, "2 misure chieste"),
        (1, 3, True, "1 misura chiesta all’ufficio"),
        (2, 3, True, "2 misure chieste all’ufficio"),
    ],
)
def test_how_many_were_asked(asked, planned, is_of_office, told):
    report = report_with(*list(DerivedOutcome)[:asked], planned=planned)
    if is_of_office:
        report = report.only({one.uid for one in report.measures})
    assert how_many(report) == told


def test_groups_of_the_page_are_groups_of_the_report():
    assert set(IN_GROUP) == {OutcomeGroup.LATE, OutcomeGroup.UNTOLD}
