"""An annex in one of its layouts, with the signs of what changed since an edition, as a PDF."""

from django.utils.translation import gettext as _

from registry.models import Annex, Plan, User
from registry.services.jobs import Progress, no_progress
from risk.content.change_marks import ChangeMarks, change_marks
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.marked import render_marked_pdf
from risk.services.annexes.documents import document_of, issue_read
from risk.services.plans.comparison.lineage import ancestors_in, related_of
from risk.services.plans.comparison.making import compare_plans
from risk.services.plans.comparison.page import other_plans
from risk.services.printing.rendering import drawn_apart


def editions_before(annex: Annex, user: User) -> list[Plan]:
    """Return the editions an annex may be marked against: what it was copied from, then the newest.

    Those before it that have an edition in common with it; to whoever does not read all of the
    body the one it was copied from alone. No statement for a first edition, else three.
    """
    plan = annex.plan
    if plan.origin_id is None:
        return []
    others = related_of(plan, other_plans(plan, user))
    older = [row for row in others if (row.first_year, row.pk) < (plan.first_year, plan.pk)]
    if user.has_perm("risk.read_whole_plan", plan):
        return sorted(older, key=lambda row: row.pk != plan.origin_id)
    return [row for row in older if row.pk == plan.origin_id]


def marked_document(annex: Annex, before: Plan) -> tuple[AnnexDocument, ChangeMarks]:
    """Return an annex as it is printed, and its signs beside an earlier edition.

    Of an issued annex it is what was issued. The two have an edition in common. Raises
    `UnknownFormatError`, `ContentChangedError`, `UnresolvedField`.
    """
    document, issue = document_of(annex), issue_read(annex)
    found = compare_plans(before, annex.plan)
    own = [one for one in found.offices if one.uid == str(annex.uid)]
    office = next(iter(found.opened(own)))
    marks = change_marks(
        document.sheets,
        office,
        edition=before.title,
        names=ancestors_in(annex.plan, found.lineage.after, None),
        wide=(*found.frame.own, *office.own),
        issue=_("n. %s") % issue.number if issue else "",
    )
    return document, marks


def marked_pdf(
    *,
    annex: Annex,
    before: Plan,
    layout: Layout = Layout.SHEETS,
    progress: Progress = no_progress,
) -> bytes:
    """Return the PDF of `marked_document`. Raises `risk.paper.pdf.PaperError` besides."""
    progress(0, 2, _("Confronto le edizioni"))
    document, marks = marked_document(annex, before)
    progress(1, 2, _("Scrivo il PDF"))
    return drawn_apart(document.office, render_marked_pdf, document, marks, layout)
