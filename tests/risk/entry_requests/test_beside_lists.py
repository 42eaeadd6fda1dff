"""Wherever somebody chooses from a list an RPCT keeps, the way to ask for an entry is beside it.

All pages are walked as an officer sees them; a field is of a list where it offers an entry of it.
"""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import transaction

from risk.enums import RequestedList
from risk.services.entry_requests.lists import LISTS
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import routes

NOT_HERE = {
    "risk:entry_ask": "the page on which one asks",
    "risk:library": "typical processes are narrowed by it: nothing is written",
}
"""Pages that offer entries of a list and need no way to ask, and why."""
LEAST = {
    ("risk:process_sheet", "risk_area"),
    ("risk:process_sheet", "macroprocess"),
    ("risk:process_sheet", "executor_role"),
    ("risk:process_sheet", "event_category"),
    ("risk:process_sheet", "enabling_factor"),
    ("risk:mapping", "risk_area"),
    ("risk:mapping", "macroprocess"),
    ("risk:bulk", "risk_area"),
    ("risk:bulk", "macroprocess"),
    ("risk:measure_add", "measure"),
}
"""Pages and the lists they offer, which the walk has to have seen."""
_NARROWS = re.compile(r'<form[^>]*method="get".*?</form>', re.DOTALL)
_OPTION = re.compile(r"<option([^>]*)>([^<]*)")
_BOX = re.compile(r'<input type="checkbox"[^>]*>\s*(?:<span>)?([^<]+)')
_VALUE = re.compile(r'value="([^"]*)"')
_TYPED = {"macroprocessi": RequestedList.MACROPROCESS}
"""Lists that are asked for as one types, by the end of their address."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        for kind, asked in LISTS.items():
            # no two lists with an entry of one name: it tells of which list a field is
            asked.model.objects.update(label=f"Voce di {kind}")
        yield made
        transaction.set_rollback(True)


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Yield the pages an officer opens of their own annex, with their texts."""
    for route in routes():
        line = ADDRESSES.get(route.name)
        kind, _space, code = (line.get if line else "").rpartition(" ")
        if code != "200" or kind not in {"reads", "writes"} or route.name in NOT_HERE:
            continue
        ways = [line.parts]
        if route.name == "risk:bulk":
            ways = [{"kind": kind} for kind in ("processi", "fasi", "comportamenti")]
        for parts in ways:
            answer = world.client("editor").get(world.address(route, "own", parts))
            if not answer.streaming and "html" in answer.headers["Content-Type"]:
                yield route.name, answer.content.decode()


def offered(text: str, labels: dict[str, set[str]]) -> set[str]:
    """Return the lists of which a page offers an entry."""
    text = _NARROWS.sub("", text)
    shown = {unescape(label).strip() for label in _BOX.findall(text)}
    for attributes, label in _OPTION.findall(text):
        shown |= {unescape(one).strip() for one in [label, *_VALUE.findall(attributes)]}
    found = {kind for kind, names in labels.items() if names & shown}
    return found | {kind for word, kind in _TYPED.items() if f'/{word}/"' in text}


@pytest.mark.django_db
def test_the_way_to_ask_stands_wherever_an_entry_is_chosen(world):
    body = world.homes["own"].administration
    labels = {
        kind: {name for row in asked.model.objects.offered_to(body) for name in names_of(row)}
        for kind, asked in LISTS.items()
    }
    seen, missing = set(), set()
    for name, text in pages(world):
        for kind in offered(text, labels):
            seen.add((name, str(kind)))
            if f"?elenco={kind}" not in unescape(text):
                missing.add((name, str(kind)))

    assert missing == set()
    assert LEAST - seen == set()


def names_of(row) -> set[str]:
    """Return how an entry may be written in a field."""
    return {row.label, str(row)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "text", "kinds"),
    [
        (
            "allegati/{0.annex.uid}/mappa/incolla",
            "Processo\tArea di rischio\nUno\tBoh",
            ("risk_area",),
        ),
        ("processi/{0.process.uid}/fasi/incolla", "Fase\tEsecutore\nUna\tBoh", ("executor_role",)),
    ],
)
def test_what_is_pasted_and_is_in_no_list_leads_to_asking(world, address, text, kinds):
    where = f"/{address.format(world.homes['own'])}/"

    page = world.client("editor").post(where, {"testo": text, "anteprima": "1"}).content.decode()

    assert "da correggere" in page
    assert [kind for kind in kinds if f"?elenco={kind}" not in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RequestedList)
def test_from_the_sheet_one_asks_for_an_entry_of_that_list_and_comes_back(world, kind):
    process = world.homes["own"].process
    client = world.client("editor")

    asking = client.get(f"/processi/{process.uid}/richieste/?elenco={kind}", follow=True)

    assert f'<option value="{kind}" selected>' in asking.content.decode()
    assert f'name="torna" value="/processi/{process.uid}/#' in asking.content.decode()
