"""The lists in which an entry can be asked for: their rows, and what an entry must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import QuerySet

from registry.enums import AreaKind
from registry.models import Administration, ExecutorRole, Macroprocess, RiskArea
from registry.models.base import CatalogueModel
from registry.normalise import fold
from registry.services.codes import free_code
from registry.services.ordering import next_value
from registry.services.rows import store
from risk.enums import MeasureCharacter, RequestedList
from risk.models import Measure, MeasureTypology

NEAR = 8
"""Entries that are shown as near to a word."""
_ALIKE = 0.6
"""From which ratio of `difflib` on two texts are near, where neither holds a word of the other."""
_A_WORD = 4
"""Letters from which a word that both have makes them near."""


@dataclass(frozen=True)
class AskedList:
    """A list: its model, and what an entry of it is where nobody says otherwise."""

    model: type[CatalogueModel]
    defaults: Mapping[str, Any]


LISTS: dict[str, AskedList] = {
    RequestedList.RISK_AREA: AskedList(RiskArea, {"kind": AreaKind.SPECIFIC}),
    RequestedList.MACROPROCESS: AskedList(Macroprocess, {}),
    RequestedList.EXECUTOR_ROLE: AskedList(ExecutorRole, {}),
    RequestedList.MEASURE: AskedList(Measure, {"character": MeasureCharacter.SPECIFIC}),
    RequestedList.TYPOLOGY: AskedList(MeasureTypology, {}),
}


def entries_of(kind: str, administration: Administration) -> QuerySet:
    """Return the entries of a list that a body may choose today."""
    return LISTS[kind].model.objects.offered_to(administration)


def entry_called(kind: str, administration: Administration, text: str) -> CatalogueModel | None:
    """Return the entry of that very name, letters and accents aside; None when there is none."""
    return entries_of(kind, administration).filter(folded=fold(text)).order_by("pk").first()


def near_entries(kind: str, administration: Administration, text: str) -> list[CatalogueModel]:
    """Return the entries whose names are most like a text, the nearest first, at most `NEAR`."""
    wanted = fold(text)
    words = {word for word in wanted.split() if len(word) >= _A_WORD}
    found = []
    for entry in entries_of(kind, administration):
        likeness = SequenceMatcher(None, wanted, entry.folded).ratio()
        shared = len(words & set(entry.folded.split()))
        if shared or likeness >= _ALIKE:
            found.append((-shared, -likeness, entry.position, entry))
    return [entry for *_rank, entry in sorted(found, key=lambda one: one[:3])[:NEAR]]


def add_entry(
    wanted: str,
    administration: Administration,
    *,
    label: str,
    code: str = "",
    more: Mapping[str, Any] | None = None,
) -> CatalogueModel:
    """Add an entry to a body's own list, at its end, and return it.

    `wanted` is a `RequestedList`, `more` what entries of that list have besides. Without a code it
    gets one made of its words. `ValidationError` when its model refuses.
    """
    asked = LISTS[wanted]
    own = asked.model.objects.filter(administration=administration)
    taken = set(own.values_list("code", flat=True))
    return store(
        asked.model(
            administration=administration,
            label=label,
            code=code or free_code(label, taken=taken, otherwise="VOCE"),
            position=next_value(own),
            **{**asked.defaults, **(more or {})},
        )
    )
