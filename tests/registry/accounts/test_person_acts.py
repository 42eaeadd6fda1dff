"""What is done to a person is on the trail, without their name, whatever the door."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from registry.models import TrailRecord, User
from registry.services.people import confirm_names, invite_person
from registry.services.people_pseudonyms import pseudonymise_people
from registry.services.person_acts import forgotten_on_trail, name_digest
from registry.services.trail_verification import verify_trail
from tests.people import client_of, make_member, make_person
from tests.register import make_body
from tests.risk.admin.test_forms import typed, url

pytestmark = pytest.mark.django_db

PASSWORD = "una-password-di-prova-lunga"


@pytest.fixture
def keeper():
    return make_person("custode", is_superuser=True)


@pytest.fixture
def person():
    return make_person("anna", email="anna@prova.example")


def told(person) -> list[list[str]]:
    """What the trail tells was done to a person, in its order."""
    records = TrailRecord.objects.filter(detail__has_key="persons").order_by("pk")
    entries = [entry for record in records for entry in record.detail["persons"]]
    return [one["changed"] for one in entries if one["person"] == str(person.trail_token)]


# --- doors --------------------------------------------------------------------------------------


def by_the_form(keeper, person, **changes):
    client = client_of(keeper)
    no_roles = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = client.post(url(person), no_roles | typed(client, person) | changes)
    assert answer.status_code == 302


def renamed(keeper, person):
    by_the_form(keeper, person, first_name="Maria", last_name="Bianchi")
    return ["first_name", "last_name"]


def address_set(keeper, person):
    by_the_form(keeper, person, email="altra@prova.example")
    return ["email"]


def rights_given(keeper, person):
    by_the_form(keeper, person, is_superuser="on")
    return ["is_superuser"]


def password_given(keeper, person):
    where = reverse("admin:auth_user_password_change", args=[person.pk])
    typed_twice = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert client_of(keeper).post(where, typed_twice).status_code == 302
    return ["password"]


def password_chosen(keeper, person):
    person.set_password(PASSWORD)
    person.save()
    new = {"password1": "un-altra-password-di-prova", "password2": "un-altra-password-di-prova"}
    answer = client_of(person).post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, **new}
    )
    assert answer.status_code == 302
    return ["password"]


def password_by_command(keeper, person, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt="": PASSWORD)
    call_command("changepassword", person.username, stdout=StringIO())
    return ["password"]


@pytest.mark.parametrize(
    "door", [renamed, address_set, rights_given, password_given, password_chosen]
)
def test_each_door_tells_what_it_did(keeper, person, door):
    changed = door(keeper, person)
    assert told(person) == [changed]
    assert User.objects.get(pk=person.pk).check_password(PASSWORD) == (door is password_given)


def test_the_command_that_gives_a_password_tells_it(keeper, person, monkeypatch):
    assert told(person) == []
    changed = password_by_command(keeper, person, monkeypatch)
    assert told(person) == [changed]


def test_who_is_made_is_told_by_whoever_made_them(keeper):
    body = make_body()
    client = client_of(keeper)
    new = {"username": "nuovo", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post(reverse("admin:registry_user_add"), new | {"usable_password": "true"})
    assert answer.status_code == 302
    invite_person(
        email="invitata@prova.example",
        first_name="Carla",
        last_name="Prova",
        administration=body,
        office=None,
        role="auditor",
        starts_on=datetime.date(2026, 1, 1),
        by=keeper,
    )
    call_command(
        "createsuperuser", interactive=False, username="altro", email="a@b.example", verbosity=0
    )
    for name in ("nuovo", "altro"):
        assert told(User.objects.get(username=name)) == [["created"]], name
    invited = User.objects.get(email="invitata@prova.example")
    assert told(invited) == [["created"]]
    confirm_names(person=invited, first_name="Carla Maria", last_name="Prova")
    assert told(invited) == [["created"], ["first_name"]]
    assert verify_trail() == []


def test_a_form_saved_as_it_was_tells_nothing(keeper, person):
    by_the_form(keeper, person)
    assert told(person) == []


# --- what is kept -------------------------------------------------------------------------------


def test_no_name_stands_on_the_trail_and_a_name_changed_past_it_is_found(keeper, person):
    renamed(keeper, person)
    written = str(list(TrailRecord.objects.values()))
    assert "Maria" not in written
    assert "Bianchi" not in written
    assert verify_trail() == []
    User.objects.filter(pk=person.pk).update(last_name="Neri")
    (found,) = verify_trail()
    assert found.sentence.startswith("Il nome di «Maria Neri» non è quello della registrazione n.")


def test_two_people_of_one_name_have_digests_of_their_own(person):
    twin = make_person("altra-anna")
    twin.first_name, twin.last_name = person.first_name, person.last_name
    assert name_digest(twin) != name_digest(person)


def test_of_who_is_forgotten_no_name_can_be_compared_and_it_says_so(keeper):
    body = make_body()
    gone = make_member("penna", "auditor", body=body)
    renamed(keeper, gone)
    membership = gone.memberships.get()
    membership.ends_on = datetime.date(2020, 6, 30)
    membership.save()
    body.keeps_people_years = 5
    body.save()
    pseudonymise_people(administration=body, by=None, on=datetime.date(2026, 7, 1))
    gone.refresh_from_db()
    assert gone.name_salt == ""
    assert name_digest(gone) == ""
    assert forgotten_on_trail() == [gone]
    said = StringIO()
    call_command("verify_trail", stdout=said)
    assert f"{gone}: dimenticato." in said.getvalue()
