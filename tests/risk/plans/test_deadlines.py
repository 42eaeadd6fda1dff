"""By when an annex is awaited: a day that passed stays passed until met, or moved for a reason."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.models import Annex, PlanDeadline, TrailRecord
from risk.models import DeadlineExtension
from risk.services.annexes.moves import MoveRefusedError
from risk.services.plans.deadlines import days_left, days_of, extend_annex, move_deadline, with_due
from tests.people import client_of
from tests.register import adopt, close

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2020, 12, 20)
SENT, ADOPTED = datetime.date(2020, 12, 18), datetime.date(2021, 1, 31)


@pytest.fixture
def annex(annex, settings):
    settings.TODAY = TODAY
    for day, kind in ((SENT, "transmission"), (ADOPTED, "publication")):
        PlanDeadline.objects.create(plan=annex.plan, due_on=day, kind=kind, label=kind)
    return annex


def due(annex) -> datetime.date | None:
    return with_due(Annex.objects.all(), days_of([annex.plan])).get(pk=annex.pk).due_on


@pytest.mark.parametrize(
    ("state", "day"),
    [
        ("draft", SENT),
        ("submitted", SENT),
        ("returned", SENT),
        ("approved", ADOPTED),
        ("validated", ADOPTED),
        ("issued", None),
    ],
)
def test_the_day_is_that_of_whoever_is_awaited(annex, state, day):
    if state != "draft":
        close(annex, state)
    assert due(annex) == day
    assert days_left(SENT) == -2


def test_without_a_day_in_the_calendar_nobody_is_late(annex):
    PlanDeadline.objects.all().delete()
    assert due(annex) is None


def test_a_day_is_moved_for_one_office_and_the_reason_is_on_the_trail(annex, people):
    later = TODAY + datetime.timedelta(days=5)
    extend_annex(annex=annex, due_on=later, reason="Cambio del dirigente.", by=people["rpct"])
    assert due(annex) == later
    record = TrailRecord.objects.get(kind="extension")
    assert record.detail["reason"] == "Cambio del dirigente."
    assert (record.subject, record.detail["due_on"]) == (f"annex {annex.uid}", later.isoformat())


def test_a_day_is_moved_for_the_whole_plan(annex, people):
    row = PlanDeadline.objects.get(kind="transmission")
    later = TODAY + datetime.timedelta(days=10)
    move_deadline(deadline=row, due_on=later, reason="Deliberato il rinvio.", by=people["rpct"])
    assert due(annex) == later
    record = TrailRecord.objects.get(kind="deadline-moved")
    assert record.detail == {
        "reason": "Deliberato il rinvio.",
        "from": SENT.isoformat(),
        "to": later.isoformat(),
    }


@pytest.mark.parametrize("who", ["head", "editor", "auditor", "stranger"])
def test_only_the_rpct_moves_a_day(annex, people, who):
    row, day = PlanDeadline.objects.get(kind="transmission"), ADOPTED
    with pytest.raises(MoveRefusedError):
        extend_annex(annex=annex, due_on=day, reason="Sì", by=people[who])
    with pytest.raises(MoveRefusedError):
        move_deadline(deadline=row, due_on=day, reason="Sì", by=people[who])
    assert (due(annex), DeadlineExtension.objects.count()) == (SENT, 0)
    assert TrailRecord.objects.filter(outcome="refused").count() == 2


@pytest.mark.parametrize(("day", "reason"), [(ADOPTED, " "), (SENT, "È già passato.")])
def test_a_day_wants_a_reason_and_is_still_to_come(annex, people, day, reason):
    row = PlanDeadline.objects.get(kind="transmission")
    with pytest.raises(ValidationError):
        extend_annex(annex=annex, due_on=day, reason=reason, by=people["rpct"])
    with pytest.raises(ValidationError):
        move_deadline(deadline=row, due_on=day, reason=reason, by=people["rpct"])
    assert due(annex) == SENT


def test_what_was_handed_in_or_adopted_has_no_day_to_move(annex, people):
    close(annex, "approved")
    with pytest.raises(MoveRefusedError, match="già rispettata"):
        extend_annex(annex=annex, due_on=ADOPTED, reason="Sì", by=people["rpct"])
    adopt(annex.plan)
    with pytest.raises(MoveRefusedError, match="adottato"):
        extend_annex(annex=annex, due_on=ADOPTED, reason="Sì", by=people["rpct"])
    row = PlanDeadline.objects.get(kind="transmission")
    with pytest.raises(MoveRefusedError, match="adottato"):
        move_deadline(deadline=row, due_on=ADOPTED, reason="Sì", by=people["rpct"])


def test_the_page_that_moves_a_day_of_the_plan(annex, people):
    plan = annex.plan
    parts = [plan.administration.ipa_code, plan.slug]
    address = reverse("risk:plan_deadline", args=[*parts, "transmission", SENT])
    rpct = client_of(people["rpct"])
    room = reverse("risk:plan", args=parts)
    assert address in rpct.get(room).content.decode()
    refused = rpct.post(address, {"due_on": "2020-12-01", "reason": "Tardi"})
    assert "Il nuovo giorno è già passato." in refused.content.decode()
    assert rpct.post(address, {"due_on": "2020-12-30", "reason": "Rinvio"}).status_code == 302
    assert rpct.get(address).status_code == 404
    assert "30/12/2020" in rpct.get(room).content.decode()
    assert client_of(people["head"]).get(address.replace("18", "30")).status_code == 404
