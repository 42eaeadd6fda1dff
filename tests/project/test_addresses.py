"""Every address is closed to strangers, except the few on the list."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests.people import make_person

# What a stranger may open, and why.
OPEN = {
    "accedi/": "the sign-in page",
    "accedi/ente/": "sends to the identity provider of the body; nothing there without one",
    "accedi/ente/ritorno/": "where the provider sends back",
    "accedi/ente/annullato/": "what to do after turning back there",
    "accedi/sospeso/": "tells a suspended person why the right password does not open",
    "password/dimenticata/": "asks for a link to a new password",
    "password/dimenticata/inviata/": "says that the link is on its way, to whoever asked",
    "password/nuova/1-1/": "chooses a password, with the key that was mailed",
    "password/nuova/fatta/": "leads from there to the sign-in page",
    "salute/": "the health page, for monitoring",
    "metriche/": "figures for the operator, by a token or an address; a 404 to everybody else",
    "verifica/": "tells anybody whether a file is an issued annex or an adopted plan",
    "pubblicati/": "the plans that are published",
    "pubblicati/1/1/": "one published plan: its act and its files",
    "pubblicati/1/1/piano.1": "the files of a published plan",
    "pubblicati/1/1/parti/1/": "a part of a published plan, to be read",
    "pubblicati/1/1/allegati/1/": "an annex of a published plan, to be read",
    "pubblicati/1/1/allegati/1.pdf": "the PDF of an annex of a published plan",
    "pubblicati/1/1/confronto/": "what changed since the plan before it, to be read",
    "pubblicati/1/1/monitoraggi/00000000-0000-4000-8000-000000000000/": "the report of a round",
    "pubblicati/1/1/riesame/1/": "what the review of a year of a published plan concludes",
    "pubblicati/1/1/riesame/1/riesame.pdf": "the same on paper",
    "pubblicati/1/1/riesame/1/dati.json": "its data",
    "pubblicati/1/1/stato-di-attuazione/1/": "how far the measures of a published plan are",
    "pubblicati/1/1/stato-di-attuazione/1/stato.pdf": "the same on paper",
    "pubblicati/1/1/stato-di-attuazione/1/dati.json": "its data",
    "pubblicati/1/1/stato-di-attuazione/1/dati/1.csv": "one table of them",
    "pubblicati/1/1/monitoraggi/00000000-0000-4000-8000-000000000000/relazione.pdf": "its paper",
    "pubblicati/1/1/monitoraggi/00000000-0000-4000-8000-000000000000/dati.json": "its data",
    "pubblicati/1/1/monitoraggi/00000000-0000-4000-8000-000000000000/dati/1.csv": "as tables",
    "pubblicati/1/1/monitoraggi/00000000-0000-4000-8000-000000000000/popolazione.txt": "its sample",
    "pubblicati/1/1/dati.json": "the data of a published plan",
    "pubblicati/1/1/dati/1.csv": "its data as tables",
    "pubblicati/1/1/dcat.jsonld": "its record for catalogues of open data",
    "pubblicati/1/catalogo.jsonld": "the records of the published plans of a body",
    "pubblicati/1/traccia.txt": "the head of the trail of a body that publishes, to be kept",
    "consultazione/1/": "the draft of a plan in consultation, for whoever has its address",
    "consultazione/1/bozza.pdf": "that draft as a PDF, with a mark and without names",
    "consultazione/1/parti/1/": "a part of that draft",
    "consultazione/1/uffici/00000000-0000-4000-8000-000000000000/": "an office of that draft",
    "consultazione/1/contributo/": "a contribution to it, limited by place and by plan",
    "consultazione/conferma/1/": "confirms a contribution, by the link that was mailed",
    "pubblicati/schema-piano-1.json": "the form of the data of published plans",
    "admin/login/": "sends to the sign-in page",
}
KEPT = tuple(name for name in OPEN if name.startswith("pubblicati/"))
"""What a cache may keep: what is published, the same for everybody."""
# Where a stranger is sent; the admin's own door only sends on (see test_wiring).
DOORS = (settings.LOGIN_URL, "/admin/login/")
# Values to try for the parts of an address; a stranger is stopped before any object is looked for.
SAMPLES = ("1", "x", "00000000-0000-4000-8000-000000000000", "2021-01-31")


def sample_of(pattern: RoutePattern) -> str:
    """Return an address that the route matches."""
    route = str(pattern)
    for name, converter in pattern.converters.items():
        # A converter of the house may accept a few words only: its expression then lists them.
        values = (*SAMPLES, *converter.regex.strip("()").split("|"))
        value = next(value for value in values if re.fullmatch(converter.regex, value))
        route = re.sub(rf"<(?:\w+:)?{name}>", value, route)
    return route


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Walk the resolver and give an example of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + sample_of(entry.pattern))
        elif isinstance(entry, URLPattern) and isinstance(entry.pattern, RoutePattern):
            yield prefix + sample_of(entry.pattern)
        else:
            # The only patterns written as regular expressions are the admin's catch-alls.
            assert prefix.startswith("admin/"), f"address without a route: {prefix}{entry.pattern}"


def all_addresses() -> list[str]:
    return sorted(set(addresses(get_resolver())))


def is_closed(client: Client, address: str) -> bool:
    """Tell whether a stranger is sent to the sign-in page, or refused."""
    answers = [client.get(f"/{address}"), client.post(f"/{address}")]
    return all(
        answer.status_code in {401, 403, 405}
        or (answer.status_code == 302 and answer.url.startswith(DOORS))
        for answer in answers
    )


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sign_in_page_everywhere(client):
    found = [name for name in all_addresses() if name not in OPEN and not is_closed(client, name)]

    assert found == []


@pytest.mark.django_db
def test_the_walk_sees_the_whole_house(client):
    found = all_addresses()

    assert set(OPEN) <= set(found)
    assert "admin/" in found
    assert any(name.startswith("admin/registry/") for name in found)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["accedi/", "password/dimenticata/", "salute/"])
def test_the_open_addresses_are_open(client, address):
    assert client.get(f"/{address}").status_code == 200


@pytest.mark.django_db
def test_nothing_shown_to_a_stranger_is_kept_but_what_is_published(client):
    """Not published here, all but the list and the schema are a 404, which nobody keeps either."""
    for name in all_addresses():
        answer = client.get(f"/{name}")
        kept = "public" in answer.headers["Cache-Control"]
        assert kept == (name in KEPT and answer.status_code == 200), name
        assert kept or "no-store" in answer.headers["Cache-Control"], name


@pytest.mark.django_db
def test_nothing_shown_to_somebody_signed_in_is_kept(client):
    """Somebody without a role: refusals and redirects. What opens is in `test_address_roles.py`."""
    client.force_login(make_person("di.passaggio"))
    kept = {
        name: answer.headers["Cache-Control"]
        for name in all_addresses()
        if "no-store" not in (answer := client.get(f"/{name}")).headers["Cache-Control"]
    }

    assert kept == {}
    assert client.get("/pubblicati/").status_code == 200
