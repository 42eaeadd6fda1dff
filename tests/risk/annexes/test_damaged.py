"""A document the disk has damaged is named, hides no other one, and is told in words."""

import hashlib
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import NamedTuple

import pytest
from django.urls import reverse

from ptpct.backup.checking import issue_findings
from registry import trail, triggers
from registry.models import Annex, User
from registry.packing import DamagedContentError, pack_pieces, packed_piece, stored_stream
from registry.services.trail_rows import written_findings
from risk.content.canonical import digest_of, read_canonical
from risk.content.pieces import IssuedData
from risk.guards import GUARDS
from risk.models import AnnexIssue, PlanIssue
from risk.models.packed import (
    as_kept,
    packed_around,
    packed_text,
    page_shared,
    pdf_shared,
    whole_pdfs,
)
from risk.services.plans.adopted_contents import adopted_content_findings
from risk.services.plans.issues import write_archive
from tests.people import client_of, people_of
from tests.register import adopt, complete_annex, make_annex
from tests.risk.annexes.test_packed import NOISE, TEXT, pages_of

pytestmark = pytest.mark.django_db

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a byte is another": lambda kept: kept[:-9] + bytes([kept[-9] ^ 0xFF]) + kept[-8:],
    "the end is lost": lambda kept: kept[: len(kept) // 2],
    "the beginning is another": lambda kept: kept[:2] + b"\0" * 8 + kept[10:],
}
COLUMNS = {"data": "json", "html": "html", "pdf": "pdf"}
TOLD = "non si può aprire: quello che ne tiene la base di dati è danneggiato"


def paper(*pages: int) -> bytes:
    """Return what looks like a PDF of pages that zlib makes shorter."""
    streams = (NOISE[n * 4500 : (n + 1) * 4500].hex().encode() for n in pages)
    return b"%PDF-1.7" + b"".join(b"\nstream\n%b\nendstream" % one for one in streams)


class World(NamedTuple):
    """Three issues of one annex, each sharing with the one before, and one of another annex."""

    annex: Annex
    issues: list[AnnexIssue]


def world_with(damaged: int, column: str, damage: Callable[[bytes], bytes]) -> World:
    """Return issues as they were recorded, one of which the disk does not keep as it was."""
    annex = complete_annex()
    by, issues = people_of(annex)["rpct"], []
    for n, page in enumerate(pages_of("uno", "due", "tre", "altro")):
        of = annex if n < 3 else make_annex(annex.plan.administration, office="Personale")
        before = issues[-1:] if n < 3 else []
        made = AnnexIssue(annex=of, plan=annex.plan, number=n + 1, by=by)
        made.issued_at, text = "2021-01-29T09:00:00Z", f"{TEXT}{n}"
        made.data, made.data_digest = packed_text(text), digest_of(text)
        made.html = page_shared(page, before)
        made.pdf = pdf_shared(paper(1, 2, n + 3), before)
        made.pdf_digest = hashlib.sha256(made.pdf).hexdigest()
        issues.append(made)
    value = getattr(issues[damaged], column)
    value.kept = damage(value.kept)
    for made in issues:
        made.save(force_insert=True)
    detail: dict = {}
    trail.bind_row(detail, *issues)
    trail.write(kind="test", by=by, subject=f"annex {annex.uid}", detail=detail)
    return World(annex, issues)


def named(world: World) -> list[int]:
    """Return the numbers of the issues that the verification tells of, nothing else but them."""
    told = [sentence for _number, sentence in written_findings()]
    found = [row.number for row in world.issues if any(str(row.uid) in one for one in told)]
    assert len(found) == len(told)
    return found


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("damaged", [0, 1])
def test_the_verification_names_what_is_damaged_and_goes_on(damaged, column, damage):
    world = world_with(damaged, column, damage)

    # the pages of the first are those of all, but nothing is kept by the second for the third
    expected = [1, 2, 3] if (damaged, column) in {(0, "html"), (0, "pdf")} else [damaged + 1]
    assert named(world) == expected


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("column", COLUMNS)
def test_whoever_opens_it_reads_why_not_and_gets_all_others(column, damage):
    world = world_with(0, column, damage)
    auditor = client_of(User.objects.get(username="oiv"))

    answers = {}
    for issue in world.issues:
        for name, suffix in COLUMNS.items():
            answer = auditor.get(reverse("risk:issue_file", args=[issue.uid, suffix]))
            answers[issue.number, name] = answer.status_code
            assert (TOLD in unescape(answer.content.decode(errors="replace"))) is (
                answer.status_code == 500
            )
    lost = [1] if column == "data" else [1, 2, 3]
    assert {place for place, code in answers.items() if code == 500} == {(n, column) for n in lost}
    assert {code for place, code in answers.items() if place[1] != column} == {200}


