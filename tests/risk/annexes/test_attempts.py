"""Attempts on a closed annex: refused at every door, nothing changed, and written down."""

import uuid

import pytest
from django.urls import reverse

from registry.models import Annex, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.guards.freezing import STATE_OF
from risk.models import AnnexIssue
from tests.people import client_of, people_of
from tests.register import close, complete_annex
from tests.risk.annexes.test_attacks import dump

pytestmark = pytest.mark.django_db

WHO = ("editor", "head", "rpct")
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def annex():
    annex = complete_annex()
    close(annex)
    return annex


@pytest.fixture
def people(annex):
    """Those who might edit the annex if it were open, on its pages and in the back office."""
    return people_of(annex)


def everything(annex) -> dict:
    frozen = {table: dump(table) for table in STATE_OF}
    return {**frozen, "annex": list(Annex.objects.filter(pk=annex.pk).values())}


def back_office(model, act, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=args)


def attempts(annex) -> dict:
    """Doors a person could try, and what they would send."""
    process = annex.processes.get()
    phase, behaviour = process.phases.get(), process.behaviours.get()
    words = {"title": "Cambiato", "text": "Cambiato", "constraints": "Cambiato", "version": "1"}
    management = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": process.pk}
    ticked = {"action": "delete_selected", "_selected_action": [process.pk], "post": "yes"}
    sheet, row = ("risk:process_sheet_part", [process.uid, "condizioni"]), [process.uid, phase.uid]
    new = {"uid": uuid.uuid4(), "title": "Nuovo", "text": "Nuovo"}
    return {
        "part of the sheet": (reverse(sheet[0], args=sheet[1]), words),
        "phase": (reverse("risk:phase", args=row), words),
        "phase gone": (reverse("risk:phase_remove", args=row), {}),
        "new phase": (reverse("risk:phase_add", args=[process.uid]), new),
        "new behaviour": (reverse("risk:behaviour_add", args=[process.uid]), new),
        "behaviour": (reverse("risk:behaviour", args=[process.uid, behaviour.uid]), words),
        "row of the map": (reverse("risk:row_save", args=[process.uid]), words),
        "form": (back_office(Process, "change", process.pk), words),
        "form of a behaviour": (back_office(type(behaviour), "change", behaviour.pk), words),
        "deletion": (back_office(Process, "delete", process.pk), {"post": "yes"}),
        "state in the form": (back_office(Annex, "change", annex.pk), {"state": "draft"}),
        "deletion of the annex": (back_office(Annex, "delete", annex.pk), {"post": "yes"}),
        "action on a list": (back_office(Process, "changelist"), ticked),
        "fields of a list": (
            back_office(Process, "changelist"),
            {**management, "form-0-title": "Cambiato", "_save": "Salva"},
        ),
        "version of the history": (back_office(Process, "history", process.pk), words),
    }


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("who", WHO)
def test_every_door_refuses_and_the_attempt_is_written_down(annex, people, who, extra):
    client, before = client_of(people[who]), everything(annex)
    for door, (address, sent) in attempts(annex).items():
        known = TrailRecord.objects.filter(outcome="refused").count()
        answer = client.post(address, sent, **extra)
        assert answer.status_code in (200, 302, 403, 404, 405, 409), door
        assert everything(annex) == before, door
        told = TrailRecord.objects.filter(outcome="refused").order_by("pk")
        assert told.count() == known + 1, door
        assert told.last().person == people[who].trail_token, door
    assert verify_trail() == []


@pytest.mark.parametrize("verb", ["submit", "validate", "issue", "reopen"])
def test_a_move_that_is_not_there_is_refused_and_written_down(annex, people, verb):
    client = client_of(people["rpct"])
    page = reverse("risk:workflow", args=[annex.uid])
    answer = client.post(page, {"verb": verb, "reason": "Perché sì."})
    assert answer.status_code == 409
    (record,) = TrailRecord.objects.filter(kind=f"annex-{verb}", outcome="refused")
    assert record.person == people["rpct"].trail_token
    assert Annex.objects.get(pk=annex.pk).state == "submitted"
    assert not AnnexIssue.objects.exists()
