"""The figures of an annex as its page shows them, and as they would be counted of the rows."""

from django.template.loader import render_to_string

from registry.models import Annex
from risk.content.figures import annex_figures
from risk.services.annexes.drawn_figures import drawn_figures
from tests.risk.annexes.missing_lists import fresh


def assert_figures_are_true(annex: Annex) -> str:
    """Fail unless the page shows what would be counted of the rows; return it."""
    row = fresh(annex)
    context = {
        "plan": row.plan,
        "figures": annex_figures(row),
        "office_filter": row.office.code,
    }
    anew = render_to_string("risk/plans/figures/_tables.html", context)
    shown = drawn_figures(fresh(annex))
    assert shown == anew
    return shown
