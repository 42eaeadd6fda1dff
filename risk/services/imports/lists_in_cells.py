"""Cells that may list several entries on one line ("Controlli; Formazione"): never cut on a guess.

A semicolon stands in sentences too. Measures that are all in the list are entries for certain; of
all other cells the person says once for each column whether each part is one.
"""

import re
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from registry.services.lookup import NoMatch
from risk.models import Measure
from risk.services.imports.shapes import Choice, QuestionKind
from risk.services.imports.values import Values
from risk.workbooks.fields import field_of
from risk.workbooks.shapes import FileCell

LIST, SINGLE = "list", "single"
_BETWEEN = re.compile(r"\s*;\s+")
_MEASURES = frozenset({"measures", "general_measures", "specific_measures"})


class ListsInCells:
    """Gives the entries of cells; those of a column still to be asked about are none yet."""

    def __init__(self, values: Values, *, is_exact: bool) -> None:
        self._values = values
        self._is_exact = is_exact
        self._known: dict[str, bool] = {}

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

    def _is_measure(self, text: str) -> bool:
        if text not in self._known:
            try:
                self._known[text] = bool(self._values.index.match(Measure, text))
            except NoMatch:
                self._known[text] = False
        return self._known[text]

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
        return self._values.chosen(QuestionKind.LIST, label, cell, choices, reason, likely)
