"""A plan as a text that people go on writing (DOCX, ODT), in any state: its parts, its annexes.

It says what the plan in one document says (`bound`), from the same values; nothing is drawn.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.models import Annex, Plan
from registry.normalise import fold
from registry.readable import grouped
from registry.services.jobs import Progress, no_progress
from risk.content.plan_facts import PlanFacts, annex_facts
from risk.content.plan_parts import parts_of
from risk.content.plan_values import BoundPlan
from risk.content.values import AnnexDocument
from risk.models import AnnexIssue, PlanIssue
from risk.paper.plan_blocks import AnnexText, plan_book
from risk.services.annexes.issues import reprint
from risk.services.plans.bound import adopted_front, facts_of, version_of
from risk.services.plans.choices import WHOLE, Chosen
from risk.services.plans.draft_reading import digest_of, read_draft
from risk.services.plans.emblems import emblem_of
from risk.services.printing.rendering import text_apart

_AT_ONCE = 20
"""Issues whose data are in memory at a time."""


class _ToWrite(NamedTuple):
    """An annex as it is written, and the digest it has in the version of the plan."""

    text: AnnexText
    digest: str


def plan_text(
    *, plan: Plan, suffix: str, chosen: Chosen = WHOLE, progress: Progress = no_progress
) -> bytes:
    """Return a plan, of the parts chosen, in one of `TEXT_FORMATS`.

    A plan that is not adopted is read at one moment. `progress` is told before it, or before each
    annex that is issued, and before it is written. Raises `PaperError` when an annex
    cannot be printed, with its name; `DamagedContentError` when what was issued is not whole;
    `UnknownFormatError` for a plan that a later version has adopted.
    """
    issue = PlanIssue.objects.defer("html", "pdf").select_related("by").filter(plan=plan).first()
    if issue is None:
        front, annexes = _as_they_are(plan, progress)
    else:
        front, annexes = adopted_front(issue), list(_adopted(issue, progress))
    texts = [one.text for one in annexes]
    told = facts_of(front, tuple(annex_facts(one.document) for one in texts))
    # links are words alone in a text
    parts = parts_of(told, names=chosen.parts, left_out=chosen.left_out, is_led=False)
    progress(len(texts), len(texts) + 1, _("Scrivo il documento"))
    front = replace(
        front,
        parts=parts,
        version=_version(issue, annexes, told, chosen),
        emblem=emblem_of(plan.administration),
    )
    return text_apart(plan_book(front, texts if chosen.has_annexes else []), suffix)


def _version(
    issue: PlanIssue | None, annexes: list[_ToWrite], told: PlanFacts, chosen: Chosen
) -> str:
    """Return the version the PDF of the same choice has, so that both are known as one content."""
    drawn = chosen.has_annexes
    is_adopted = issue is not None and drawn
    digests = [one.digest for one in annexes] if drawn else []
    if issue is not None and drawn:
        digests.insert(0, issue.pdf_digest)
    parts = parts_of(
        told,
        names=chosen.parts,
        left_out=chosen.left_out,
        is_adopted=is_adopted,
        is_led=drawn,
    )
    return version_of(digests, parts)


def _adopted(issue: PlanIssue, progress: Progress) -> Iterator[_ToWrite]:
    rows = issue.annex_issues.defer("html", "pdf").select_related("annex__office")
    issues = sorted(
        rows.iterator(chunk_size=_AT_ONCE),
        key=lambda row: (fold(row.annex.printed_office_name), row.number),
    )
    for number, row in enumerate(issues, start=1):
        progress(number - 1, len(issues) + 1, _told(number, len(issues), row.annex))
        day = date_format(timezone.localtime(row.issued_at), "d/m/Y")
        detail = _("emissione n. %(n)d del %(day)s") % {"n": row.number, "day": day}
        yield _text(number, reprint(row), detail, row)


def _as_they_are(plan: Plan, progress: Progress) -> tuple[BoundPlan, list[_ToWrite]]:
    count = plan.annexes.filter(exemption=None).count()
    progress(0, count + 1, _("Leggo il piano com’è adesso"))
    with read_draft(plan) as reading:
        texts = [
            _text(read.number, read.document, read.annex.get_state_display(), read.issue)
            for read in reading.annexes()
        ]
        return reading.front, texts


def _told(number: int, total: int, annex: Annex) -> str:
    names = {"n": number, "total": grouped(total), "office": annex.printed_office_name}
    return _("Allegato %(n)d di %(total)s: %(office)s") % names


def _text(number: int, document: AnnexDocument, detail: str, issue: AnnexIssue | None) -> _ToWrite:
    names = {"n": number, "office": document.office}
    title = _("Allegato %(n)d – %(office)s") % names
    return _ToWrite(AnnexText(title, detail, document), digest_of(document, issue))
