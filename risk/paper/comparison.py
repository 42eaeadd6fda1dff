"""What changed between two editions, on paper."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from risk.content.edition_values import ComparisonFrame, OfficeDifference
from risk.content.typography import without_controls
from risk.enums import EditionChange
from risk.paper.html import PAPER_STYLESHEETS, style_of
from risk.paper.pdf import write_pdf
from risk.paper.plan import PLAN_STYLESHEET

_STYLESHEETS = (*PAPER_STYLESHEETS, PLAN_STYLESHEET, "risk/paper/comparison.css")


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """A comparison as it is drawn; `told` says how processes were found again."""

    administration: str
    title: str
    told: str
    frame: ComparisonFrame
    offices: tuple[OfficeDifference, ...]


def render_comparison_pdf(document: ComparisonDocument) -> bytes:
    """Return what changed as a tagged PDF/A-2a; the same document gives the same bytes.

    Raises `risk.paper.pdf.PaperError`.
    """
    happened = {kind for one in document.offices for kind in one.tally.happened}
    kinds = [kind for kind in EditionChange if kind in happened]
    context = {
        "document": document,
        "frame": document.frame,
        "kinds": kinds,
        "lines": [(one, one.tally.counts(kinds)) for one in document.offices],
        "style": style_of(_STYLESHEETS, embed=False),
    }
    page = render_to_string("risk/paper/plan/comparison.html", context)
    return write_pdf(without_controls(page))
