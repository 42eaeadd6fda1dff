"""Identity providers as they are: what each habit comes to, and its true reason on page and log."""

import ast
import logging
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model

from ptpct.signin.refusals import REASONS
from registry.models import DirectoryRule, Membership
from tests.ptpct.test_wiring import start
from tests.registry.accounts.odd_provider import CLIENT, SECRET, Habits, running

pytestmark = pytest.mark.django_db

TESTA = {"email": "Testa@esempio.it"}
VERIFIED = {**TESTA, "email_verified": True}


@pytest.fixture
def provider(settings):
    habits = Habits()
    with running(habits) as address:
        configure(settings, address)
        yield habits


def configure(settings, address: str, **own) -> None:
    app = {
        "provider_id": "ente",
        "name": "Accesso dell’amministrazione",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": address, **own},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }


def come_back(client, provider: Habits, **answer):
    """Go there and come back with a code; return the answer of the site."""
    asked = parse_qs(urlsplit(client.get("/accedi/ente/").url).query)
    provider.nonce = asked["nonce"][0]
    data = {"code": "buono", "state": asked["state"][0], **answer}
    return client.get("/accedi/ente/ritorno/", {k: v for k, v in data.items() if v is not None})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def assert_refused(answer, caplog, code: str, status: int, words: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert 'href="/accedi/"' in page
    # in the log at least, what was wrong stands in the words of whoever found it
    told = [row.getMessage() for row in caplog.records if row.name == "ptpct.signin.refusals"]
    assert len(told) == 1
    assert f"refused: {code} from 127.0.0.1" in told[0]
    assert code != "unreadable" or "answer=" in told[0]


@pytest.mark.parametrize("trusted", [True, False])
def test_addresses_nobody_vouches_for_are_taken_where_the_setting_says_so(
    client, people, provider, settings, caplog, trusted
):
    configure(settings, provider.address, trusts_addresses=trusted)
    provider.about = TESTA

    answer = come_back(client, provider)

    assert is_in(client) == trusted
    if not trusted:
        words = "non dice se l’indirizzo testa@esempio.it è verificato"
        assert_refused(answer, caplog, "not_said", 403, words)


@pytest.mark.parametrize("apart", [120, -120])
def test_a_provider_whose_clock_is_two_minutes_apart_lets_in(client, people, provider, apart):
    moment = int(time.time()) + apart
    provider.identity = {"iat": moment, "nbf": moment, "exp": moment + 300}
    provider.about = VERIFIED

    come_back(client, provider)

    assert is_in(client)


@pytest.mark.parametrize("said", [False, "false", "no", 0])
def test_what_is_said_not_to_be_verified_is_not_trusted_anywhere(
    client, people, provider, settings, caplog, said
):
    configure(settings, provider.address, trusts_addresses=True)
    provider.about = {**TESTA, "email_verified": said}

    answer = come_back(client, provider)

    assert_refused(answer, caplog, "not_verified", 403, "testa@esempio.it non è verificato")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("identity", "about"),
    [(VERIFIED, {}), (VERIFIED, None), ({}, VERIFIED), (TESTA, {"email_verified": "true"})],
)
def test_the_address_may_stand_in_either_place(client, people, provider, identity, about):
    provider.identity, provider.about = identity, about

    come_back(client, provider)

    assert client.session["_auth_user_id"] == str(people["head"].pk)


@pytest.mark.parametrize(
    ("ways", "listed", "tried"),
    [
        (("basic",), None, ["basic"]),
        (("basic",), ("basic",), ["basic"]),
        (("post",), ("post",), ["post"]),
        # what it lists is not what it has noted for this client
        (("basic",), ("basic", "post"), ["post", "basic"]),
        (("post",), None, ["basic", "post"]),
    ],
)
def test_the_secret_goes_the_way_the_provider_takes_it(
    client, people, provider, ways, listed, tried
):
    provider.ways, provider.listed, provider.about = ways, listed, VERIFIED

    come_back(client, provider)

    assert is_in(client)
    assert provider.attempts == tried


@pytest.mark.parametrize("way", ["basic", "post"])
def test_a_way_that_is_set_is_the_only_one(client, people, provider, settings, caplog, way):
    configure(settings, provider.address, secret_by=way)
    provider.ways = tuple({"basic", "post"} - {way})

    answer = come_back(client, provider)

    assert provider.attempts == [way]
    assert_refused(answer, caplog, "client", 502, "non riconosce questo sito")


REFUSALS = {
    # what is odd about the provider, the reason, its status, its words
    "identity of another request": (
        {"identity": {**VERIFIED, "nonce": "altro"}},
        ("other_request", 401, "risponde a un’altra richiesta"),
    ),
    "no nonce": (
        {"identity": {**VERIFIED, "nonce": ""}},
        ("other_request", 401, "altra richiesta"),
    ),
    "no identity": ({"identity": None}, ("no_identity", 401, "non ha detto chi sei")),
    "for no site it names": (
        {"identity": {"aud": None}},
        ("incomplete", 502, "manca «aud»"),
    ),
    "another person": ({"about": {"sub": "2"}}, ("other_person", 401, "due persone diverse")),
    "expired": ({"identity": {"exp": 1}}, ("expired", 401, "è scaduta")),
    "for another site": ({"identity": {"aud": "altro"}}, ("other_site", 401, "per un altro sito")),
    "of another body": (
        {"identity": {"iss": "https://a"}},
        ("other_site", 401, "altra amministrazione"),
    ),
    "no address": ({}, ("no_address", 403, "non dice il tuo indirizzo")),
    "unknown": (
        {"about": {"email": "x@esempio.it", "email_verified": True}},
        ("nobody", 403, "nessuno ha l’indirizzo x@esempio.it"),
    ),
    "failing at the token": ({"status": {"token": 500}}, ("unreadable", 502, "non si capisce")),
    "failing about the person": ({"status": {"about": 500}}, ("failing", 502, "HTTP 500")),
    "a page instead of data": (
        {"page": {"about": "<html>"}},
        ("unreadable", 502, "non si capisce"),
    ),
    "a list instead of data": ({"page": {"about": "[]"}}, ("unreadable", 502, "non si capisce")),
}


@pytest.mark.parametrize("habit", REFUSALS)
def test_every_refusal_says_its_reason(client, people, provider, caplog, announced, habit):
    habits, (code, status, words) = REFUSALS[habit]
    for name, value in habits.items():
        setattr(provider, name, value)

    answer = come_back(client, provider)

    assert_refused(answer, caplog, code, status, words)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"state": "inventato"}, ("late", 401, "non è di una richiesta di questo browser")),
        ({"code": "cattivo"}, ("code", 401, "non ha accettato il codice")),
        (
            {"code": None, "error": "invalid_scope", "error_description": "Chiama 800"},
            ("refused_there", 401, "(invalid_scope)"),
        ),
    ],
)
def test_what_comes_back_is_told_apart(client, people, provider, caplog, answer, reason):
    page = come_back(client, provider, **answer)

    assert_refused(page, caplog, *reason)
    # what stands in a link is not said by this site
    assert "Chiama 800" not in page.content.decode()


