"""An annex on paper with the signs of what changed, in one of its layouts."""

from typing import Any

from django.utils.translation import gettext as _

from risk.content.change_marks import ChangeMarks
from risk.content.copies import of_no_issue
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.html import paper_html, render_pdf
from risk.paper.layouts import PRINTED_LAYOUTS


def render_marked_pdf(
    document: AnnexDocument, marks: ChangeMarks, layout: str = Layout.SHEETS
) -> bytes:
    """Return a layout as a tagged PDF/A-2a; each sign is a bar and a word of the text.

    It is no issue, whatever it is made from, and says so. Raises `risk.paper.pdf.PaperError`.
    """
    copy = of_no_issue(document)
    return render_pdf(copy, layout=layout, signs=_signs(copy, marks, layout))


def marked_html(document: AnnexDocument, marks: ChangeMarks, layout: str = Layout.SHEETS) -> str:
    """Return what is drawn, its table not yet fitted to the pages."""
    copy = of_no_issue(document)
    return paper_html(copy, layout=layout, signs=_signs(copy, marks, layout))


def _signs(document: AnnexDocument, marks: ChangeMarks, layout: str) -> dict[str, Any]:
    of_layout = PRINTED_LAYOUTS[Layout(layout)].title
    names = {"plan": document.plan, "office": document.office, "layout": of_layout}
    title = _("%(plan)s – %(office)s – %(layout)s, con i segni delle modifiche") % names
    told: list[str] = []
    has_sheets = layout in (Layout.SHEETS, Layout.COMPLETE)
    if not has_sheets:
        # a sheet says at its end what it has no more; a table has no such place
        told = [
            f"{sheet.title}: {'; '.join(marks.gone[sheet.uid])}"
            for sheet in document.sheets
            if sheet.uid in marks.gone
        ]
    has_tables = layout != Layout.SHEETS
    kinds = {"has_sheets": has_sheets, "has_tables": has_tables}
    return {"title": title, "marks": marks, "gone_rows": told, **kinds}
