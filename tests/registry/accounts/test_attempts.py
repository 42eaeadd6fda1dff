"""Guessing is slow, strangers lock nobody out, and nobody learns whose names exist."""

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from ptpct.signin.attempts import COOKIE
from ptpct.signin.mails import LINKS_AN_HOUR
from tests.registry.accounts.sign_in import PASSWORD, sign_in
from tests.registry.accounts.test_sign_in import link_in

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.1", "198.51.100.7"
WAIT = "Troppi tentativi non riusciti"
hashes = []


class CountingHasher(MD5PasswordHasher):
    """The quick hasher of the tests, which notes each hash it makes."""

    def encode(self, password, salt):
        hashes.append(salt)
        return super().encode(password, salt)


def at(place: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.defaults["REMOTE_ADDR"] = place
    return client


def fail(client: Client, login: str, times: int) -> str:
    """Try a wrong password so often; return the last page."""
    for _attempt in range(times):
        answer = sign_in(client, login, "sbagliata")
    return answer.content.decode()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "login", ["testa", "testa@esempio.it", "Testa@Esempio.it", "nessuno", "nessuno@esempio.it", ""]
)
def test_one_hash_whoever_is_tried(client, people, settings, login):
    settings.PASSWORD_HASHERS = ["tests.registry.accounts.test_attempts.CountingHasher"]
    hashes.clear()

    answer = sign_in(client, login, "sbagliata")

    assert answer.status_code == 200
    assert len(hashes) == (1 if login else 0)


def test_as_many_statements_whoever_is_tried(client, people):
    counts = []
    for login in ("testa@esempio.it", "nessuno@esempio.it"):
        with CaptureQueriesContext(connection) as queries:
            fail(client, login, 1)
        counts.append(len(queries))

    assert counts[0] == counts[1] > 0


def test_a_link_is_asked_of_the_queue_alike_for_anybody(client, people, settings, mailoutbox):
    settings.TASK_ENGINE = "database"
    counts = []
    for address in ("testa@esempio.it", "nessuno@esempio.it"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/password/dimenticata/", {"email": address})
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert mailoutbox == []
    waiting = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    asked = sorted(row["kwargs"]["address"] for row in waiting)
    # what waits in the queue opens nothing
    assert asked == ["nessuno@esempio.it", "testa@esempio.it"]
    assert {*waiting[0]["kwargs"], *waiting[1]["kwargs"]} == {"address", "request_id"}


def test_a_stranger_locks_out_his_own_place_only(people, announced):
    assert WAIT in fail(at(THERE), "testa", 6)

    assert sign_in(at(THERE), "testa").status_code == 200
    assert sign_in(at(HERE), "testa").status_code == 302
    assert sign_in(at(THERE), "penna").status_code == 302


def test_many_strangers_lock_out_unknown_browsers_but_never_the_persons(people, settings):
    settings.ACCOUNT_RATE_LIMITS |= {"login_failed_account": "12/h/key"}
    own = at(HERE)
    assert sign_in(own, "testa").status_code == 302
    own.post("/esci/")
    for place in range(4):
        fail(at(f"203.0.113.{place}"), "testa", 5)

    assert WAIT in sign_in(at("192.0.2.99"), "testa").content.decode()
    assert sign_in(own, "testa").status_code == 302
    # what the browser knows, it knows of this person alone
    fail(at("203.0.113.9"), "penna", 5)
    fail(at("203.0.113.8"), "penna", 5)
    fail(at("203.0.113.7"), "penna", 5)
    own.post("/esci/")
    assert WAIT in sign_in(own, "penna").content.decode()


def test_a_known_browser_has_a_limit_too(people):
    own = at(HERE)
    sign_in(own, "testa")
    own.post("/esci/")

    assert WAIT not in fail(own, "testa", 5)
    assert WAIT in sign_in(own, "testa").content.decode()


def test_a_forged_mark_of_a_browser_is_worth_nothing(people):
    own, other = at(HERE), at(THERE)
    sign_in(own, "testa")
    value = own.cookies[COOKIE].value
    assert own.cookies[COOKIE]["httponly"]
    assert own.cookies[COOKIE]["samesite"] == "Lax"
    assert str(people["head"].pk) not in value.split(":")
    other.cookies[COOKIE] = value[:-1] + ("A" if value[-1] != "A" else "B")

    assert WAIT in fail(other, "testa", 6)
    assert WAIT in sign_in(other, "testa").content.decode()


def test_a_link_by_mail_lets_in_whoever_is_locked_out(people, mailoutbox):
    client = at(HERE)
    fail(client, "testa", 6)
    client.post("/password/dimenticata/", {"email": "testa@esempio.it"})
    page = client.get(link_in(mailoutbox[-1]), follow=True)
    new = {"password1": "un-altra-frase-lunga", "password2": "un-altra-frase-lunga"}
    client.post(page.redirect_chain[-1][0], new)

    assert sign_in(client, "testa", "un-altra-frase-lunga").status_code == 302


def test_who_uses_up_the_links_of_another_keeps_nobody_from_asking(people, mailoutbox):
    ask = {"email": "testa@esempio.it"}
    codes = [at(THERE).post("/password/dimenticata/", ask).status_code for _time in range(4)]

    assert codes == [302, 302, 302, 429]
    assert at(HERE).post("/password/dimenticata/", ask).status_code == 302
    assert len(mailoutbox) == 4
    # nor is a mailbox filled: further links are not sent, those sent before open
    for place in range(9):
        at(f"203.0.113.{place}").post("/password/dimenticata/", ask)
    assert len(mailoutbox) == LINKS_AN_HOUR
    assert (
        "Scegli la password" in at(HERE).get(link_in(mailoutbox[0]), follow=True).content.decode()
    )


def test_the_person_is_told_once_a_day(people, mailoutbox):
    fail(at(THERE), "Testa@Esempio.it", 6)
    fail(at("203.0.113.5"), "testa", 6)
    fail(at(THERE), "nessuno@esempio.it", 6)

    (notice,) = mailoutbox
    assert notice.to == ["testa@esempio.it"]
    assert THERE in notice.body
    assert "avvisa il RPCT" in notice.body


def test_success_gives_the_attempts_back(people):
    client = at(HERE)
    for _time in range(3):
        fail(client, "testa", 1)
        assert sign_in(Client(REMOTE_ADDR=HERE), "testa").status_code == 302
    limits = ratelimit.parse_rates("5/5m/key")

    assert limits[0].amount == 5
    assert WAIT not in fail(client, "testa", 2)


@pytest.mark.parametrize("host", ["registro.esempio.it", "altro-nome.esempio.it"])
def test_links_lead_to_the_configured_address_whatever_host_asks(
    client, people, settings, mailoutbox, host
):
    settings.ALLOWED_HOSTS = ["registro.esempio.it", "altro-nome.esempio.it"]
    settings.SITE_URL = "https://registro.esempio.it"

    client.post("/password/dimenticata/", {"email": "testa@esempio.it"}, headers={"host": host})

    assert "https://registro.esempio.it/password/nuova/" in mailoutbox[0].body
    assert "altro-nome" not in mailoutbox[0].body


def test_what_happened_to_an_access_is_told_by_the_queue(people, settings):
    settings.TASK_ENGINE = "database"
    client = Client()
    sign_in(client, "testa")
    new = {"password1": "un-altra-frase-lunga", "password2": "un-altra-frase-lunga"}

    client.post("/password/", {"oldpassword": PASSWORD, **new})

    assert mail.outbox == []
    assert DBTaskResult.objects.get().args_kwargs["kwargs"]["person"] == people["head"].pk
