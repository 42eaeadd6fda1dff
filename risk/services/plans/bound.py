"""A plan as one document, in any state: its parts read, drawn where they are not issued, and bound.

Of an adopted plan it is what was adopted, page for page; of any other its annexes as they are now
(docs/decisions/0072).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import Annex, Plan
from registry.normalise import fold
from registry.readable import grouped
from registry.services.jobs import Progress, no_progress
from risk.content.part_values import PartContent, to_annex
from risk.content.plan_facts import AnnexFacts, PlanFacts, annex_facts
from risk.content.plan_parts import ANNEXES, PLAN_PARTS, parts_of, title_of
from risk.content.plan_values import BoundPlan
from risk.content.typography import printable
from risk.content.values import AnnexDocument, OfficeHead
from risk.enums import Layout
from risk.models import AnnexIssue, PlanIssue
from risk.models.packed import intact
from risk.paper.bound_plan import BoundPart, begun_in
from risk.paper.joining import pages_of
from risk.services.annexes.issues import reprint
from risk.services.plans.choices import WHOLE, Chosen
from risk.services.plans.contributions import answered
from risk.services.plans.documents import printed_plan
from risk.services.plans.draft_reading import DraftReading, read_draft
from risk.services.plans.emblems import emblem_of
from risk.services.plans.issues import with_bytes
from risk.services.printing.pieces import pdf_of_draft
from risk.services.printing.rendering import render_bound_plan_apart

_AT_ONCE = 20
"""Issues whose data are in memory at a time."""


class AnnexPaper(NamedTuple):
    """An annex as it is printed now: its place, what its pages say, its issue if it has one."""

    number: int
    annex: Annex
    issue: AnnexIssue | None
    document: AnnexDocument
    part: BoundPart


OnRead = Callable[[DraftReading], None]
OnAnnex = Callable[[AnnexPaper], None]


def not_asked(_told: object) -> None:
    """Where nobody asks for what was read, or for the annexes one by one."""


def bound_plan(
    *,
    plan: Plan,
    chosen: Chosen = WHOLE,
    progress: Progress = no_progress,
    on_read: OnRead = not_asked,
    on_annex: OnAnnex = not_asked,
    mark: str = "",
) -> bytes:
    """Return the PDF of a plan, of the parts chosen; the same rows and day give the same bytes.

    `progress` is told before each annex and before they are joined. A plan that is not adopted is
    read at one moment, of which `on_read` is told, and then `on_annex` of each annex that is drawn.
    A draft with a `mark` across its pages is for everybody, and names nobody.
    Raises `PaperError` when an annex cannot be printed, with its name; `DamagedContentError` when
    what was issued is not whole; `UnknownFormatError` for a plan that a later version has adopted.
    """
    issue = PlanIssue.objects.defer("html").select_related("by").filter(plan=plan).first()
    drawn = chosen.has_annexes
    if issue is not None:
        front, annexes = adopted_front(issue), _adopted(issue, progress, drawn=drawn)
    else:
        watching = _Watching(progress, on_read, on_annex)
        front, annexes = _as_they_are(plan, watching, drawn=drawn, is_nameless=bool(mark))
    if mark:
        front = _public(front)
    chapters = parts_of(
        facts_of(front, annexes.facts),
        names=chosen.parts,
        left_out=chosen.left_out,
        # what was adopted says them behind
        is_adopted=issue is not None and drawn,
        is_led=drawn,
    )
    parts = annexes.parts
    version = version_of(annexes.digests, chapters)
    progress(len(parts), len(parts) + 1, _("Unisco %s") % _pages(parts))
    document = replace(
        front,
        parts=chapters,
        version=version,
        has_annexes=drawn,
        emblem=emblem_of(plan.administration),
        mark=mark,
    )
    return render_bound_plan_apart(document, parts)


def facts_of(front: BoundPlan, annexes: tuple[AnnexFacts, ...]) -> PlanFacts:
    """Return what the parts of a plan are made of."""
    return PlanFacts(
        annexes,
        front.measures,
        front.exempt,
        front.figures,
        front.objectives,
        front.chapters,
        front.contributions,
    )


class _Annexes(NamedTuple):
    """What goes behind the contents, and what its annexes say for the parts before."""

    parts: list[BoundPart]
    facts: tuple[AnnexFacts, ...]
    digests: list[str]


def _adopted(issue: PlanIssue, progress: Progress, *, drawn: bool) -> _Annexes:
    """Return the document that was adopted and the issues it wraps, as they are kept."""
    kept = issue.annex_issues.defer("html", "pdf").select_related("annex__office")
    if not drawn:
        return _Annexes([], tuple(annex_facts(reprint(row)) for row in _in_order(kept)), [])
    rows = sorted(
        with_bytes(issue.annex_issues.all()),
        key=lambda row: (fold(row[0].annex.printed_office_name), row[0].number),
    )
    moment = date_format(timezone.localtime(issue.issued_at), "d/m/Y")
    detail = _("Registrato il %(day)s, con i codici di controllo degli allegati") % {"day": moment}
    adopted = bytes(intact(issue, "pdf"))
    parts = [BoundPart(_("Il piano adottato"), detail, adopted, pages_of(adopted))]
    for number, (row, pdf) in enumerate(rows, start=1):
        progress(number, len(rows) + 2, _("Leggo gli allegati emessi"))
        parts.append(_part(number, row.annex, bytes(pdf), row))
    facts = {row.annex_id: annex_facts(reprint(row)) for row in kept.iterator(chunk_size=_AT_ONCE)}
    said = tuple(facts[row.annex_id] for row, _pdf in rows)
    return _Annexes(parts, said, [issue.pdf_digest, *(row.pdf_digest for row, _pdf in rows)])


def _in_order(kept: QuerySet[AnnexIssue]) -> list[AnnexIssue]:
    return sorted(kept, key=lambda row: (fold(row.annex.printed_office_name), row.number))


class _Watching(NamedTuple):
    """Who is told how far a plan is that is not adopted."""

    progress: Progress
    on_read: OnRead
    on_annex: OnAnnex


def _as_they_are(
    plan: Plan, watching: _Watching, *, drawn: bool, is_nameless: bool
) -> tuple[BoundPlan, _Annexes]:
    """Return the cover of a plan and its annexes, the issued ones as issued and the others drawn.

    Where nobody is to be named all are drawn.
    """
    count = plan.annexes.filter(exemption=None).count()
    watching.progress(0, count + 1, _("Leggo il piano com’è adesso"))
    with read_draft(plan, is_nameless=is_nameless) as reading:
        watching.on_read(reading)
        parts: list[BoundPart] = []
        total = len(reading.facts)
        for read in reading.annexes() if drawn else ():
            names = {"n": read.number, "total": grouped(total), "office": read.document.office}
            sentence = _("Allegato %(n)d di %(total)s: %(office)s") % names
            if parts:
                sentence += _(" (finora %s)") % _pages(parts)
            watching.progress(read.number - 1, total + 1, sentence)
            pdf = _pdf_of(read.document, read.issue)
            parts.append(_part(read.number, read.annex, pdf, read.issue))
            watching.on_annex(AnnexPaper(*read, parts[-1]))
        return reading.front, _Annexes(parts, reading.facts, reading.digests if drawn else [])


def _pdf_of(document: AnnexDocument, issue: AnnexIssue | None) -> bytes:
    if issue is not None:
        return bytes(intact(issue, "pdf"))
    return pdf_of_draft(document, layout=Layout.COMPLETE)


def _part(number: int, annex: Annex, pdf: bytes, issue: AnnexIssue | None) -> BoundPart:
    names = {"n": number, "office": printable(annex.printed_office_name)}
    state = annex.get_state_display()
    if issue is not None:
        day = date_format(timezone.localtime(issue.issued_at), "d/m/Y")
        state = _("emissione n. %(n)d del %(day)s") % {"n": issue.number, "day": day}
    head = OfficeHead(*map(printable, (annex.head_title, annex.head_surname, annex.head_name)))
    detail = _("Responsabile: %(head)s; %(state)s") % {"head": head, "state": state}
    title = _("Allegato %(n)d – %(office)s") % names
    return BoundPart(title, detail, pdf, pages_of(pdf), to_annex(str(annex.uid)))


def _public(front: BoundPlan) -> BoundPlan:
    """Return the cover, and what the plan says itself, as everybody reads it: nobody’s name.

    Nor what nobody has answered yet of what strangers wrote.
    """
    return replace(front, rpct="", contributions=answered(front.contributions))


def adopted_front(issue: PlanIssue) -> BoundPlan:
    """Return the cover, and what was adopted of the whole plan."""
    document = printed_plan(issue)
    return BoundPlan(
        administration=document.administration,
        title=document.title,
        kind=document.kind,
        years=document.years,
        rpct=printable(str(issue.by)),
        act=document.act,
        exempt=document.exempt,
        figures=document.figures,
        measures=document.measures,
        objectives=document.objectives,
        chapters=document.chapters,
        contributions=document.contributions,
    )


def version_of(digests: Iterable[str], chapters: Sequence[PartContent]) -> str:
    """Return the version of a plan, in any format, by the digests of its annexes and its parts."""
    known = [bytes.fromhex(digest) for digest in digests]
    known.append(hashlib.sha256(repr(chapters).encode()).digest())
    return hashlib.sha256(b"".join(known)).hexdigest()[:12]


def pages_said(pdf: bytes) -> str:
    """Return in words how many pages a document has, and where each part of it begins."""
    titles = {title_of(name) for name in PLAN_PARTS}
    told, behind = begun_in(pdf)
    # its contents are no part
    begun = [pair for pair in told if pair[0] in titles]
    if behind is not None:
        begun.append((title_of(ANNEXES), behind))
    places = ", ".join(
        _("%(title)s da pag. %(page)s") % {"title": title, "page": grouped(page)}
        for title, page in begun
    )
    return f"{_count(pages_of(pdf))} ({places})" if places else _count(pages_of(pdf))


def _pages(parts: Sequence[BoundPart]) -> str:
    return _count(sum(part.pages for part in parts))


def _count(count: int) -> str:
    return ngettext("%(n)s pagina", "%(n)s pagine", count) % {"n": grouped(count)}
