"""Codes that stand for the number of a process: "1.1", "A5a", "AP.01.01", "n. 4 bis".

The register numbers its processes by integers. What is no integer orders the rows of a file and
tells them apart; it is said, and no title is cut for it: where one of a table has such a code, none
of its numbers is taken.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import Finding, Value, shown
from risk.services.imports.parse.cells import number_of, split_number
from risk.services.imports.parse.footers import is_foot_text
from risk.services.imports.parse.grid import Grid

_CODE = re.compile(
    r"(?:n(?:um)?\s*[.°º]?\s*)?"
    r"(?:\d{1,4}\s*-?\s*(?:bis|ter|quater|quinquies|sexies|[a-z])\b"
    r"|[A-Z]{1,4}[._-]?\d{1,4}[a-z]?(?:[._-]\d{1,4}[a-z]?)*"
    r"|[A-Z][.)]\d{1,4}(?:\.\d{1,4})*"
    r"|\d{1,4}(?:[.\-/]\d{1,4})+)"
    r"\.?[)\].:–-]?(?=\s|$)",
)


_COUNTED = re.compile(r"\s*(\d{1,3})\s*[.)]\s+(?=[^\W\d])")
_FEWEST = 2
_PLACES = 8
"""Codes that are named when there are several."""


class ProcessCodes:
    """What stands for numbers in one table. Files of ours have numbers and nothing else.

    `are_numbers`: whether the column of numbers holds those of processes, no codes and no count of
    the rows. `in_titles`: whether titles begin with codes, so that none of their numbers is cut.
    `are_counted`: whether all begin with a count ("1.", "2)"), which is cut; `restart`: whether it
    begins anew, so that it is no number of a process.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._number = next(iter(grid.columns_of("process_number")), 0)
        self._title = next(iter(grid.columns_of("process_title")), 0)
        self._said: tuple[str, ...] = ()
        self._first = grid.table.first_row
        self._counts_rows = False
        self.in_titles = self.are_counted = self.restart = False
        if not grid.table.exact:
            titles = self._column(self._title) if self._title else []
            self.in_titles = titles_are_coded(titles)
            self._read_counts(titles)
            self._read_numbers()
        # asked at every row
        is_any_code = any(number_of(code) is None for code in self._said)
        self.are_numbers = not (self._counts_rows or is_any_code)

    def findings(self) -> Iterator[Finding]:
        """Yield once why the numbers of a table are not those of the register."""
        if self.are_numbers:
            return
        reason = _("La colonna conta le righe: i processi prendono numeri loro.")
        if not self._counts_rows:
            codes = [code for code in self._said if number_of(code) is None]
            reason = _(
                "%(codes)s: codici e non numeri interi; i processi prendono numeri loro, "
                "nell’ordine del file."
            ) % {"codes": _listed(dict.fromkeys(codes))}
        twice = [code for code, count in Counter(self._said).items() if count > 1]
        if twice and not self._counts_rows:
            reason = f"{reason} " + _("Stanno due volte: %(codes)s.") % {"codes": _listed(twice)}
        sheet = self._grid.table.sheet
        value = shown(sheet.value(self._first, self._number))
        yield Finding("codes", reason, sheet.name, self._first, self._number, value)

    def _read_counts(self, titles: list[Value]) -> None:
        """Read the counts before the titles of a table without a column of numbers."""
        heads = {column.head for column in self._grid.table.heads}
        texts = dict.fromkeys(
            title for title in titles if isinstance(title, str) and title not in heads
        )
        if self._number or self.in_titles or len(texts) < _FEWEST:
            return
        counts = [counted(text)[0] for text in texts]
        self.are_counted = None not in counts
        self.restart = self.are_counted and len(set(counts)) < len(counts)

    def _read_numbers(self) -> None:
        """Read the column of numbers, of the rows that have a title.

        A column that counts on while a title stays the same counts the rows.
        """
        if not self._number:
            return
        heads = {column.head for column in self._grid.table.heads}
        pairs = [
            (row, number, title)
            for row, (number, title) in enumerate(
                zip(self._column(self._number), self._column(self._title), strict=True),
                self._grid.table.first_row,
            )
            if _is_named(number, title) and shown(number) not in heads
        ]
        self._first = pairs[0][0] if pairs else self._first
        self._said = tuple(shown(number).strip() for _row, number, _title in pairs)
        numbers = [number_of(number) for _row, number, _title in pairs]
        titles = [title for _row, _number, title in pairs]
        is_count = numbers == list(range(1, len(numbers) + 1))
        goes_on = any(one == two for one, two in zip(titles, titles[1:], strict=False))
        self._counts_rows = is_count and goes_on

    def _column(self, column: int) -> list[Value]:
        rows = self._grid.cells[self._grid.table.first_row - 1 : self._grid.last]
        return [cells[column - 1] if 0 < column <= len(cells) else None for cells in rows]


def _is_named(number: Value, title: Value) -> bool:
    """Return whether something stands for the number of a process: "Totale | 12" is no number."""
    if number is None or title is None:
        return False
    return not (isinstance(number, str) and is_foot_text(number))


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"«{code}»" for code in list(codes)[:_PLACES])


def counted(text: str) -> tuple[int | None, str]:
    """Return the count before a title and the rest of it: "1. Concorsi" is 1, "Concorsi"."""
    match = _COUNTED.match(text)
    return (int(match[1]), text[match.end() :].strip()) if match else (None, text)


def code_of(text: str) -> str:
    """Return the code that is no integer before a title, "" where there is none."""
    match = _CODE.match(text.strip())
    return match[0].strip() if match else ""


def titles_are_coded(titles: Iterable[Value]) -> bool:
    """Return whether a title of a table begins with a code that is no integer."""
    return any(
        isinstance(title, str) and bool(code_of(title)) and not _is_numbered(title)
        for title in titles
    )


def _is_numbered(title: str) -> bool:
    """Return whether a title begins with a plain number ("n. 4 Collaudi"), and no code."""
    number, words = split_number(title)
    return number is not None and not re.match(r"(?:bis|ter|quater|quinquies)\b", words)
