"""Cells that may list several entries on one line ("Controlli; Formazione"): never cut on a guess.

Any sign may part a list, and stands in sentences and names too. Measures that are all in the list
are entries for certain; of all other cells the person says once for each column and sign whether
each part is one.
"""

from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import Choice, Ledger, QuestionKind
from risk.services.imports.parse.inline_lists import Cut, cut_by, marked_cut
from risk.services.imports.parse.nothing import says_nothing
from risk.workbooks.fields import field_of

LIST, SINGLE = "list", "single"
_MEASURES = frozenset({"measures", "general_measures", "specific_measures"})
_OF_MEASURES = (";", "/", "|", "+", "-", ",")
_OF_TEXTS = (";", "/", "|")
"""Signs that may part texts of any words; the others part names only."""


class ListsInCells:
    """Gives the entries of cells; those of a column still to be asked about are none yet.

    `in_two_languages`: the heads have a bar between two languages, and so have the texts.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        is_measure: Callable[[str], bool],
        is_exact: bool,
        in_two_languages: bool = False,
    ) -> None:
        self._ledger = ledger
        self._is_measure = is_measure
        self._is_exact = is_exact
        self._bars = not in_two_languages
        self._cut_cells: dict[int, tuple[FileCell, tuple[str, ...]]] = {}
        """By identity, a cell and its entries: it is asked about once."""

    def parts(self, name: str, cell: FileCell) -> tuple[str, ...]:
        """Return the entries of a cell of a field."""
        parts = cell.parts
        if self._is_exact or not parts or (len(parts) > 1 and name not in _MEASURES):
            return parts
        if id(cell) not in self._cut_cells:
            self._cut_cells[id(cell)] = (cell, self._parts(name, cell, parts))
        return self._cut_cells[id(cell)][1]

    def _parts(self, name: str, cell: FileCell, parts: tuple[str, ...]) -> tuple[str, ...]:
        if len(parts) > 1:
            # lines, or several columns of measures: a line of known ones is several
            return tuple(entry for part in parts for entry in self._known_in(part))
        cut = self._cut(name, cell, parts[0])
        if cut is None:
            return parts
        said = self._said(name, cell, cut)
        if said == LIST:
            return tuple(part for part in cut.parts if not says_nothing(part))
        return parts if said == SINGLE else ()

    def _known_in(self, text: str) -> tuple[str, ...]:
        """Return the measures of the list a text consists of, else the text."""
        if self._is_measure(text):
            return (text,)
        cut = cut_by(text, (sign for sign in _OF_MEASURES if sign != "/" or self._bars))
        return cut.parts if cut and all(map(self._is_measure, cut.parts)) else (text,)

    def _cut(self, name: str, cell: FileCell, text: str) -> Cut | None:
        """Return how a cell may be cut; None where it is one entry for certain."""
        is_of_measures = name in _MEASURES
        if is_of_measures and self._is_measure(text):
            return None
        # the bullet of the first entry is off already
        if cut := marked_cut(cell.text):
            return cut
        signs = _OF_MEASURES if is_of_measures else _OF_TEXTS
        cut = cut_by(text, (sign for sign in signs if sign != "/" or self._bars))
        if cut is None or cut.sign == ";" or not is_of_measures:
            return cut
        # names have commas and dashes of their own
        return cut if any(map(self._is_measure, cut.parts)) else None

    def _said(self, name: str, cell: FileCell, cut: Cut) -> Any:
        """Return whether the parts of a cell are entries; ask where nothing tells."""
        is_known = name in _MEASURES and all(map(self._is_measure, cut.parts))
        if is_known:
            return LIST
        label = capfirst(str(field_of(name).label))
        sign = "" if cut.sign == ";" else f" «{cut.sign}»"
        if cut.is_marked:
            sign = _(" con numeri o lettere")
        choices = (
            Choice(LIST, _("elenchi: ogni parte è una voce")),
            Choice(SINGLE, _("testi interi: ogni cella è una voce sola")),
        )
        reason = _(
            "In questa colonna ci sono celle con parti separate da «%(sign)s», per esempio "
            "«%(text)s»: sono elenchi o testi interi?"
        ) % {"sign": cut.sign, "text": short(cell.text, 160)}
        likely = choices[0] if self._is_likely(name, cut) else None
        value = f"{label}{sign}"
        return self._ledger.chosen(QuestionKind.LIST, value, cell, choices, reason, likely)

    def _is_likely(self, name: str, cut: Cut) -> bool:
        """Return whether parts look like entries: marked, known, or each begun as a sentence."""
        if cut.is_marked or (name in _MEASURES and any(map(self._is_measure, cut.parts))):
            return True
        return cut.sign == ";" and all(part[0].isupper() for part in cut.parts)
