"""A comparison as a PDF, drawn by another process."""

from django.utils.translation import gettext as _

from registry.models import Plan
from registry.services.jobs import Progress, no_progress
from risk.content.typography import printable
from risk.paper.comparison import ComparisonDocument, render_comparison_pdf
from risk.services.plans.comparison.making import compare_plans, told_of
from risk.services.printing.rendering import drawn_apart


def comparison_document(before: Plan, after: Plan) -> ComparisonDocument:
    """Return what is drawn of a comparison; as `compare_plans`, whole in memory."""
    found = compare_plans(before, after)
    names = {"before": found.frame.before.name, "after": found.frame.after.name}
    return ComparisonDocument(
        administration=printable(after.administration.name),
        title=printable(_("Confronto tra «%(before)s» e «%(after)s»") % names),
        told=told_of(found),
        frame=found.frame,
        offices=tuple(found.opened()),
    )


def comparison_pdf(*, before: Plan, after: Plan, progress: Progress = no_progress) -> bytes:
    """Return what changed between two plans as a PDF; what was not yet read of them is kept.

    Raises `UnknownFormatError`, `ContentChangedError`, `risk.paper.pdf.PaperError`.
    """
    progress(0, 2, _("Confronto le edizioni"))
    document = comparison_document(before, after)
    progress(1, 2, _("Scrivo il PDF"))
    return drawn_apart(document.title, render_comparison_pdf, document)