def plan_of(world: World, *, data: str = "{}") -> PlanIssue:
    """Return the document of a plan that wraps the issues, as the disk keeps it."""
    adopt(world.annex.plan)
    parts = [paper(1, 2, n) for n in (3, 4, 5)]
    whole = b"%PDF " + b"fra".join(map(stored_stream, parts))
    issue = PlanIssue.objects.get(plan=world.annex.plan)
    triggers.remove(GUARDS)
    columns = {"pdf": packed_around(whole, parts), "data": data}
    PlanIssue.objects.filter(pk=issue.pk).update(**columns)
    issue.annex_issues.set(world.issues[:3])
    triggers.install(GUARDS)
    return PlanIssue.objects.select_related("plan__administration").get(pk=issue.pk)


def test_the_plan_around_it_is_not_given_without_it():
    world = world_with(1, "pdf", DAMAGES["the end is lost"])
    issue = plan_of(world, data="{")
    rpct = client_of(User.objects.get(username="rpct"))
    place = [issue.plan.administration.ipa_code, issue.plan.slug]

    codes = {}
    for suffix in ("pdf", "html", "json", "zip"):
        answer = rpct.get(reverse("risk:plan_file", args=[*place, suffix]))
        codes[suffix] = answer.status_code
        if answer.status_code == 500:
            assert TOLD in unescape(answer.content.decode())
    assert codes == {"pdf": 500, "html": 200, "json": 500, "zip": 500}
    with pytest.raises(DamagedContentError, match="Emissione n. 2"):
        write_archive(PlanIssue(plan=issue.plan, pdf=b"", html="", data="", pk=issue.pk), BytesIO())
    # what says nothing of its own is left to the digest
    assert list(adopted_content_findings()) == []


def test_an_issue_after_it_shares_nothing_with_it_and_many_are_read_without_it():
    world_with(0, "pdf", DAMAGES["a byte is another"])
    first = AnnexIssue.objects.get(number=1)

    again = pdf_shared(paper(1, 2, 7), [first, AnnexIssue.objects.get(number=2)])
    assert bytes(again) == paper(1, 2, 7)
    assert len(again.kept) > 2 * 4500
    found = AnnexIssue.objects.defer("data", "html", "pdf").annotate(kept_pdf=as_kept("pdf"))
    damaged = {row.number: pdf.is_damaged for row, pdf in whole_pdfs(found, "default")}
    assert damaged == {1: True, 2: True, 3: True, 4: False}
    assert len(list(issue_findings())) == 3


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_data_in_pieces_that_cannot_be_read_are_told_so(damage):
    kept = pack_pieces([packed_piece("", 0, "{}"), packed_piece("sheets", 1, TEXT)])
    with pytest.raises(DamagedContentError, match="Il documento non si può aprire"):
        IssuedData(damage(kept)).part(0, 1, holds=["sheets"])
    with pytest.raises(DamagedContentError):
        read_canonical("annex", "{")


def test_what_no_form_holds_is_held_by_its_digest():
    world = world_with(0, "pdf", lambda _kept: b"%PDF-1.7 altro")
    auditor = client_of(User.objects.get(username="oiv"))

    for issue in world.issues[:3]:
        answer = auditor.get(reverse("risk:issue_file", args=[issue.uid, "pdf"]))
        assert TOLD in unescape(answer.content.decode())
    assert named(world) == [1, 2, 3]
