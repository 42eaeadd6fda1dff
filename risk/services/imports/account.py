"""The account of the cells of a file: each that holds something ends with exactly one fate.

A stage claims cells as it comes to them: the whole of a sheet, whole rows, the cells of a row by
the columns of its table. A later stage may change the fate of single cells: what was taken for a
field is left out, or asked about. What nobody has claimed in the end is a defect.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from operator import is_not, mul

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import Workbook, WorkbookSheet, address, shown

_MOST_KINDS = 255
_PLACES = 60
"""Rectangles of one line of the account that are told one by one."""
_TEXTS, _TEXT_CHARS = 3, 80


class Fate(StrEnum):
    """What becomes of a cell."""

    TAKEN = "taken"
    TITLE = "title"
    ASKED = "asked"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Claim:
    """What becomes of some cells. `what` names them, `reason` says why they are left out.

    `by_person` tells that a person has left them out, not a rule. `column` is that of a whole
    column left out, 0 for anything else. `is_noted`: a note says it already.
    """

    fate: Fate
    what: str = ""
    reason: str = ""
    by_person: bool = False
    column: int = 0
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One claim with its cells, as it is told: how many, where, and the first of their texts.

    `is_aside`: they are texts outside all cells.
    """

    claim: Claim
    sheet: str
    cells: int
    places: str
    texts: tuple[str, ...]
    is_aside: bool = False


