"""The way to ask for an entry, beside the fields that are chosen from a list an RPCT keeps."""

from urllib.parse import quote

from django import template
from django.forms import BoundField, Field, ModelChoiceField

from risk.enums import RequestedList
from risk.services.entry_requests.lists import LISTS

register = template.Library()
_BY_MODEL = {asked.model: kind for kind, asked in LISTS.items()}


@register.inclusion_tag("risk/entry_requests/_ask.html")
def ask_entry(wanted: BoundField | str, at: str, back: str = "") -> dict:
    """Link to asking for an entry of the list of a field, or of a list by its word.

    Nothing for a field of no such list. `at` is where one asks, `back` where one goes on then.
    """
    kind = wanted if isinstance(wanted, str) else _list_of(wanted.field)
    if kind not in RequestedList:
        return {}
    rest = f"&torna={quote(back)}" if back else ""
    return {"list": RequestedList(kind).label, "href": f"{at}?elenco={kind}{rest}"}


def _list_of(field: Field) -> str:
    """Return the list a field is chosen from, "" where it is none one asks an entry of."""
    if isinstance(field, ModelChoiceField):
        return _BY_MODEL.get(field.queryset.model, "")
    kind = getattr(field, "kind", "")
    return str(_BY_MODEL.get(kind, kind))
