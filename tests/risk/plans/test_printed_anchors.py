"""The head of the trail on paper: whoever has an issue in hand can hold the trail to it."""

import datetime
import json
import re
import subprocess
import uuid
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from registry import guards, triggers
from registry.models import TrailRecord
from registry.trail import write
from registry.trail.anchors import read_anchor
from registry.trail.records import written_digest
from risk.enums import Layout, PlanVerb
from risk.models import AnnexIssue, PlanIssue
from risk.paper.html import render_html
from risk.services.annexes.documents import document_of
from risk.services.annexes.issues import reprint
from risk.services.plans.documents import printed_plan
from risk.services.plans.issues import adopt_plan
from risk.services.plans.moves import move_plan
from tests.people import client_of
from tests.register import adopt
from tests.risk.plans.proposing import ACT, fresh_plan, propose

pytestmark = pytest.mark.django_db

ANCHOR = re.compile(r"Ancora della traccia (\S+)")
OF_BOTH = {
    "uid": uuid.UUID(int=1),
    "plan_id": 1,
    "by_id": 1,
    "issued_at": datetime.datetime(2021, 1, 29, 9, tzinfo=datetime.UTC),
    "data": "{}",
    "data_digest": "0" * 64,
    "html": "<p>Atto</p>",
    "pdf": b"%PDF",
    "pdf_digest": "1" * 64,
}
BEFORE_ANCHORS = (
    (
        AnnexIssue(annex_id=1, number=1, **OF_BOTH),
        "8c2cf18ea88878cebc498298fe1722de08f96d29c147591b6aa2b6ef1471864c",
    ),
    (
        PlanIssue(**OF_BOTH),
        "9b608d118317bedd80632fda69b5080c565b979460a74da3679c21b45ae37e32",
    ),
)
"""Rows, and the digests that were written of them when there was no such column."""


def printed_in(pdf: bytes) -> list[str]:
    """Return the anchors printed in a PDF, as a person copies them from a reader."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return ANCHOR.findall(text)


def refusal_of(anchor: str) -> str:
    """Return what the command says against an anchor, "" where the trail holds it."""
    told = StringIO()
    try:
        call_command("verify_trail", at_least=[anchor], stdout=StringIO(), stderr=told)
    except SystemExit:
        return told.getvalue()
    return ""


def cut(after: int) -> None:
    """Take the last records away as whoever owns the tables can, and put the guards back."""
    triggers.remove(guards.GUARDS)
    TrailRecord.objects.filter(number__gt=after).delete()
    triggers.install(guards.GUARDS)


def body_of(answer) -> str:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode()


def test_the_trail_is_held_to_the_anchor_read_from_the_paper(annex, people):
    proposed = propose(annex, people["rpct"])
    adopt_plan(plan=proposed, act=ACT, by=people["rpct"])
    plan = fresh_plan(proposed)
    move_plan(plan=plan, verb=PlanVerb.PUBLISH, by=people["rpct"])
    issue, adopted = AnnexIssue.objects.get(), plan.issue
    for row, kind in ((issue, "annex-issue"), (adopted, "plan-adopt")):
        pdf = bytes(row.pdf)
        (printed,) = printed_in(pdf)
        assert printed == row.anchor
        assert printed in PdfReader(BytesIO(pdf)).metadata["/Keywords"]
        assert printed in row.html
        assert printed not in row.data
        assert read_anchor(printed).number < TrailRecord.objects.get(kind=kind).number
        assert refusal_of(printed) == ""
    assert (reprint(issue).anchor, printed_plan(adopted).anchor) == (issue.anchor, adopted.anchor)
    assert_told_beside_the_digests(plan, annex, client_of(people["rpct"]))
    cut(after=read_anchor(adopted.anchor).number - 1)
    assert "Mancano le registrazioni fino alla n." in refusal_of(adopted.anchor)
    assert adopted.anchor not in refusal_of(issue.anchor)


def assert_told_beside_the_digests(plan, annex, client) -> None:
    """On the pages of annex and plan, and in the open data."""
    issued, adopted = AnnexIssue.objects.get().anchor, plan.issue.anchor
    parts = [plan.administration.ipa_code, plan.slug]
    pages = [("workflow", [annex.uid], issued), ("plan", parts, adopted)]
    for name, where, anchor in [*pages, ("published_plan", parts, adopted)]:
        page = client.get(reverse(f"risk:{name}", args=where)).content.decode()
        assert f'<code class="workflow-digest">{anchor}</code>' in page
    whole = json.loads(body_of(client.get(reverse("risk:open_data", args=parts))))
    assert whole["piano"]["ancora"] == adopted
    assert [row["ancora"] for row in whole["allegati"]] == [issued]
    where = reverse("risk:open_data_table", args=[*parts, "allegati"])
    assert issued in body_of(client.get(where))


def test_what_is_not_issued_prints_no_anchor(annex):
    write(kind="prova", by=None)
    assert document_of(annex).anchor == ""
    for layout in Layout:
        assert "Ancora della traccia" not in render_html(document_of(annex), layout=layout)


@pytest.mark.parametrize(("row", "digest"), BEFORE_ANCHORS, ids=["annex", "plan"])
def test_an_issue_made_before_keeps_its_digest_and_another_has_its_anchor_in_it(row, digest):
    assert written_digest(row) == digest
    row.anchor = "c_x001:1:" + "f" * 64
    assert written_digest(row) != digest
    row.anchor = ""


def test_the_anchor_of_an_issue_is_written_once(annex, people):
    values = {**OF_BOTH, "plan_id": annex.plan_id, "by_id": people["rpct"].pk}
    AnnexIssue.objects.create(annex=annex, number=1, **values)
    adopt(annex.plan)
    for model in (AnnexIssue, PlanIssue):
        with pytest.raises(IntegrityError, match="never_changes"), transaction.atomic():
            model.objects.update(anchor="c_x001:1:" + "f" * 64)
