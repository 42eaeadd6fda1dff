"""The look of a text that changed."""

from collections.abc import Iterable
from dataclasses import replace

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from registry.services.history import NOTHING, FieldChange
from risk.content.word_comparison import Piece, near_changes, pieces_of

register = template.Library()


MOST_SIGNS = 400
"""Longer pieces that were taken out or put in are cut where a page shows many changes."""
_ARROW = mark_safe(' <span aria-hidden="true">→</span> ')


@register.filter
def marked(change: FieldChange) -> SafeString:
    """Return both texts as one; what was taken out and put in is said to who hears the page."""
    return _joined(pieces_of(change.before, change.after))


@register.filter
def marked_near(change: FieldChange) -> SafeString:
    """Return the same of what changed and the words beside it, of long pieces the beginning."""
    before = "" if change.before == NOTHING else change.before
    pieces = near_changes(pieces_of(before, change.after, between_ends=True))
    is_whole = [piece.kind for piece in pieces] == ["out", "in"]
    gap = _ARROW if is_whole else ""
    return _joined((one if one.kind == "same" else _begun(one) for one in pieces), gap)


def _begun(piece: Piece) -> Piece:
    return replace(piece, text=Truncator(piece.text).chars(MOST_SIGNS))


def _joined(pieces: Iterable[Piece], gap: str = "") -> SafeString:
    marks = {"out": ("del", _("tolto: ")), "in": ("ins", _("aggiunto: "))}
    return format_html_join(
        gap,
        "{}",
        (
            (_marked(*marks[piece.kind], piece.text) if piece.kind in marks else piece.text,)
            for piece in pieces
        ),
    )


def _marked(tag: str, word: str, text: str) -> SafeString:
    return format_html('<{0}><span class="visually-hidden">{1}</span>{2}</{0}>', tag, word, text)
