"""Where the row of a remark stands, and how many remarks an annex has open."""

from django import template
from django.urls import reverse

from risk.enums import RowKind
from risk.services.annexes.remarks import counts_of

register = template.Library()

ANCHORS = {
    RowKind.PROCESS: "descrizione",
    RowKind.PHASE: "fase-{uid}",
    RowKind.ACTION: "azione-{uid}",
    RowKind.BEHAVIOUR: "comportamento-{uid}",
    RowKind.ASSESSMENT: "valutazione",
    RowKind.MEASURE: "misura-{uid}",
}
"""Where the rows of a process stand on its sheet."""


@register.simple_tag
def remarked_url(remark, annex) -> str:
    """Return the address of the row a remark is about; of the map where there is none."""
    if remark.process is None or remark.row_kind not in ANCHORS:
        return reverse("risk:mapping", args=[annex.uid])
    anchor = ANCHORS[RowKind(remark.row_kind)].format(uid=remark.row_uid)
    return f"{reverse('risk:process_sheet', args=[remark.process.uid])}#{anchor}"


@register.simple_tag
def remark_counts(annex):
    """Return how many remarks of an annex are open, and how many block each step: one query."""
    return counts_of(annex)


@register.filter
def on_row(remarks, uid):
    """Open remarks on one row, from those of the whole process by row."""
    return remarks.get(str(uid), ()) if remarks else ()
