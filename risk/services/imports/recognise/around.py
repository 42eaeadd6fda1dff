"""What stands around a table and may say more than is read: bands, titles, paragraphs, the sheet.

What nobody but a person can tell is offered to them as a place that may say a role; where a table
lacks its process, the place that most likely says it is asked about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import Value, WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.columns import table_at
from risk.services.imports.recognise.contexts import band_of
from risk.services.imports.recognise.descriptions import AUTO, DESCRIPTIONS, FORMS, PLAINEST, Said
from risk.services.imports.recognise.elsewhere import bands_below
from risk.services.imports.recognise.forms import form_tables, said_around
from risk.services.imports.recognise.heads import Header, Names, headers
from risk.services.imports.recognise.knowledge import Knowledge
from risk.services.imports.recognise.neighbours import GUESS
from risk.services.imports.recognise.places import Place
from risk.services.imports.recognise.tables import FileTable, SaidPlace
from risk.workbooks.fields import bare

_HEADS = 80
_TEXT = 120
"""Characters of a text that may say a role; a longer one is a note."""
_TITLES = 8
"""Titles over a table that are offered, the nearest ones."""
_GENERIC = re.compile(r"(?:foglio|sheet|tabella|table|pagina|feuille|blatt)?\s*\d*", re.IGNORECASE)


def with_places(tables: Sequence[FileTable], knowledge: Knowledge) -> list[FileTable]:
    """Return the tables with the places around them that may say a role."""
    is_one_of_many = len({table.key for table in tables}) > 1
    entries = {
        name: {_glued(text) for text in knowledge.vocabulary.get(name, ())}
        for name in ("office", "risk_area", "macroprocess")
    }
    found = []
    for table in tables:
        if not (DESCRIPTIONS[table.layout].is_blocks or table.exact):
            known = {place.cells for place in table.said}
            places = [one for one in _places(table, is_one_of_many) if one.cells not in known]
            places = [_in_lists(place, entries) for place in places]
            said = (*table.said, *_remembered(places, knowledge))
            table = replace(table, said=said, bands=_bands(table, knowledge))
        found.append(table)
    return found


def _in_lists(place: SaidPlace, entries: Mapping[str, set[str]]) -> SaidPlace:
    """Return a place as said by a list of the body, where all its texts are entries of one."""
    texts = {_glued(cell.text) for cell in place.cells}
    for name, known in entries.items():
        if place.where != Said.TABLE and texts and texts <= known:
            return replace(place, field=name, confidence=1.0)
    return place


def _glued(text: str) -> str:
    return bare(text).replace(" ", "")


def _bands(table: FileTable, knowledge: Knowledge) -> frozenset[str]:
    """Return the roles bands say by their words, where nothing else says the process."""
    if "process_title" in {*table.mapping.values(), *table.context}:
        return frozenset()
    names = knowledge.names(table.layout)
    return frozenset(bands_below(table.sheet, table.first_row, names))


def tables_without_process(
    sheets: Sequence[WorkbookSheet], knowledge: Knowledge
) -> list[FileTable]:
    """Return the tables in which nothing surely says the process, with what may say it."""
    names = knowledge.names(PLAINEST)
    found = []
    for sheet in sheets:
        offered = [one for one in headers(sheet, names) if _lacks_process(one)]
        if not offered:
            continue
        header = max(offered, key=lambda one: one.score)
        table = table_at(Place(sheet, header), PLAINEST, names, knowledge)
        if place := _likely_process(table, names):
            rows = frozenset(cell.row for cell in place.cells)
            is_band = place.where == Said.BAND
            place = next(iter(_remembered([place], knowledge)))
            found.append(replace(table, said=(place,), band_rows=rows if is_band else frozenset()))
    return found or _forms_without_process(sheets, knowledge)


def _forms_without_process(
    sheets: Sequence[WorkbookSheet], knowledge: Knowledge
) -> list[FileTable]:
    """Return the forms that do not name their process: the title over each, or its sheet, may."""
    names = knowledge.names(FORMS)
    tables = [
        table
        for sheet in sheets
        for around in [said_around(sheet, names, knowledge.vocabulary, {})]
        for table in form_tables(sheet, names, FORMS, around, is_named=False)
    ]
    titles = {table.sheet.name: _title_of_form(table) for table in tables}
    texts = [cell.text for cell in titles.values() if cell]
    found = []
    for table in tables:
        title = titles[table.sheet.name]
        place = _sheet_name(table)
        # what stands over every form names none of them
        if title and (texts.count(title.text) == 1 or not place):
            value = _("Testo sopra «%(heads)s»") % _heads(table)
            place = SaidPlace(Said.ABOVE, value, (title,))
        if place:
            place = replace(place, field="process_title", confidence=GUESS)
            found.append(replace(table, said=tuple(_remembered([place], knowledge))))
    return found


def _title_of_form(table: FileTable) -> FileCell | None:
    """Return the text alone on its row that stands nearest over the first label of a form."""
    first = min((one.label.row for one in table.labels if one.label), default=1)
    for row in range(first - 1, 0, -1):
        written = [value for value in table.sheet.rows[row - 1] if value is not None]
        if len(written) == 1 and isinstance(written[0], str) and len(written[0]) <= _TEXT:
            return _cell_of(table.sheet, row, " ".join(written[0].split()))
    return None


def _lacks_process(header: Header) -> bool:
    fields = header.fields
    return header.known > 1 and "behaviours" in fields and "process_title" not in fields


def _likely_process(table: FileTable, names: Names) -> SaidPlace | None:
    """Return what most likely says the processes: bands, else a title, else the sheet."""
    if bands := list(_lone_texts(table, names)):
        return SaidPlace(Said.BAND, _bands_of(table), tuple(bands), "process_title", GUESS)
    titles = [one for one in _places(table, is_one_of_many=False) if one.where == Said.ABOVE]
    if titles:
        value = _("Testo sopra «%(heads)s»") % _heads(table)
        return SaidPlace(Said.ABOVE, value, titles[-1].cells, "process_title", GUESS)
    if place := _sheet_name(table):
        return replace(place, field="process_title", confidence=GUESS)
    return None


def _lone_texts(table: FileTable, names: Names) -> Iterator[FileCell]:
    """Return the texts alone on their rows over rows that are filled, in the first column."""
    first = min(table.mapping, default=1)
    rows = table.sheet.rows[: table.last_row or None]
    alone: tuple[int, Value] | None = None
    for row, cells in enumerate(rows[table.first_row - 1 :], table.first_row):
        written = [(column, value) for column, value in enumerate(cells, 1) if value is not None]
        if len(written) == 1 and written[0][0] <= first and isinstance(written[0][1], str):
            alone = None if band_of(written[0][1], names) else (row, written[0][1])
        elif len(written) > 1 and alone:
            yield FileCell(alone[1], alone[1], table.sheet.name, alone[0], first, "context")
            alone = None


def _places(table: FileTable, is_one_of_many: bool) -> Iterator[SaidPlace]:
    for row, text in table.unread[-_TITLES:]:
        if len(text) <= _TEXT:
            cell = _cell_of(table.sheet, row, text)
            yield SaidPlace(Said.ABOVE, text, (cell,))
    if bands := tuple(_wide_texts(table)):
        yield SaidPlace(Said.BAND, _bands_of(table), bands)
    if place := _sheet_name(table):
        yield place
    if is_one_of_many:
        cell = _cell_of(table.sheet, 0, table.key)
        yield SaidPlace(Said.TABLE, _("Tabella «%(heads)s»") % _heads(table), (cell,))


def _wide_texts(table: FileTable) -> Iterator[FileCell]:
    """Return the texts merged over half of a table or more, under its heads."""
    sheet = table.sheet
    last = table.last_row or len(sheet.rows)
    least = max(3, sheet.width / 2)
    wide = (one for one in sheet.merges if one.right - one.left + 1 >= least)
    for merge in sorted(wide, key=lambda one: one.top):
        if merge.top == merge.bottom and table.first_row <= merge.top <= last:
            value = sheet.value(merge.top, merge.left)
            if isinstance(value, str) and len(value) <= _TEXT:
                yield FileCell(value, value, sheet.name, merge.top, merge.left, "context")


def _sheet_name(table: FileTable) -> SaidPlace | None:
    """Return the name of the sheet where it says more than that it is one, and is not read."""
    name = table.sheet.name
    is_read = any(not cell.row and cell.raw == name for cell in table.context.values())
    if is_read or _GENERIC.fullmatch(name.strip()):
        return None
    cell = FileCell(name, name, name, 0, 0, "context")
    return SaidPlace(Said.SHEET, _("Nomi dei fogli di «%(heads)s»") % _heads(table), (cell,))


def _bands_of(table: FileTable) -> str:
    return _("Fasce di «%(heads)s»") % _heads(table)


def _heads(table: FileTable) -> dict[str, str]:
    columns = table.heads or table.labels
    heads = ", ".join(" ".join(one.head.split()) for one in columns if one.head)
    return {"heads": short(heads, _HEADS)}


def _cell_of(sheet: WorkbookSheet, row: int, text: str) -> FileCell:
    """Return the cell of a text on a row; a paragraph and the name of a sheet have none."""
    cells = sheet.rows[row - 1] if row else []
    column = next(
        (c for c, value in enumerate(cells, 1) if " ".join(shown(value).split()) == text), 0
    )
    return FileCell(text, text, sheet.name, row, column, "context")


def _remembered(places: Iterable[SaidPlace], knowledge: Knowledge) -> Iterator[SaidPlace]:
    """Return places with the roles somebody has given them in a file like this one."""
    known: Mapping[str, str] = {
        bare(heading): role
        for layout in (AUTO, *DESCRIPTIONS)
        for heading, role in knowledge.remembered.get(layout, {}).items()
    }
    for place in places:
        role = known.get(bare(place.value))
        yield place if role is None else replace(place, field=role, confidence=1.0)
