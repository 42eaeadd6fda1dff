"""How texts that people typed are set on paper, and on the pages that show it."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from risk.content.typography import with_apostrophes
from risk.enums import ChangeKind

register = template.Library()
register.filter("apostrophes", with_apostrophes)


@register.simple_tag(takes_context=True)
def mark(context: Any, *parts: Any) -> str:
    """Return the sign of what happened to a part of a sheet; nothing where no signs are asked for.

    The `parts` are those of `risk.content.change_marks.ChangeMarks.kind`.
    """
    marks = context.get("marks")
    return _sign(marks.kind(*map(str, parts)) if marks else None)


@register.simple_tag(takes_context=True)
def mark_cell(context: Any, cell: Any) -> str:
    """Return the sign of a cell of the *tabella*, which may speak of several rows of a sheet."""
    marks = context.get("marks")
    kinds = [marks.kind(name) for name in cell.says] if marks else []
    if len({*kinds}) > 1:
        return _sign(ChangeKind.CHANGED)
    return _sign(kinds[0] if kinds else None)


def _sign(kind: ChangeKind | None) -> str:
    if kind is None:
        return ""
    words = {
        ChangeKind.ADDED: _("nuovo"),
        ChangeKind.CHANGED: _("modificato"),
        ChangeKind.MOVED: _("spostato"),
    }
    return format_html('<span class="paper-mark is-{}">{}</span> ', kind.value, words[kind])


@register.simple_tag(takes_context=True)
def gone(context: Any, uid: Any) -> str:
    """Return what a sheet has no more than before, as a paragraph; nothing without signs."""
    marks = context.get("marks")
    rows = marks.gone.get(str(uid)) if marks else None
    if not rows:
        return ""
    told = _("Non c’è più: %(rows)s.") % {"rows": "; ".join(rows)}
    return format_html('<p class="paper-gone">{}</p>', told)


@register.filter
def beside(heads: Iterable[str], cells: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    """Return each cell of a row with the head of its column before it."""
    return zip(heads, cells, strict=False)
