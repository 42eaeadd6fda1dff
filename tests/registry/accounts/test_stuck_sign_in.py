"""Who comes in, goes out or changes how they come in while somebody’s transaction does not end.

Either all of it happens, with its record, or nothing does: nobody is in of whom no record tells.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.urls import reverse

from ptpct.signin.sessions import FRESHNESS, SEEN_AT
from registry.models import TrailRecord, User
from registry.services.people import password_link
from tests.people import people_of
from tests.register import make_annex
from tests.registry.accounts.sign_in import PASSWORD, code_of, give_second_factor
from tests.stuck import TRAIL, HinderedClient, in_a_hurry, stuck_writer

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "altre-quattro-parole-a-caso"


@pytest.fixture
def head() -> User:
    person = people_of(make_annex())["head"]
    person.set_password(PASSWORD)
    person.email = "testa@esempio.it"
    person.save()
    return person


@pytest.fixture
def client():
    with in_a_hurry():
        yield HinderedClient(TRAIL)


def kinds() -> list[str]:
    return list(TrailRecord.objects.order_by("id").values_list("kind", flat=True))


def test_coming_in_and_going_out(client, head):
    assert client.post("/accedi/", {"login": "testa", "password": PASSWORD}).url == "/"
    assert client.get("/").status_code == 200
    assert client.post("/esci/").status_code == 302
    assert client.told == ["/accedi/", "/esci/"]
    assert kinds() == ["sign-in", "sign-out"]


def test_a_sign_in_that_is_not_recorded_is_none(client, head):
    with stuck_writer(TRAIL):
        answer = super(HinderedClient, client).post(
            "/accedi/", {"login": "testa", "password": PASSWORD}
        )

    assert answer.status_code == 503
    assert PASSWORD not in answer.content.decode()
    assert client.get("/").url == "/accedi/?next=/"
    head.refresh_from_db()
    assert (head.last_login, kinds()) == (None, [])


def test_a_recovery_code_is_not_used_up(client, head):
    code = give_second_factor(head)[0]
    client.post("/accedi/", {"login": "testa", "password": PASSWORD})

    assert client.post("/accedi/codice/", {"code": code}).status_code == 302
    assert "/accedi/codice/" in client.told
    assert client.get("/").status_code == 200


def test_a_wrong_password_is_recorded_or_not_answered(client, head):
    client.post("/accedi/", {"login": "testa", "password": "sbagliata"})

    assert client.told == ["/accedi/"]
    assert kinds() == ["sign-in"]


def test_a_password_is_changed_with_its_record_or_not_at_all(client, head):
    client.force_login(head)
    new = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}

    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert client.told == ["/password/"]
    assert kinds()[-1] == "person"


def test_a_password_by_mail(client, head):
    link = password_link(head).split("/", 3)[3]
    place = client.get(f"/{link}").url

    assert client.post(place, {"password1": OTHER, "password2": OTHER}).status_code == 302
    assert client.told == [place]
    assert kinds()[-1] == "person"


def test_a_second_factor_is_taken_away_whole(client, head):
    give_second_factor(head)
    client.force_login(head)
    client.post("/accedi/conferma-codice/", {"code": code_of()})

    assert client.post("/accesso/app/togli/").status_code == 302
    assert not Authenticator.objects.exists()


def test_whoever_reads_after_a_while_waits_for_nobody(client, head):
    client.force_login(head)
    session = client.session
    session[SEEN_AT] = session[SEEN_AT] - FRESHNESS - 1
    session.save()
    before = Session.objects.get().session_data

    with stuck_writer():
        assert client.get("/").status_code == 200
    assert Session.objects.get().session_data == before
    client.get("/")
    assert Session.objects.get().session_data != before
