"""XLSX and XLSM files. Macros are never run, formulas never computed: the stored results count.

The values come from calamine, which reads ten times faster than openpyxl. It is given nothing
unchecked: it lays a sheet out from its first to its last cell, and one value in the farthest corner
of a sheet would fill the memory. It shows neither formulas nor errors; those are looked for in the
sheet's own XML, and only where there are any. A sheet it does not know is left out beforehand, as
it would give the whole file up, and a number no calendar has is kept from it as one.
"""

import html
import io
import re
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineError, CalamineWorkbook

from registry.readable import grouped
from registry.spreadsheets import limits
from registry.spreadsheets.conditional import follow_conditional
from registry.spreadsheets.office_drawings import drawn_texts
from registry.spreadsheets.packages import relations_of
from registry.spreadsheets.page_heads import heads_of_xlsx
from registry.spreadsheets.parts import Parts, broken
from registry.spreadsheets.sizes import check_size
from registry.spreadsheets.workbook import Finding, Merge, UnreadableFile, Value, WorkbookSheet
from registry.spreadsheets.xlsx_conditional import rules_of
from registry.spreadsheets.xlsx_extent import AT, SheetExtent, check_cells
from registry.spreadsheets.xlsx_looks import add_looks, looks_of_book
from registry.spreadsheets.xlsx_pictures import picture_numbers
from registry.spreadsheets.xlsx_styles import ConditionalStyles
from registry.spreadsheets.xlsx_texts import shared_items, shared_part

_RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATIONSHIPS = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

_BOOK = re.compile(r"xl/workbook\w*\.xml")
# A cell that holds something: `<c r="B3" s="1" t="s"><v>0</v></c>`, with or without a prefix.
# No sign of a tag is "<" or ">": looked for further, files written for it would take hours.
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(AT)
_TAG = re.compile(rb"<[^<>]*>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(.+?)</(?:\w+:)?v>", re.DOTALL)
_IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_ERRORS = re.compile(rb"<(?:\w+:)?c\b[^<>]*\bt\s*=\s*[\"']e[\"']")
_METADATA = re.compile(rb"\bvm\s*=\s*[\"'](\d{1,9})[\"']")
_SHARED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\bt\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,8})<")


_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*(?:/>|>\s*</(?:\w+:)?sheet>)")
_SHEET_NAME = re.compile(rb"\bname\s*=\s*[\"']([^\"'<>]*)[\"']")
_SHEETS_OF_CELLS = frozenset({"worksheet", "chartsheet", "dialogsheet"})
_LARGE_NUMBER = re.compile(
    rb"(<(?:\w+:)?c\b[^<>]*?)\bs\s*=\s*[\"']\d+[\"']([^<>]*>\s*<(?:\w+:)?v>-?(?:\d{8,}|\d(?:\.\d+)?[eE]\+)[\d.eE+]*<)"
)


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
    """Return the worksheets with their looks, and what is to be said of formulas and errors.

    Findings: "formula" (its stored result is taken), "formula-without-value" and "error-value",
    which stop, "picture" in place of a value, "sheet-not-read". Raises `UnreadableFile`.
    """
    parts.check_all()
    listed, unknown = _worksheets(parts)
    if len(listed) > limits.SHEETS:
        raise UnreadableFile(
            _("Il file ha %(sheets)s fogli: il massimo è %(limit)s.")
            % {"sheets": grouped(len(listed)), "limit": grouped(limits.SHEETS)}
        )
    findings = [_not_read(name) for name in unknown]
    changed = _checked(parts, listed)
    # calamine refuses what is not well formed; only then is the XML searched for pairs of tags.
    if unknown:
        changed[_book(parts)] = _without_sheets(parts, unknown)
    if changed:
        content = _repacked(parts, changed)
    sheets = _values_of_all(content, parts, listed, changed)
    book, pictures = looks_of_book(parts), picture_numbers(parts)
    conditional = ConditionalStyles(parts)
    for sheet, part in zip(sheets, listed, strict=True):
        findings += _formulas_and_errors(part.name, parts.read(part.path), pictures)
        add_looks(sheet, part.path, parts, book)
        findings += follow_conditional(sheet, rules_of(parts.read(part.path), conditional))
        drawn = drawn_texts(parts, relations_of(parts, part.path))
        sheet.aside = (*drawn, *heads_of_xlsx(parts.read(part.path)))
        parts.forget(part.path)
    return sheets, findings


def _checked(parts: Parts, listed: list[_Part]) -> dict[str, bytes]:
    """Refuse more than a list can have; return the sheets to be read without their blanks."""
    cells = chars = 0
    texts = shared_items(shared_part(parts))
    lengths = [len(text) for text in texts]
    changed: dict[str, bytes] = {}
    for part in listed:
        data = parts.read(part.path)
        try:
            extent = SheetExtent(part.name, data)
            cells += extent.check(cells)
        except UnreadableFile:
            # a limit is measured on what cells hold: a blank far below holds nothing
            changed[part.path] = data = _without_blanks(data, texts)
            extent = SheetExtent(part.name, data)
            cells += extent.check(cells)
        chars += extent.chars(lengths)
        check_size(cells=0, chars=chars)
    return changed


