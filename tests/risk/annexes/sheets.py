"""The sheets of an annex as its page shows them."""

from registry.models import Annex
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.paper.html import render_html
from risk.services.annexes.documents import DocumentPages
from tests.risk.annexes.figures_drawn import assert_figures_are_true


def drawn(annex: Annex) -> str:
    """Return the sheets as the page shows them, those that were drawn before as they were."""
    pages = DocumentPages(_fresh(annex), rows=99, holds={"sheets"})
    return render_html(pages.page(1).document, layout="schede", standalone=False)


def assert_drawn_is_true(annex: Annex) -> None:
    """Fail unless the pages show what would be drawn of the rows, sheets and figures."""
    anew = build_document(read_annex(_fresh(annex)))
    assert drawn(annex) == render_html(anew, layout="schede", standalone=False)
    assert_figures_are_true(annex)


def _fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)
