"""Every list sorts by a click on any of its heads: both ways, in the address, ties as they were.

The pages are those that give their list as a file (`test_lists_as_files.py`); the back office has
the heads of its framework.
"""

import html
import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registry.models import Membership, Process, User
from registry.views import trail
from risk.models import PlannedMeasure
from risk.views.mapping import grid
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import routes
from tests.project.test_far_pages import LISTS as FAR
from tests.project.test_far_pages import linked
from tests.project.test_lists_as_files import LISTS as FILES
from tests.project.test_queries import ASKERS, grow
from tests.register import close, make_behaviour
from tests.statements import COUNTED

NO_HEADS = {
    "risk:completeness": "what each process misses, under its title",
    "risk:figures": "cross tables, in the order of their scales",
    "risk:plan_weight": "the heaviest office first, counted from all measures at once",
    "risk:plan_chapters": "in the order their RPCT gives them, by the buttons of each row",
    "risk:plan_contributions": "in the order in which they came, by their numbers",
    "risk:plan_objectives": "in the order their RPCT gives them, by the buttons of each row",
    "risk:plan_figures": "cross tables, in the order of their scales",
    "risk:remarks": "remarks one under the other",
}
"""Lists without heads to click on, and why."""
PROGRAMME = {
    "Fasi e tempi": "several in a cell",
    "Indicatori: partenza e atteso": "several in a cell",
}
PLAIN = {
    "registry:offices": {"Responsabile": "several in a cell"},
    "registry:people_of": {"Che cosa fare": "buttons"},
    "risk:annex_history": {
        "Chi": "told from a dozen histories, of the saves of the page alone",
        "Che cosa": "as who",
        "Campi: prima e dopo": "as who",
    },
    "risk:desk": {"Vai a": "links"},
    "risk:library": {"Scelta": "boxes to tick"},
    "risk:mapping": {"Riga": "buttons", "Ufficio": "the same in every row"},
    "risk:answered": PROGRAMME,
    "risk:answered_office": PROGRAMME,
    "risk:plan_measures": PROGRAMME,
    "risk:plan": {"Scegli": "boxes to tick"},
}
"""Heads that sort nothing, and why."""
PLAIN["risk:process_history"] = PLAIN["risk:plan_history"] = PLAIN["risk:annex_history"]
NAMES = sorted({*FILES, "risk:executed", "risk:import_start", "registry:trail"} - set(NO_HEADS))
SMALL, PAGES = 3, 5
"""Rows of a page, and about how many pages a longer list is cut into."""
COARSE = {"Quando", "Chiesta il", "Su che cosa"}
"""Heads whose cells say less than they sort by: the minute of an instant, of a remark its annex."""
COUNTS = {"Fasi", "Comportamenti", "Osservazioni"}
"""Heads whose cells say nothing for none at all, which is the least there is."""
EMPTY = ("", "—", "(nessuno)")
_HEAD = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.DOTALL)
_TABLE = re.compile(r'<table class="house-table.*?</table>', re.DOTALL)
_ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t([hd])\b.*?</t\1>", re.DOTALL)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        grow(made, range(2, 6))
        own = made.homes["own"]
        for number, scope in enumerate(("annex", "plan", "annex", "plan")):
            make_behaviour(own.process, f"Favorire {number}")
            PlannedMeasure.objects.create(
                plan=own.plan,
                annex=own.annex if scope == "annex" else None,
                measure=own.plannedmeasure.measure,
                scope=scope,
            )
            user = User.objects.create(username=f"penna{number}", last_name=f"Prova {-number}")
            values = {"administration": own.administration, "starts_on": f"202{number}-01-01"}
            Membership.objects.create(user=user, role="editor", office=own.office, **values)
        Process.objects.filter(annex=own.annex, number__gt=2).update(kind="support")
        close(own.annex)
        yield made
        transaction.set_rollback(True)


def address_in(world: World, name: str) -> str:
    (route,) = [route for route in routes() if route.name == name]
    return world.address(route, "own", ADDRESSES[name].parts)


def asker(world: World, name: str):
    others = {"registry:trail": "superuser", "risk:executed": "editor"}
    return world.client(others.get(name, ASKERS.get(name, "rpct")))


