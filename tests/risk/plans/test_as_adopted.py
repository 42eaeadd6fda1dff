"""Every page and file of an adopted plan says what was adopted, whatever is renamed afterwards.

The addresses come from the resolver: a new page of a plan, an annex, a process or a measure is
asked too.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from registry.models import Annex, ExecutorRole, Macroprocess, Office, Plan, Process
from risk.content.canonical import snapshot
from risk.enums import Layout, PlanVerb
from risk.models import AnnexIssue, ImplementationStep, Level, Measure, PlannedMeasure, TextBlock
from risk.services.annexes.documents import document_of
from risk.services.plans.issues import adopt_plan
from risk.services.plans.moves import move_plan
from risk.services.reporting.open_data.tables import TABLES
from tests.people import client_of, people_of
from tests.project.routes import Route, routes
from tests.register import adopt, complete_annex
from tests.risk.plans.proposing import ACT, fresh_plan, propose

pytestmark = pytest.mark.django_db

WAS, IS, BODY_IS = "com’era", "Rinominato", "Ente di oggi"
AS_FILE = re.compile(r'href="([?][^"]*=csv)"')
OF_TODAY = {
    "risk:empty_workbook": "a form to fill in, with the lists of today",
    "risk:import_start": "brings a file in, which nobody does any more",
    "risk:open_data_catalogue": "names the body that publishes, as it is called today",
    "risk:plan_copy": "opens the next edition, for the offices there are today",
    "risk:annex_history": "tells what was done, row by row, with the names of today",
    "risk:plan_state": "tells who answers now, as the rounds of the year ask the offices there are",
    "risk:plan_history": "tells what was done, row by row, with the names of today",
    "risk:process_history": "tells what was done, row by row, with the names of today",
}
"""Addresses of a plan that are not about what it says."""


@pytest.fixture
def adopted() -> dict[str, Any]:
    """A published plan whose processes and measures name other offices, and one it goes without."""
    annex = complete_annex()
    people = people_of(annex)
    other = Office.objects.create(
        administration=annex.plan.administration, code="CTR", name=f"Controlli {WAS}"
    )
    process = annex.processes.get()
    process.phases.get().actions.create(position=1, title="Azione", executor_office=other)
    for phase in process.phases.all():
        phase.executor_office = other
        phase.save()
    measure = annex.planned_measures.get().measure
    wide = annex.plan.planned_measures.create(
        measure=measure, scope="plan", responsible_office=other, notes="Nota di tutto il piano."
    )
    wide.steps.create(position=1, description="Corso per tutti", responsible_office=other)
    for own in annex.planned_measures.all():
        own.responsible_office = other
        own.save()
    # as submitting does, which the helper goes round
    Annex.objects.filter(pk=annex.pk).update(office_name=f"Tributi {WAS}")
    plan = propose(annex, people["rpct"])
    adopt_plan(plan=plan, act=ACT, by=people["rpct"])
    move_plan(plan=fresh_plan(plan), verb=PlanVerb.PUBLISH, by=people["rpct"])
    return {"plan": fresh_plan(plan), "annex": annex, "process": process, "people": people}


def rename(plan: Plan) -> None:
    """Call every office otherwise, as the back office does."""
    for number, office in enumerate(Office.objects.all()):
        office.name = f"{IS} {number}"
        office.save()
    plan.administration.name = BODY_IS
    plan.administration.save()


def of_plan() -> list[Route]:
    begins = ("allegati/", "piani/", "processi/", "misure/", "emissioni/", "pubblicati/<")
    found = [route for route in routes() if route.pattern.startswith(begins)]
    assert {"risk:plan", "risk:process_sheet", "risk:programme"} < {route.name for route in found}
    return [route for route in found if route.name not in OF_TODAY]


def addresses(world: dict[str, Any]) -> Iterator[str]:
    """Yield every address that names something of the plan."""
    plan = world["plan"]
    uids = {
        "allegati": plan.annexes.values_list("uid", flat=True),
        "processi": [world["process"].uid],
        "misure": plan.planned_measures.values_list("uid", flat=True),
        "emissioni": AnnexIssue.objects.values_list("uid", flat=True),
    }
    values = {
        "ipa_code": [plan.administration.ipa_code],
        "title": [plan.slug],
        "layout": [layout.value for layout in Layout],
        "suffix": ["html", "json", "zip"],
        "name": list(TABLES),
        "word": ["fasi"],
    }
    for route in of_plan():
        by_part = values | {"uid": uids.get(route.pattern.split("/")[0], [])}
        if set(route.parts) <= by_part.keys():
            for parts in product(*(by_part[name] for name in route.parts)):
                yield reverse(route.name, args=parts)


def said(client: Client, world: dict[str, Any]) -> dict[str, str]:
    """Return what every address answers by GET, and the list of a page as a file, by address."""
    texts = {one: text for one in addresses(world) if (text := text_of(client, one))}
    lists = [f"{page}{query}" for page, text in texts.items() for query in AS_FILE.findall(text)]
    return texts | {one: text_of(client, one) or "" for one in map(unescape, lists)}


def text_of(client: Client, address: str) -> str | None:
    """Return what an address answers as text, a workbook by its parts; None where it is none."""
    answer = client.get(address)
    if answer.status_code != 200:
        return None
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            data = b"\n".join(parts.read(name) for name in parts.namelist())
    return data.decode(errors="replace")


def test_no_page_and_no_file_says_a_name_of_today(adopted):
    client = client_of(adopted["people"]["rpct"])
    exempted = Annex.objects.with_names().get(exemption__isnull=False)
    before = said(client, adopted)
    documents = {row.pk: snapshot(document_of(row)) for row in Annex.objects.with_names()}
    rename(adopted["plan"])
    wrong = {}
    for address, now in said(client, adopted).items():
        text = before[address]
        # the head of a page names the body one works in, which is that of today
        body = "" if "<html" in now else now
        if IS in now or BODY_IS in body or text.count(WAS) != now.count(WAS):
            wrong[address] = (now.count(IS), body.count(BODY_IS))
    assert wrong == {}
    assert sum(WAS in text for text in before.values()) > 10
    assert sum("=csv" in address for address in before) >= 10
    assert documents == {row.pk: snapshot(document_of(row)) for row in Annex.objects.with_names()}
    assert Annex.objects.get(pk=exempted.pk).printed_office_name == "Tributi minori"


CHANGES = {
    "a measure of the whole plan": lambda: PlannedMeasure.objects.filter(annex=None).update(
        notes=IS
    ),
    "its steps": lambda: ImplementationStep.objects.filter(planned_measure__annex=None).update(
        description=IS
    ),
    "a measure of the list": lambda: Measure.objects.update(label=IS),
    "a level": lambda: Level.objects.update(label=IS),
    "a role": lambda: ExecutorRole.objects.update(label=IS),
    "a macroprocess": lambda: Macroprocess.objects.update(label=IS),
    "a text of the plan": lambda: TextBlock.objects.filter(plan__isnull=False).update(text=IS),
    "a process": lambda: Process.objects.update(title=IS),
    "the name of an office it goes without": lambda: Annex.objects.update(office_name=IS),
}
"""What else the pages print is kept by the database."""


def test_what_else_is_printed_is_refused_by_the_database(frozen_rows):
    plan = frozen_rows.plan
    TextBlock.objects.create(
        administration=plan.administration, plan=plan, layout="completo", slot="note", text="Nota"
    )
    adopt(plan)
    for change in CHANGES.values():
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
