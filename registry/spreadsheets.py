"""XLSX and CSV files of lists, in and out: every text leaves as a text and comes back the same.

A cell that begins like a formula is never one. An XLSX cell carries its kind, so nothing is added
to the text. A CSV cell has no kind: the text gets an apostrophe in front, as spreadsheets
themselves do, and the reading takes exactly that apostrophe away.
"""

import csv
import io
import re
import zipfile
from datetime import date

import openpyxl
import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")

UNPACKED_LIMIT = 64 * 1024 * 1024
ROW_LIMIT = 20_000


class UnreadableFile(ValueError):
    """The file is not what it says, or larger than any list of a register."""


def escape(text: str) -> str:
    """Return a text as it stands in a CSV file."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unescape(text: str) -> str:
    """Return the text a CSV cell stands for: the inverse of `escape`."""
    return text[1:] if _ESCAPED.match(text) else text


class TextXLSX(XLSX):
    """A workbook of one sheet whose texts are texts, whatever they begin with."""

    reads_native_values = True

    def get_title(self):
        return "xlsx"

    def export_data(self, dataset, **kwargs):
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

    def create_dataset(self, in_stream):
        """Return the first sheet as a table; `UnreadableFile` when there is none or it is huge."""
        try:
            with zipfile.ZipFile(io.BytesIO(in_stream)) as parts:
                size = sum(part.file_size for part in parts.infolist())
            if size > UNPACKED_LIMIT:
                raise UnreadableFile(_("Il file, una volta aperto, è troppo grande."))
            book = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
            return _table([cell.value for cell in row] for row in book.worksheets[0].rows)
        except (zipfile.BadZipFile, KeyError, IndexError, OSError) as error:
            raise UnreadableFile(_("Il file non è una cartella di lavoro XLSX.")) from error


class TextCSV(CSV):
    """A CSV file as Italian spreadsheets write it: UTF-8 with its mark, semicolons."""

    reads_native_values = False

    def get_title(self):
        return "csv"

    def is_binary(self):
        # The bytes are decoded here: reading as text would change the line breaks inside cells.
        return True

    def get_read_mode(self):
        return "rb"

    def export_data(self, dataset, **kwargs):
        """Return the bytes of the file."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(dataset.headers)
        for row in dataset:
            writer.writerow(["" if value is None else escape(str(value)) for value in row])
        return stream.getvalue().encode("utf-8-sig")

    def create_dataset(self, in_stream):
        """Return the table of the file, whose cells stand between `;`, `,` or tabs."""
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = in_stream.decode("cp1252", errors="replace")
        first = text.splitlines()[0] if text else ""
        delimiter = max((";", ",", "\t"), key=first.count)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise UnreadableFile(_("Il file non è un elenco CSV.")) from error
        return _table([unescape(cell) for cell in row] for row in rows)


def _table(rows) -> tablib.Dataset:
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
        if count > ROW_LIMIT:
            raise UnreadableFile(_("Il file ha più di %d righe.") % ROW_LIMIT)
        values = [*row[: len(heads)], *[None] * (len(heads) - len(row))]
        table.append(values)
    while len(table) and not any(value not in (None, "") for value in table[-1]):
        table.pop()
    return table


def _cell(sheet, value):
    if isinstance(value, str):
        return _text_cell(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    return cell


def _text_cell(sheet, text: str):
    cell = WriteOnlyCell(sheet, None)
    # Assigning the value guesses its kind, and would take "=1+1" for a formula.
    cell._value, cell.data_type = text, "s"
    cell.quotePrefix = text.startswith(FORMULA_START)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