def _book(parts: Parts) -> str:
    return next(name for name in sorted(parts.names) if _BOOK.fullmatch(name))


def _worksheets(parts: Parts) -> tuple[list[_Part], list[str]]:
    """Return the worksheets in their order, and the names of sheets nobody can read.

    Those are the macro sheets of the nineties, and sheets the file has lost. Chart sheets have no
    cells and are left out.
    """
    book = _book(parts)
    relations = {relation.key: relation for relation in relations_of(parts, book)}
    worksheets, unknown = [], []
    for element in parts.tree(book).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        key = element.get(_RELATIONSHIPS) or element.get(_STRICT_RELATIONSHIPS) or ""
        name, relation = element.get("name", ""), relations.get(key)
        if relation is None or relation.kind not in _SHEETS_OF_CELLS:
            unknown.append(name)
        elif relation.kind == "worksheet":
            is_hidden = element.get("state", "visible") != "visible"
            worksheets.append(_Part(name, relation.target, is_hidden))
    return worksheets, unknown


def _not_read(sheet: str) -> Finding:
    reason = _("Il foglio è di macro, o manca nel file: non si legge, gli altri sì.")
    return Finding("sheet-not-read", reason, sheet=sheet)


def _without_sheets(parts: Parts, names: list[str]) -> bytes:
    """Return the part that lists the sheets, without some of them."""

    def kept(found: re.Match[bytes]) -> bytes:
        name = _SHEET_NAME.search(found[0])
        text = html.unescape(name[1].decode("utf-8", "replace")) if name else ""
        return b"" if text in names else found[0]

    return _SHEET.sub(kept, parts.read(_book(parts)))


def _repacked(parts: Parts, changed: dict[str, bytes]) -> bytes:
    """Return a file of the same parts, some of them changed; pictures are left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in sorted(parts.names):
            if name.endswith((".xml", ".rels")):
                target.writestr(name, changed.get(name) or parts.read(name))
    return stream.getvalue()


def _without_blanks(data: bytes, texts: list[bytes]) -> bytes:
    """Return a sheet without the cells in which nothing but blanks is written."""
    check_cells(data)
    blank = {number for number, text in enumerate(texts) if _is_blank(text)}
    kept, start = [], 0
    for match in _CELL.finditer(data, 0, _last_end(data, b"c>")):
        inside = match[2]
        shared = _SHARED.match(match[0])
        is_blank = int(shared[1]) in blank if shared else _is_blank(inside)
        if is_blank and not _FORMULA.search(inside):
            kept.append(data[start : match.start()])
            start = match.end()
    return b"".join([*kept, data[start:]])


def _is_blank(text: bytes) -> bool:
    """Return whether there is nothing but blanks between tags."""
    return not html.unescape(_TAG.sub(b"", text).decode("utf-8", "replace")).strip()


def _formulas_and_errors(sheet: str, data: bytes, pictures: frozenset[int]) -> list[Finding]:
    if not _may_hold(data):
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
        metadata = _METADATA.search(attributes)
        if is_error and metadata and int(metadata[1]) in pictures:
            findings.append(_picture(sheet, row, column))
            continue
        result = _RESULT.search(inside, 0, _last_end(inside, b"v>"))
        text = result[1].decode("utf-8", "replace") if result else ""
        findings.append(formula_finding(sheet, row, column, text, is_error=bool(is_error)))
    return findings


def _may_hold(data: bytes) -> bool:
    """Return whether a sheet holds formulas or errors; most are seen at a glance to hold none."""
    has_formulas = (b"<f" in data or b":f" in data) and bool(_FORMULA.search(data))
    return has_formulas or ((b'"e"' in data or b"'e'" in data) and bool(_ERRORS.search(data)))


def _picture(sheet: str, row: int, column: int) -> Finding:
    reason = _("La cella contiene un’immagine, che non si legge.")
    return Finding("picture", reason, sheet=sheet, row=row, column=column)


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


def _values_of_all(
    content: bytes, parts: Parts, listed: list[_Part], changed: dict[str, bytes]
) -> list[WorkbookSheet]:
    try:
        return _values(content, listed)
    except OverflowError:
        # a number beyond all calendars in a column of hours or days: it is read as the number
        paths = {part.path for part in listed}
        read = {path: changed.get(path) or parts.read(path) for path in paths}
        plain = {path: _LARGE_NUMBER.sub(rb"\1\2", data) for path, data in read.items()}
        return _values(_repacked(parts, {**changed, **plain}), listed)


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
            _("Il foglio «%(sheet)s» ha più di %(limit)s celle unite.")
            % {"sheet": sheet, "limit": grouped(limits.MERGES)},
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
