"""Signing in through an identity provider: a real one, in a process of its own on this machine."""

import json
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model

from tests.people import client_of
from tests.registry.accounts.sign_in import code_of, give_second_factor, sign_in

KNOWN = [
    {"sub": "1", "email": "testa@esempio.it", "email_verified": True},
    {"sub": "2", "email": "Penna@Esempio.it", "email_verified": True},
    {"sub": "3", "email": "oiv@esempio.it", "email_verified": False},
    {"sub": "4", "email": "estranea@esempio.it", "email_verified": True},
    {"sub": "5", "name": "Senza Indirizzo"},
    {"sub": "6", "email": "oiv@esempio.it", "email_verified": "false"},
]


@pytest.fixture(scope="module")
def provider_url():
    """Start the provider and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    claims = [part for row in KNOWN for part in ("--user-claims", json.dumps(row))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *claims],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(address: str, process: subprocess.Popen) -> None:
    for _attempt in range(600):
        try:
            requests.get(address, timeout=60)
        except requests.ConnectionError:
            assert process.poll() is None, "the provider did not start"
            time.sleep(0.2)
        else:
            return
    pytest.fail("the provider does not answer")


@pytest.fixture(autouse=True)
def _configured(settings, provider_url):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "ente",
                    "name": "Accesso dell’amministrazione",
                    "client_id": "registro",
                    "secret": "segreto-di-prova",
                    "settings": {"server_url": provider_url},
                }
            ],
        }
    }


def come_back_as(client, sub: str):
    """Go to the provider, say there who one is, and come back; return the answer of the site."""
    start = client.get("/accedi/ente/?next=/accesso/")
    assert start.status_code == 302
    asked = parse_qs(urlsplit(start.url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/accedi/ente/ritorno/"]
    there = requests.post(start.url, data={"sub": sub}, allow_redirects=False, timeout=60)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_sign_in_page_leads_there_by_a_link(client, people):
    page = client.get("/accedi/?next=/accesso/").content.decode()

    assert "Accesso dell’amministrazione" in page
    assert 'href="/accedi/ente/?next=%2Faccesso%2F"' in page


@pytest.mark.parametrize(("sub", "who"), [("1", "head"), ("2", "editor")])
def test_a_verified_address_opens_for_the_person_who_has_it(client, people, announced, sub, who):
    person = people[who]

    answer = come_back_as(client, sub)

    assert (answer.status_code, answer.url) == (302, "/accesso/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert announced == [("in", person.username)]
    # the local password stays, and nothing about the identity is kept
    assert person.__class__.objects.get(pk=person.pk).has_usable_password()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("sub", ["3", "4", "5", "6"])
def test_nobody_else_comes_in_and_nobody_is_made(client, people, announced, sub):
    before = get_user_model().objects.count()

    answer = come_back_as(client, sub)

    assert "Si entra per invito" in answer.content.decode()
    assert not is_in(client)
    assert get_user_model().objects.count() == before
    assert [what for what, _who in announced] == ["failed"]


def test_a_suspended_person_stays_out(client, people):
    get_user_model().objects.filter(pk=people["head"].pk).update(is_active=False)

    assert "Si entra per invito" in come_back_as(client, "1").content.decode()
    assert not is_in(client)


def test_the_second_factor_is_asked_for_here_too(client, people):
    give_second_factor(people["head"])

    assert come_back_as(client, "1").url == "/accedi/codice/"
    assert not is_in(client)
    client.post("/accedi/codice/", {"code": code_of()})
    assert is_in(client)


def test_turning_back_at_the_provider(client, people, caplog):
    start = client.get("/accedi/ente/")
    there = requests.post(start.url, data={"action": "deny"}, allow_redirects=False, timeout=60)
    back = urlsplit(there.headers["Location"])
    # this provider forgets the state, which RFC 6749 § 4.1.2.1 wants back also with a refusal
    state = parse_qs(urlsplit(start.url).query)["state"][0]

    answer = client.get(f"{back.path}?{back.query}&state={state}")

    assert answer.url == "/accedi/ente/annullato/"
    assert "interrotto" in client.get(answer.url).content.decode()
    assert "refused: turned_back from 127.0.0.1" in caplog.text


@pytest.mark.parametrize("by_provider", [True, False])
def test_signing_out_here_says_that_it_is_not_there(client, people, by_provider):
    come_back_as(client, "1") if by_provider else sign_in(client, "testa")
    assert is_in(client)

    answer = client.post("/esci/", follow=True)

    assert not is_in(client)
    assert ("non dall’accesso dell’amministrazione" in answer.content.decode()) == by_provider


def test_an_answer_nobody_asked_for_is_refused(client, people):
    answer = client.get("/accedi/ente/ritorno/?code=inventato&state=inventato")

    assert answer.status_code == 401
    assert "Accesso non riuscito" in answer.content.decode()


def test_a_foreign_identity_is_not_tied_to_an_account(people):
    client = client_of(people["editor"])
    start = client.get("/accedi/ente/?process=connect")
    there = requests.post(start.url, data={"sub": "1"}, allow_redirects=False, timeout=60)
    back = urlsplit(there.headers["Location"])

    assert client.get(f"{back.path}?{back.query}").status_code == 401
    assert not SocialAccount.objects.exists()


def test_without_a_provider_there_is_no_way(client, settings, db):
    settings.SOCIALACCOUNT_PROVIDERS = {}

    assert "Accesso dell’amministrazione" not in client.get("/accedi/").content.decode()
    assert client.get("/accedi/ente/").status_code == 404
    assert client.get("/accedi/ente/ritorno/").status_code == 404
