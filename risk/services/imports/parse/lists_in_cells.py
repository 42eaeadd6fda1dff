"""Cells that may list several entries on one line ("Controlli; Formazione"): never cut on a guess.

A semicolon stands in sentences too. Measures that are all in the list are entries for certain; of
all other cells the person says once for each column whether each part is one.
"""

import re
from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import Choice, Ledger, QuestionKind
from risk.workbooks.fields import field_of

LIST, SINGLE = "list", "single"
_BETWEEN = re.compile(r"\s*;\s+")
_MEASURES = frozenset({"measures", "general_measures", "specific_measures"})


class ListsInCells:
    """Gives the entries of cells; those of a column still to be asked about are none yet."""

    def __init__(
        self, ledger: Ledger, *, is_measure: Callable[[str], bool], is_exact: bool
    ) -> None:
        self._ledger = ledger
        self._is_measure = is_measure
        self._is_exact = is_exact

    def parts(self, name: str, cell: FileCell) -> tuple[str, ...]:
        """Return the entries of a cell of a field."""
        parts = cell.parts
        if self._is_exact or len(parts) != 1 or ";" not in parts[0]:
            return parts
        found = tuple(filter(None, _BETWEEN.split(parts[0])))
        if len(found) < 2 or (name in _MEASURES and self._is_measure(parts[0])):
            return parts
        if name in _MEASURES and all(map(self._is_measure, found)):
            return found
        said = self._said(name, cell, found)
        return {LIST: found, SINGLE: parts}.get(said or "", ())

    def _said(self, name: str, cell: FileCell, found: tuple[str, ...]) -> Any:
        label = capfirst(str(field_of(name).label))
        choices = (
            Choice(LIST, _("elenchi: ogni parte è una voce")),
            Choice(SINGLE, _("testi interi: ogni cella è una voce sola")),
        )
        # a sentence goes on with a small letter
        is_likely = all(part[0].isupper() for part in found)
        reason = _(
            "In questa colonna ci sono celle con parti separate da «;», per esempio «%(text)s»: "
            "sono elenchi o testi interi?"
        ) % {"text": short(cell.text, 160)}
        likely = choices[0] if is_likely else None
        return self._ledger.chosen(QuestionKind.LIST, label, cell, choices, reason, likely)
