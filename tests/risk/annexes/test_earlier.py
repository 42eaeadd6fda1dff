"""The edition before, as it was issued: from what is kept of it while that says the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.models import Annex, Plan
from risk.content.build import build_document
from risk.content.canonical import digest_of, snapshot
from risk.content.reading import read_annex
from risk.models import AnnexIssue, TextBlock
from risk.services.annexes import earlier
from risk.services.annexes.contents import kept_annex
from tests.people import people_of
from tests.register import close, complete_annex

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_annex() -> Annex:
    """An annex copied from one that was issued, without drawing it."""
    before = Annex.objects.with_names().get(pk=complete_annex().pk)
    data = snapshot(build_document(read_annex(before)))
    AnnexIssue.objects.create(
        annex=before,
        plan=before.plan,
        number=1,
        issued_at=timezone.now(),
        by=people_of(before)["rpct"],
        data=data,
        data_digest=digest_of(data),
        content_digest=kept_annex(before).digest,
        html="",
        pdf=b"",
        pdf_digest="0" * 64,
    )
    close(before, "issued", digest=digest_of(data))
    body = before.plan.administration
    plan = Plan.objects.create(administration=body, title="Poi", first_year=2022, last_year=2024)
    return Annex.objects.create(plan=plan, office=before.office, origin=before)


def said(row: earlier.Earlier) -> tuple:
    uids = [*row.digests]
    return (row.plan, row.cover, row.digests, row.names, row.data(uids), row.sheets(uids))


def read(annex: Annex) -> tuple[earlier.Earlier, bool]:
    """Return the edition before, and whether the data of its issue were read."""
    with CaptureQueriesContext(connection) as captured:
        found = earlier.earlier_of(annex)
    return found, any('"risk_annexissue"."data"' in query["sql"] for query in captured)


def test_what_is_kept_of_an_issued_annex_says_what_its_issue_says(next_annex):
    issue = AnnexIssue.objects.get()

    kept, from_issue = read(next_annex)

    assert not from_issue
    issued = earlier._issued(issue.annex, issue.data)
    assert said(kept)[1:] == said(issued)[1:]
    assert len(kept.digests) == next_annex.origin.processes.count()


def test_the_issue_is_read_where_the_annex_says_something_else_today(next_annex):
    body = next_annex.plan.administration
    TextBlock.objects.create(
        administration=body, layout="completo", slot="title", text="Un altro titolo"
    )

    then, from_issue = read(next_annex)

    assert from_issue
    assert "Un altro titolo" not in str(then.cover)
