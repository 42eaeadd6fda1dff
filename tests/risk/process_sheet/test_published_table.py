"""The published table typed in as the browser posts it prints that of the demo data."""

import re
import uuid

import pytest
from django.urls import reverse

from registry.models import Macroprocess, Process
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.models import Assessment, Measure, PlanMethod
from risk.paper.html import render_html
from risk.services.treatment.measures import plan_measure
from tests.register import make_method, use_method
from tests.risk.paper.published import ACTIVITIES, MACROPROCESS, MEASURES, published_table

pytestmark = pytest.mark.django_db


def words(document) -> list[str]:
    """Return what the table says, cell by cell with its spans, without the anchors."""
    table = render_html(document, layout="tabella").partition("<tbody")[2].rpartition("</tbody>")[0]
    table = re.sub(r'\s(?:id|href|class|headers)="[^"]*"', "", table)
    return [" ".join(part.split()) for part in re.split(r"(<[^>]+>)", table) if part.strip()]


class Typist:
    """Posts what a person types on the pages, without htmx."""

    def __init__(self, client, annex):
        self.client = client
        self.annex = annex

    def post(self, name, *args, **data):
        answer = self.client.post(reverse(f"risk:{name}", args=args), data)
        assert answer.status_code == 302, answer.content.decode()

    def describe(self, process: Process, objective: str) -> None:
        self.post(
            "process_sheet_part",
            process.uid,
            "identita",
            title=process.title,
            macroprocess="processi di gestione dei servizi tecnici",
            objective=objective,
            version=process.version,
        )
        process.refresh_from_db()
        presence = {"risk_presence": "present", "version": process.version}
        self.post("process_sheet_part", process.uid, "presenza", **presence)

    def phases(self, process: Process, titles) -> list[uuid.UUID]:
        uids = [uuid.uuid4() for _title in titles]
        for uid, title in zip(uids, titles, strict=True):
            self.post("phase_add", process.uid, uid=uid, title=title)
        return uids

    def behaviours(self, process: Process, phases: list[uuid.UUID], groups) -> None:
        boxes, at = [], 0
        for texts, count in groups:
            for text in texts:
                uid = uuid.uuid4()
                self.post("behaviour_add", process.uid, uid=uid, text=text)
                boxes += [f"{uid}/{phase}" for phase in phases[at : at + count]]
            at += count
        self.post("matrix", process.uid, copre=boxes)


def test_the_published_table_typed_in_from_nothing(desk, annex, body, editor):
    Macroprocess.objects.create(administration=body, code="GST", label=MACROPROCESS)
    method = make_method(levels=("BASSO",))
    use_method(annex, method)
    typist = Typist(desk, annex)
    for title, objective, phases, groups in ACTIVITIES:
        typist.post("mapping_add", annex.uid, title=title)
        process = annex.processes.get(title=title)
        typist.describe(process, objective)
        typist.behaviours(process, typist.phases(process, phases), groups)
        Assessment.objects.create(process=process, method=method, level=method.levels.get())
    for code, label in enumerate(MEASURES):
        measure = Measure.objects.create(
            administration=body, code=f"M{code}", label=label, character="general"
        )
        targets = list(annex.processes.all())
        plan_measure(annex=annex, measure=measure, scope="processes", targets=targets, by=editor)
    assert PlanMethod.objects.filter(plan=annex.plan).count() == 1
    typed, printed = words(build_document(read_annex(annex))), words(published_table())
    assert typed == printed
    assert sum("rowspan" in part for part in typed) > 15