def heads_of(text: str) -> dict[str, tuple[str, str]]:
    """Return the heads of the tables of a page: where each leads, and what `aria-sort` says."""
    heads = {}
    for table in _TABLE.findall(text):
        for attributes, inner in _HEAD.findall(table[: table.find("</thead>")]):
            link = re.search(r'class="house-sort" href="([^"]*)"', inner)
            state = re.search(r'aria-sort="(\w+)"', attributes)
            heads[plain(inner)] = (
                html.unescape(link[1]) if link else "",
                state[1] if state else "",
            )
    return heads


def rows_of(text: str, head: str) -> list[tuple[str, str]]:
    """Return for each row of the tables with a head what stands below it, and the whole row."""
    rows = []
    for table in _TABLE.findall(text):
        before, _end, after = table.partition("</thead>")
        labels = [plain(inner) for _attributes, inner in _HEAD.findall(before)]
        if head in labels:
            for row in _ROW.findall(after):
                cells = [plain(match[0]) for match in _CELL.finditer(row)]
                if len(cells) == len(labels):
                    rows.append((cells[labels.index(head)], " | ".join(cells)))
    return rows


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def told(client, address: str) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as captured:
        text = client.get(address).content.decode()
    return text, sum(query["sql"].startswith(COUNTED) for query in captured)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_list_sorts_by_every_head(world, name, monkeypatch):
    # the world leaves more records than a page of the trail has
    monkeypatch.setattr(trail, "RECORDS_A_PAGE", 500)
    client, address = asker(world, name), address_in(world, name)
    own, statements = told(client, address)
    heads = heads_of(own)

    assert {head for head, (link, _state) in heads.items() if not link} == set(PLAIN.get(name, ()))
    for head, (link, state) in heads.items():
        if not link:
            continue
        assert state == ""
        up, cost_up = told(client, at(address, link))
        assert heads_of(up)[head][1] == "ascending"
        assert [one for one in heads_of(up).values() if one[1]] == [heads_of(up)[head]]
        down, cost_down = told(client, at(address, heads_of(up)[head][0]))
        assert heads_of(down)[head][1] == "descending"
        assert heads_of(down)[head][0] == link
        # what is reckoned for each row asks as one page does
        more = {"Ultima modifica", "Che cosa manca"}
        assert max(cost_up, cost_down) <= statements + (14 if head in more else 0), head
        as_they_were, risen, fallen = (rows_of(text, head) for text in (own, up, down))
        assert sorted(risen) == sorted(fallen) == sorted(as_they_were), head
        in_runs(head, as_they_were, risen, fallen)


def in_runs(head, as_they_were, risen, fallen) -> None:
    """Hold that equal cells stand together, in their own order, and that empty ones are last."""
    for rows in () if head in COUNTS else (risen, fallen):
        cells = [cell for cell, _row in rows]
        empty = [cell in EMPTY for cell in cells]
        assert empty == sorted(empty), (head, cells)
    up = list(dict.fromkeys(cell for cell, _row in risen if cell not in EMPTY))
    down = list(dict.fromkeys(cell for cell, _row in fallen if cell not in EMPTY))
    assert set(up) == set(down), head
    if head in COARSE:
        return
    for cell in up:
        of_cell = [
            [row for one, row in rows if one == cell] for rows in (as_they_were, risen, fallen)
        ]
        assert of_cell[0] == of_cell[1] == of_cell[2], (head, cell)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({*FAR, "risk:executed"} - set(NO_HEADS)))
