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

from registry import clock
from registry.models import Annex, Membership, Plan
from registry.normalise import fold
from registry.readable import grouped
from registry.roles import GOVERNING, in_order
from registry.services.jobs import Progress, no_progress
from risk.content.part_values import PartContent, to_annex
from risk.content.plan_facts import AnnexFacts, PlanFacts, annex_facts
from risk.content.plan_parts import ANNEXES, PLAN_PARTS, parts_of, title_of
from risk.content.plan_values import BoundPlan
from risk.content.texts import UnresolvedField
from risk.content.typography import or_dash, printable
from risk.content.values import AnnexDocument, OfficeHead
from risk.enums import Layout
from risk.models import AnnexIssue, PlanIssue
from risk.models.packed import intact
from risk.paper.bound_plan import BoundPart, begun_in
from risk.paper.joining import pages_of
from risk.paper.pdf import PaperError
from risk.services.annexes.documents import document_of, issue_read
from risk.services.annexes.issues import reprint
from risk.services.completeness.plan_loading import is_exempt
from risk.services.plans.chapters import plan_chapters
from risk.services.plans.choices import WHOLE, Chosen
from risk.services.plans.contributions import answered, plan_contributions
from risk.services.plans.documents import (
    exempt_offices,
    figures_of,
    plan_measures,
    plan_objectives,
    printed_plan,
)
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
    document: AnnexDocument
    issue: AnnexIssue | None
    part: BoundPart


OnAnnex = Callable[[AnnexPaper], None]


def not_asked(paper: AnnexPaper) -> None:
    """Where nobody asks for the annexes one by one."""


def bound_plan(
    *,
    plan: Plan,
    chosen: Chosen = WHOLE,
    progress: Progress = no_progress,
    on_annex: OnAnnex = not_asked,
    mark: str = "",
) -> bytes:
    """Return the PDF of a plan, of the parts chosen; the same rows and day give the same bytes.

    `progress` is told before each annex and before they are joined, `on_annex` each annex of a plan
    that is not adopted. A draft with a `mark` across its pages is for everybody, and names nobody.
    Raises `PaperError` when an annex cannot be printed, with its name; `DamagedContentError` when
    what was issued is not whole; `UnknownFormatError` for a plan that a later version has adopted.
    """
    issue = PlanIssue.objects.defer("html").select_related("by").filter(plan=plan).first()
    drawn = chosen.has_annexes
    annexes = (
        _adopted(issue, progress, drawn=drawn)
        if issue is not None
        else _as_they_are(plan, progress, on_annex, drawn=drawn, is_nameless=bool(mark))
    )
    front = _front(plan, issue, is_public=bool(mark))
    chapters = parts_of(
        PlanFacts(
            annexes.facts,
            front.measures,
            front.exempt,
            front.figures,
            front.objectives,
            front.chapters,
            front.contributions,
        ),
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


def _as_they_are(
    plan: Plan, progress: Progress, on_annex: OnAnnex, *, drawn: bool, is_nameless: bool = False
) -> _Annexes:
    """Return the annexes of a plan, the issued ones as issued and the others drawn.

    Where nobody is to be named all are drawn, without their heads.
    """
    rows = plan.annexes.with_names().filter(exemption=None).order_by("office__folded", "pk")
    annexes, parts, facts, digests = list(rows), [], [], []
    for number, annex in enumerate(annexes, start=1):
        names = {"n": number, "total": grouped(len(annexes)), "office": annex.printed_office_name}
        sentence = _("Allegato %(n)d di %(total)s: %(office)s") % names
        if parts:
            sentence += _(" (finora %s)") % _pages(parts)
        progress(number - 1, len(annexes) + 1, sentence)
        issue = issue_read(annex)
        try:
            document = document_of(annex) if issue is None else reprint(issue)
        except UnresolvedField as error:
            # of one annex it is told on its page; of a plan nobody would know which
            raise PaperError(f"{annex.printed_office_name}: {error}") from error
        if is_nameless:
            document, issue = replace(document, head=OfficeHead(), is_draft=True), None
            annex.head_title = annex.head_surname = annex.head_name = ""
        facts.append(annex_facts(document))
        if drawn:
            digests.append(digest_of(document, issue))
            parts.append(_part(number, annex, _pdf_of(document, issue), issue))
            on_annex(AnnexPaper(number, annex, document, issue, parts[-1]))
    return _Annexes(parts, tuple(facts), digests)


def nameless_facts(plan: Plan) -> tuple[AnnexFacts, ...]:
    """Return what the annexes of a plan say now, without their heads; raises as `bound_plan`."""
    return _as_they_are(plan, no_progress, not_asked, drawn=False, is_nameless=True).facts


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


def _front(plan: Plan, issue: PlanIssue | None, *, is_public: bool) -> BoundPlan:
    """Return the cover, and what the plan says itself; where everybody reads it nobody’s name.

    Nor what nobody has answered yet of what strangers wrote.
    """
    front = adopted_front(issue) if issue is not None else draft_front(plan)
    if not is_public:
        return front
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


def draft_front(plan: Plan) -> BoundPlan:
    """Return the cover of a plan that is not adopted, and what it says itself."""
    annexes = list(plan.annexes.select_related("office", "exemption").order_by("office__folded"))
    drawn = [row for row in annexes if not is_exempt(row)]
    return BoundPlan(
        administration=printable(plan.administration.name),
        title=printable(plan.title),
        kind=f"{plan.get_document_display()}, {plan.get_kind_display()}",
        years=f"{plan.first_year}–{plan.last_year}",
        rpct=or_dash(printable(_rpct_of(plan))),
        drafted_on=date_format(clock.today(), "d/m/Y"),
        exempt=exempt_offices(plan, annexes),
        figures=figures_of(plan, drawn) if drawn else (),
        measures=plan_measures(plan),
        objectives=plan_objectives(plan),
        chapters=plan_chapters(plan),
        contributions=plan_contributions(plan),
    )


def _rpct_of(plan: Plan) -> str:
    """Return who keeps the body of a plan today; several, each once."""
    held = Membership.objects.running().filter(
        administration=plan.administration_id, role__in=in_order(GOVERNING), user__is_active=True
    )
    rows = held.select_related("user").order_by("user__last_name", "user__first_name", "pk")
    return ", ".join(dict.fromkeys(str(row.user) for row in rows))


def digest_of(document: AnnexDocument, issue: AnnexIssue | None) -> str:
    """Return what tells an annex of a plan: of an issued one its PDF, else what it says."""
    return issue.pdf_digest if issue else hashlib.sha256(repr(document).encode()).hexdigest()


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
