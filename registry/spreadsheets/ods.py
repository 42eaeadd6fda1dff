"""ODS files. Read here rather than by calamine, which does not show their merged cells."""

import datetime
import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from registry.spreadsheets import limits
from registry.spreadsheets.parts import Parts, broken, protected
from registry.spreadsheets.sizes import check_place, check_size
from registry.spreadsheets.workbook import Finding, Merge, UnreadableFile, Value, WorkbookSheet
from registry.spreadsheets.xlsx import formula_finding

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def is_ods(parts: Parts) -> bool:
    return "mimetype" in parts.names and parts.read("mimetype").strip().startswith(_MIMETYPE)


def read_ods(parts: Parts) -> tuple[list[WorkbookSheet], list[Finding]]:
    """Return the sheets and what is to be said of their formulas and errors, as for XLSX."""
    # Some manifests declare a document type: not parsed, only one word is looked for.
    manifest = "META-INF/manifest.xml"
    if manifest in parts.names and b"encryption-data" in b"".join(parts.chunks(manifest)):
        raise protected()
    reader = _OdsReader()
    source = io.BytesIO(parts.read("content.xml"))
    try:
        for event, element in SafeTree.iterparse(source, ("start", "end"), forbid_dtd=True):
            if event == "start":
                reader.begin(element)
            else:
                reader.end(element)
    except UnreadableFile:
        raise
    except (ParseError, DefusedXmlException, LookupError, ValueError, RecursionError) as error:
        # numbers that are none, elements thousands deep: no office suite writes them
        raise broken() from error
    return reader.sheets, reader.findings


class _OdsReader:
    """Takes the elements of `content.xml` as they end, a row at a time."""

    def __init__(self) -> None:
        self.sheets: list[WorkbookSheet] = []
        self.findings: list[Finding] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._merges: list[Merge] = []
        self._depth = 0
        self._row = 0
        self._cells = self._chars = 0
        self._around: list[Element] = []

    def begin(self, element: Element) -> None:
        self._around.append(element)
        if element.tag == f"{_STYLE}style":
            self._style = element.get(f"{_STYLE}name", "")
        elif element.tag == f"{_TABLE}table":
            self._depth += 1
            if self._depth == 1:
                if len(self.sheets) >= limits.SHEETS:
                    raise UnreadableFile(_("Il file ha troppi fogli."))
                hidden = element.get(f"{_TABLE}style-name") in self._hidden_styles
                name = element.get(f"{_TABLE}name", "")
                self.sheets.append(WorkbookSheet(name, [], hidden=hidden))
                self._merges, self._row = [], 0

    def end(self, element: Element) -> None:
        self._around.pop()
        if element.tag == f"{_STYLE}table-properties":
            if element.get(f"{_TABLE}display") == "false":
                self._hidden_styles.add(self._style)
        elif element.tag == f"{_TABLE}table-row" and self._depth == 1:
            self._take_row(element)
            # what holds the rows has been read when it began: millions of them are not kept
            self._around[-1].clear()
        elif element.tag == f"{_TABLE}table":
            self._depth -= 1
            if self._depth == 0:
                self.sheets[-1].merges = tuple(self._merges)
                element.clear()

    def _take_row(self, element: Element) -> None:
        sheet = self.sheets[-1]
        repeats = _count(element, "number-rows-repeated")
        cells: list[Value] = []
        column = 1
        for cell in element:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            times = _count(cell, "number-columns-repeated")
            value = self._value(sheet.name, cell, column)
            if value is not None:
                check_place(sheet.name, row=0, column=column + times - 1)
                cells += [None] * (column - 1 - len(cells)) + [value] * times
            self._note_merge(cell, column)
            column += times
        if not cells:
            self._row += repeats
            return
        check_place(sheet.name, row=self._row + repeats, column=0)
        sheet.rows += [[] for _blank in range(self._row - len(sheet.rows))]
        self._cells += len(cells) * repeats
        self._chars += sum(len(text) for text in cells if isinstance(text, str)) * repeats
        check_size(cells=self._cells, chars=self._chars)
        sheet.rows += [list(cells) for _time in range(repeats)]
        self._row += repeats

    def _note_merge(self, cell: Element, column: int) -> None:
        rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            if len(self._merges) >= limits.MERGES:
                raise UnreadableFile(_("Il file ha troppe celle unite."))
            top = self._row + 1
            self._merges.append(Merge(top, column, top + rows - 1, column + columns - 1))

    def _value(self, sheet: str, cell: Element, column: int) -> Value:
        kind = cell.get(f"{_OFFICE}value-type")
        text = _text(cell)
        value = _typed(kind, cell, text)
        formula = cell.get(f"{_TABLE}formula")
        # other programs than Calc mark no errors; without a formula it is what somebody has typed
        is_shown = bool(formula) and text.startswith(("#N/", "#REF!"))
        is_error = cell.get(f"{_CALC}value-type") == "error" or is_shown
        if is_error or formula:
            shown = text or ("" if value is None else str(value))
            finding = formula_finding(sheet, self._row + 1, column, shown, is_error=is_error)
            self.findings.append(finding)
        return None if is_error else value


def _count(element: Element, name: str) -> int:
    digits = element.get(f"{_TABLE}{name}", "1")
    return max(int(digits), 1) if digits.isdigit() else 1


def _typed(kind: str | None, cell: Element, text: str) -> Value:
    try:
        match kind:
            case "float" | "percentage" | "currency":
                number = float(cell.get(f"{_OFFICE}value", ""))
                return int(number) if number.is_integer() else number
            case "boolean":
                return cell.get(f"{_OFFICE}boolean-value") == "true"
            case "date":
                moment = datetime.datetime.fromisoformat(cell.get(f"{_OFFICE}date-value", ""))
                return moment if "T" in cell.get(f"{_OFFICE}date-value", "") else moment.date()
    except (ValueError, OverflowError):
        pass  # the text shown is then all there is
    return text or None


def _text(cell: Element) -> str:
    noted = _noted(cell)
    paragraphs = [
        "".join(_pieces(child))
        for child in cell.iter()
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h") and child not in noted
    ]
    return "\n".join(paragraphs)


def _noted(cell: Element) -> set[Element]:
    """Return the paragraphs of comments: they stand beside the cell, not in it."""
    notes = cell.iter(f"{_OFFICE}annotation")
    return {paragraph for note in notes for paragraph in note.iter(f"{_TEXT}p")}


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(int(child.get(f"{_TEXT}c", "1")), 100)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _pieces(child)
        yield child.tail or ""
