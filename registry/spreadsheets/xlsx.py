"""XLSX and XLSM files. Macros are never run, formulas never computed: the stored results count.

The values come from calamine, which reads ten times faster than openpyxl. It is given nothing
unchecked: it lays a sheet out from its first to its last cell, and one value in the farthest corner
of a sheet would fill the memory. It shows neither formulas nor errors; those are looked for in the
sheet's own XML, and only where there are any.
"""

import io
import posixpath
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineError, CalamineWorkbook

from registry.spreadsheets import limits
from registry.spreadsheets.parts import Parts, broken
from registry.spreadsheets.sizes import check_place, check_size
from registry.spreadsheets.workbook import Finding, Merge, UnreadableFile, Value, WorkbookSheet

_RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATIONSHIPS = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

_BOOK = re.compile(r"xl/workbook\w*\.xml")
# A cell that holds something: `<c r="B3" s="1" t="s"><v>0</v></c>`, with or without a prefix.
# No sign of a tag is "<" or ">": looked for further, files written for it would take hours.
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_AT = rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']"
_PLACE = re.compile(rb"<(?:\w+:)?c\b[^<>]*?" + _AT + rb"[^<>]*(?<!/)>")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^<>]*" + _AT + rb")")
_REFERENCE = re.compile(_AT)
# No writer needs so many signs for the place, the format and the kind of a cell.
_ENDLESS = re.compile(rb"<(?:\w+:)?c\b[^<>]{1000}")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(.+?)</(?:\w+:)?v>", re.DOTALL)
_IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_ERRORS = re.compile(rb"<(?:\w+:)?c\b[^<>]*\bt\s*=\s*[\"']e[\"']")
_SHARED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\bt\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,8})<")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    path: str
    hidden: bool


def is_xlsx(parts: Parts) -> bool:
    return "[Content_Types].xml" in parts.names and any(
        _BOOK.fullmatch(name) for name in parts.names
    )


def read_xlsx(content: bytes, parts: Parts) -> tuple[list[WorkbookSheet], list[Finding]]:
    """Return the worksheets and what is to be said of their formulas and errors.

    Findings: "formula" (its stored result is taken), "formula-without-value" and "error-value",
    which stop. Raises `UnreadableFile`.
    """
    parts.check_all()
    listed = _worksheets(parts)
    if len(listed) > limits.SHEETS:
        raise UnreadableFile(
            _("Il file ha %(sheets)d fogli: il massimo è %(limit)d.")
            % {"sheets": len(listed), "limit": limits.SHEETS}
        )
    findings: list[Finding] = []
    cells = chars = 0
    lengths = _shared_lengths(parts)
    for part in listed:
        data = parts.read(part.path)
        cells += _check_extent(part.name, data)
        chars += sum(lengths[i] for i in map(int, _SHARED.findall(data)) if i < len(lengths))
        check_size(cells=cells, chars=chars)
    # calamine refuses what is not well formed; only then is the XML searched for pairs of tags.
    sheets = _values(content, listed)
    for part in listed:
        findings += _formulas_and_errors(part.name, parts.read(part.path))
        parts.forget(part.path)
    return sheets, findings


def _worksheets(parts: Parts) -> list[_Part]:
    """Return the worksheets in their order; chart sheets have no cells and are left out."""
    book = next(name for name in sorted(parts.names) if _BOOK.fullmatch(name))
    folder, file = posixpath.split(book)
    targets = {}
    for relation in parts.tree(f"{folder}/_rels/{file}.rels"):
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            targets[relation.get("Id", "")] = posixpath.normpath(path)
    worksheets = []
    for element in parts.tree(book).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            key = element.get(_RELATIONSHIPS) or element.get(_STRICT_RELATIONSHIPS) or ""
            if key in targets:
                state = element.get("state", "visible")
                worksheets.append(_Part(element.get("name", ""), targets[key], state != "visible"))
    return worksheets


def _shared_lengths(parts: Parts) -> list[int]:
    """Return the bytes of every shared text: cells point at them by number."""
    for name in parts.names:
        if name.lower().endswith("sharedstrings.xml"):
            return [len(text) for text in re.split(rb"</(?:\w+:)?si>", parts.read(name))]
    return []


