"""The look of a text that changed."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registry.services.history import FieldChange
from risk.content.word_comparison import pieces_of

register = template.Library()


@register.filter
def marked(change: FieldChange) -> SafeString:
    """Return both texts as one; what was taken out and put in is said to who hears the page."""
    marks = {"out": ("del", _("tolto: ")), "in": ("ins", _("aggiunto: "))}
    return format_html_join(
        "",
        "{}",
        (
            (_marked(*marks[piece.kind], piece.text) if piece.kind in marks else piece.text,)
            for piece in pieces_of(change.before, change.after)
        ),
    )


def _marked(tag: str, word: str, text: str) -> SafeString:
    return format_html('<{0}><span class="visually-hidden">{1}</span>{2}</{0}>', tag, word, text)
