"""ODS files. Read here rather than by calamine, which does not show their merged cells."""

import datetime
import io
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from registry.spreadsheets import limits
from registry.spreadsheets.conditional import ConditionalRule, follow_conditional
from registry.spreadsheets.looks import NO_LOOK, CellLook, Fills, plain_look
from registry.spreadsheets.ods_charts import texts_of_chart
from registry.spreadsheets.ods_conditional import CONDITIONAL_FORMAT, MappedCells, rules_of
from registry.spreadsheets.ods_filters import RANGE, RangeFilter, filter_of, hidden_by_hand
from registry.spreadsheets.ods_styles import OdsStyle, OdsStyles
from registry.spreadsheets.ods_texts import (
    SeenText,
    comments_of,
    heads_of_pages,
    plain_text,
    seen_text,
    texts_of_shapes,
)
from registry.spreadsheets.parts import Parts, broken, protected, refuse_declarations
from registry.spreadsheets.sizes import check_place, check_size
from registry.spreadsheets.workbook import (
    AsideText,
    Finding,
    Merge,
    UnreadableFile,
    Value,
    WorkbookSheet,
)
from registry.spreadsheets.workbook import shown as plain
from registry.spreadsheets.xlsx import formula_finding

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_OBJECT = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}object"
_PLACE = "{http://www.w3.org/1999/xlink}href"
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_SPREADSHEET = b"office:spreadsheet"
_CONTENT, _NAMED_STYLES = "content.xml", "styles.xml"
_SAID_OF_STYLES = tuple(
    f"{_STYLE}{name}" for name in ("text-properties", "table-cell-properties", "map")
)
_PAGES = "Default"
"""The style of the pages of a sheet that names none."""
_HEAD = 16_384
"""Bytes at the beginning of a flat file in which it says what it is."""


def is_ods(parts: Parts) -> bool:
    """Return whether a file is a spreadsheet of this kind, also without the mark of its kind."""
    if "mimetype" in parts.names:
        return parts.read("mimetype").strip().startswith(_MIMETYPE)
    return _CONTENT in parts.names and _SPREADSHEET in parts.read(_CONTENT)


def is_flat_ods(content: bytes) -> bool:
    """Return whether a file is one of this kind written as a single XML text (.fods)."""
    head = content[:_HEAD]
    return (
        not head.startswith(b"PK")
        and b"office:document" in head
        and _MIMETYPE in head
        and _SPREADSHEET in content
    )


def read_ods(parts: Parts) -> tuple[list[WorkbookSheet], list[Finding]]:
    """Return the sheets with their looks, and what is to be said of formulas and errors."""
    # Some manifests declare a document type: not parsed, only one word is looked for.
    manifest = "META-INF/manifest.xml"
    if manifest in parts.names and b"encryption-data" in b"".join(parts.chunks(manifest)):
        raise protected()
    reader = _OdsReader()
    for name in (_NAMED_STYLES, _CONTENT):
        if name == _CONTENT or name in parts.names:
            _read(reader, parts.read(name))
    for sheet, place in reader.objects:
        sheet.aside += tuple(texts_of_chart(parts, place))
    return reader.sheets, reader.findings


def read_flat_ods(content: bytes) -> tuple[list[WorkbookSheet], list[Finding]]:
    """Return the same of a flat file. Raises `UnreadableFile`."""
    refuse_declarations(content)
    reader = _OdsReader()
    _read(reader, content)
    return reader.sheets, reader.findings


def _read(reader: "_OdsReader", data: bytes) -> None:
    try:
        for event, element in SafeTree.iterparse(
            io.BytesIO(data), ("start", "end"), forbid_dtd=True
        ):
            if event == "start":
                reader.begin(element)
            else:
                reader.end(element)
        reader.tell_by_hand()
    except UnreadableFile:
        raise
    except (ParseError, DefusedXmlException, LookupError, ValueError, RecursionError) as error:
        # numbers that are none, elements thousands deep: no office suite writes them
        raise broken() from error


