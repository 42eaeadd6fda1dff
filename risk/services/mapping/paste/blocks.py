"""A block copied from a spreadsheet: read, understood cell by cell, taken whole or not at all.

What is pasted is tab-separated text as spreadsheets copy it: a cell with a line break, a tab or a
quotation mark may stand in quotation marks. Nothing is kept between the preview and its
confirmation: the text is sent again with the digest of what the preview showed, and is taken only
if it would still be the same.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.normalise import fold
from registry.readable import grouped
from registry.validators import long_word_warning, validate_printable

TEXT_LIMIT = 5_000_000
"""Bytes from which a pasted text is refused."""
CELL_LIMIT = 100_000
ROW_LIMIT = 2_000
MOST_MENDED = 200
"""Cells that are mended in the preview at a time: a form has fewer than a thousand fields."""

# Possessive groups: a text of five million quotation marks is read once, not again and again.
_CELL = re.compile(r'"((?:[^"]++|"")*+)"(?=[\t\n]|\Z)|([^\t\n]*+)')

Label = str | Promise


class PasteRefused(Exception):
    """The text is not taken; the message is Italian and says what to do."""


@dataclass(frozen=True)
class PastedCell:
    """One pasted cell: what stood in it, what it became, or why it became nothing."""

    text: str
    value: Any = None
    shown: str = ""
    problem: str = ""
    before: str = ""
    """What stands in the field it goes over, where that is another value."""


@dataclass(frozen=True)
class PastedColumn:
    """A column of the block. `read` turns a text into a `PastedCell`."""

    key: str
    label: Label
    read: Callable[[str], PastedCell]
    heads: tuple[str, ...] = ()
    """Other names a header row may give it, folded."""


@dataclass(frozen=True)
class PastedRow:
    """One row of the block; `row` counts from 1 in the pasted text, the header included."""

    row: int
    cells: dict[str, PastedCell]

    @property
    def problems(self) -> list[str]:
        return [cell.problem for cell in self.cells.values() if cell.problem]

    def value(self, key: str) -> Any:
        """Return what a column became, None when the block has no such column."""
        return self.cells[key].value if key in self.cells else None


@dataclass(frozen=True)
class PasteProblem:
    """One cell that stops the block: where it is, what stands there, what is wrong."""

    row: int
    column: Label
    value: str
    message: str


@dataclass(frozen=True)
class PastePreview:
    """What a block would become."""

    columns: tuple[PastedColumn, ...]
    lines: tuple[PastedRow, ...]
    has_header: bool
    places: tuple[int, ...] = ()
    """Where each of the columns stands in the pasted text, from 0."""
    scope: str = field(default="")
    """What the block is pasted into: part of the digest."""

    @property
    def problems(self) -> list[PasteProblem]:
        return [
            PasteProblem(line.row, column.label, cell.text[:120], cell.problem)
            for line in self.lines
            for column in self.columns
            if (cell := line.cells[column.key]).problem
        ]

    @property
    def shown_lines(self) -> list[tuple[int, list[tuple[int, PastedCell, bool]]]]:
        """The rows as they are shown: their number, and each cell with its place in the text.

        Of those that are wrong the first can be mended where they stand, which the last says.
        """
        wrong, shown = 0, []
        for line in self.lines:
            cells = []
            for place, cell in zip(self.places, line.cells.values(), strict=True):
                wrong += bool(cell.problem)
                cells.append((place, cell, bool(cell.problem) and wrong <= MOST_MENDED))
            shown.append((line.row, cells))
        return shown

    @property
    def changes(self) -> int:
        """How many cells go over another value."""
        return sum(bool(cell.before) for line in self.lines for cell in line.cells.values())

    @property
    def warnings(self) -> list[PasteProblem]:
        """The cells to look at again; they stop nothing."""
        return [
            PasteProblem(line.row, column.label, cell.text[:120], warning)
            for line in self.lines
            for column in self.columns
            if (cell := line.cells[column.key]).text and (warning := long_word_warning(cell.text))
        ]

    @property
    def digest(self) -> str:
        """A name for exactly this outcome: columns, values and numbers given."""
        outcome = [
            [line.row, *((cell.shown, cell.problem, cell.before) for cell in line.cells.values())]
            for line in self.lines
        ]
        outcome_text = json.dumps([self.scope, [column.key for column in self.columns], outcome])
        return hashlib.sha256(outcome_text.encode()).hexdigest()


def cells_of(text: str) -> list[list[str]]:
    """Return the rows of a pasted text, each a list of cells; rows without any text are left out.

    Raises `PasteRefused` for a text or a cell beyond the limits, and for a text without cells.
    """
    return [cells for _row, cells in numbered_rows(text)]


def numbered_rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold text with their place in the pasted text, from 1."""
    size = len(text.encode())
    if size >= TEXT_LIMIT:
        raise PasteRefused(
            _(
                "Il testo incollato è di %(size)s MB: il massimo è %(limit)s MB. "
                "Incolla meno righe alla volta."
            )
            % {"size": _megabytes(size), "limit": _megabytes(TEXT_LIMIT)}
        )
    rows = [
        (number, cells)
        for number, cells in enumerate(split_rows(text), start=1)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise PasteRefused(_("Non c’è nulla da leggere: incolla le righe copiate dal foglio."))
    if len(rows) > ROW_LIMIT:
        raise PasteRefused(
            _("Le righe incollate sono %(rows)s: il massimo è %(limit)s alla volta.")
            % {"rows": grouped(len(rows)), "limit": grouped(ROW_LIMIT)}
        )
    return rows


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0")


def split_rows(text: str) -> Iterator[list[str]]:
    """Yield every row of a pasted text, also those that hold none; `PasteRefused` as above."""
    # a browser sends every line break as two characters, inside a cell as well
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    position, row = 0, []
    number = 1
    while position <= len(text):
        match = _CELL.match(text, position)
        quoted, plain = match.groups()
        cell = plain if quoted is None else quoted.replace('""', '"')
        if len(cell) > CELL_LIMIT:
            raise PasteRefused(
                _(
                    "La cella %(column)d della riga %(row)d ha %(length)s caratteri: "
                    "il massimo è %(limit)s."
                )
                % {
                    "column": len(row) + 1,
                    "row": number,
                    "length": grouped(len(cell)),
                    "limit": grouped(CELL_LIMIT),
                }
            )
        row.append(cell)
        ended_by = text[match.end() : match.end() + 1]
        position = match.end() + 1
        if ended_by != "\t":
            yield row
            row, number = [], number + 1


@dataclass(frozen=True)
class Arrangement:
    """What a person said of a block: the field of each column ("" for none), and its titles.

    `start` is the column it begins with, where it was pasted into a cell.
    """

    chosen: tuple[str, ...] | None = None
    has_titles: bool = False
    start: str = ""


AS_IT_STANDS = Arrangement()


def understand(
    text: str,
    *,
    columns: Sequence[PastedColumn],
    order: Sequence[str],
    scope: str,
    arrangement: Arrangement = AS_IT_STANDS,
) -> PastePreview:
    """Read a text into `columns`: those chosen, those its header row names, else those in `order`.

    Raises `PasteRefused` when the text cannot be read at all. Cells that cannot be understood
    carry their problem; whoever knows more about the rows (numbers, doubles) adds to it.
    """
    rows = numbered_rows(text)
    if arrangement.chosen is not None:
        places, has_titles = _places_of(arrangement.chosen, columns), arrangement.has_titles
    else:
        places, has_titles = _found_places(rows, columns, order)
    if has_titles:
        rows = rows[1:]
        if not rows:
            raise PasteRefused(_("C’è solo la riga dei titoli: incolla anche le righe sotto."))
    lines = tuple(
        PastedRow(
            row=number,
            cells={
                column.key: _read(column, cells[place] if place < len(cells) else "")
                for place, column in places
            },
        )
        for number, cells in rows
    )
    return PastePreview(
        columns=tuple(column for _place, column in places),
        lines=lines,
        has_header=has_titles,
        places=tuple(place for place, _column in places),
        scope=scope,
    )


Places = list[tuple[int, PastedColumn]]


def _found_places(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Sequence[PastedColumn], order: Sequence[str]
) -> tuple[Places, bool]:
    """Return which column stands where, and whether the first row is that of the titles."""
    header = _header(rows[0][1], columns)
    if header is not None:
        return [(place, one) for place, one in enumerate(header) if one is not None], True
    by_key = {column.key: column for column in columns}
    used = [by_key[key] for key in order]
    used = used[: max(len(_without_tail(cells)) for _n, cells in rows)]
    _refuse_extra(rows, len(used))
    return list(enumerate(used)), False


def _places_of(chosen: Sequence[str], columns: Sequence[PastedColumn]) -> Places:
    by_key = {column.key: column for column in columns}
    places = [(place, by_key[key]) for place, key in enumerate(chosen) if key in by_key]
    if len({column.key for _place, column in places}) < len(places):
        raise PasteRefused(_("Lo stesso campo è scelto per due colonne: lasciane una."))
    if not places:
        raise PasteRefused(_("Scegli che cosa contiene almeno una colonna."))
    return places


def _read(column: PastedColumn, text: str) -> PastedCell:
    text = text.strip()
    try:
        validate_printable(text)
    except ValidationError as error:
        return PastedCell(text=text, problem=" ".join(error.messages))
    return column.read(text)


def _header(
    cells: Sequence[str], columns: Sequence[PastedColumn]
) -> list[PastedColumn | None] | None:
    """Return the column of each cell of a header row, None when the row is no header.

    A header names at least half of its cells, each column once. A column with an unknown name is
    refused rather than dropped.
    """
    names = {
        name: column for column in columns for name in (*column.heads, fold(str(column.label)))
    }
    header = [names.get(fold(cell).rstrip(".:")) for cell in cells]
    known = [column for column in header if column is not None]
    if len(known) * 2 < len([cell for cell in cells if cell.strip()]):
        return None
    unknown = [
        cell for cell, column in zip(cells, header, strict=True) if cell.strip() and not column
    ]
    if unknown:
        raise PasteRefused(
            _(
                "Colonne sconosciute: %(names)s. Quelle ammesse: %(columns)s. Scegli che cosa "
                "contengono, o lascia «non si usa», e rivedi l’anteprima."
            )
            % {
                "names": "; ".join(f"«{cell.strip()[:60]}»" for cell in unknown[:5]),
                "columns": ", ".join(str(column.label) for column in columns),
            }
        )
    if len({column.key for column in known}) < len(known):
        raise PasteRefused(_("Una colonna compare due volte nella riga dei titoli."))
    return header


def _without_tail(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells without the empty ones at the end, which spreadsheets add."""
    length = len(cells)
    while length and not cells[length - 1].strip():
        length -= 1
    return cells[:length]


def _refuse_extra(rows: Sequence[tuple[int, Sequence[str]]], count: int) -> None:
    for number, cells in rows:
        used = len(_without_tail(cells))
        if used > count:
            raise PasteRefused(
                _(
                    "La riga %(row)d ha %(found)s celle, ma le colonne sono %(count)s. "
                    "Copia anche la riga dei titoli, o solo le colonne della mappa."
                )
                % {"row": number, "found": grouped(used), "count": grouped(count)}
            )


CHANGED_MEANWHILE = gettext_lazy(
    "Dall’anteprima qualcosa è cambiato (un elenco, un numero o il testo): nulla è stato salvato. "
    "Controlla di nuovo e conferma."
)


def sure(preview: PastePreview, digest: str) -> PastePreview:
    """Return what is taken now, where it is what was shown and no cell is wrong; else refuse it."""
    if preview.digest != digest:
        raise PasteRefused(str(CHANGED_MEANWHILE))
    if preview.problems:
        raise PasteRefused(_("Ci sono celle da correggere: nulla è stato salvato."))
    return preview
