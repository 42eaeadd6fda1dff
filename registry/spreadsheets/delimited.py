"""CSV files: the encoding and the delimiter are found, no cell is taken for anything but a text."""

import codecs
import csv
import io
import re

from django.utils.translation import gettext as _

from registry.spreadsheets import limits
from registry.spreadsheets.sizes import check_place, check_size
from registry.spreadsheets.workbook import UnreadableFile, Value, WorkbookSheet

DELIMITERS = (";", ",", "\t")
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_SAMPLE_LINES = 40


def escape(text: str) -> str:
    """Return a text as it stands in a CSV file: never the beginning of a formula."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unescape(text: str) -> str:
    """Return the text a CSV cell stands for: the inverse of `escape`."""
    return text[1:] if _ESCAPED.match(text) else text


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (with its mark or without), or Windows-1252.

    Raises `UnreadableFile` when it is none of them: what Windows-1252 cannot hold, or NUL, is no
    text file.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        # Italian text in UTF-16 has a NUL in nearly every pair; elsewhere a NUL is no text.
        even, odd = content[0::2].count(0), content[1::2].count(0)
        encodings = ["utf-16-be" if even > odd else "utf-16-le"]
        if max(even, odd) * 4 < len(content):
            raise not_a_table()
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise not_a_table()


def read_delimited(content: bytes, name: str) -> WorkbookSheet:
    """Return the one table of a CSV file. Raises `UnreadableFile`."""
    text = decode(content)
    rows: list[list[Value]] = []
    cells = blank = 0
    try:
        # the `field_size_limit` of the module is 131,072 characters, above our own
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)):
            if not any(map(str.strip, row)):
                # rows count by what they hold
                blank += 1
                continue
            check_place(name, row=len(rows) + blank + 1, column=_width(row))
            rows += [[] for _row in range(blank)]
            blank = 0
            cells += len(row)
            check_size(cells=cells, chars=0)
            rows.append([unescape(cell) or None for cell in row])
    except csv.Error as error:
        raise not_a_table() from error
    return WorkbookSheet(name, rows)


def _width(row: list[str]) -> int:
    width = len(row)
    while width > limits.COLUMNS and not row[width - 1]:
        width -= 1
    return width


def delimiter_of(text: str) -> str:
    """Return the sign that parts the cells: the one that most lines agree upon.

    Counted outside quotation marks, where a title over the table may have none.
    """
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        try:
            for row in csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter):
                widths.append(len(row))
                if len(widths) >= _SAMPLE_LINES:
                    break
        except csv.Error:
            pass
        several = [width for width in widths if width > 1]
        common = max(several, key=several.count, default=1)
        score = (several.count(common) * (common > 1), common)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def not_a_table() -> UnreadableFile:
    """Return the refusal of a file that is none of the formats read."""
    return UnreadableFile(
        _(
            "Il file non è una tabella che si possa leggere: servono XLSX, XLSM, ODS, CSV, "
            "oppure un DOCX con tabelle."
        )
    )
