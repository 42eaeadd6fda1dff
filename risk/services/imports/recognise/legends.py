"""The legends of a file: sheets that say what its short codes stand for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.normalise import fold
from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.workbooks.fields import bare

_LONGEST_CODE, _SHORTEST_TEXT = 3, 4
NAMED = ("legenda", "legende", "codici", "sigle", "abbreviazioni", "codifica")
"""Words over a legend."""
_SAYS = {"risk_area": " are", "measures": " misur", "office": " uffic", "factors": " fattor"}
"""Beginnings of the words by which a legend says of which field its codes are."""


@dataclass(frozen=True, slots=True)
class Legend:
    """What the codes on a sheet stand for, by folded code. `field` is "" where it says no field."""

    sheet: str
    entries: Mapping[str, str]
    field: str = ""


def code_of(text: str) -> str:
    """Return a text as the code of a legend: "a)" and "A." are "a"."""
    return fold(text).strip(" .):–-")


def legends_of(sheets: Iterable[WorkbookSheet]) -> tuple[Legend, ...]:
    """Return the legends among sheets that hold no register."""
    return tuple(filter(None, map(legend_of, sheets)))


def legend_of(sheet: WorkbookSheet) -> Legend | None:
    """Return what the rows of a sheet say of codes, None where it is no legend."""
    rows = [[shown(value).strip() for value in row if value is not None] for row in sheet.rows]
    pairs = [row for row in rows if len(row) == 2]
    entries = {
        code_of(code): text
        for code, text in pairs
        if 0 < len(code_of(code)) <= _LONGEST_CODE < _SHORTEST_TEXT <= len(text)
    }
    is_named = any(word in bare(sheet.name).split() for word in NAMED)
    others = sum(1 for row in rows if row) - len(entries)
    # a title and a row of heads may stand over them
    if len(entries) < 2 or others > (len(entries) if is_named else 2):
        return None
    heads = [text for row in rows for text in row if text not in entries.values()]
    words = f" {bare(' '.join([sheet.name, *heads]))}"
    names = [name for name, beginning in _SAYS.items() if beginning in words]
    return Legend(sheet.name, entries, names[0] if len(names) == 1 else "")
