"""Rows that stand in a table and are no processes: totals, days, signatures, notes, legends.

They are told by their words and by what they lack: such a row holds a text and next to nothing of
what its fellows hold. Both must be so: a process may be called "Visto di regolarità contabile", and
one that is still to be judged has as little in its row.
"""

import re
from collections.abc import Collection, Sequence

from registry.normalise import fold
from registry.spreadsheets.workbook import Value, shown
from risk.services.imports.parse.grid import Grid
from risk.workbooks.fields import FIELDS

_DAY = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}\W? \w+ \d{4}"
_ROLES = (
    r"(?:rpct?|resp\w*\.?|dirigente|direttore|direttrice|segretari[oa]|sindac[oa]|presidente|"
    r"referente|compilatore|redattore|responsabile della prevenzione)"
)
_DATED = r"(?:data|(?:ultimo )?aggiornamento|(?:aggiornat|redatt|compilat|approvat)[oaie]) ?"
_BY_HAND = r"(?:firma|timbro|visto|letto)(?: (?:e|,) \w+)*"
_FOOT = re.compile(
    "|".join(
        (
            # a total: of levels, of processes, a mean
            r"(?:sub-?\s?)?tot(?:ale|ali|\.)?(?:\s.*|:.*)?",
            r"(?:somma|media|conteggio)(?:\s+(?:dei|delle|degli|del|di|complessiv\w+)\b.*|\s*:.*)?",
            r"n(?:umero|\.|°)?\s*(?:totale|complessivo)\b.*",
            r"(?:percentuale|%)\s+(?:di\s+)?(?:processi|rischi)\b.*",
            # a day: «Data ultimo aggiornamento: 31/01/2021», «Valdoro, lì 31/01/2021»
            rf"{_DATED}\b[^:]{{0,40}}?(?::.*|(?:{_DAY}).*|[_.…]{{2,}}.*)",
            r"data(?: (?:e|di) (?:firma|compilazione|(?:ultimo )?aggiornamento|approvazione))?",
            rf"(?:[\w' ]{{2,40}},\s*)?(?:li'?\s*)?(?:{_DAY})\W*",
            r"(?:[\w' ]{2,40},\s*)?li'?\s*[_.…]+.*",
            # whoever signs
            r"(?:f\.?to|firmato)(?:\s|:|\.|$).{0,80}",
            rf"{_BY_HAND}(?:\s*[:_.…]+.*)?",
            rf"{_BY_HAND}\s*(?:del|della|dell'|:|,)?\s*(?:il |la |l')?{_ROLES}.{{0,60}}",
            rf"(?:il|la|l')\s*(?:\w+\s+)?{_ROLES}(?:\s+\S+){{0,6}}\W*",
            # a note, a legend, a page
            r"(?:\(?\*+\)?|\(\d{1,2}\)|\[\d{1,2}\]|n\.?\s?b\.?\s*[:.–-]|not[ae]\s*:).*",
            r"(?:legenda\b|fonte\s*:).*",
            r"pag(?:ina|\.)?\s*\d+(?:\s*(?:di|/)\s*\d+)?",
        )
    ),
    re.DOTALL,
)
_SIGNED = re.compile(r"(?:f\.?to\b|firmato\b|\(?firma\b).*")
# nothing but a total, whatever else its row counts
_TOTAL = re.compile(
    r"(?:sub-?\s?)?tot(?:ale|ali|\.)?(?: (?:complessiv[oi]|general[ei]))?"
    r"(?: (?:(?:dei|delle|degli) )?(?:processi|rischi|attivita|eventi|fasi|misure|righe))?[\s:]*\d*"
)
# «dott.ssa Ilda Marescotti», «Nicla Ferrandi»: whoever signs under what they are
_NAME = re.compile(
    r"(?:(?:dott|avv|ing|arch|geom|rag|prof|sig|cav|on)\W{0,2}(?:ssa|ra|re)?\W{0,2}\s*){0,2}"
    r"(?:[A-ZÀ-Ù][\w'’-]+\s*){2,4}",
)
_SIGNS_BEGIN = ("f", "F", "(")
_MOSTLY = 0.6
_READ = 300
"""Characters of a text that tell what it is."""


