"""Signing in by a provider that speaks SAML 2, against a real one."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.test import Client

from ptpct.settings.signin_saml import read_saml
from registry.models import DirectoryRule, Membership
from tests.ptpct.test_wiring import start
from tests.registry.directory.identity_provider import IdentityProvider, make_key

pytestmark = pytest.mark.django_db

PLACE = "/accedi/saml/ente"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saml")
    for name in ("idp", "other"):
        make_key(folder, name)
    (folder / "idp.xml").write_text(IdentityProvider(folder).metadata())
    return folder


@pytest.fixture
def client():
    """A browser, which unlike the test client names the host it asks."""
    return Client(headers={"host": "testserver"})


@pytest.fixture
def provider(keys, client, settings, monkeypatch):
    """A provider that knows this site, and this site with its metadata."""
    monkeypatch.setenv("PTPCT_SAML_METADATA", str(keys / "idp.xml"))
    monkeypatch.setenv("PTPCT_SAML_GROUPS", "groups")
    settings.SOCIALACCOUNT_PROVIDERS = read_saml()["SOCIALACCOUNT_PROVIDERS"]
    settings.ROOT_URLCONF = "tests.registry.directory.saml_urls"
    monkeypatch.setitem(registry.provider_map, "saml", SAMLProvider)
    return IdentityProvider(keys, site=client.get(f"{PLACE}/metadati/").content)


def come_back(client, provider, **options):
    """Go there, and come back with the answer; return what the site says."""
    there = client.get(f"{PLACE}/?next=/accesso/")
    request = parse_qs(urlsplit(there.url).query)["SAMLRequest"][0]
    return bring(client, provider.answer(request, **options))


def bring(client, answer: str):
    taken = client.post(f"{PLACE}/ritorno/", {"SAMLResponse": answer})
    assert (taken.status_code, taken.url) == (302, f"{PLACE}/entra/")
    return client.get(taken.url)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_whoever_the_provider_names_comes_in(client, people, provider, announced):
    assert f'href="{PLACE}/?next=' in client.get("/accedi/?next=/accesso/").content.decode()

    answer = come_back(client, provider)

    assert (answer.status_code, answer.url) == (302, "/accesso/")
    assert client.session["_auth_user_id"] == str(people["head"].pk)
    assert announced == [("in", "testa")]


def test_groups_it_tells_give_roles(client, annex, people, provider):
    body = annex.plan.administration
    DirectoryRule.objects.create(administration=body, group="OIV", role="auditor")

    come_back(client, provider, identity={"mail": ["testa@esempio.it"], "groups": ["oiv", "x"]})

    roles = Membership.objects.filter(user=people["head"]).running()
    assert {row.role for row in roles} == {"head", "auditor"}


@pytest.mark.parametrize("no_groups", ["keep", "end"])
def test_silence_about_groups_is_read_as_the_installation_says(
    client, annex, people, provider, settings, no_groups
):
    app = settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]
    assert app["settings"]["no_groups"] == "keep"
    app["settings"]["no_groups"] = no_groups
    body = annex.plan.administration
    row = {"administration": body, "role": "auditor", "starts_on": "2020-01-01"}
    Membership.objects.create(user=people["head"], from_directory=True, **row)

    come_back(client, provider, identity={"mail": ["testa@esempio.it"]})

    roles = Membership.objects.filter(user=people["head"]).running()
    assert {row.role for row in roles} == {"head", *(["auditor"] if no_groups == "keep" else [])}


@pytest.mark.parametrize(
    ("options", "code", "status", "words"),
    [
        ({"identity": {"mail": ["x@esempio.it"]}}, "nobody", 403, "nessuno ha l’indirizzo"),
        ({"identity": {"cn": ["Testa"]}}, "no_address", 403, "non dice il tuo indirizzo"),
        ({"signs": False}, "seal", 401, "non è firmata da chi tiene il suo accesso"),
        ({"weak": True}, "seal", 401, "Deprecated signature algorithm"),
        ({"asked": "id-di-un-altro"}, "late", 401, "non è di una richiesta di questo browser"),
        ({"place": "https://altro.esempio.it/"}, "other_site", 401, "per un altro sito"),
    ],
)
def test_every_refusal_says_its_reason(
    client, people, provider, caplog, options, code, status, words
):
    answer = come_back(client, provider, **options)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert f"refused: {code} from 127.0.0.1" in caplog.text
    assert not is_in(client)


def test_signed_with_another_key_it_is_nobodys(client, people, provider, keys, caplog):
    site = client.get(f"{PLACE}/metadati/").content

    answer = come_back(client, IdentityProvider(keys, site=site, key="other"))

    assert answer.status_code == 401
    assert "refused: seal" in caplog.text
    assert not is_in(client)


def test_an_answer_opens_once_and_in_its_own_browser(client, people, provider):
    there = client.get(f"{PLACE}/")
    request = parse_qs(urlsplit(there.url).query)["SAMLRequest"][0]
    answer = provider.answer(request)
    other = Client(headers={"host": "testserver"})

    assert bring(other, answer).status_code == 401
    assert bring(client, answer).status_code == 302
    client.post("/esci/")
    assert bring(client, answer).status_code == 401
    assert not is_in(client)


def test_what_it_brings_is_limited(client, provider):
    assert client.post(f"{PLACE}/ritorno/", {"SAMLResponse": "A" * 300_000}).status_code == 413
    assert client.get(f"{PLACE}/ritorno/").status_code == 405
    assert client.get(f"{PLACE}/uscita/").status_code == 404
    assert bring(client, "no").status_code in {401, 502}


def test_an_installation_with_its_metadata_has_the_addresses(tmp_path, keys):
    ask = "from django.urls import reverse; print(reverse('saml_acs', args=['ente']))"
    variables = {"PTPCT_VAR_DIR": str(tmp_path), "PTPCT_SAML_METADATA": str(keys / "idp.xml")}

    result = start("shell", "-c", ask, **variables)

    assert result.stdout.split()[-1] == f"{PLACE}/ritorno/", result.stderr


@pytest.mark.parametrize("text", ["", "<html/>", "niente"])
def test_metadata_that_are_none_stop_the_start(tmp_path, text):
    file = tmp_path / "idp.xml"
    file.write_text(text)

    result = start("check", PTPCT_VAR_DIR=str(tmp_path / "var"), PTPCT_SAML_METADATA=str(file))

    assert "ImproperlyConfigured: PTPCT_SAML_METADATA: " in result.stderr