class _OdsReader:
    """Takes the elements of `content.xml` as they end, a row at a time."""

    def __init__(self) -> None:
        self.sheets: list[WorkbookSheet] = []
        self.findings: list[Finding] = []
        self.objects: list[tuple[WorkbookSheet, str]] = []
        """What lies over the sheets, by its place in the file."""
        self.filters: list[RangeFilter] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._styles = OdsStyles()
        self._column_styles: list[tuple[int, str]] = []
        self._columns = 0
        self._fills = Fills()
        self._filtered: set[int] = set()
        self._hidden: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Merge] = []
        self._rules: list[ConditionalRule] = []
        self._mapped = MappedCells()
        self._heads: dict[str, tuple[AsideText, ...]] = {}
        self._pages: dict[str, str] = {}
        self._depth = 0
        self._row = 0
        self._cells = self._chars = 0
        self._around: list[Element] = []

    def begin(self, element: Element) -> None:
        self._around.append(element)
        if element.tag == f"{_STYLE}style":
            self._style = element.get(f"{_STYLE}name", "")
            self._styles.begin(element)
            self._pages[self._style] = element.get(f"{_STYLE}master-page-name", "")
        elif element.tag == f"{_TABLE}table-column" and self._depth == 1:
            self._take_column(element)
        elif element.tag == f"{_TABLE}table":
            self._depth += 1
            if self._depth == 1:
                if len(self.sheets) >= limits.SHEETS:
                    raise UnreadableFile(_("Il file ha troppi fogli."))
                style = element.get(f"{_TABLE}style-name", "")
                heads = self._heads.get(self._pages.get(style) or _PAGES, ())
                sheet = WorkbookSheet(element.get(f"{_TABLE}name", ""), [], aside=heads)
                sheet.hidden = style in self._hidden_styles
                self.sheets.append(sheet)
                self._merges, self._row, self._rules = [], 0, []
                self._mapped = MappedCells()
                self._column_styles, self._columns = [], 0
                self._filtered, self._hidden, self._hidden_columns = set(), set(), set()
                self._fills = Fills()

    def end(self, element: Element) -> None:
        self._around.pop()
        if element.tag == f"{_STYLE}table-properties":
            if element.get(f"{_TABLE}display") == "false":
                self._hidden_styles.add(self._style)
        elif element.tag in _SAID_OF_STYLES:
            self._styles.take(element)
        elif element.tag == f"{_TABLE}table-row" and self._depth == 1:
            self._take_row(element)
            # what holds the rows has been read when it began: millions of them are not kept
            self._around[-1].clear()
        elif element.tag == _OBJECT and self.sheets:
            self.objects.append((self.sheets[-1], element.get(_PLACE, "")))
        elif element.tag == CONDITIONAL_FORMAT and self._depth == 1:
            self._rules += rules_of(element, self._styles)
        elif element.tag == f"{_TABLE}shapes" and self._depth == 1:
            self.sheets[-1].aside += texts_of_shapes(element)
        elif element.tag == RANGE:
            self.filters += filter(None, [filter_of(element)])
        elif element.tag == f"{_STYLE}master-page":
            self._heads[element.get(f"{_STYLE}name", "")] = heads_of_pages(element)
        elif element.tag == f"{_TABLE}table":
            self._depth -= 1
            if self._depth == 0:
                self._close_sheet(self.sheets[-1])
                element.clear()

    def tell_by_hand(self) -> None:
        """Tell the rows hidden by hand from those a filter hides, which the file calls alike."""
        for sheet in self.sheets:
            if sheet.filtered_rows and self.filters:
                by_hand = hidden_by_hand(sheet, self.filters)
                sheet.hidden_rows, sheet.filtered_rows = (
                    sheet.hidden_rows | by_hand,
                    sheet.filtered_rows - by_hand,
                )

    def _close_sheet(self, sheet: WorkbookSheet) -> None:
        sheet.merges = tuple(self._merges)
        sheet.hidden_rows, sheet.filtered_rows = frozenset(self._hidden), frozenset(self._filtered)
        sheet.hidden_columns = frozenset(self._hidden_columns)
        self._fills.leave_backgrounds(sheet.looks)
        # LibreOffice writes its rules in both ways, and says more in its own
        rules = self._rules or self._mapped.rules(self._styles)
        self.findings += follow_conditional(sheet, rules)

    def _take_column(self, element: Element) -> None:
        first = self._columns + 1
        self._columns += _count(element, "number-columns-repeated")
        name = element.get(f"{_TABLE}default-cell-style-name", "")
        self._column_styles.append((self._columns, name))
        if element.get(f"{_TABLE}visibility", "visible") != "visible":
            last = min(self._columns, limits.COLUMNS)
            self._hidden_columns.update(range(first, last + 1))

    def _take_row(self, element: Element) -> None:
        sheet = self.sheets[-1]
        repeats = _count(element, "number-rows-repeated")
        cells: list[Value] = []
        looks: dict[int, CellLook] = {}
        shown: dict[int, str] = {}
        column = 1
        for cell in element:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            times = _count(cell, "number-columns-repeated")
            style = self._style_of(element, cell, (column, column + times - 1))
            value, look, seen = self._seen(sheet.name, cell, column, style)
            places = range(column, column + (times if times <= limits.COLUMNS else 1))
            if look.fill and not self._fills.mark(look.fill, len(places) * repeats):
                look = replace(look, fill="")
            if look != NO_LOOK:
                looks.update((place, look) for place in places)
            if seen:
                shown.update((place, seen) for place in places)
            # a blank holds nothing, however far it stands
            if value is not None and (value.__class__ is not str or value.strip()):
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
        for row in range(self._row + 1, self._row + repeats + 1):
            sheet.looks.update(((row, place), look) for place, look in looks.items())
            sheet.shown.update(((row, place), seen) for place, seen in shown.items())
        self._note_hidden(element, repeats)
        self._row += repeats

    def _note_hidden(self, element: Element, repeats: int) -> None:
        visibility = element.get(f"{_TABLE}visibility", "visible")
        if visibility != "visible":
            rows = self._filtered if visibility == "filter" else self._hidden
            rows.update(range(self._row + 1, self._row + repeats + 1))

    def _note_merge(self, cell: Element, column: int) -> None:
        rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            if len(self._merges) >= limits.MERGES:
                raise UnreadableFile(_("Il file ha troppe celle unite."))
            top = self._row + 1
            self._merges.append(Merge(top, column, top + rows - 1, column + columns - 1))

    def _style_of(self, row: Element, cell: Element, columns: tuple[int, int]) -> OdsStyle:
        """Return the style of the cells of some columns; what may take its place is noted."""
        style = self._styles.of_cell(
            cell.get(f"{_TABLE}style-name")
            or row.get(f"{_TABLE}default-cell-style-name")
            or next((name for last, name in self._column_styles if columns[0] <= last), "")
        )
        if style.maps:
            repeats = _count(row, "number-rows-repeated")
            self._mapped.add(style.maps, self._row + 1, repeats, columns)
        return style

    def _seen(
        self, sheet: str, cell: Element, column: int, style: OdsStyle
    ) -> tuple[Value, CellLook, str]:
        """Return what a cell holds, how it looks, and what it shows where that is another text."""
        if self._styles.has_marks:
            text = seen_text(cell, style, self._styles)
        else:
            text = SeenText(plain_text(cell))
        value = self._value(sheet, cell, column, text.text)
        fill, comments = style.fill or "", comments_of(cell)
        look = CellLook(
            is_struck=value is not None and text.is_struck,
            is_hidden=value is not None and text.is_hidden,
            struck=text.struck,
            hidden=text.hidden,
            fill=fill,
            comments=comments,
        )
        is_other = isinstance(value, int | float | datetime.date) and not isinstance(value, bool)
        seen = text.text.strip() if is_other else ""
        look = plain_look(fill) if look.is_only_filled else look
        return value, look, "" if seen == plain(value) else seen

    def _value(self, sheet: str, cell: Element, column: int, text: str) -> Value:
        kind = cell.get(f"{_OFFICE}value-type")
        value = _typed(kind, cell, text)
        formula = cell.get(f"{_TABLE}formula")
        # other programs than Calc mark no errors; without a formula it is what somebody has typed
        is_shown = bool(formula) and text.startswith(("#N/", "#REF!"))
        is_error = cell.get(f"{_CALC}value-type") == "error" or is_shown
        if is_error or formula:
            result = text or ("" if value is None else str(value))
            finding = formula_finding(sheet, self._row + 1, column, result, is_error=is_error)
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
