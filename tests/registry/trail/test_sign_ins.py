"""Signing in and refused attempts are on the trail; reading is not."""

import pytest
from django.test import Client
from django.urls import reverse

from registry.models import TrailRecord
from registry.services.trail_verification import verify_trail
from tests.people import client_of, people_of
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def people(annex):
    people = people_of(annex)
    for person in people.values():
        person.set_password("una-password-di-prova")
        person.save()
    return people


def records() -> list[tuple]:
    rows = TrailRecord.objects.order_by("pk")
    return list(rows.values_list("kind", "outcome", "person"))


def test_signing_in_and_out(people):
    editor, client = people["editor"], Client()
    assert not client.login(username=editor.username, password="sbagliata")
    assert not client.login(username="nessuno", password="sbagliata")
    assert client.login(username=editor.username, password="una-password-di-prova")
    client.logout()
    token = editor.trail_token
    assert records() == [
        ("sign-in", "refused", token),
        ("sign-in", "refused", None),
        ("sign-in", "done", token),
        ("sign-out", "done", token),
    ]
    assert verify_trail() == []


@pytest.mark.parametrize(("who", "code"), [("auditor", 403), ("colleague", 404)])
def test_trying_to_write_without_the_right(annex, people, who, code):
    make_process(annex)
    address = reverse("risk:bulk", args=[annex.uid, "processi"])
    client = client_of(people[who])
    before = TrailRecord.objects.count()
    assert client.get(address).status_code == (200 if who == "auditor" else 404)
    assert TrailRecord.objects.count() == before
    assert client.post(address, {}).status_code == code
    record = TrailRecord.objects.first()
    assert (record.kind, record.outcome, record.subject) == ("page", "refused", address)
    assert record.person == people[who].trail_token
