"""Files that come back become rows of cells with their places; no row of the register is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.spreadsheets.archives import read_each
from registry.spreadsheets.serialising import deserialise, packed, unpacked
from registry.spreadsheets.workbook import Value, Workbook, WorkbookSheet, address
from risk.services.imports.read import ReadFile
from risk.workbooks import rowids
from risk.workbooks.answers import (
    ASKED,
    FILLED,
    MEASURED,
    STEPPED,
    STEPS,
    TOLD,
    AnswerColumn,
)

_NAMED = {"item": FILLED, "indicator": MEASURED, "step": STEPPED}
"""The columns to fill of each kind of row."""
NAME = "name"
"""What a row has the cell by that says, in grey, what it is of."""
_NAMING = {"item": ASKED[0], "indicator": TOLD[1], "step": STEPS[1]}


@dataclass(frozen=True, slots=True)
class BroughtCell:
    """What stands in a cell to fill, as a value and as it is shown, and its column."""

    value: Value
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class BroughtRow:
    """A row of a workbook that came back: what it stands for, where it is, its cells by field."""

    kind: str
    uid: UUID
    version: int
    sheet: str
    row: int
    cells: Mapping[str, BroughtCell]

    @property
    def filled(self) -> dict[str, BroughtCell]:
        """Its cells but for the grey one."""
        return {name: cell for name, cell in self.cells.items() if name != NAME}

    def place(self, name: str = "") -> str:
        """Return where a field stands, as a person finds it: «Misure», F7."""
        column = self.cells[name].column if name in self.cells else 0
        where = address(self.row, column) if column else _("riga %(n)s") % {"n": self.row}
        return _("«%(sheet)s», %(where)s") % {"sheet": self.sheet, "where": where}


@dataclass(slots=True)
class BroughtBook:
    """A file that came back: what it is of, its rows, or why nothing of it is taken.

    `lost` are places of rows that no longer say what they stand for.
    """

    name: str
    refusal: str = ""
    origin: rowids.Origin | None = None
    rows: list[BroughtRow] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def read_brought(files: Sequence[tuple[str, bytes]]) -> ReadFile:
    """Return files as they are read, to be kept (`kept_books`), and how many rows they have.

    Raises `UnreadableFile` where they are too much. What a file may do to us is end the process: it
    is run in one with limits.
    """
    books = books_in(read_each(files))
    return ReadFile(packed([_plain(book) for book in books]), sum(len(one.rows) for one in books))


def joined(parts: Sequence[ReadFile]) -> ReadFile:
    """Return what was read in several parts as one."""
    books = sorted((one for part in parts for one in unpacked(part.tables)), key=itemgetter(0))
    return ReadFile(packed(books), sum(part.size for part in parts))


def kept_books(stored: bytes) -> list[BroughtBook]:
    """Return the files of what `read_brought` has kept."""
    kept = unpacked(stored)
    # brought before an upgrade, as sheets of cells
    return list(map(_book_of, kept)) if isinstance(kept, list) else books_in(deserialise(stored))


def _plain(book: BroughtBook) -> list[Any]:
    rows = [
        [one.kind, str(one.uid), one.version, one.sheet, one.row]
        + [[name, *_plain_cell(cell)] for name, cell in one.cells.items()]
        for one in book.rows
    ]
    origin = asdict(book.origin) if book.origin else None
    return [book.name, book.refusal, origin, rows, book.lost]


def _plain_cell(cell: BroughtCell) -> list[Any]:
    """Return the column of a cell, its text and its value, where that is another."""
    is_text = cell.value == cell.text or (cell.value is None and not cell.text)
    return [cell.column, cell.text] if is_text else [cell.column, cell.text, cell.value]


def _book_of(kept: Sequence[Any]) -> BroughtBook:
    name, refusal, origin, rows, lost = kept
    found = [
        BroughtRow(kind, UUID(uid), version, sheet, row, {one[0]: _cell_of(*one[1:]) for one in of})
        for kind, uid, version, sheet, row, *of in rows
    ]
    return BroughtBook(name, refusal, rowids.Origin(**origin) if origin else None, found, lost)


def _cell_of(column: int, text: str, value: Value | None = None) -> BroughtCell:
    return BroughtCell(text if value is None else value, text, column)


def books_in(workbook: Workbook) -> list[BroughtBook]:
    """Return the files of what was read, each as a workbook of answers or with why it is none."""
    books = [
        BroughtBook(finding.sheet, refusal=finding.reason)
        for finding in workbook.problems
        if finding.kind == "unreadable"
    ]
    sheets: dict[str, list[WorkbookSheet]] = {}
    for sheet in workbook.sheets:
        sheets.setdefault(sheet.file, []).append(sheet)
    books += [_book(name, own) for name, own in sheets.items()]
    return sorted(books, key=lambda book: book.name)


def _book(name: str, sheets: Sequence[WorkbookSheet]) -> BroughtBook:
    hidden = next((one for one in sheets if one.own_name == rowids.SHEET), None)
    ids = rowids.parse(hidden.rows) if hidden is not None else None
    if ids is None:
        return BroughtBook(
            name,
            refusal=_(
                "Non è un foglio di risposte scaricato da qui, o la sua parte nascosta è stata "
                "tolta: scarica di nuovo il foglio e copia le risposte lì."
            ),
        )
    if ids.origin.layout != rowids.ANSWERS:
        return BroughtBook(
            name,
            refusal=_(
                "È un foglio del registro, ma non di risposte: si importa dalla pagina «Importa da "
                "un file»."
            ),
        )
    book = BroughtBook(name, origin=ids.origin)
    for sheet in sheets:
        if sheet.own_name not in (rowids.SHEET, rowids.LISTS):
            _read_sheet(sheet, ids, book)
    return book


def _read_sheet(sheet: WorkbookSheet, ids: rowids.RowIds, book: BroughtBook) -> None:
    """Add the rows of a sheet that has a column of keys, whatever its rows were moved to."""
    heads = next((n for n, row in enumerate(sheet.rows) if rowids.HEAD in row), None)
    if heads is None:
        return
    key_column = sheet.rows[heads].index(rowids.HEAD)
    columns = dict(_columns(sheet.rows[heads]))
    heads_of = {fold(str(head)): n for n, head in enumerate(sheet.rows[heads], 1)}
    for number, row in enumerate(sheet.rows[heads + 1 :], heads + 2):
        cells = {
            name: BroughtCell(sheet.value(number, n), sheet.text(number, n).strip(), n)
            for name, n in columns.items()
        }
        known = ids.by_key.get(str(row[key_column]) if len(row) > key_column else "", ())
        if known:
            one = known[0]
            own = {name: cell for name, cell in cells.items() if name in _NAMED[one.kind]}
            if n := heads_of.get(fold(str(_NAMING[one.kind].heading))):
                told = sheet.text(number, n).strip()
                own[NAME] = BroughtCell(told, told, n)
            of_row = BroughtRow(one.kind, one.uid, one.version, sheet.own_name, number, own)
            book.rows.append(of_row)
        elif any(cell.text for cell in cells.values()):
            where = {"sheet": sheet.own_name, "n": number}
            book.lost.append(_("«%(sheet)s», riga %(n)s") % where)


def _columns(heads: Sequence[Value]) -> Iterator[tuple[str, int]]:
    """Yield the fields of a sheet and their columns, from 1, by what the heads say."""
    every: dict[str, AnswerColumn] = {**FILLED, **MEASURED, **STEPPED}
    known = {fold(str(column.heading)): name for name, column in every.items()}
    for number, head in enumerate(heads, 1):
        if isinstance(head, str) and (name := known.get(fold(head))):
            yield name, number
