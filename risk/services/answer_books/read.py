"""Files that come back become rows of cells with their places; no row of the register is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.spreadsheets.archives import read_each
from registry.spreadsheets.serialising import serialise
from registry.spreadsheets.workbook import Value, Workbook, WorkbookSheet, address
from risk.workbooks import rowids
from risk.workbooks.answers import FILLED, MEASURED, STEPPED, AnswerColumn

_NAMED = {"item": FILLED, "indicator": MEASURED, "step": STEPPED}
"""The columns to fill of each kind of row."""


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


def read_brought(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as they are read, to be kept; raises `UnreadableFile` where they are too much.

    What a file may do to us is end the process: it is run in one with limits.
    """
    return serialise(read_each(files))


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
    for number, row in enumerate(sheet.rows[heads + 1 :], heads + 2):
        cells = {
            name: BroughtCell(sheet.value(number, n), sheet.text(number, n).strip(), n)
            for name, n in columns.items()
        }
        known = ids.by_key.get(str(row[key_column]) if len(row) > key_column else "", ())
        if known:
            one = known[0]
            own = {name: cell for name, cell in cells.items() if name in _NAMED[one.kind]}
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
