"""Codes that stand for the number of a process: "1.1", "A5a", "AP.01.01", "n. 4 bis".

The register numbers its processes by integers. What is no integer is the code a process has of its
own: where one of a column is such a code, all of the column are, and the numbers are ours. Titles
that all begin with a code give it; where some have none, no title is cut.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from registry.readable import bare_code, code_of
from registry.spreadsheets.workbook import Finding, Value, shown
from risk.services.imports.parse.cells import number_of, split_number
from risk.services.imports.parse.footers import is_foot_text
from risk.services.imports.parse.grid import Grid
from risk.workbooks.fields import FIELDS, bare

_OWN_HEADS = frozenset(FIELDS["process_code"].heads)
"""What says that a code is of the process, and of nothing else on its row."""

_COUNTED = re.compile(r"\s*(\d{1,3})\s*[.)]\s+(?=[^\W\d])")
_OF_PARTS = re.compile(r"\w[._-]\d")
_FEWEST = 2
_PLACES = 8
"""Codes that are named when there are several."""


class ProcessCodes:
    """What stands for numbers in one table. Files of ours have numbers and nothing else.

    `are_numbers`: whether the column of numbers holds those of processes, no codes and no count of
    the rows. `are_of_rows`: whether what is called a code counts the rows too. `in_titles`: whether
    titles begin with codes, so that none of their numbers is cut; `are_cut`: whether all do, so
    that the codes are taken off them.
    `are_counted`: whether all begin with a count ("1.", "2)"), which is cut; `restart`: whether it
    begins anew, so that it is no number of a process.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._number = next(iter(grid.columns_of("process_number")), 0)
        self._title = next(iter(grid.columns_of("process_title")), 0)
        self._said: tuple[str, ...] = ()
        self._first = grid.table.first_row
        self._code = next(iter(grid.columns_of("process_code")), 0)
        self.counts_rows = self.are_of_rows = self.are_cut = False
        self.in_titles = self.are_counted = self.restart = False
        if not grid.table.exact:
            titles = self._column(self._title) if self._title else []
            self.in_titles = titles_are_coded(titles)
            self.are_cut = self.in_titles and self._are_all_coded(titles)
            self._read_counts(titles)
            self._read_numbers()
            self.are_of_rows = self._is_code_of_rows()
        # asked at every row
        is_any_code = any(number_of(code) is None for code in self._said)
        self.are_numbers = not (self.counts_rows or is_any_code)

    def findings(self) -> Iterator[Finding]:
        """Yield once why numbers are not those of the register, and what became of codes."""
        if self.are_cut:
            reason = _("I titoli cominciano con un codice: diventa il codice del processo.")
            yield Finding("codes", reason, self._grid.table.sheet.name, 0, self._title, "")
        if self.are_of_rows:
            reason = _("I codici cambiano da riga a riga dello stesso processo: contano le righe.")
            yield Finding("codes", reason, self._grid.table.sheet.name, 0, self._code, "")
        if self.are_numbers:
            return
        reason = _("La colonna conta le righe: i processi prendono numeri loro.")
        if not self.counts_rows:
            codes = [code for code in self._said if number_of(code) is None]
            reason = _(
                "%(codes)s: codici e non numeri interi; restano come codici dei processi, che "
                "prendono numeri loro, nell’ordine del file."
            ) % {"codes": _listed(dict.fromkeys(codes))}
        twice = [code for code, count in Counter(self._said).items() if count > 1]
        if twice and not self.counts_rows:
            reason = f"{reason} " + _("Stanno due volte: %(codes)s.") % {"codes": _listed(twice)}
        sheet = self._grid.table.sheet
        value = shown(sheet.value(self._first, self._number))
        yield Finding("codes", reason, sheet.name, self._first, self._number, value)

    def _are_all_coded(self, titles: list[Value]) -> bool:
        """Return whether every title of the table begins with a code, or a number among codes."""
        heads = {column.head for column in self._grid.table.heads}
        texts = dict.fromkeys(
            title
            for title in titles
            if isinstance(title, str) and title not in heads and not is_foot_text(title)
        )
        codes = [coded(text)[0] for text in texts]
        # one alone has to look like nothing else
        return all(codes) and (len(codes) >= _FEWEST or any(map(_OF_PARTS.search, codes)))

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
        is_count = numbers == list(range(1, len(numbers) + 1)) or None in numbers
        self.counts_rows = is_count and _change_within(self._said, titles)

    def _is_code_of_rows(self) -> bool:
        """Return whether codes, not called those of processes, change from row to row of one."""
        heads = {one.column: bare(one.head) for one in self._grid.table.heads}
        if not (self._code and self._title) or heads.get(self._code) in _OWN_HEADS:
            return False
        codes, titles = self._column(self._code), self._column(self._title)
        named = [(c, t) for c, t in zip(codes, titles, strict=True) if _is_named(c, t)]
        return _change_within([shown(c) for c, _t in named], [t for _c, t in named])

    def _column(self, column: int) -> list[Value]:
        rows = self._grid.cells[self._grid.table.first_row - 1 : self._grid.last]
        return [cells[column - 1] if 0 < column <= len(cells) else None for cells in rows]


def _change_within(codes: Sequence[str], titles: Sequence[Value]) -> bool:
    """Return whether codes change while the title stays the same."""
    pairs = list(zip(codes, titles, strict=True))
    return any(
        title == after and code != next_code
        for (code, title), (next_code, after) in zip(pairs, pairs[1:], strict=False)
    )


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


def coded(text: str) -> tuple[str, str]:
    """Return the code before a title, bare, and the rest of it: "A.3) Permessi" is A.3, Permessi.

    A plain number ("n. 3 Gare") counts too: among codes it is one.
    """
    said = code_of(text)
    if said:
        words = text.strip()[len(said) :].strip()
        return bare_code(said), words
    number, words = split_number(text)
    return (str(number), words) if number is not None else ("", text)


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
