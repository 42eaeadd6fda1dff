"""By what the heads of the lists of the desk sort (`registry.services.sorting`)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import QueryDict

from registry.services.sorting import Heads, Sorting, in_order_of, text_of
from risk.services.desk.control_room import room_rows
from risk.services.reporting.list_heads import ANNEX_STATES

_STATE = Case(
    When(exemption__isnull=False, then=Value(len(ANNEX_STATES))),
    default=in_order_of("state", ANNEX_STATES),
    output_field=IntegerField(),
)
"""Where an annex is on its way; exempted offices after all."""

DESK: Heads = {
    "ufficio": ("office__folded",),
    "responsabile": (text_of("head_surname"), "head_name"),
    "stato": (_STATE,),
    "mappati": ("mapped_count",),
    "accertati": ("settled_count",),
    "valutati": ("assessed_count",),
    "trattati": ("treated_count",),
}
_RECKONED = {
    "modifica": lambda row: row.last_edit and row.last_edit.at,
    "manca": lambda row: row.blocking,
}
"""What no column of an annex says, and is known once its row is made."""


def room_sorting(asked: QueryDict, annexes: QuerySet) -> Sorting:
    """Return by what the offices of a control room are sorted; the rows are all it may show.

    What is reckoned for each row is reckoned for all only where it is sorted by, in the statements
    of one page.
    """
    heads: Heads = {
        "ufficio": ("office__folded",),
        "tocca": (_STATE,),
        "stato": (_STATE, F("since")),
        "scadenza": ("due_on",),
        "osservazioni": ("open_remarks",),
        "sollecito": ("reminded_on",),
    }
    sorting = Sorting(asked, {**heads, **dict.fromkeys(_RECKONED, ())})
    if sorting.key not in _RECKONED:
        return sorting
    value_of = _RECKONED[sorting.key]
    values = {row.annex.pk: value_of(row) for row in room_rows(list(annexes))}
    return Sorting(asked, {**heads, **dict.fromkeys(_RECKONED, (_in_order_of_values(values),))})


def _in_order_of_values(values: Mapping[int, Any]) -> Case:
    """Return the place of an annex by its value: those of one value have one place."""
    known = {key: value for key, value in values.items() if value is not None}
    places = {value: place for place, value in enumerate(sorted(set(known.values())))}
    whens = [When(pk=key, then=Value(places[value])) for key, value in known.items()]
    return Case(*whens, default=None, output_field=IntegerField())
