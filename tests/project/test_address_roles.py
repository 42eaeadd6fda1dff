"""Every address, for every person, in their own office, another one and another body.

The addresses come from the resolver: a new one without a line in `address_table.py` fails here.
Lists of the back office answer alike; what one row of each answers is in `tests/risk/admin`.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction

from registry.models import Annex
from tests.project.address_lines import KINDS, Line, page
from tests.project.address_table import ADDRESSES
from tests.project.address_world import HOMES, PEOPLE, World
from tests.project.routes import Route, routes
from tests.risk.admin.test_rights import ANNEX

METHODS = ("get", "post")
MIGHTIEST = ("head", "rpct", "superuser")
"""Between them they may whatever somebody may."""
NOTHING_IS_KEPT = (
    "private, no-store",
    # whoever has just signed out is a stranger, and the library's pages say it at length
    "max-age=0, no-cache, no-store, must-revalidate, private",
)
ROUTES = {route.name: route for route in routes()}
LISTS = {
    f"admin:{model._meta.app_label}_{model._meta.model_name}_": model
    for model in admin.site._registry
}
TESTED_WITH_THE_LISTS = frozenset(
    {"changelist", "add", "change", "delete", "history", "import", "export", "process_import"}
)
"""Ends of the addresses of a list: `tests/risk/admin/test_rights.py` tries each with everybody."""
ROWS_OF_AN_ANNEX = sorted(
    prefix for prefix, model in LISTS.items() if model._meta.model_name in ANNEX
)
WHAT_TO_DO = (
    "Add a line for it to tests/project/address_table.py: who may GET and POST it, whose row it "
    "names (tests/project/address_world.py knows the rows), and what the others are told."
)


def is_of_a_list(name: str) -> bool:
    return any(
        name.startswith(prefix) and name.removeprefix(prefix) in TESTED_WITH_THE_LISTS
        for prefix in LISTS
    )


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _queued(settings):
    """Leave long work to a worker, as an installation does: what is told is that it was asked.

    What strangers send is counted by place, and these are all of one: there is room for all.
    """
    settings.TASK_ENGINE = "database"
    room = {"contribution": "1000/h/ip", "contribution_confirm": "1000/h/ip"}
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **room}


def test_every_address_has_its_line_in_the_table():
    missing = sorted(name for name in ROUTES if name not in ADDRESSES and not is_of_a_list(name))

    assert missing == [], WHAT_TO_DO


def test_every_line_of_the_table_is_of_an_address():
    assert sorted(set(ADDRESSES) - set(ROUTES)) == []


def test_whatever_somebody_may_one_of_the_mightiest_may():
    columns = [PEOPLE.index(person) for person in MIGHTIEST]

    for kind, homes in KINDS.items():
        for home in homes:
            assert ("y" in home) == any(home[column] == "y" for column in columns), kind


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(ADDRESSES) & set(ROUTES)))
def test_what_everybody_is_told(world, name):
    route, line = ROUTES[name], ADDRESSES[name]

    assert answers_of(world, route, line) == promised(route, line)


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ROWS_OF_AN_ANNEX)
def test_a_row_of_an_annex_in_the_back_office(world, prefix):
    """The rows of another office of the same body, which `tests/risk/admin` does not have."""
    is_annex = LISTS[prefix] is Annex
    lines = {
        "change": Line(get="admin reads 200", post="admin writes 200"),
        "history": page("admin reads"),
        "delete": Line(get="admin rpct 200" if is_annex else "admin writes 200"),
    }
    for act, line in lines.items():
        route = ROUTES[prefix + act]
        methods = ("get",) if act == "delete" else ("get", "post")
        found = answers_of(world, route, line, methods, homes=("office",))
        assert found == promised(route, line, methods, homes=("office",)), act


@pytest.mark.django_db
def test_whoever_only_reads_confirms_no_import(world):
    confirms = [route for name, route in ROUTES.items() if name.endswith("_process_import")]

    for route in confirms:
        assert _code(world, "auditor", "post", world.address(route, "own", {}), {}) == 403, route
    assert confirms


def promised(route: Route, line: Line, methods=METHODS, homes=None) -> dict:
    """Return the codes of the table, by method and home."""
    return {
        (method, home): tuple(
            code
            for person, code in zip(PEOPLE, line.expected(method, HOMES.index(home)), strict=True)
            if person in asked_of(line, method)
        )
        for method in methods
        for home in homes_asked(route, line, method, homes)
    }


def answers_of(world: World, route: Route, line: Line, methods=METHODS, homes=None) -> dict:
    """Return the codes people get, by method and home; nothing they do stays."""
    found = {}
    for method in methods:
        for home in homes_asked(route, line, method, homes):
            address = world.address(route, home, line.parts)
            found[method, home] = tuple(
                _code(world, person, method, address, line.data)
                for person in asked_of(line, method)
            )
    return found


def is_never(line: Line, method: str) -> bool:
    """Tell whether an address knows no such method, whoever asks and whosever row it names."""
    return not getattr(line, method)


def homes_asked(route: Route, line: Line, method: str, homes=None) -> tuple[str, ...]:
    """Return the homes to try: where no row is named or looked for, all are one."""
    if homes:
        return homes
    return HOMES if route.parts and not is_never(line, method) else HOMES[:1]


def asked_of(line: Line, method: str) -> tuple[str, ...]:
    """Return whom to try: what is no method of an address is refused before anybody is looked at.

    If it were looked at first who asks, or for which row, those who may most would be let further.
    """
    return MIGHTIEST if is_never(line, method) else PEOPLE


def _code(world: World, person: str, method: str, address: str, data: dict) -> int:
    client = world.client(person)
    with transaction.atomic():
        answer = getattr(client, method)(address, data if method == "post" else None)
        transaction.set_rollback(True)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy, address
    assert "default-src 'self'" in policy, address
    assert answer.headers["Cache-Control"] in NOTHING_IS_KEPT, address
    # told to say nothing, a browser sends a form from nowhere, and Django refuses it
    assert answer.headers["Referrer-Policy"] == "same-origin", address
    if answer.streaming:
        # read to its end, a file closes itself
        list(answer.streaming_content)
    return answer.status_code
