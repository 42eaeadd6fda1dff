"""XLSX and CSV files of lists, in and out: every text leaves as a text and comes back the same.

A cell that begins like a formula is never one. An XLSX cell carries its kind, so nothing is added
to the text. A CSV cell has no kind: the text gets an apostrophe in front, as spreadsheets
themselves do, and the reading takes exactly that apostrophe away.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

import openpyxl
import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from registry.spreadsheets import limits
from registry.spreadsheets.delimited import escape, read_delimited
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.workbook import UnreadableFile
from registry.spreadsheets.xlsx import is_xlsx, read_xlsx

FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


class TextXLSX(XLSX):
    """A workbook of one sheet whose texts are texts, whatever they begin with."""

    reads_native_values = True

    def get_title(self) -> str:
        return "xlsx"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """Return the bytes of the workbook: bold frozen heads, text cells wrapped."""
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(_("Elenco"))
        sheet.freeze_panes = "A2"
        for index, title in enumerate(dataset.headers, 1):
            widest = max([len(title), *(len(str(row[index - 1] or "")) for row in dataset)])
            sheet.column_dimensions[get_column_letter(index)].width = min(max(widest, 8) + 2, 60)
        head = [_text_cell(sheet, title) for title in dataset.headers]
        for cell in head:
            cell.font = Font(bold=True)
        sheet.append(head)
        for row in dataset:
            sheet.append([_cell(sheet, value) for value in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the first sheet as a table; `UnreadableFile` when there is none or it is huge."""
        if in_stream[:2] != b"PK":
            raise UnreadableFile(_("Il file non è una cartella di lavoro XLSX."))
        parts = Parts(in_stream)
        if not is_xlsx(parts):
            raise UnreadableFile(_("Il file non è una cartella di lavoro XLSX."))
        sheets, findings = read_xlsx(in_stream, parts)
        if not sheets:
            raise UnreadableFile(_("Nel file non c’è nessun foglio."))
        for finding in findings:
            if finding.stops and finding.sheet == sheets[0].name:
                raise UnreadableFile(f"{finding.place}: {finding.reason}")
        return _table(sheets[0].rows)


class TextCSV(CSV):
    """A CSV file as Italian spreadsheets write it: UTF-8 with its mark, semicolons."""

    reads_native_values = False

    def get_title(self) -> str:
        return "csv"

    def is_binary(self) -> bool:
        # The bytes are decoded here: reading as text would change the line breaks inside cells.
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """Return the bytes of the file."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(dataset.headers)
        for row in dataset:
            writer.writerow(["" if value is None else escape(str(value)) for value in row])
        return stream.getvalue().encode("utf-8-sig")

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the table of the file, whose cells stand between `;`, `,` or tabs."""
        return _table(read_delimited(in_stream, _("Elenco")).rows)


def _table(rows: Iterable[list[Any]]) -> tablib.Dataset:
    """Return rows as a table: heads first; cells beyond the heads and blank ends left out.

    A blank row between others stays, so that the rows keep the numbers of the spreadsheet.
    """
    rows = iter(rows)
    heads = ["" if head is None else str(head).strip() for head in next(rows, [])]
    while heads and not heads[-1]:
        heads.pop()
    if not heads:
        raise UnreadableFile(_("Nel file manca la riga dei titoli delle colonne."))
    table = tablib.Dataset(headers=heads)
    for count, row in enumerate(rows, 1):
        if count > limits.LIST_ROWS:
            raise UnreadableFile(_("Il file ha più di %d righe.") % limits.LIST_ROWS)
        values = [*row[: len(heads)], *[None] * (len(heads) - len(row))]
        table.append(values)
    while len(table) and not any(value not in (None, "") for value in table[-1]):
        table.pop()
    return table


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    if isinstance(value, str):
        return _text_cell(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    return cell


def _text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, None)
    # Assigning the value guesses its kind, and would take "=1+1" for a formula.
    cell._value, cell.data_type = text, "s"
    cell.quotePrefix = text.startswith(FORMULA_START)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