class Footers:
    """Tells of the rows of one table which are none, by what most of its rows hold."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._mapping = grid.mapping
        self._title = next(iter(grid.columns_of("process_title")), 0)
        self._usual: frozenset[int] | None = None
        self._signed_from: int | None = None

    def is_one(self, row: int, own: Sequence[tuple[int, Value]]) -> bool:
        """Return whether a row, by its written cells, is the foot of a table or a note in it."""
        column, value = own[0]
        if self._is_signature(row):
            return True
        if not isinstance(value, str) or (self._title and column > self._title):
            # what stands after the title is a phase or a risk of the process above
            return False
        said = _said(value)
        if _TOTAL.fullmatch(said):
            return True
        if len(own) >= max(3, len(self._mapping)):
            return False
        if not _FOOT.fullmatch(said) and not any(_is_signed(v) for _, v in own):
            return False
        return self._lacks(own)

    def _is_signature(self, row: int) -> bool:
        """Return whether a row is of those who sign under a table, in whatever column."""
        if self._signed_from is None:
            self._signed_from = _first_signed(self._grid, self._title)
        return row >= self._signed_from

    def _lacks(self, own: Sequence[tuple[int, Value]]) -> bool:
        """Return whether a row has less than its fellows, or counts where they have texts."""
        if self._usual is None:
            self._usual = frozenset(_usual(self._grid))
        filled = {column for column, value in own if not self._is_count(column, value)}
        return len(filled) <= 1 or not self._usual <= filled

    def _is_count(self, column: int, value: Value) -> bool:
        name = self._mapping.get(column, "")
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and name in FIELDS and not (FIELDS[name].numeric or name == "level")


def _first_signed(grid: Grid, title: int) -> int:
    """Return the first of the last rows of a table where nothing but signatures stands.

    What parts them from the table is a blank row, or a foot that is told by its first cell.
    """
    first = grid.last + 1
    for row in range(grid.last, grid.table.first_row - 1, -1):
        texts = [value for _column, value in grid.own(row)]
        if texts and not all(map(_may_sign, texts)):
            break
        above = grid.own(row - 1) if row > 1 else []
        is_parted = not above or (above[0][0] <= title and _begins_as_foot([above[0][1]]))
        if texts and is_parted and all(map(is_foot_text, map(shown, texts))):
            first = row
    return first


def _may_sign(value: Value) -> bool:
    return isinstance(value, str) and (is_foot_text(value) or bool(_NAME.fullmatch(value.strip())))


def is_foot_text(text: str) -> bool:
    """Return whether a text is by its words a total, a day, a signature, a note or a legend."""
    return bool(_FOOT.fullmatch(_said(text)))


def _is_signed(value: Value) -> bool:
    """Return whether a text begins as a signature does: by its first letter most do not."""
    first = value.lstrip()[:1] if isinstance(value, str) else ""
    if first.isascii() and first not in _SIGNS_BEGIN:
        return False
    return bool(_SIGNED.fullmatch(_said(value)))


def _begins_as_foot(cells: Sequence[Value]) -> bool:
    first = next((value for value in cells if value is not None), None)
    return isinstance(first, str) and is_foot_text(first)


def _said(value: Value) -> str:
    return fold((value if isinstance(value, str) else shown(value))[:_READ])


def _usual(grid: Grid) -> Collection[int]:
    """Return the columns most rows of a table have filled, by themselves or by a merged cell."""
    rows = [
        row
        for row in range(grid.table.first_row, grid.last + 1)
        if any(value is not None for value in grid.cells[row - 1])
        and not _begins_as_foot(grid.cells[row - 1])
    ]
    filled: dict[int, int] = dict.fromkeys(grid.mapping, 0)
    for row in rows:
        cells = grid.cells[row - 1]
        for column in filled:
            is_written = column <= len(cells) and cells[column - 1] is not None
            filled[column] += is_written or bool(grid.merged_from(row, column))
    return [column for column, count in filled.items() if count >= _MOSTLY * len(rows)]