def test_pages_of_a_sorted_list_go_on_from_a_row(world, monkeypatch, name):
    if name not in FAR:
        return
    client, address = asker(world, name), address_in(world, name)
    monkeypatch.setattr(*FAR[name], 1000)
    links = {
        head: link for head, (link, _s) in heads_of(client.get(address).content.decode()).items()
    }
    sorted_by = [link.replace("=", "=-", 1) for link in links.values() if "ordina=" in link]
    whole = {link: all_rows(client.get(at(address, link)).content.decode()) for link in sorted_by}
    longest = max(map(len, whole.values()), default=0)
    monkeypatch.setattr(*FAR[name], max(SMALL, longest // PAGES))
    for link, rows in whole.items():
        text = client.get(at(address, link)).content.decode()
        read, pages = all_rows(text), 1
        while way := linked(text, "next"):
            assert "ordina=-" in way
            assert "dopo=" in way
            text = client.get(at(address, way)).content.decode()
            read += all_rows(text)
            pages += 1
        assert read == rows, link
        assert pages > 1, link


def all_rows(text: str) -> list[str]:
    tables = [
        table.partition("</thead>")[2] for table in _TABLE.findall(text) if "house-sort" in table
    ]
    return [plain(row) for table in tables for row in _ROW.findall(table)]


def at(address: str, link: str) -> str:
    return link if link.startswith("/") else address + link.partition("#")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["risk:annex_history", "risk:plan_history", "risk:process_history"]
)
def test_a_history_is_told_from_its_beginning_too(world, name):
    client, address = asker(world, name), address_in(world, name)
    last_first = all_rows(client.get(address).content.decode())
    first_first = all_rows(client.get(f"{address}?ordina=quando").content.decode())

    assert 2 < len(last_first) < 50
    assert first_first == last_first[::-1]


@pytest.mark.django_db
def test_a_head_there_is_not_sorts_nothing(world):
    address = address_in(world, "risk:plan_processes")
    client = world.client("rpct")
    own = all_rows(client.get(address).content.decode())

    for wrong in (
        "?ordina=password",
        "?ordina=--ufficio",
        "?ordina=",
        "?ordina=annex__office__name",
    ):
        answer = client.get(address + wrong)
        assert answer.status_code == 200
        assert all_rows(answer.content.decode()) == own
        assert "Ordine dell’elenco" not in answer.content.decode()


@pytest.mark.django_db
def test_filters_pages_and_files_keep_the_order(world, monkeypatch):
    monkeypatch.setattr(grid, "ROWS_A_PAGE", 2)
    address = address_in(world, "risk:mapping")
    client = world.client("rpct")
    text = client.get(address + "?ordina=-processo&tipo=support").content.decode()

    assert '<input type="hidden" name="ordina" value="-processo">' in text
    assert "Ordine della mappa" in text
    # the way back to its own order keeps the filters
    way = re.search(r'house-own-order">\s*<a href="([^"]*)"', text)
    assert html.unescape(way[1]) == f"{address}?tipo=support"
    file = client.get(address + "?ordina=-processo&formato=csv")
    titles = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[1:]
    names = [line.split(";")[1] for line in titles]
    assert names == sorted(names, reverse=True)
    assert len(names) > 2


_FIELD = re.compile(r'<form class="house-order-by".*?</form>', re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]*)"( selected)?>(.*?)</option>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_AS_CARDS = re.compile(r'<table class="house-table (?:house-cards|map-table)')


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_where_rows_are_cards_a_field_sorts_by_the_same_heads(world, name):
    client, address = asker(world, name), at(address_in(world, name), "?per=prova&pagina=1")
    own = client.get(address).content.decode()
    if not _AS_CARDS.search(own):
        assert not _FIELD.search(own)
        return

    (field,) = _FIELD.findall(own)

    assert dict(_HIDDEN.findall(field)) == {"per": "prova"}
    offered = {plain(label): value for value, _is_chosen, label in _OPTION.findall(field)}
    assert offered.pop("ordine dell’elenco") == ""
    heads = {head: link for head, (link, _state) in heads_of(own).items() if link}
    assert list(offered) == [f"{head}{way}" for head in heads for way in ("", ", al contrario")]
    for head, link in heads.items():
        assert f"ordina={offered[head]}" in link.partition("?")[2].split("&")
        assert offered[f"{head}, al contrario"] == f"-{offered[head]}"
    key = next(iter(offered.values()))
    chosen = client.get(at(address_in(world, name), f"?ordina={key}")).content.decode()
    options = _OPTION.findall(_FIELD.search(chosen)[0])
    assert [value for value, is_chosen, _label in options if is_chosen] == [key]
