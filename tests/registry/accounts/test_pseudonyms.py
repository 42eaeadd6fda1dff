"""Names go after the years of the body; what was done, the trail and the chain stay."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.acts import act
from registry.models import Administration, Membership, Process, TrailRecord, User
from registry.services.people_pseudonyms import forgotten_people, pseudonymise_people
from registry.services.trail_verification import verify_trail
from tests.people import START, client_of, make_member, make_person, people_of
from tests.register import make_annex, make_body, make_process
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db

END = datetime.date(2020, 6, 30)
LAST = datetime.date(2025, 6, 30)
"""The last day of the five years after the end."""
AFTER = datetime.date(2025, 7, 1)


@pytest.fixture
def annex():
    annex = make_annex()
    body = annex.plan.administration
    body.keeps_people_years = 5
    body.save()
    annex.plan.administration.refresh_from_db()
    return annex


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def people(annex):
    return people_of(annex)


@pytest.fixture
def gone(people):
    """An editor who wrote something, and left."""
    person = people["editor"]
    person.email = "penna@prova.example"
    person.set_password("una-password-di-prova")
    person.save()
    membership = person.memberships.get()
    membership.ends_on = END
    membership.save()
    return person


def test_a_name_is_kept_to_the_last_day_of_its_years(body, gone):
    assert forgotten_people(administration=body, on=LAST) == []
    assert forgotten_people(administration=body, on=AFTER) == [gone]


def test_a_body_without_years_keeps_names_for_ever(body, gone):
    body.keeps_people_years = None
    body.save()
    assert forgotten_people(administration=body, on=datetime.date(2099, 1, 1)) == []


def test_a_role_that_runs_or_is_to_come_keeps_the_name(body, gone):
    Membership.objects.create(
        user=gone, administration=body, role="auditor", starts_on=datetime.date(2030, 1, 1)
    )
    assert forgotten_people(administration=body, on=AFTER) == []


@pytest.mark.parametrize(("years", "forgotten"), [(5, True), (10, False), (None, False)])
def test_the_strictest_body_wins(body, gone, years, forgotten):
    other = make_body("c_x002")
    Administration.objects.filter(pk=other.pk).update(keeps_people_years=years)
    row = {"user": gone, "administration": other, "role": "auditor"}
    Membership.objects.create(**row, starts_on=datetime.date(2019, 1, 1), ends_on=END)

    assert (forgotten_people(administration=body, on=AFTER) == [gone]) is forgotten


def test_who_keeps_the_installation_and_who_has_no_role_are_left_alone(body, gone):
    make_person("senza-ruolo")
    User.objects.filter(pk=gone.pk).update(is_superuser=True)
    assert forgotten_people(administration=body, on=AFTER) == []


def test_name_address_and_account_go(body, gone, people):
    EmailAddress.objects.create(user=gone, email=gone.email, verified=True, primary=True)
    Authenticator.objects.create(user=gone, type="totp", data={})

    pseudonymise_people(administration=body, by=people["rpct"], on=AFTER)

    gone.refresh_from_db()
    label = gone.trail_token.hex[:4]
    assert str(gone) == f"Persona {label}"
    assert (gone.username, gone.email) == (f"persona-{gone.trail_token.hex}", "")
    assert (gone.is_active, gone.has_usable_password()) == (False, False)
    assert gone.pseudonymised_on == AFTER
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert not Authenticator.objects.filter(user=gone).exists()
    assert pseudonymise_people(administration=body, by=None, on=AFTER) == []


def test_two_labels_are_never_the_same(body, gone, people):
    token = gone.trail_token.hex
    like = token[:5] + ("0" if token[5] != "0" else "1") + token[6:]
    twin = make_person("gemella", trail_token=like)
    body.memberships.create(user=twin, role="auditor", starts_on=START, ends_on=END)

    pseudonymise_people(administration=body, by=None, on=AFTER)

    labels = set(User.objects.exclude(pseudonymised_on=None).values_list("last_name", flat=True))
    assert len(labels) == 2


def test_an_open_session_ends(body, gone):
    client = client_of(gone)
    assert client.get(reverse("risk:desk")).status_code == 200

    pseudonymise_people(administration=body, by=None, on=AFTER)

    assert client.get(reverse("risk:desk")).status_code == 302


def test_the_trail_and_the_histories_stay_whole_and_say_the_label(annex, body, gone, people):
    with act("map", by=gone, subject=f"annex {annex.uid}"):
        make_process(annex)

    pseudonymise_people(administration=body, by=people["rpct"], on=AFTER)

    assert verify_trail() == []
    assert str(Process.history.get().history_user).startswith("Persona ")
    record = TrailRecord.objects.get(kind="pseudonymise")
    assert record.person == people["rpct"].trail_token
    assert record.detail == {"years": 5, "people": [str(gone.trail_token)]}
    assert "Prova" not in str(list(TrailRecord.objects.values()))


def test_the_log_of_the_back_office_forgets_too(body, gone, people):
    membership = gone.memberships.get()
    for row in (gone, membership):
        LogEntry.objects.create(
            user=people["rpct"],
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
        )

    pseudonymise_people(administration=body, by=None, on=AFTER)

    told = list(LogEntry.objects.order_by("pk").values_list("object_repr", flat=True))
    assert all(text.startswith("Persona ") for text in told), told


def test_what_is_printed_on_an_annex_stays(annex, body, gone):
    annex.head_surname, annex.head_name = gone.last_name, gone.first_name
    annex.save()

    pseudonymise_people(administration=body, by=None, on=AFTER)

    annex.refresh_from_db()
    assert (annex.head_surname, annex.head_name) == ("Prova", "Penna")


@pytest.mark.parametrize("who", ["head", "auditor", "stranger"])
def test_only_who_keeps_the_people_may(body, gone, people, who):
    with pytest.raises(PermissionDenied):
        pseudonymise_people(administration=body, by=people[who], on=AFTER)

    gone.refresh_from_db()
    assert gone.last_name == "Prova"


def test_the_command_says_who_first_and_then_does_it(body, gone, capsys):
    call_command("pseudonymise_people", dry_run=True)
    assert "Penna Prova (penna)" in capsys.readouterr().out
    gone.refresh_from_db()
    assert gone.is_active

    call_command("pseudonymise_people", administration=body.ipa_code)
    assert "Persona " in capsys.readouterr().out

    call_command("pseudonymise_people")
    assert "nessuno" in capsys.readouterr().out


def test_the_command_knows_no_body_that_keeps_names_for_ever(body):
    Administration.objects.update(keeps_people_years=None)
    with pytest.raises(CommandError, match="per sempre"):
        call_command("pseudonymise_people", administration=body.ipa_code)


def _forgetting(body, count: int, first: int) -> int:
    """Return how many statements it costs to forget some who came in and were noted."""
    for number in range(first, first + count):
        person = make_member(f"uscita{number}", "auditor", body=body)
        role = person.memberships.get()
        role.ends_on = END
        role.save()
        EmailAddress.objects.create(user=person, email=f"uscita{number}@prova.example")
        for row in (person, role):
            kind = ContentType.objects.get_for_model(row)
            LogEntry.objects.create(
                user=person,
                content_type=kind,
                object_id=row.pk,
                object_repr=str(row),
                action_flag=CHANGE,
            )
    with CaptureQueriesContext(connection) as captured:
        people = pseudonymise_people(administration=body, by=None, on=AFTER)
    assert len(people) == count
    return sum(query["sql"].startswith(COUNTED) for query in captured)


def test_many_are_forgotten_in_as_many_statements_as_few(body):
    few, many = _forgetting(body, 2, 0), _forgetting(body, 12, 2)

    assert many <= few
    assert not LogEntry.objects.filter(object_repr__icontains="uscita").exists()
    assert len({person.last_name for person in User.objects.all()}) == User.objects.count()
    assert verify_trail() == []
