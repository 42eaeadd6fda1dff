"""A list as a workbook of one sheet; a row is written and forgotten before the next one is read."""

import datetime
import tempfile
from typing import IO, Any
from xml.sax.saxutils import escape

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.exceptions import FileCreateError

from registry.spreadsheets.tables import FORMULA_START, NARROWEST, WIDEST, Table, width_of
from registry.spreadsheets.workbook import Value, shown

_WRAPPED = {"text_wrap": True, "valign": "top"}
_LINE_HEIGHT = 15
_HIGHEST = 408.75
"""Points of one line, and of the highest row a spreadsheet can have."""


def write_xlsx(table: Table, into: IO[bytes]) -> None:
    """Write a workbook: heads that stay and filter, texts that are never formulas, A4 across.

    Raises `ValueError` for a text longer than the 32,767 characters a cell can hold, `OSError`
    where the folder for temporary files has no room for its rows: then nothing of them is left.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            _write_book(table, into, folder)
    except FileCreateError as wrapping:
        # the library wraps what the disk has said
        raise wrapping.args[0] from wrapping


def _write_book(table: Table, into: IO[bytes], folder: str) -> None:
    with xlsxwriter.Workbook(into, {"constant_memory": True, "tmpdir": folder}) as book:
        book.set_properties({"title": table.title})
        sheet = _Sheet(book, table)
        sheet.write_row(0, table.heads, is_head=True)
        count = 0
        for row in table.rows:
            count += 1
            sheet.write_row(count, row)
        sheet.finish(count)


class _Sheet:
    """The one sheet, and how wide its columns have become."""

    def __init__(self, book: Any, table: Table) -> None:
        self._table = table
        self._sheet = book.add_worksheet(_("Elenco"))
        self._head = book.add_format({**_WRAPPED, "bold": True})
        self._text = book.add_format(_WRAPPED)
        self._quoted = book.add_format({**_WRAPPED, "quote_prefix": True})
        self._number = book.add_format({"valign": "top"})
        self._day = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy"})
        self._moment = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy hh:mm"})
        self._widths = [NARROWEST] * len(table.heads)

    def write_row(self, index: int, row: Any, *, is_head: bool = False) -> None:
        # Calc lays wrapped texts of rows without a height one over the other
        lines = max((_lines_of(value) for value in row if value.__class__ is str), default=1)
        if lines > 1:
            self._sheet.set_row(index, min(lines * _LINE_HEIGHT, _HIGHEST))
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            self._widths[column] = max(self._widths[column], width_of(value))
            if self._write(index, column, value, is_head):
                raise ValueError(_("Un testo è troppo lungo per una cella di XLSX."))

    def _write(self, row: int, column: int, value: Value, is_head: bool) -> int:
        """Write one value by its kind, never by what its text looks like; 0 when it went in."""
        match value:
            case bool():
                return self._sheet.write_string(row, column, shown(value), self._text)
            case int() | float():
                return self._sheet.write_number(row, column, value, self._number)
            case datetime.datetime():
                moment = value.replace(tzinfo=None)
                return self._sheet.write_datetime(row, column, moment, self._moment)
            case datetime.date():
                return self._sheet.write_datetime(row, column, value, self._day)
        text = shown(value)
        plain = self._head if is_head else self._text
        style = self._quoted if text.startswith(FORMULA_START) else plain
        return self._sheet.write_string(row, column, plain_text(text), style)

    def finish(self, last: int) -> None:
        """Set what needs the whole list: widths, the filter, the printed page."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        self._sheet.autofilter(0, 0, last, len(self._widths) - 1)
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        # printed too: a number beside a text is then told from it
        self._sheet.hide_gridlines(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        title = self._table.title.replace("&", "&&")
        self._sheet.set_header(f"&L{title}"[:255])
        self._sheet.set_footer(_("&RPagina &P di &N"))


def _lines_of(text: str) -> int:
    """Return how many lines a text takes in its column: what is longer is in the widest one."""
    if len(text) <= WIDEST and "\n" not in text:
        return 1
    return sum(1 + max(0, len(line) - 1) // (WIDEST - 2) for line in text.split("\n"))


def plain_text(text: str) -> str:
    """Return a text as xlsxwriter must be given it to write it as it stands.

    It takes `<r>…</r>` for markup of its own: such a text becomes the content of that markup.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text
