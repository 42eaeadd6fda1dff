"""Each limit says what it counts by, and in how long there is room again."""

import pytest
from allauth.core.internal import ratelimit
from django.conf import settings as configured
from django.test import Client, RequestFactory
from django.urls import reverse

from ptpct.signin.limits import ACTION_OF, APP, Hit, hit_by
from tests.people import client_of
from tests.project.routes import routes
from tests.registry.accounts.sign_in import give_second_factor, sign_in

pytestmark = pytest.mark.django_db

PLACE = "Da questo posto sono arrivate troppe richieste in poco tempo."
PERSON = "Con il tuo nome sono arrivate troppe richieste in poco tempo."
LINK = "è già stato chiesto più volte un collegamento per questo indirizzo di posta."


def wrong_password(client, people, times: int, login: str = "testa"):
    for _again in range(times):
        answer = sign_in(client, login, "sbagliata")
    return answer


def signing_in(client, people):
    return wrong_password(client, people, 3)


def signing_in_elsewhere(client, people):
    for number in range(3):
        answer = wrong_password(Client(REMOTE_ADDR=f"203.0.113.{number}"), people, 1)
    return answer


def signing_in_at_home(client, people):
    assert sign_in(client, "testa").status_code == 302
    client.post("/esci/")
    return wrong_password(client, people, 3)


def signing_in_as_many(client, people):
    for name in ("testa", "penna", "nessuno"):
        answer = wrong_password(client, people, 1, name)
    return answer


def a_code(client, people):
    give_second_factor(people["head"])
    sign_in(client, "testa")
    for _again in range(3):
        answer = client.post("/accedi/codice/", {"code": "000000"})
    return answer


def asking_for_links(client, people):
    for _again in range(3):
        answer = client.post("/password/dimenticata/", {"email": "testa@esempio.it"})
    return answer


def asking_for_links_of_many(client, people):
    for name in ("testa", "penna", "nessuno"):
        answer = client.post("/password/dimenticata/", {"email": f"{name}@esempio.it"})
    return answer


def following_links(client, people):
    for _again in range(3):
        answer = client.post("/password/nuova/1-x/", {})
    return answer


def changing_the_password(client, people):
    client = client_of(people["head"])
    for _again in range(3):
        answer = client.post("/password/", {"oldpassword": "sbagliata"})
    return answer


def confirming(client, people):
    client = client_of(people["head"])
    for _again in range(3):
        answer = client.post("/accedi/conferma/", {"password": "sbagliata"})
    return answer


def verifying(client, people):
    for _again in range(3):
        answer = client.post("/verifica/", {})
    return answer


def confirming_contributions(client, people):
    for _again in range(3):
        answer = client.post(reverse("risk:consultation_confirm", args=["x"]))
    return answer


# Action, its rate here, what is done, what is said of it, when there is room again.
LIMITS = [
    ("login", "2/m/ip", signing_in, PLACE, "un minuto"),
    ("login_failed", "2/m/ip", signing_in_as_many, "non riusciti da questo posto.", "un minuto"),
    ("login_failed", "2/5m/key", signing_in, "con questo nome da questo posto.", "cinque minuti"),
    ("login_failed", "2/3m/key", a_code, "non riusciti con il codice.", "tre minuti"),
    ("login_failed_known", "2/2m/key", signing_in_at_home, "in questo browser.", "due minuti"),
    ("login_failed_account", "2/h/key", signing_in_elsewhere, "da più posti.", "60 minuti"),
    ("reset_password", "2/m/ip", asking_for_links_of_many, PLACE, "un minuto"),
    ("reset_password", "2/h/key", asking_for_links, LINK, "60 minuti"),
    ("reset_password_from_key", "2/4m/ip", following_links, PLACE, "quattro minuti"),
    ("change_password", "2/m/user", changing_the_password, PERSON, "un minuto"),
    ("reauthenticate", "2/m/user", confirming, PERSON, "un minuto"),
    ("verify", "2/m/ip", verifying, PLACE, "un minuto"),
    ("contribution_confirm", "2/m/ip", confirming_contributions, PLACE, "un minuto"),
]
OF_A_FORM = {("contribution", "ip"), ("contribution", "key")}
"""Said on the form itself, with what was typed: tests/risk/plans/test_consultation.py."""


@pytest.mark.parametrize(("action", "rate", "act", "said", "soon"), LIMITS)
def test_what_was_too_much_and_when_to_try_again(
    client, people, settings, action, rate, act, said, soon
):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, action: rate}

    answer = act(client, people)

    text = " ".join(answer.content.decode().split())
    assert said in text
    assert f"Riprova fra {soon}" in text
    if answer.status_code == 429:
        assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_every_limit_of_the_settings_is_tried():
    tried = {(action, rate.rpartition("/")[2]) for action, rate, *_rest in LIMITS}
    limits = configured.ACCOUNT_RATE_LIMITS.items()
    ways = {
        (action, one.rpartition("/")[2]) for action, rates in limits for one in rates.split(",")
    }

    assert tried | OF_A_FORM == ways
    assert not tried & OF_A_FORM


def test_every_address_that_counts_is_in_the_table():
    assert set(ACTION_OF) - {"saml_acs"} <= {route.name for route in routes()}
    assert set(ACTION_OF.values()) <= set(configured.ACCOUNT_RATE_LIMITS)


@pytest.mark.parametrize(
    ("seconds", "soon"),
    [
        *((1, "un minuto"), (60, "un minuto"), (61, "due minuti")),
        *((300, "cinque minuti"), (301, "6 minuti"), (3600, "60 minuti")),
    ],
)
def test_how_long_is_rounded_up_to_minutes(seconds, soon):
    assert Hit("login", "ip", seconds).soon == soon


def test_asking_which_limit_was_hit_counts_nothing(people, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.8")
    request.user = people["head"]

    assert [hit_by(request, ("login", None)) for _again in range(3)] == [None] * 3
    assert ratelimit.consume(request, app=APP, action="login")
    assert hit_by(request, ("login", None)).per == "ip"
