"""One person alone edits, approves, validates, issues and adopts, where the body says it is so."""

import re

import pytest
from django.urls import reverse

from registry.enums import MembershipRole
from registry.models import Administration, Annex, Membership, Plan, User
from risk.enums import PlanVerb, Verb
from risk.models import AnnexIssue, PlanIssue
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.plans.issues import adopt_plan
from risk.services.plans.moves import move_plan
from tests.people import START, client_of, make_member
from tests.register import complete_annex
from tests.risk.plans.proposing import ACT, fresh_plan

pytestmark = pytest.mark.django_db

SENTENCE = "Approvato da chi lo ha redatto: l’ente opera con una sola persona."
REFUSAL = "serve un’altra persona"


@pytest.fixture
def annex() -> Annex:
    return complete_annex()


@pytest.fixture
def person(annex) -> User:
    """The only person of the body: head of the only office, and RPCT."""
    body = annex.plan.administration
    found = make_member("sola", "head", body=body, office=annex.office)
    Membership.objects.create(
        user=found, administration=body, role=MembershipRole.RPCT, starts_on=START
    )
    return found


@pytest.fixture
def alone(annex) -> None:
    body = Administration.objects.get(pk=annex.plan.administration_id)
    body.is_one_person = True
    body.save()


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def edit(annex, person) -> None:
    """Write in the one process of the annex, from its page."""
    process = annex.processes.get()
    values = {"risk_presence": "present", "risk_presence_reason": "Così è."}
    part = reverse("risk:process_sheet_part", args=[process.uid, "presenza"])
    answer = client_of(person).post(part, {**values, "version": process.version})
    assert answer.status_code == 302
    process.refresh_from_db()
    assert process.risk_presence_reason == "Così è."


def move(annex, person, verb: str):
    """Make a move from the page, with what the page shows to whoever makes it."""
    client, page = client_of(person), reverse("risk:workflow", args=[annex.uid])
    shown = re.findall(r'name="seen"\s+value="(\w+)"', client.get(page).content.decode())
    return client.post(page, {"verb": verb, **({"seen": shown[0]} if shown else {})})


@pytest.mark.usefixtures("alone")
def test_by_services_one_person_goes_the_whole_way(annex, person):
    edit(annex, person)
    for verb in (Verb.SUBMIT, Verb.APPROVE, Verb.VALIDATE):
        move_annex(annex=fresh(annex), verb=verb, by=person)
    issue = issue_annex(annex=fresh(annex), by=person)
    for plan_verb in (PlanVerb.CONSULT, PlanVerb.PROPOSE):
        move_plan(plan=fresh_plan(annex.plan), verb=plan_verb, by=person)
    adopt_plan(plan=fresh_plan(annex.plan), act=ACT, by=person)

    assert SENTENCE in issue.html
    assert list(PlanIssue.objects.get().annex_issues.all()) == [issue]
    assert fresh_plan(annex.plan).is_adopted
    assert set(annex.transitions.values_list("by", flat=True)) == {person.pk}


@pytest.mark.usefixtures("alone")
def test_by_pages_one_person_goes_the_whole_way(annex, person):
    edit(annex, person)
    for verb, state in (
        ("submit", "submitted"),
        ("approve", "approved"),
        ("validate", "validated"),
    ):
        assert move(annex, person, verb).status_code == 302, verb
        assert fresh(annex).state == state
    assert move(annex, person, "issue").status_code == 302
    client = client_of(person)
    parts = [annex.plan.administration.ipa_code, annex.plan.slug]
    for verb in ("consult", "propose"):
        assert client.post(reverse("risk:plan", args=parts), {"verb": verb}).status_code == 302
    act = {"adopting_organ": "Presidente", "act_kind": "Decreto", "act_number": "3"}
    act |= {"act_date": "2021-01-29", "act_effective_on": "", "act_link": ""}
    assert client.post(reverse("risk:plan_adopt", args=parts), act).status_code == 302

    assert Plan.objects.get(pk=annex.plan_id).state == "adopted"
    issue = AnnexIssue.objects.get()
    shown = client.get(reverse("risk:issue_file", args=[issue.uid, "html"]))
    assert SENTENCE in shown.content.decode()


def test_without_the_setting_they_stop_at_the_approval(annex, person):
    edit(annex, person)
    assert move(annex, person, "submit").status_code == 302

    answer = move(annex, person, "approve")
    assert answer.status_code == 409
    assert REFUSAL in answer.content.decode()
    with pytest.raises(MoveRefusedError, match=REFUSAL):
        move_annex(annex=fresh(annex), verb=Verb.APPROVE, by=person)
    assert fresh(annex).state == "submitted"
    assert not AnnexIssue.objects.exists()
