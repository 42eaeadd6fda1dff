"""The formats of the back office's lists, in and out: every text comes back the same.

A cell that begins like a formula is never one. XLSX, ODS and JSON say of what kind a value is, so
nothing is added to a text. A CSV cell has no kind: the text gets an apostrophe in front, as
spreadsheets themselves do, and the reading takes exactly that apostrophe away.
"""

import io
import json
from collections.abc import Iterable
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format

from registry.spreadsheets import limits
from registry.spreadsheets.delimited import decode, read_delimited
from registry.spreadsheets.ods import is_ods, read_ods
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.sizes import check_size
from registry.spreadsheets.tables import Table
from registry.spreadsheets.workbook import Finding, UnreadableFile, WorkbookSheet
from registry.spreadsheets.writing import LIST_FORMATS, write_table
from registry.spreadsheets.xlsx import is_xlsx, read_xlsx


class BackOfficeFormat(Format):
    """What the formats have in common; `suffix` is one of `LIST_FORMATS`."""

    suffix = ""
    reads_native_values = True
    """Whether numbers and days are such in the file, and not their texts."""

    def __init__(self, encoding: str | None = None) -> None:
        """Bytes in, bytes out: an encoding the library may ask for says nothing here."""

    def get_title(self) -> str:
        return self.suffix

    def get_extension(self) -> str:
        return self.suffix

    def get_content_type(self) -> str:
        return LIST_FORMATS[self.suffix].content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """Return the bytes of the file."""
        stream = io.BytesIO()
        write_table(Table(_("Elenco"), tuple(dataset.headers), dataset), self.suffix, stream)
        return stream.getvalue()


class TextXLSX(BackOfficeFormat):
    """A workbook of one sheet whose texts are texts, whatever they begin with."""

    suffix = "xlsx"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the first sheet as a table; `UnreadableFile` when there is none or it is huge."""
        parts = _parts_of(in_stream, _("Il file non è una cartella di lavoro XLSX."))
        if not is_xlsx(parts):
            raise UnreadableFile(_("Il file non è una cartella di lavoro XLSX."))
        return _first_sheet(*read_xlsx(in_stream, parts))


class TextODS(BackOfficeFormat):
    """A spreadsheet of LibreOffice, with one sheet."""

    suffix = "ods"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the first sheet as a table; `UnreadableFile` when there is none or it is huge."""
        parts = _parts_of(in_stream, _("Il file non è un foglio di calcolo ODS."))
        if not is_ods(parts):
            raise UnreadableFile(_("Il file non è un foglio di calcolo ODS."))
        return _first_sheet(*read_ods(parts))


class TextCSV(BackOfficeFormat):
    """A CSV file as Italian spreadsheets write it: UTF-8 with its mark, semicolons."""

    suffix = "csv"
    reads_native_values = False

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the table of the file, whose cells stand between `;`, `,` or tabs."""
        return _table(read_delimited(in_stream, _("Elenco")).rows)


class TextJSON(BackOfficeFormat):
    """An array of objects, one a row, all with the same names."""

    suffix = "json"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the objects as a table; `UnreadableFile` for anything but flat, equal objects."""
        try:
            rows = json.loads(decode(in_stream), object_pairs_hook=_named, parse_constant=_nothing)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UnreadableFile(_("Il file non è JSON.")) from error
        return _table(_rows_of(rows))


def _named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise UnreadableFile(_("Un oggetto del file ha due volte lo stesso nome."))
    return named


def _nothing(word: str) -> None:
    raise UnreadableFile(_("Il file contiene «%s», che non è un valore.") % word)


def _rows_of(objects: Any) -> list[list[Any]]:
    """Return the names and the values of objects, one after the other."""
    if not isinstance(objects, list) or not objects or not isinstance(objects[0], dict):
        raise UnreadableFile(_("Il file JSON deve essere un elenco di oggetti, uno per riga."))
    heads = list(objects[0])
    rows: list[list[Any]] = [heads]
    cells = chars = 0
    for number, row in enumerate(objects, 1):
        # an object without a name would empty a field that it does not speak of
        if not isinstance(row, dict) or row.keys() != objects[0].keys():
            raise UnreadableFile(_("La riga %d non ha le stesse colonne della prima.") % number)
        values = [row[head] for head in heads]
        if any(isinstance(value, list | dict) for value in values):
            raise UnreadableFile(_("La riga %d contiene un elenco o un oggetto.") % number)
        cells += len(values)
        chars += sum(len(value) for value in values if isinstance(value, str))
        check_size(cells=cells, chars=chars)
        rows.append(values)
    return rows


def _parts_of(content: bytes, otherwise: str) -> Parts:
    if not content.startswith(b"PK"):
        raise UnreadableFile(otherwise)
    return Parts(content)


def _first_sheet(sheets: list[WorkbookSheet], findings: list[Finding]) -> tablib.Dataset:
    if not sheets:
        raise UnreadableFile(_("Nel file non c’è nessun foglio."))
    for finding in findings:
        if finding.stops and finding.sheet == sheets[0].name:
            raise UnreadableFile(f"{finding.place}: {finding.reason}")
    return _table(sheets[0].rows)


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