def test_a_suspended_person_is_told(client, people, provider, caplog):
    get_user_model().objects.filter(username="testa").update(is_active=False)
    provider.about = VERIFIED

    assert_refused(come_back(client, provider), caplog, "suspended", 403, "è sospeso")


@pytest.mark.parametrize(
    ("status", "page", "code", "answered"),
    [
        (500, None, "failing", 502),
        (200, "<html>", "unreadable", 502),
        (200, "{}", "unreadable", 502),
    ],
)
def test_a_provider_that_does_not_work_leaves_the_local_sign_in(
    client, people, provider, caplog, status, page, code, answered
):
    provider.status = {"document": status}
    provider.page = {"document": page} if page else {}

    answer = client.get("/accedi/ente/")

    assert_refused(answer, caplog, code, answered, str(REASONS[code])[:30])
    assert client.get("/accedi/").status_code == 200


def test_a_provider_that_is_away(client, people, settings, caplog):
    configure(settings, "http://127.0.0.1:9")

    answer = client.get("/accedi/ente/")

    assert_refused(answer, caplog, "away", 503, "riprova più tardi, o entra con la password")


@pytest.mark.parametrize(
    ("told", "no_groups", "roles"),
    [
        ({"groups": ["Referenti", "Altro"]}, "keep", ["editor"]),
        ({"groups": "Referenti"}, "keep", ["editor"]),
        ({"groups": ["Altro"]}, "keep", []),
        # a provider that says nothing takes nothing away
        ({}, "keep", ["auditor"]),
        # unless that is how it says of somebody that they are in none
        ({}, "end", []),
        ({"groups": None}, "end", []),
        ({"groups": ["Referenti"]}, "end", ["editor"]),
        # too many to be told here: they stand elsewhere
        ({"_claim_names": {"groups": "src1"}}, "end", ["auditor"]),
    ],
)
def test_groups_it_tells_give_roles(
    client, annex, people, provider, settings, told, no_groups, roles
):
    configure(settings, provider.address, groups_claim="groups", no_groups=no_groups)
    body, head = annex.plan.administration, people["head"]
    head.memberships.all().delete()
    row = {"administration": body, "role": "auditor", "starts_on": "2020-01-01"}
    Membership.objects.create(user=head, from_directory=True, **row)
    DirectoryRule.objects.create(
        administration=body, group="referenti", role="editor", office=annex.office
    )
    provider.about = {**VERIFIED, **told}

    come_back(client, provider)

    assert is_in(client)
    assert [row.role for row in Membership.objects.filter(user=head).running()] == roles


