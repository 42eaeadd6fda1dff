"""Every list with pages is read from a row onwards: forth, back, and no dearer far on.

Outside the back office the lists are those below; in it, all there are (docs/decisions/0054).
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registry.models import Membership, User
from registry.services import history_pages
from registry.views import jobs, offices, people, trail
from risk.models import PlannedMeasure
from risk.views import desk, library
from risk.views.annexes import remarks
from risk.views.imports import start
from risk.views.monitoring import suitability
from risk.views.plans import page as plan_page
from risk.views.treatment import answered
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.files import ROOT
from tests.project.routes import routes
from tests.project.test_queries import ASKERS, grow
from tests.reading import counted_work
from tests.register import make_behaviour
from tests.risk.admin.test_rights import READERS, name_of
from tests.risk.admin.test_rights import address as list_address
from tests.statements import COUNTED

LISTS = {
    "risk:answered": (answered, "ROWS_A_PAGE"),
    "risk:answered_office": (answered, "ROWS_A_PAGE"),
    "registry:jobs": (jobs, "ROWS_A_PAGE"),
    "registry:offices": (offices, "ROWS_A_PAGE"),
    "registry:people_of": (people, "ROWS_A_PAGE"),
    "registry:trail_of": (trail, "RECORDS_A_PAGE"),
    "risk:annex_history": (history_pages, "SAVES_A_PAGE"),
    "risk:desk": (desk, "ANNEXES_A_PAGE"),
    "risk:import_start": (start, "IMPORTS_A_PAGE"),
    "risk:library": (library, "ROWS_A_PAGE"),
    "risk:plan_behaviours": (plan_page, "ROWS_A_PAGE"),
    "risk:plan_history": (history_pages, "SAVES_A_PAGE"),
    "risk:plan_measures": (plan_page, "ROWS_A_PAGE"),
    "risk:plan_processes": (plan_page, "ROWS_A_PAGE"),
    "risk:process_history": (history_pages, "SAVES_A_PAGE"),
    "risk:plan_suitability": (suitability, "ROWS_A_PAGE"),
    "risk:remarks": (remarks, "ROWS_A_PAGE"),
}
"""The lists, and where each says how many rows a page has."""
IN_MEMORY = {
    "risk/forms/mapping/bulk.py": "rows of one annex, whose pages are turned by a form",
    "risk/services/annexes/changes.py": "what approval says of the processes of one annex",
    "risk/services/annexes/documents.py": "processes of one annex: a page is found by its number",
    "risk/services/plans/comparison/page.py": "what two editions say of one office, kept once told",
    "risk/services/plans/edition_days.py": "days of one plan, of which only keys are read before",
    "risk/services/plans/preview.py": "the first rows of one annex: no page lies before them",
    "risk/services/reporting/draft_pages.py": "pages that are written once, all of them",
    "risk/services/reporting/public_comparison.py": "pages that are written once, all of them",
    "risk/services/reporting/public_pages.py": "pages that were written to files, found by number",
    "risk/services/reporting/public_rounds.py": "pages that are written once, all of them",
    "risk/views/monitoring/report.py": "a report that is one text, cut where its parts end",
    "risk/views/monitoring/yearly.py": "as report.py: one text, cut where its parts end",
    "risk/views/completeness.py": "what the processes of one annex miss",
    "risk/views/imports/steps.py": "what was found in one file, kept as one text",
    "risk/views/mapping/bulk.py": "what an act would change on the rows ticked in one annex",
    "risk/views/mapping/grid.py": "processes of one annex: a page is found by its number",
    "risk/views/plans/comparison.py": "offices of one plan, in a summary that is kept",
    "risk/views/plans/edition.py": "offices of one plan, with what a person says of each",
    "risk/views/plans/page.py": "what became of the offices of one plan, in one act",
    "risk/views/reporting/consultation.py": "offices of one plan, which no page after them grows",
    "risk/views/treatment/programme_page.py": "what one measure covers, in one annex",
}
"""Who cuts pages by counting, and why nothing lies before them that could cost much."""
KINDS = {"risk:annex_history": 8, "risk:plan_history": 8, "risk:process_history": 8}
"""Statements by which pages of so few saves differ: each kind of row is read by its own."""
SMALL = 2
SIZES = {"registry:trail_of": 12, "risk:annex_history": 4, "risk:process_history": 5}
"""Rows of a page where the world leaves many: a handful of pages is far enough."""
SLACK = 1000
"""Work that is no sign of anything: a few rows more or less, in steps or blocks."""
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        grow(made, range(2, 9))
        own = made.homes["own"]
        for number in range(6):
            make_behaviour(own.process, f"Favorire {number}")
            PlannedMeasure.objects.create(
                plan=own.plan, annex=own.annex, measure=own.plannedmeasure.measure, scope="annex"
            )
            user = User.objects.create(username=f"penna{number}", last_name="Prova")
            values = {"administration": own.administration, "starts_on": "2020-01-01"}
            Membership.objects.create(user=user, role="editor", office=own.office, **values)
        yield made
        transaction.set_rollback(True)


def test_only_these_cut_pages_by_counting():
    cutting = {
        str(path.relative_to(ROOT))
        for app in ("registry", "risk", "ptpct")
        for path in Path(ROOT / app).rglob("*.py")
        if re.search(r"\bPaginator\(", path.read_text())
    }

    assert cutting == set(IN_MEMORY)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_read_from_a_row_onwards(world, monkeypatch, name):
    monkeypatch.setattr(*LISTS[name], SIZES.get(name, SMALL))
    (route,) = [route for route in routes() if route.name == name]
    address = world.address(route, "own", ADDRESSES[name].parts)

    check(world.client(ASKERS.get(name, "rpct")), address, kinds=KINDS.get(name, 0))


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_list_of_the_back_office_is_read_from_a_row_onwards(world, monkeypatch, model):
    monkeypatch.setattr(admin.site._registry[model], "list_per_page", SMALL)
    reader = "rpct" if "rpct" in READERS[name_of(model)] else "superuser"

    check(world.client(reader), list_address(model, "changelist"), least=1)


def check(client, address: str, *, least: int = 4, kinds: int = 0) -> None:
    """Go on to the last page and back; the rows are the same, and the last pages not dearer.

    `kinds` are statements more or less by what kinds of rows a page happens to tell of.
    """
    texts = [client.get(address).content.decode()]
    ways = [""]
    while way := linked(texts[-1], "next"):
        assert "dopo=" in way
        ways.append(way)
        texts.append(client.get(address + way).content.decode())
    assert len(texts) >= least, address
    if len(texts) < 2:
        return
    for number in {1, len(texts) - 1}:
        back = linked(texts[number], "prev")
        assert "prima=" in back
        text = client.get(address + back).content.decode()
        assert shown(text) == shown(texts[number - 1])
    # so do addresses from before
    old = f"{'p' if '/admin/' in address else 'pagina'}={len(texts)}"
    assert shown(client.get(f"{address}?{old}").content.decode()) == shown(texts[-1])
    if len(texts) > 3:
        near, far = cost(client, address + ways[1]), cost(client, address + ways[-2])
        assert far[0] <= near[0] + kinds
        assert far[1] <= near[1] * 1.25 + SLACK


def linked(text: str, way: str) -> str:
    found = re.search(rf'<a rel="{way}"\s+href="([^"#]*)', text)
    return html.unescape(found[1]) if found else ""


def shown(text: str) -> list[str]:
    """Return the rows of the lists of a page."""
    text = re.sub(r'value="[^"]*"|href="[^"]*"', "", text)
    return re.findall(r"<tr.*?</tr>", text, re.DOTALL)


def cost(client, address: str) -> tuple[int, int]:
    with counted_work() as work, CaptureQueriesContext(connection) as captured:
        client.get(address)
    return sum(query["sql"].startswith(COUNTED) for query in captured), work.done
