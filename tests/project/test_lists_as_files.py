"""Every page that shows a list gives it as a file, in every format, to whoever sees the page."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from registry.models import TrailRecord
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.writing import LIST_FORMATS
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import Route, routes
from tests.register import close

NO_LIST = {
    "risk:consultation_part": "the draft in consultation, with a PDF of its own",
    "risk:annex": "the annex on paper, with files of its own",
    "risk:annex_file": "the annex on paper",
    "risk:annex_workbook": "the annex as a workbook",
    "risk:empty_workbook": "a workbook to fill in",
    "risk:plan_workbook": "the plan as a workbook",
    "risk:bulk": "rows to tick: the same rows are on the map and on the lists of the plan",
    "risk:measure_add": "rows to tick",
    "risk:plan_methods": "a form: methods to tick",
    "risk:plan_parts": "a form: parts of a document to tick",
    "risk:plan_choice": "a form: parts of a document to tick",
    "risk:plan_review": "a text, with a PDF and a workbook of its own",
    "risk:round_sample": "what is drawn from is a file of its own, popolazione.txt",
    "risk:treatment": "one process, printed with its sheet",
    "risk:assessment": "one process, printed with its sheet",
    "risk:process_sheet": "one process, printed with its sheet",
    "risk:programme": "one measure: the list of measures has its steps and indicators",
    "risk:programme_reach": "one measure",
    "risk:import": "what came of one file: its problems are a file of their own",
    "risk:import_columns": "the columns of one file",
    "risk:import_preview": "what one file would do",
    "risk:mapping_paste": "what is about to be pasted",
    "risk:phases_paste": "what is about to be pasted",
    "risk:measures_paste": "what is about to be pasted",
    "risk:proposal": "one process",
    "risk:library_process": "one typical process",
}
"""Pages with a table that is no list, and why."""

LISTS = {
    "risk:answered",
    "risk:answered_office",
    "risk:round",
    "risk:catalogue",
    "registry:jobs",
    "registry:offices",
    "registry:people_of",
    "registry:trail_of",
    "risk:annex_history",
    "risk:desk",
    "risk:figures",
    "risk:library",
    "risk:mapping",
    "risk:completeness",
    "risk:remarks",
    "risk:plan",
    "risk:plan_behaviours",
    "risk:plan_figures",
    "risk:plan_history",
    "risk:plan_measures",
    "risk:plan_chapters",
    "risk:plan_contributions",
    "risk:plan_objectives",
    "risk:plan_state",
    "risk:plan_suitability",
    "risk:plan_weight",
    "risk:plan_processes",
    "risk:process_history",
    "risk:workflow",
}
_LINK = re.compile(r'href="([^"]*[?&;]formato=(\w+)[^"]*)"')


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def pages() -> list[Route]:
    """Return the addresses outside the back office that show a page to somebody."""
    lines = {name: line for name, line in ADDRESSES.items() if line.get.endswith(" 200")}
    return [route for route in routes() if route.name in lines and "admin:" not in route.name]


def shown(world: World, name: str) -> tuple[str, str]:
    """Return the address of a page and its text, "" for what is no page."""
    (route,) = [route for route in routes() if route.name == name]
    address = world.address(route, "own", ADDRESSES[name].parts)
    answer = asker(world, name).get(address)
    if answer.streaming:
        # read to its end, a file closes itself
        list(answer.streaming_content)
    if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
        return address, ""
    return address, answer.content.decode()


def asker(world: World, name: str) -> Client:
    """Return the client of who sees most: jobs are shown to whoever asked for them."""
    others = {"registry:jobs": "head", "risk:answered": "editor"}
    return world.client(others.get(name, "rpct"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", [route.name for route in pages()])
def test_a_page_with_a_table_gives_it_as_a_file(world, name):
    _address, text = shown(world, name)

    assert name in NO_LIST or ('class="house-table' in text) <= ("formato=" in text), (
        "Include registry/_download.html and answer it (registry/responses/list_files.py), "
        "or say in NO_LIST why this is no list."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_format_of_a_list(world, name):
    close(world.homes["own"].annex)  # for the list of its moves
    address, text = shown(world, name)
    links = [(unescape(link), suffix) for link, suffix in _LINK.findall(text)]

    assert {suffix for _link, suffix in links} == set(LIST_FORMATS)
    sizes: dict[str, set[int]] = {}
    for link, suffix in links:
        path = link if link.startswith("/") else f"{address}{link}"
        answer = asker(world, name).get(path)
        assert answer.status_code == 200, path
        content = b"".join(answer.streaming_content)
        kept = TrailRecord.objects.order_by("-pk").first()
        assert (kept.kind, kept.detail["format"]) == ("export", suffix)
        which = re.sub(r"formato=\w+", "", link)
        if suffix != "json":
            rows = read_workbook(content, f"x.{suffix}").sheets[0].rows
            assert len(set(rows[0])) == len(rows[0]), rows[0]
            sizes.setdefault(which, set()).add(len(rows) - 1)
        sizes.setdefault(which, set()).add(kept.detail["rows"])
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    # every format of one list has as many rows as the trail says
    assert all(len(found) == 1 for found in sizes.values()), sizes


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_format_there_is_not_is_no_address(world, name):
    address, _text = shown(world, name)

    assert world.client("rpct").get(address, {"formato": "exe"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LISTS))
def test_who_may_not_see_the_page_gets_no_file(world, name):
    (route,) = [route for route in routes() if route.name == name]
    if not route.parts:
        return
    address = world.address(route, "body", ADDRESSES[name].parts)

    assert world.client("rpct").get(address, {"formato": "csv"}).status_code in (403, 404)
