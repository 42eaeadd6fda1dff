"""Addresses whose words changed still lead to the page they led to, with their query and method."""

import pytest

from tests.people import client_of, make_person

UID = "00000000-0000-4000-8000-000000000000"
MOVED = {
    "/lavori/": "/operazioni/",
    "/lavori/?formato=csv": "/operazioni/?formato=csv",
    f"/lavori/{UID}/file/": f"/operazioni/{UID}/file/",
    f"/allegati/{UID}/passaggi/": f"/allegati/{UID}/iter/",
    f"/allegati/{UID}/mancanze/?pagina=2": f"/allegati/{UID}/che-cosa-manca/?pagina=2",
    "/processi-tipo/repertorio-nazionale/CP-01/": "/processi-tipo/nazionali/CP-01/",
    "/processi-tipo/repertorio-nazionale/a/b/": "/processi-tipo/nazionali/a/b/",
}


@pytest.fixture
def client(db):
    return client_of(make_person("anna"))


@pytest.mark.parametrize(("old", "now"), MOVED.items())
def test_an_old_address_leads_on(client, old, now):
    answer = client.get(old)

    # 308 keeps the method of what a page opened before the upgrade sends
    assert (answer.status_code, answer.url) == (308, now)


def test_a_stranger_is_not_led_on_but_asked_to_sign_in(client):
    client.logout()

    assert client.get("/lavori/").url.startswith("/accedi/")


def test_what_is_nobodys_is_not_there_behind_an_old_address_either(client):
    assert client.get(f"/lavori/{UID}/", follow=True).status_code == 404
