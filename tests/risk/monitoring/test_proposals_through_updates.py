"""What was judged of a plan, where the next edition is opened from an update of it."""

import datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse

from registry.models import Plan
from risk.models import PlannedMeasure, Suitability
from risk.services.monitoring.yearly import write_review
from risk.services.plans.proposals import (
    decide_proposal,
    proposal_for,
    proposals_of,
    review_proposal,
    seen_of,
)
from tests.people import client_of
from tests.risk.monitoring.judging import WEAK, YEAR, judge, next_edition, undecided
from tests.statements import at_most


@pytest.fixture(autouse=True)
def in_2021(settings):
    settings.TODAY = datetime.date(YEAR, 12, 1)


def test_what_an_update_copied_is_proposed_to_the_next_edition(world):
    judge(world)
    judge(world, "late", judgement="remove")
    told = {"conclusions": "Ha funzionato.", "changes": "Meno misure."}
    review = write_review(plan=world.plan, year=YEAR, by=world.people["rpct"], **told)
    update = next_edition(world, "own", "late")
    Plan.objects.filter(pk=update.plan.pk).update(kind="update")
    head, seen = world.people["head"], seen_of(proposal_for(update.late))
    decided = {"measure": update.late, "is_taken": False, "reason": "Serve ancora.", "by": head}
    decide_proposal(**decided, seen=seen)
    copies = {"own": update.own, "late": update.late}
    edition = next_edition(SimpleNamespace(plan=update.plan, planned=copies), "own", "late")
    with at_most(4):
        found = proposals_of(edition.plan, PlannedMeasure.objects.filter(plan=edition.plan))
    assert {row.measure: row.is_open for row in found} == {edition.own: True, edition.late: False}
    assert proposal_for(edition.own).is_open
    assert review_proposal(edition.plan).source == review
    assert "«Controlli a campione»" in [one.sentence for one in undecided(edition.plan)][0]
    page = reverse("risk:programme", args=[edition.own.uid])
    assert reverse("risk:proposal_decide", args=[edition.own.uid]) in (
        client_of(world.people["rpct"]).get(page).content.decode()
    )
    # what was judged of the update itself comes later, and counts
    again = {"year": YEAR + 1, "planned_measure": update.own, "by": world.people["rpct"]}
    Suitability.objects.create(**{**WEAK, **again, "judgement": "fit"})
    assert proposal_for(edition.own) is None
    assert [one.rule.code for one in undecided(edition.plan)] == ["plan-review-undecided"]
