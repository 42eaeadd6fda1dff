"""The lists in which an entry can be asked for: their rows, and what an entry must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import QuerySet

from registry.enums import AreaKind
from registry.models import Administration
from registry.models.base import CatalogueModel
from registry.normalise import fold
from registry.services.codes import free_code
from registry.services.ordering import next_value
from risk.enums import MeasureCharacter, RequestedList
from risk.services.catalogues.lists import LISTS as CATALOGUES
from risk.services.catalogues.lists import CatalogueList

NEAR = 8
"""Entries that are shown as near to a word."""
_ALIKE = 0.6
"""From which ratio of `difflib` on two texts are near, where neither holds a word of the other."""
_A_WORD = 4
"""Letters from which a word that both have makes them near."""


@dataclass(frozen=True)
class AskedList:
    """A list, and what an entry of it is where nobody says otherwise."""

    word: str
    """The word by which `risk.services.catalogues` knows it."""
    defaults: Mapping[str, Any]

    @property
    def catalogue(self) -> CatalogueList:
        """The list as its keeper has it."""
        return CATALOGUES[self.word]

    @property
    def model(self) -> type[CatalogueModel]:
        return self.catalogue.model


LISTS: dict[str, AskedList] = {
    RequestedList.RISK_AREA: AskedList("aree", {"kind": AreaKind.SPECIFIC}),
    RequestedList.MACROPROCESS: AskedList("macroprocessi", {}),
    RequestedList.EXECUTOR_ROLE: AskedList("esecutori", {}),
    RequestedList.MEASURE: AskedList("misure", {"character": MeasureCharacter.SPECIFIC}),
    RequestedList.TYPOLOGY: AskedList("tipologie", {}),
    RequestedList.EVENT_CATEGORY: AskedList("categorie", {}),
    RequestedList.ENABLING_FACTOR: AskedList("fattori", {}),
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
    found: dict[tuple[str, str], tuple[int, float, int, CatalogueModel]] = {}
    # of a national entry and the body's copy of it the copy is offered: a page shows them alike
    for entry in sorted(entries_of(kind, administration), key=_is_national):
        likeness = SequenceMatcher(None, wanted, entry.folded).ratio()
        shared = len(words & set(entry.folded.split()))
        if shared or likeness >= _ALIKE:
            rank = (-shared, -likeness, entry.position, entry)
            found.setdefault((entry.code, entry.folded), rank)
    return [entry for *_rank, entry in sorted(found.values(), key=lambda one: one[:3])[:NEAR]]


def _is_national(entry: CatalogueModel) -> bool:
    return entry.administration_id is None


def new_entry(
    wanted: str,
    administration: Administration,
    *,
    label: str,
    code: str = "",
    more: Mapping[str, Any] | None = None,
) -> CatalogueModel:
    """Return an entry for the end of a body's own list, not yet added.

    `wanted` is a `RequestedList`, `more` what entries of that list have besides. Without a code it
    gets one made of its words.
    """
    asked = LISTS[wanted]
    own = asked.model.objects.filter(administration=administration)
    taken = set(own.values_list("code", flat=True))
    return asked.model(
        administration=administration,
        label=label,
        code=code or free_code(label, taken=taken, otherwise="VOCE"),
        position=next_value(own),
        **{**asked.defaults, **(more or {})},
    )
