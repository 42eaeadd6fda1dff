"""Words and signs by which people say that there is nothing, and those that say it of a risk.

They are whole cells. "Nullo" is none of them: it is the lowest level of many scales.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.readable import grouped
from registry.spreadsheets.workbook import PLACE_WIDTH, Finding
from risk.services.imports.file_cells import FileCell
from risk.workbooks.fields import bare
from risk.workbooks.said_beside import GRADE

_SIGNS = re.compile(r"[-/\\_.=~*]+")
"""A dash, "///", "--", "…": a cell of strokes alone; two strokes are a ditto (`dittos`)."""
_ABBREVIATED = re.compile(r"n\W{0,2}[aprd]\W?")
"""«n.a.», «N/A», «n.d.», «n. p.», «n.r.»: not applicable, not available, not present."""
_WORDS = frozenset(
    {
        *("nessuno", "nessuna", "niente", "nulla", "non applicabile", "non presente"),
        *("non pertinente", "non previsto", "non prevista", "non previsti", "non previste"),
        *("non disponibile", "non rilevato", "non rilevata", "non compilare", "vuoto"),
    }
)
_NO_RISK = re.compile(
    r"(?:nessun[oa]?|zero|assenza d[ie]|privo di|non (?:ci sono|vi sono|sussistono|si rilevano|"
    r"si ravvisano|presenta|sono presenti|sono stati (?:individuati|rilevati)|"
    r"(?:e|è|e') stato (?:individuato|rilevato)))"
    r"\s+(?:(?:alcun|particolari)\s+)?(?:(?:event[oi]|comportament[oi])\s+)?"
    r"(?:a\s+|di\s+)?(?:risch\w+|criticita\w*|event\w+)(?:\s+\w+){0,3}"
    r"|(?:rischi?o?|eventi|evento|processo|attivita)\s+(?:rischios[oi]\s+)?"
    r"(?:assent[ei]|nullo|non (?:present[ei]|rilevant[ei]|rilevat[oi]|individuat[oi]|a rischio))"
    r"|assent[ei]|non a rischio"
)
_PLACES = 8
"""Places that are named when several cells say the same."""
_LONGEST_GRADE = 30
_ENDS = " .;:!()[]«»\"'"


_TEXTS_KEPT = 8192


@lru_cache(maxsize=_TEXTS_KEPT)
def says_nothing(text: str) -> bool:
    """Return whether a cell says in words or signs that there is nothing in it.

    It is asked of each cell by several stages, and a register repeats its texts.
    """
    said = fold(text).replace("…", "...")
    if not said or said == "//":
        return not said
    words = said.strip(_ENDS)
    is_signs = bool(_SIGNS.fullmatch(said))
    return is_signs or bool(_ABBREVIATED.fullmatch(words)) or words in _WORDS


@lru_cache(maxsize=_TEXTS_KEPT)
def says_no_risk(text: str) -> bool:
    """Return whether a cell of risks says that there is none."""
    return says_nothing(text) or bool(_NO_RISK.fullmatch(fold(text).strip(_ENDS)))


@lru_cache(maxsize=_TEXTS_KEPT)
def is_grade(text: str) -> bool:
    """Return whether an entry among risks is the level of one and no risk: "Medio"."""
    return len(text) <= _LONGEST_GRADE and bool(GRADE.fullmatch(bare(text)))


class Silence:
    """The cells of a table that say that there is nothing, told once of each field."""

    def __init__(self) -> None:
        self._cells: dict[str, list[FileCell]] = {}

    def add(self, name: str, cell: FileCell) -> None:
        """Add a cell of a field."""
        self._cells.setdefault(name, []).append(cell)

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said, with the places."""
        for name, cells in self._cells.items():
            words = ", ".join(dict.fromkeys(f"«{cell.text}»" for cell in cells))
            places = ", ".join(cell.place for cell in cells[:_PLACES])
            if len(cells) > _PLACES:
                places += _(" e altre %(n)s celle") % {"n": grouped(len(cells) - _PLACES)}
            reason = _("%(words)s in %(places)s: niente da leggere.")
            if name == "behaviours":
                reason = _("%(words)s in %(places)s: nessun rischio, detto dal file.")
            first = cells[0]
            yield Finding(
                "nothing-said",
                reason % {"words": words, "places": places},
                first.sheet,
                first.row,
                first.column,
                first.text[:PLACE_WIDTH],
            )
