"""What titles, paragraphs, bands and the names of sheets say of all rows: office, area, process."""

import re
from collections.abc import Collection, Mapping

from registry.spreadsheets.workbook import Value, WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.descriptions import WHOLES
from risk.services.imports.recognise.heads import Names
from risk.workbooks.fields import FIELDS, bare

_LABELLED = re.compile(r"\s*([^:\n]{2,80}?)\s*:\s*(.*)", re.DOTALL)
# "Ufficio – Tributi": a stroke between blanks does as well, where a whole is said.
_DASHED = re.compile(r"\s*([^:\n–—]{2,60}?)\s+[-–—]\s+(\S.*)", re.DOTALL)
# "Macroprocesso 1 – Organici", "FUNZIONE N. 2: Bilancio": the number counts them, and names none.
_COUNTED = re.compile(r"(.+?)\s+(?:nr?\s*[.°º]?\s*)?\d{1,3}", re.IGNORECASE)
_ARE_COUNTED = frozenset({"function", "macroprocess"})
# Area letters are no label: "D) Contratti pubblici" is a whole area.
_AREA = re.compile(r"\s*area(?:\s+di\s+rischio)?\s+(?![^:]*:)(.*)", re.IGNORECASE | re.DOTALL)
_KINDS_OF_AREA = r"(?:\s+(?:generale|generali|specifica|specifiche|obbligatoria|ulteriore))?"
# In a title the letter is the file's own: only the words say which area is meant.
_TITLE_AREA = re.compile(
    rf"\s*area di rischio{_KINDS_OF_AREA}\s+(?:[a-z]{{1,2}}|\d{{1,2}})\s*[:.)–—-]\s*(\S.*)",
    re.IGNORECASE,
)
# "AREA A: Personale": a letter behind the bare word is that of an area of risk as well.
_LETTERED_AREA = re.compile(r"\s*area\s+[a-z]\s*[:.)–—-]\s*(\S.*)", re.IGNORECASE)
# «Area di rischio generale “ACQUISIZIONE DEL PERSONALE” (AO1)»
_QUOTED_AREA = re.compile(
    rf"\s*area (?:di|a) rischio{_KINDS_OF_AREA}\s*[:–—-]?\s*[“”«\"'‘](.+?)[”“»\"'’]"
    r"\s*(?:\([^()]*\))?\W*",
    re.IGNORECASE,
)
_KIND_OF_AREA = re.compile(rf"\s*area (?:di|a) rischio{_KINDS_OF_AREA}\s*:\s*(\S.*)", re.IGNORECASE)
# "PROCESSO NUMERO: 3 Rilascio…", "Processo n. 3", "SCHEDA N°01 mappatura…"
_NUMBERED = re.compile(
    r"\s*(?:scheda\s+(?:del\s+)?)?(?:processo|scheda)\s*"
    r"(?:numero|num\.?|nr?\s*[.°º]?)\s*[:.]?\s*(\d{1,6})\s*[-–:.)]?\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)


def labelled(text: str, names: Names) -> tuple[str, str]:
    """Return our field and the value of "UFFICIO: Servizi informativi"; ("", "") for no label."""
    if match := _LABELLED.match(text):
        name = _label(match[1], names)
        if name:
            return name, match[2].strip()
    if (match := _DASHED.fullmatch(text)) and (name := _label(match[1], names)) in WHOLES:
        return name, match[2].strip()
    return "", ""


def _label(text: str, names: Names) -> str:
    """Return our field for a label, also one with a number that only counts what it names."""
    name = names.exact(text)
    if not name and (match := _COUNTED.fullmatch(text)):
        name = names.exact(match[1])
        return name if name in _ARE_COUNTED else ""
    return name


def numbered_process(text: str) -> tuple[int, str] | None:
    """Return number and title of "Processo n. 3 – Concorsi", None for any other text."""
    match = _NUMBERED.match(text)
    return (int(match[1]), " ".join(match[2].split())) if match else None


def plain_area(value: str) -> str:
    """Return what an area is called, without the word: "AREA A – PERSONALE" is "A – PERSONALE"."""
    match = _AREA.fullmatch(value)
    return match[1].strip(" -–—") if match and match[1].strip(" -–—") else value


def band_of(text: str, names: Names) -> dict[str, Value]:
    """Return what a band over the rows below says: a label, "AREA D …", "Processo n. 3 …"."""
    if said := _process(text):
        return said
    name, value = labelled(text, names)
    if name in WHOLES and value:
        return {name: plain_area(value) if name == "risk_area" else value}
    area = plain_area(text)
    return {"risk_area": area} if area != text else {}


def title_of(line: str, names: Names) -> dict[str, Value]:
    """Return what a line over the heads says: a label, or "AREA DI RISCHIO B: Contratti".

    A label with nothing behind it says "": the value may stand in the next cell.
    """
    for kind in (_TITLE_AREA, _LETTERED_AREA, _QUOTED_AREA, _KIND_OF_AREA):
        if match := kind.fullmatch(line):
            return {"risk_area": plain_area(match[1].strip())}
    if said := _process(line):
        return said
    name, value = labelled(line, names)
    if name not in WHOLES:
        return {}
    return {name: plain_area(value) if name == "risk_area" else value}


def _process(text: str) -> dict[str, Value]:
    """Return number and title of a process that is said with both."""
    found = numbered_process(text)
    if found is None or not found[1]:
        return {}
    return {"process_number": found[0], "process_title": found[1]}


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
    for name, value in _sheet_meaning(sheet.own_name, names, vocabulary).items():
        context[name] = FileCell(value, sheet.own_name, sheet.name, 0, 0, "context")
    places = [(0, 0, text) for text in sheet.before] if top == 1 else []
    for row in range(top, header_row):
        written = enumerate(sheet.rows[row - 1], 1)
        places += [(row, column, shown(cell)) for column, cell in written if cell is not None]
    for index, (row, column, text) in enumerate(places):
        titles.append((row, " ".join(text.split())))
        # "ALLEGATO PTPCT" and "UFFICIO: …" may stand in one cell, on two lines.
        for line in text.split("\n"):
            for name, said in title_of(line, names).items():
                if said == "" and index + 1 < len(places) and places[index + 1][0] == row:
                    said = places[index + 1][2]
                if said != "":
                    context[name] = FileCell(said, text, sheet.name, row, column, "context")
    return context, tuple(titles)


def carried_on(
    before: Mapping[str, FileCell], own: Mapping[str, FileCell], columns: Collection[str]
) -> dict[str, FileCell]:
    """Return the context of a table under another one: what is said above holds for those below.

    Whatever begins anew, office or area, ends the process before; a column says it for its rows.
    """
    kept = {name: cell for name, cell in before.items() if name not in columns}
    if any(before.get(name) != cell for name, cell in own.items()):
        kept = {name: cell for name, cell in kept.items() if not name.startswith("process_")}
    return {**kept, **own}


def _sheet_meaning(
    name: str, names: Names, vocabulary: Mapping[str, Collection[str]]
) -> dict[str, Value]:
    if band := band_of(name, names):
        return band
    glued = bare(name).replace(" ", "")
    for field_name in ("office", "risk_area"):
        if any(glued == bare(text).replace(" ", "") for text in vocabulary.get(field_name, ())):
            return {field_name: name}
    return {}


def is_group(name: str) -> bool:
    """Return whether a field belongs to the process rather than to one of its rows."""
    return name in FIELDS and FIELDS[name].group
