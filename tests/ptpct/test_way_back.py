"""Signing in leads to a page, and an address that has none says so in words."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from ptpct.signin.way_back import has_page
from tests.people import client_of, make_person
from tests.project.address_table import ADDRESSES
from tests.project.routes import routes
from tests.project.test_addresses import all_addresses

PASSWORD = "una-password-di-prova-lunga"
PAGE = "/profilo/"
REFUSED = "<h1>Qui non c’è una pagina</h1>"
POSTED_TO = sorted(f"/{one}" for one in all_addresses() if not has_page(resolve(f"/{one}").func))


@pytest.fixture
def person(db):
    person = make_person("anna")
    person.set_password(PASSWORD)
    person.save()
    return person


def test_what_has_a_page_is_what_the_table_of_addresses_says():
    views = {route.name: route.pattern for route in routes()}
    known = {name: bool(line.get) for name, line in ADDRESSES.items() if name in views}

    told = {name: has_page(view) for name, view in _views().items() if name in known}

    assert told == {name: known[name] for name in told}
    # some addresses have two names
    assert len(told) >= len(known) - 2 > 100
    assert len(POSTED_TO) > 20


def _views() -> dict:
    found = {}
    for address in all_addresses():
        match = resolve(f"/{address}")
        found[match.view_name] = match.func
    return found


@pytest.mark.django_db
def test_no_sign_in_leads_to_an_address_without_a_page():
    """Whichever way one came there: sent a form, from where, or typed the address."""
    client, wrong = Client(), []
    start, own = "/accedi/?next=/", f"/accedi/?next={PAGE}"
    for address in POSTED_TO:
        from_page = {"HTTP_REFERER": f"http://testserver{PAGE}"}
        ways = {
            "sent from a page": (client.post(address, **from_page), own),
            "sent from nowhere": (client.post(address), start),
            "sent from another site": (
                client.post(address, HTTP_REFERER=f"https://altrove.example{PAGE}"),
                start,
            ),
            "sent from an address without a page": (
                client.post(address, HTTP_REFERER=f"http://testserver{address}"),
                start,
            ),
            "sent from the sign-in page": (
                client.post(address, HTTP_REFERER="http://testserver/accedi/?next=/x/"),
                start,
            ),
            "typed": (client.get(address), start),
            "asked by a page": (
                client.post(
                    address, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://testserver{PAGE}"
                ),
                own,
            ),
        }
        for way, (answer, expected) in ways.items():
            where = answer.headers.get("HX-Redirect") or answer.headers.get("Location", "")
            right = {expected, expected.replace("/accedi/", "/admin/login/")}
            if address == "/esci/":
                # open to strangers: leaving leads to the sign-in page itself
                right = {"/accedi/"}
            if where not in right and answer.status_code != 405:
                wrong.append((address, way, answer.status_code, where))

    assert wrong == []


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        (PAGE, PAGE),
        ("/persone/?pagina=2", "/persone/?pagina=2"),
        ("/non-esiste/", "/non-esiste/"),
        ("/esci/", "/"),
        ("/operazioni/elenco/", "/"),
        ("/accedi/", "/"),
        ("https://altrove.example/", "/"),
        ("//altrove.example/", "/"),
    ],
)
def test_a_way_back_in_the_address_is_followed_to_pages_only(person, asked, reached):
    answer = Client().post(
        f"/accedi/?next={asked}", {"login": "anna", "password": PASSWORD, "next": asked}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, reached)


def test_every_address_without_a_page_says_so(person):
    client, wrong = client_of(person), []
    for address in POSTED_TO:
        for method in ("get", "head"):
            answer = getattr(client, method)(address)
            said = method == "head" or REFUSED in answer.content.decode()
            # the back office refuses whoever has no role before it looks at the method
            if answer.status_code != 403 and not (answer.status_code == 405 and said):
                wrong.append((address, method, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("name", ["registry:people", "risk:desk", "registry:trail"])
def test_a_page_that_is_only_read_says_so_to_what_is_sent(person, name):
    answer = client_of(person).post(reverse(name))

    assert answer.status_code == 405
    assert REFUSED in answer.content.decode()
    assert "GET" in answer.headers["Allow"]
