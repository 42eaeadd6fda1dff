"""No daily task of an RPCT needs the back office: their guide is walked, part by part.

Each part of the guide has its tasks here, by the address each is done at; all are found by
following the links and forms of the desk, and no page on the way is one of the back office.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve

from tests.project.address_world import World
from tests.project.files import files_under, read

GUIDE = "docs/guide/rpct.md"
TASKS = {
    "Lo stato del piano": (
        *("risk:plan", "risk:plan_several", "risk:plan_deadline", "risk:plan_figures"),
        *("risk:plan_processes", "risk:plan_measures", "risk:plan_behaviours"),
    ),
    "Le persone": (
        *("registry:people_of", "registry:invite", "registry:end_membership"),
        *("registry:hand_over", "registry:name_deputy"),
    ),
    "L’amministrazione e i suoi uffici": (
        *("registry:settings", "registry:offices", "registry:office"),
        *("registry:office_add", "registry:offices_add"),
    ),
    "Il piano e gli elenchi": (
        *("risk:catalogues_of", "risk:catalogue", "risk:catalogue_add", "risk:catalogue_entry"),
        *("risk:plan_new", "risk:plan_data", "risk:plan_methods"),
    ),
    "I capitoli del piano": ("risk:plan_chapters", "risk:plan_chapter", "risk:plan_history"),
    "La consultazione sul piano": ("risk:plan_contributions", "risk:plan_contribution"),
    "Gli obiettivi del piano": ("risk:plan_objectives", "risk:plan_objective"),
    "Di che cosa risponde un ufficio": ("risk:answered_office",),
    "Il monitoraggio": (
        *("risk:plan_rounds", "risk:round", "risk:round_office", "risk:round_item"),
        "risk:round_change",
        *("risk:round_sample", "risk:round_follow_ups", "risk:follow_up"),
        "risk:round_books",
        *("risk:plan_suitability", "risk:suitability", "risk:plan_state", "risk:plan_review"),
        *("risk:plan_facts", "risk:fact"),
    ),
    "Il peso del piano": ("risk:plan_weight", "registry:settings", "risk:plan_repeated"),
    "Confrontare due edizioni": ("risk:plan_comparison",),
    "Le voci che gli uffici chiedono": ("risk:entry_requests", "risk:entry_request"),
    "Ciò che viene dall’edizione precedente": ("risk:mapping",),
    "Validare ed emettere": ("risk:changes", "risk:workflow", "registry:jobs", "risk:plan_ask"),
    "Il piano in un solo documento": (
        *("risk:plan_document", "risk:plan_pack", "risk:plan_text", "risk:plan_parts"),
        "registry:jobs",
    ),
    "Osservare e aggiungere d’ufficio": ("risk:remarks", "risk:row_remarks", "risk:behaviour_add"),
    "Le registrazioni": ("registry:trail_of", "risk:annex_history"),
    "La pagina pubblica": ("risk:published",),
    "I dati aperti": ("risk:published",),
    "Verificare un documento": ("risk:verify",),
    "Portare dentro il registro che avete già": ("risk:import_start",),
}
MAY_LEAD_THERE = {
    "templates/base.html": "the entry in the bar, of the RPCT and the keeper of the installation",
    "templates/risk/desk/_no_role.html": "the start page of the keeper of the installation",
    "templates/risk/library/process.html": "a national entry, which that keeper alone changes",
}
"""Pages of the desk with a link to the back office, and for whom."""
_WAYS = re.compile(r'(?:href|(?:form)?action|hx-get|hx-post)="([^"#]+)')
_BACK_OFFICE = "admin:"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def reached(world: World) -> set[str]:
    """Return the names of the addresses an RPCT comes to from the desk; one page each is read."""
    client, found = world.client("rpct"), set()
    waiting = ["/"]
    while waiting:
        answer = client.get(waiting.pop(0), follow=True)
        if answer.streaming or "html" not in answer.headers["Content-Type"]:
            continue
        page = answer.request["PATH_INFO"]
        for told in _WAYS.findall(answer.content.decode()):
            way = urljoin(page, unescape(told))
            name = _name_of(way)
            if name not in found and not name.startswith(_BACK_OFFICE):
                found.add(name)
                waiting.append(way)
    return found


def _name_of(way: str) -> str:
    try:
        return resolve(way.partition("?")[0]).view_name
    except Resolver404:
        # a file of the style or another site, which no view gives
        return _BACK_OFFICE


def test_every_part_of_the_guide_has_its_tasks():
    assert re.findall(r"^## (.+)$", read(GUIDE), re.MULTILINE) == list(TASKS)


@pytest.mark.django_db
def test_every_task_of_the_guide_is_found_on_the_desk(world):
    found = reached(world)

    assert {part: set(names) - found for part, names in TASKS.items() if set(names) - found} == {}


def test_only_these_pages_of_the_desk_lead_to_the_back_office():
    leading = {
        str(name)
        for name in files_under("templates", ending=".html")
        if "admin" not in name.parts and re.search(r"url [\"']admin:", read(str(name)))
    }

    assert leading == set(MAY_LEAD_THERE)
