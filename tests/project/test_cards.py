"""On a telephone a row of a list is a card: each of its cells says by its head what it is."""

from collections.abc import Iterator

import pytest
from django.test import Client
from lxml import html

from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import routes

pytestmark = pytest.mark.django_db

CARDS = "//table[contains(concat(' ', @class, ' '), ' house-cards ')]"
FEWEST = 8
"""Pages with such a list, where everything has a row."""


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Give each page that an RPCT reads, by the name of its address."""
    client: Client = world.client("rpct")
    client.raise_request_exception = False
    for route in routes():
        line = ADDRESSES.get(route.name)
        if line is None or not line.get:
            continue
        answer = client.get(world.address(route, "own", line.parts))
        if answer.streaming:
            list(answer.streaming_content)
        elif answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield route.name, answer.content.decode()


def heads_of(table) -> set[str]:
    return {" ".join(head.text_content().split()) for head in table.xpath(".//thead//th")}


def untold(text: str) -> list[tuple[str, ...]] | None:
    """Return the labels of rows that are no heads, or said twice; None of a page without cards."""
    tables = html.document_fromstring(text).xpath(CARDS) if "house-cards" in text else []
    if not tables:
        return None
    found = []
    for table in tables:
        heads = heads_of(table)
        for row in table.xpath(".//tbody/tr"):
            labels = [" ".join(label.split()) for label in row.xpath("./*/@data-label")]
            wrong = {one for one in labels if one not in heads or labels.count(one) > 1}
            if wrong:
                found.append(tuple(sorted(wrong)))
    return found


def test_every_cell_of_a_card_is_called_by_its_head():
    found = {name: untold(text) for name, text in pages(World())}
    cards = {name: wrong for name, wrong in found.items() if wrong is not None}

    assert len(cards) >= FEWEST
    assert {name: wrong for name, wrong in cards.items() if wrong} == {}
