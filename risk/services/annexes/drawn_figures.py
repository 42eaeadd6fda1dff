"""The tables of an annex's figures, drawn once for as long as nothing they count is written.

Counting the behaviours of three hundred processes and drawing a line of links for each of their
areas took half of the page. What was drawn is in the memory of this process alone, under the marks
it was counted at (docs/decisions/0047).
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from registry.models import Annex
from risk.content.figures import annex_figures, measures_counted
from risk.services.annexes.marks import counted_of
from risk.services.annexes.memory import Memory

KEPT_CHARACTERS = 4_000_000
"""How much is remembered: the tables of some hundred and fifty annexes."""


@dataclass(frozen=True)
class _Drawn:
    told: tuple[object, ...]
    html: SafeString


_memory: Memory[_Drawn] = Memory(KEPT_CHARACTERS, lambda row: len(row.html) + len(row.told))


def drawn_figures(annex: Annex) -> SafeString:
    """Return the tables of the figures of an annex, as HTML; `annex` is read with its names.

    Two queries where nothing was written since they were drawn here; else they are counted.
    """
    # before the rows: what is written in between is drawn under marks nobody will find again
    marks, measures = counted_of(annex), measures_counted(annex)
    plan, office = annex.plan, annex.office.code
    # a measure that stands on nothing is counted, and marks nothing
    told = (marks, measures, plan.administration.ipa_code, plan.slug, office)
    key = (annex.pk, get_language())
    drawn = _memory.known([key]).get(key)
    if drawn is None or drawn.told != told:
        figures = annex_figures(annex, measures)
        context = {"plan": plan, "figures": figures, "office_filter": office}
        drawn = _Drawn(told, render_to_string("risk/plans/figures/_tables.html", context))
        _memory.keep({key: drawn})
    return drawn.html