class SheetAccount:
    """The account of one sheet: for each of its places the number of the claim that has it.

    The paragraphs that stand over the table of a document, and the texts that stand over none, are
    places too, without an address.
    """

    def __init__(self, sheet: WorkbookSheet) -> None:
        self.sheet = sheet
        self._width = sheet.width
        self._grid = bytearray(len(sheet.rows) * self._width)
        self._above = bytearray(len(sheet.before))
        self._aside = bytearray(len(sheet.aside))
        self._claims: dict[Claim, int] = {}

    def claim_above(self, claim: Claim) -> None:
        """Claim what nobody has claimed yet of the paragraphs over the table."""
        self._above = self._above.replace(b"\0", bytes([self._number(claim)]))

    def claim_aside(self, claims: Mapping[str, Claim]) -> None:
        """Claim the texts that stand outside all tables, by where they stand."""
        for place, one in enumerate(self.sheet.aside):
            self._aside[place] = self._number(claims[one.where])

    def set_above(self, text: str, claim: Claim) -> None:
        """Change the fate of the paragraphs with a text."""
        for place, paragraph in enumerate(self.sheet.before):
            if " ".join(paragraph.split()) == " ".join(text.split()):
                self._above[place] = self._number(claim)

    def claim_rows(
        self, first: int, last: int, claim: Claim, span: tuple[int, int] | None = None
    ) -> None:
        """Claim what nobody has claimed yet of some rows, both ends inside; of some columns."""
        if span:
            left, right = span
            for row in range(first, min(last, len(self.sheet.rows)) + 1):
                start = (row - 1) * self._width
                self._claim(start + left - 1, start + right, claim)
        else:
            end = min(last, len(self.sheet.rows)) * self._width
            self._claim((first - 1) * self._width, end, claim)

    def _claim(self, start: int, end: int, claim: Claim) -> None:
        part = self._grid[start:end]
        if part.count(0) == len(part):
            self._grid[start:end] = bytes([self._number(claim)]) * len(part)
        else:
            self._grid[start:end] = part.replace(b"\0", bytes([self._number(claim)]))

    def template(
        self, claims: Mapping[int, Claim], otherwise: Claim, span: tuple[int, int] | None = None
    ) -> bytes:
        """Return what `claim_row` claims a row with: a claim by column, from 1; outside none."""
        first, last = span or (1, self._width)
        return bytes(
            self._number(claims.get(column, otherwise)) if first <= column <= last else 0
            for column in range(1, self._width + 1)
        )

    def claim_row(self, row: int, template: bytes) -> None:
        """Claim a row of a table by its columns; what has been claimed stays as it is."""
        start = (row - 1) * self._width
        end = start + self._width
        part = self._grid[start:end]
        if part.count(0) == self._width:
            self._grid[start:end] = template
        else:
            self._grid[start:end] = bytes(
                old or new for old, new in zip(part, template, strict=True)
            )

    def claim(self, row: int, column: int, claim: Claim) -> None:
        """Claim one cell nobody has claimed yet."""
        if 0 < row <= len(self.sheet.rows) and 0 < column <= self._width:
            place = (row - 1) * self._width + column - 1
            self._claim(place, place + 1, claim)

    def set(self, row: int, column: int, claim: Claim) -> None:
        """Change the fate of one cell."""
        if 0 < row <= len(self.sheet.rows) and 0 < column <= self._width:
            self._grid[(row - 1) * self._width + column - 1] = self._number(claim)

    def unclaimed(self) -> list[tuple[int, int]]:
        """Return the places of the cells that hold something and that nobody has claimed."""
        outside = self._above.count(0) + self._aside.count(0)
        found, width = [(0, 0)] * outside, self._width
        for row, cells in enumerate(self.sheet.rows):
            start = row * width
            if self._grid.find(0, start, start + width) < 0:
                continue
            for column, value in enumerate(cells):
                if value is not None and not self._grid[start + column]:
                    found.append((row + 1, column + 1))
        return found

    def lines(self) -> Iterator[AccountLine]:
        """Return what became of the cells, claim by claim."""
        written = self._written()
        counts = Counter(written)
        for claim, number in self._claims.items():
            above, aside = self._above.count(number), self._aside.count(number)
            if counts[number] or above or aside:
                places = [
                    self._places(written, number),
                    _("sopra la tabella") if above else "",
                    _("fuori dalle tabelle") if aside else "",
                ]
                yield AccountLine(
                    claim,
                    self.sheet.name,
                    counts[number] + above + aside,
                    ", ".join(filter(None, places)),
                    self._texts(written, number),
                    is_aside=bool(aside),
                )

    def _number(self, claim: Claim) -> int:
        if claim not in self._claims:
            if len(self._claims) + 1 >= _MOST_KINDS:
                # a sheet of hundreds of kinds is told by its fates alone
                claim = Claim(claim.fate)
            self._claims.setdefault(claim, len(self._claims) + 1)
        return self._claims[claim]

    def _written(self) -> bytes:
        """Return the numbers of the claims, 0 where a place holds nothing."""
        is_there = bytearray()
        for cells in self.sheet.rows:
            is_there += bytes(map(is_not, cells, repeat(None))).ljust(self._width, b"\0")
        return bytes(map(mul, self._grid, is_there))

    def _places(self, written: bytes, number: int) -> str:
        """Return the cells of a claim as spreadsheets write them: "H3:H9, H12"."""
        runs = re.compile(re.escape(bytes([number])) + b"+")
        told: list[str] = []
        for column in range(self._width):
            for run in runs.finditer(written[column :: self._width]):
                first = address(run.start() + 1, column + 1)
                last = address(run.end(), column + 1)
                told.append(first if first == last else f"{first}:{last}")
                if len(told) > _PLACES:
                    return ", ".join([*told[:_PLACES], "…"])
        return ", ".join(told)

    def _texts(self, written: bytes, number: int) -> tuple[str, ...]:
        paragraphs = [*self.sheet.before, *(one.text for one in self.sheet.aside)]
        outside = zip(paragraphs, self._above + self._aside, strict=True)
        said = [" ".join(text.split()) for text, own in outside if own == number]
        texts: dict[str, None] = {short(text, _TEXT_CHARS): None for text in said[:_TEXTS]}
        place = written.find(number)
        while place >= 0 and len(texts) < _TEXTS:
            row, column = divmod(place, self._width)
            text = " ".join(shown(self.sheet.rows[row][column]).split())
            texts[short(text, _TEXT_CHARS)] = None
            place = written.find(number, place + 1)
        return tuple(texts)


class Account:
    """The account of all sheets of a file."""

    def __init__(self, *files: Workbook) -> None:
        sheets = (sheet for file in files for sheet in file.sheets)
        self.sheets = {sheet.name: SheetAccount(sheet) for sheet in sheets}

    def set(self, sheet: str, row: int, column: int, claim: Claim) -> None:
        """Change the fate of one cell; what stands in no cell (the name of a sheet) has none."""
        if sheet in self.sheets:
            self.sheets[sheet].set(row, column, claim)

    def forget(self, *names: str) -> None:
        """Keep no account of some sheets."""
        for name in names:
            self.sheets.pop(name, None)

    def unclaimed(self) -> dict[str, list[tuple[int, int]]]:
        """Return the cells nobody has claimed, by sheet: none, or the program has a defect."""
        found = {name: one.unclaimed() for name, one in self.sheets.items()}
        return {name: places for name, places in found.items() if places}

    def lines(self) -> list[AccountLine]:
        """Return what became of all cells."""
        return [line for one in self.sheets.values() for line in one.lines()]


def count_by_fate(lines: Iterable[AccountLine]) -> dict[Fate, int]:
    """Return how many cells have each fate."""
    found = dict.fromkeys(Fate, 0)
    for line in lines:
        found[line.claim.fate] += line.cells
    return found