def _check_extent(sheet: str, data: bytes) -> int:
    """Return how many cells the sheet will be laid out to; refuse more than a list can have."""
    if b"\x00" in data or _ENDLESS.search(data):
        raise broken()  # written to be misread: see `_PLACE`
    widest, rows = 0, 0
    columns: set[bytes] = set()
    before = b""
    for letters, digits in map(re.Match.groups, _PLACE.finditer(data)):
        if letters not in columns:
            columns.add(letters)
            column = column_index_from_string(letters.decode())
            check_place(sheet, row=0, column=column)
            widest = max(widest, column)
        if digits != before:
            # the cells of a row follow one another
            before, row = digits, int(digits)
            if row > rows:
                check_place(sheet, row=row, column=0)
                rows = row
    # A cell may leave its place out: it then follows the one before.
    unplaced = sum(1 for _match in _UNPLACED.finditer(data))
    if unplaced:
        rows = max(rows, data.count(b"<row"), data.count(b":row"))
        check_place(sheet, row=rows, column=0)
    return widest * rows + unplaced


def _formulas_and_errors(sheet: str, data: bytes) -> list[Finding]:
    if not _FORMULA.search(data) and not _ERRORS.search(data):
        return []
    findings = []
    for match in _CELL.finditer(data, 0, _last_end(data, b"c>")):
        attributes, inside = match.groups()
        is_error = _IS_ERROR.search(attributes)
        if not is_error and not _FORMULA.search(inside):
            continue
        reference = _REFERENCE.search(attributes)
        row = int(reference[2]) if reference else 0
        column = column_index_from_string(reference[1].decode()) if reference else 0
        result = _RESULT.search(inside, 0, _last_end(inside, b"v>"))
        text = result[1].decode("utf-8", "replace") if result else ""
        findings.append(formula_finding(sheet, row, column, text, is_error=bool(is_error)))
    return findings


def _last_end(data: bytes, name: bytes) -> int:
    """Return where the last tag of a name ends: beyond it no pair is to be looked for."""
    return max(data.rfind(b"/" + name), data.rfind(b":" + name)) + 1 + len(name)


_SHOWN = {
    "#N/A": "#N/D",
    "#NAME?": "#NOME?",
    "#NULL!": "#NULLO!",
    "#REF!": "#RIF!",
    "#VALUE!": "#VALORE!",
}
"""Errors as an Italian program shows them; files have the English words."""


def formula_finding(sheet: str, row: int, column: int, text: str, *, is_error: bool) -> Finding:
    kind, stops = "formula", False
    reason = _("La cella ha una formula: si prende il suo ultimo risultato.")
    if is_error:
        kind, stops = "error-value", True
        text = _SHOWN.get(text, text)
        reason = _("La cella contiene l’errore %(error)s: correggila nel foglio.") % {"error": text}
    elif not text:
        kind, stops = "formula-without-value", True
        reason = _(
            "La cella ha una formula senza risultato: apri il file, salvalo e riprova, "
            "oppure scrivi il valore."
        )
    return Finding(kind, reason, sheet=sheet, row=row, column=column, value=text, stops=stops)


def _values(content: bytes, listed: list[_Part]) -> list[WorkbookSheet]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheets = []
            for part in listed:
                source = book.get_sheet_by_name(part.name)
                rows: list[list[Value]] = [
                    [*cells] for cells in source.to_python(skip_empty_area=False)
                ]
                ranges = source.merged_cell_ranges or []
                sheets.append(WorkbookSheet(part.name, _typed(rows), _merges(part.name, ranges)))
                sheets[-1].hidden = part.hidden
            return sheets
    except (CalamineError, ValueError, OSError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise broken() from error


def _merges(sheet: str, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[Merge, ...]:
    if len(ranges) > limits.MERGES:
        raise UnreadableFile(
            _("Il foglio «%(sheet)s» ha più di %(limit)d celle unite.")
            % {"sheet": sheet, "limit": limits.MERGES},
            sheet=sheet,
        )
    return tuple(
        Merge(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges
    )


def _typed(rows: list[list[Value]]) -> list[list[Value]]:
    """Return calamine's values: empty texts as None, whole numbers whole, in place."""
    for cells in rows:
        for index, value in enumerate(cells):
            if value == "":
                cells[index] = None
            elif value.__class__ is float and value.is_integer():
                cells[index] = int(value)
    return rows
