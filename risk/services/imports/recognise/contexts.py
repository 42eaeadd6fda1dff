"""What titles, bands and the names of sheets say of all rows: the office, the area, the process."""

import re
from collections.abc import Collection, Mapping

from registry.spreadsheets.workbook import Value, WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.heads import Names
from risk.workbooks.fields import FIELDS, bare

_LABELLED = re.compile(r"\s*([^:\n]{2,80}?)\s*:\s*(.*)", re.DOTALL)
# Area letters are no label: "D) Contratti pubblici" is a whole area.
_AREA = re.compile(r"\s*area(?:\s+di\s+rischio)?\s+(?![^:]*:)(.*)", re.IGNORECASE | re.DOTALL)
# In a title the letter is the file's own: only the words say which area is meant.
_TITLE_AREA = re.compile(
    r"\s*area di rischio\s+(?:[a-z]{1,2}|\d{1,2})\s*[:.)–—-]\s*(\S.*)", re.IGNORECASE
)
OF_ALL_ROWS = frozenset({"office", "risk_area", "macroprocess", "function"})


def labelled(text: str, names: Names) -> tuple[str, str]:
    """Return our field and the value of "UFFICIO: Servizi informativi"; ("", "") for no label."""
    if match := _LABELLED.match(text):
        name = names.exact(match[1])
        if name:
            return name, match[2].strip()
    return "", ""


def band_of(text: str, names: Names) -> tuple[str, str]:
    """Return what a band over the rows below says: a label, or "AREA D …"; else ("", "")."""
    name, value = labelled(text, names)
    if name in OF_ALL_ROWS and value:
        return name, value
    if (match := _AREA.fullmatch(text)) and match[1].strip():
        return "risk_area", match[1].strip(" -–—")
    return "", ""


def context_of(
    sheet: WorkbookSheet,
    header_row: int,
    names: Names,
    vocabulary: Mapping[str, Collection[str]],
    top: int = 1,
) -> tuple[dict[str, FileCell], tuple[tuple[int, str], ...]]:
    """Return what stands over the heads from a row on: the fields it gives, and all its texts.

    The name of the sheet counts where it is an office or area of the vocabulary, or says it is one
    ("Area D"), and nothing nearer says otherwise.
    """
    context: dict[str, FileCell] = {}
    titles: list[tuple[int, str]] = []
    name, value = _sheet_meaning(sheet.name, names, vocabulary)
    if name:
        context[name] = FileCell(value, sheet.name, sheet.name, 0, 0, "context")
    places = [(0, 0, text) for text in sheet.before] if top == 1 else []
    for row in range(top, header_row):
        written = enumerate(sheet.rows[row - 1], 1)
        places += [(row, column, shown(cell)) for column, cell in written if cell is not None]
    for index, (row, column, text) in enumerate(places):
        titles.append((row, " ".join(text.split())))
        # "ALLEGATO PTPCT" and "UFFICIO: …" may stand in one cell, on two lines.
        for line in text.split("\n"):
            name, value_here = title_of(line, names)
            if name in OF_ALL_ROWS and not value_here and index + 1 < len(places):
                following = places[index + 1]
                value_here = following[2] if following[0] == row else ""
            if name in OF_ALL_ROWS and value_here:
                context[name] = FileCell(value_here, text, sheet.name, row, column, "context")
    return context, tuple(titles)


def title_of(line: str, names: Names) -> tuple[str, str]:
    """Return what a line over the heads says: a label, or "AREA DI RISCHIO B: Contratti"."""
    if match := _TITLE_AREA.fullmatch(line):
        return "risk_area", match[1].strip()
    return labelled(line, names)


def _sheet_meaning(
    name: str, names: Names, vocabulary: Mapping[str, Collection[str]]
) -> tuple[str, str]:
    band = band_of(name, names)
    if band[0]:
        return band
    glued = bare(name).replace(" ", "")
    for field_name in ("office", "risk_area"):
        if any(glued == bare(text).replace(" ", "") for text in vocabulary.get(field_name, ())):
            return field_name, name
    return "", ""


def is_group(name: str) -> bool:
    """Return whether a field belongs to the process rather than to one of its rows."""
    return name in FIELDS and FIELDS[name].group


def text_of(value: Value) -> str:
    """Return a value on one line."""
    return " ".join(shown(value).split())