def test_a_link_asks_the_provider_for_nothing_more(client, people, provider):
    link = "/accedi/ente/?scope=offline_access&auth_params=nonce%3Dmio%26prompt%3Dnone"
    asked = parse_qs(urlsplit(client.get(link).url).query)

    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert asked["nonce"] != ["mio"]


def test_the_installation_says_what_is_asked_besides(client, provider, settings):
    configure(settings, provider.address, scope=["openid", "profile", "email", "groups"])

    asked = parse_qs(urlsplit(client.get("/accedi/ente/").url).query)

    assert set(asked["scope"][0].split()) == {"openid", "profile", "email", "groups"}


def test_the_variables_reach_the_library(tmp_path):
    result = start(
        *("shell", "-v0", "-c"),
        "from django.conf import settings as s;"
        "print(s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]['settings'])",
        PTPCT_VAR_DIR=str(tmp_path),
        PTPCT_OIDC_SERVER_URL="http://accesso.esempio.it",
        PTPCT_OIDC_CLIENT_ID="x",
        PTPCT_OIDC_CLIENT_SECRET="y",
        PTPCT_OIDC_SCOPES="groups, uffici",
        PTPCT_OIDC_NO_GROUPS="end",
    )

    told = ast.literal_eval(result.stdout.strip())
    assert told["scope"] == ["openid", "profile", "email", "groups", "uffici"]
    assert told["no_groups"] == "end"


def test_named_hosts_ask_for_a_provider_nobody_can_stand_before(tmp_path):
    result = start(
        "check",
        PTPCT_VAR_DIR=str(tmp_path),
        PTPCT_ALLOWED_HOSTS="registro.esempio.it",
        PTPCT_OIDC_SERVER_URL="http://accesso.esempio.it",
        PTPCT_OIDC_CLIENT_ID="x",
        PTPCT_OIDC_CLIENT_SECRET="y",
    )

    assert "PTPCT_OIDC_SERVER_URL: «http://accesso.esempio.it» deve iniziare" in result.stderr


def test_the_log_is_where_the_house_writes():
    assert logging.getLogger("ptpct.signin.refusals").isEnabledFor(logging.WARNING)
