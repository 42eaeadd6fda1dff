"""The sheets of an annex on paper with the signs of what changed in their margin."""

from dataclasses import replace

from django.utils.translation import gettext as _

from risk.content.change_marks import ChangeMarks
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.html import PAPER_STYLESHEETS, as_document, document_context, style_of
from risk.paper.pdf import write_pdf
from risk.paper.short_sheets import shortened

_STYLESHEETS = (*PAPER_STYLESHEETS, "risk/paper/marks.css")


def render_marked_pdf(document: AnnexDocument, marks: ChangeMarks) -> bytes:
    """Return the sheets as a tagged PDF/A-2a; each sign is a bar and a word of the text.

    It is no issue, whatever it is made from, and says so. Raises `risk.paper.pdf.PaperError`.
    """
    return write_pdf(marked_html(document, marks))


def marked_html(document: AnnexDocument, marks: ChangeMarks) -> str:
    """Return what is drawn."""
    of_no_issue = {"number": "", "issued_at": "", "digest": "", "anchor": "", "verify_at": ""}
    sheets = shortened(document.sheets)
    copy = replace(document, sheets=sheets, is_draft=True, **of_no_issue)
    context = document_context(copy, layout=Layout.SHEETS)
    title = _("%(title)s, con i segni delle modifiche") % {"title": context["title"]}
    style = style_of(_STYLESHEETS, embed=False)
    return as_document({**context, "title": title, "marks": marks}, style=style)
