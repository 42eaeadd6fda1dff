"""An RPCT with thirty offices: who is late is reminded, what is ready is validated, then issued."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import AnnexState
from registry.models import Annex, Office, Plan, PlanDeadline, User
from risk.models import AnnexIssue, Reminder
from risk.services.annexes.approvals import approve_annex
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.moves import move_annex
from tests.people import make_member, people_of
from tests.register import complete_annex, make_absent_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICES = 30
LATE = 22
"""Offices that have sent nothing when the day has passed; the heads of the others have approved."""


def fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def member(annex: Annex, role: str) -> User:
    name = f"{role}-{annex.office.code.lower()}"
    person = make_member(name, role, body=annex.plan.administration, office=annex.office)
    person.email = f"{name}@prova.example"
    person.save()
    return person


@pytest.fixture
def plan(transactional_db, settings) -> Plan:
    settings.TODAY = datetime.date(2020, 12, 20)
    return plan_of(OFFICES, late=LATE)


def plan_of(offices: int, *, late: int) -> Plan:
    """Make a plan of so many offices, the first `late` of which have sent nothing."""
    first = complete_annex()
    plan, process = first.plan, first.processes.get()
    PlanDeadline.objects.create(plan=plan, due_on="2020-12-18", kind="transmission", label="Invio")
    User.objects.filter(pk=people_of(first)["editor"].pk).update(email="penna@prova.example")
    for number in range(2, offices + 1):
        office = Office.objects.create(
            administration=plan.administration, code=f"U{number:02}", name=f"Ufficio {number:02}"
        )
        annex = Annex.objects.create(plan=plan, office=office)
        make_absent_process(annex, like=process)
        editor = member(annex, "editor")
        if number > late:
            head = member(annex, "head")
            move_annex(annex=fresh(annex), verb="submit", by=editor)
            approve_annex(annex=fresh(annex), by=head, seen=kept_annex(fresh(annex)).seen)
    return plan


def states(plan: Plan) -> dict[str, int]:
    found = plan.annexes.values_list("state", flat=True)
    return {state: list(found).count(state) for state in found}


def test_the_plan_of_thirty_offices_in_one_sitting(page, sign_in, live_server, plan, axe):
    sign_in(User.objects.get(memberships__role="rpct"))
    body = plan.administration
    address = live_server.url + reverse("risk:plan", args=[body.ipa_code, plan.slug])

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).press("Enter")

    def all_of_the_list(act: str, confirm: str, told: str) -> None:
        page.goto(address)
        page.get_by_role("checkbox", name="tutti i 30").press("Space")
        press(act)
        axe(page)
        press(confirm)
        expect(page.get_by_text(told)).to_be_visible()

    page.goto(address)
    press(f"Sollecita i {LATE} in ritardo…")
    press(f"Sollecita {LATE} uffici")
    expect(page.get_by_text(f"fatto per {LATE} su {LATE}")).to_be_visible()
    assert Reminder.objects.count() == LATE
    assert len({one.to[0] for one in mail.outbox}) == LATE

    ready = OFFICES - LATE
    all_of_the_list("Valida…", f"Valida {ready} allegati", f"fatto per {ready} su {ready}")
    assert states(plan) == {AnnexState.DRAFT: LATE, AnnexState.VALIDATED: ready}

    all_of_the_list("Emetti…", f"Emetti {ready} allegati", f"fatto per {ready} su {ready}")
    assert states(plan) == {AnnexState.DRAFT: LATE, AnnexState.ISSUED: ready}
    assert AnnexIssue.objects.count() == ready
    page.goto(address)
    expect(page.locator("main")).to_contain_text(f"emesso: {ready}")
