"""What the pages refuse to a person who is signed in leaves one record, whatever the refusal is."""

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from registry.acts import RuleRefused, act
from registry.models import Process, TrailRecord
from registry.services.plans import open_annex
from registry.services.trail_verification import verify_trail
from registry.trail.chain import refusals_after
from tests.people import client_of, people_of
from tests.register import adopt, close, make_annex, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def process(annex):
    return make_process(annex)


@pytest.fixture
def editor(annex):
    return people_of(annex)["editor"]


def refused() -> list[tuple]:
    """The refusals on the trail: kind, subject and reason of each."""
    rows = TrailRecord.objects.filter(outcome="refused").order_by("pk")
    return [(row.kind, row.subject, row.detail["reason"]) for row in rows]


ATTEMPTS = {
    "a row changed in the list": ("list", {"form-0-title": "Altro", "_save": "Salva"}, 403),
    "an action the list has not": ("list", {"action": "issue", "_selected_action": "1"}, 403),
    "nothing the list knows": ("list", {"state": "issued"}, 403),
    "going back in the history": ("history", {"history_id": "1"}, 405),
    "a revision of the history": ("revision", {"title": "Altro"}, 405),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_in_the_back_office(process, editor, attempt):
    where, form, code = ATTEMPTS[attempt]
    listed = reverse("admin:registry_process_changelist")
    history = reverse("admin:registry_process_history", args=[process.pk])
    address = {"list": listed, "history": history, "revision": f"{history}1/"}[where]

    assert client_of(editor).post(address, form).status_code == code

    [(kind, subject, reason)] = refused()
    assert (kind, subject) == ("page", address)
    assert reason
    assert Process.objects.get(pk=process.pk).title == process.title
    assert verify_trail() == []


def test_what_the_lists_do_leaves_no_refusal(process, editor):
    client, listed = client_of(editor), reverse("admin:registry_process_changelist")
    assert client.get(listed).status_code == 200
    assert client.post(listed, {"action": ""}).status_code == 200
    chosen = {"action": "delete_selected", "_selected_action": process.pk}
    assert client.post(listed, chosen).status_code == 200
    assert refused() == []


def test_a_page_that_is_only_read_is_written_to(annex, editor):
    address = reverse("risk:changes", args=[annex.uid])
    assert client_of(editor).post(address, {}).status_code == 405
    assert refused() == [("page", address, "Method Not Allowed")]


def test_an_annex_that_has_been_closed_meanwhile(process, editor):
    """Whoever comes past the page is refused by the service, or by the database."""
    close(process.annex)
    with pytest.raises(DatabaseError), act("edit", by=editor, subject="row"):
        Process.objects.filter(pk=process.pk).update(title="Altro")
    [(kind, subject, reason)] = refused()
    assert (kind, subject) == ("edit", "row")
    assert "non è aperto" in reason or "non si modifica" in reason


def test_an_annex_in_an_adopted_plan(annex, editor):
    adopt(annex.plan)
    with pytest.raises(RuleRefused):
        open_annex(plan=annex.plan, office=annex.office, by=editor)
    [(kind, _subject, reason)] = refused()
    assert (kind, "adottato" in reason) == ("annex", True)


def test_a_refusal_outlives_the_transaction_around_the_act(editor):
    closed = pytest.raises(ValidationError)
    with refusals_after("/indirizzo/"), closed, transaction.atomic(), act("edit", by=editor):
        raise ValidationError({NON_FIELD_ERRORS: RuleRefused("Non ora.")})
    assert refused() == [("edit", "/indirizzo/", "Non ora.")]


def test_neither_a_mistyped_field_nor_a_command_is_a_refusal(editor):
    for by, error in ((editor, ValidationError("Scrivi il titolo.")), (None, RuleRefused("No."))):
        with pytest.raises(ValidationError), act("edit", by=by):
            raise error
    assert refused() == []
