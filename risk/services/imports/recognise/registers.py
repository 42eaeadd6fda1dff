"""Finding the registers in a file: which layout, where the heads are, which column is what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import PLACE_WIDTH, Finding, Workbook, WorkbookSheet
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.around import tables_without_process, with_places
from risk.services.imports.recognise.columns import table_at
from risk.services.imports.recognise.contexts import carried_on
from risk.services.imports.recognise.descriptions import (
    AUTO,
    DESCRIPTIONS,
    NAMES,
    PLAINEST,
)
from risk.services.imports.recognise.elsewhere import fitting
from risk.services.imports.recognise.far_heads import far_heads
from risk.services.imports.recognise.forms import form_tables, said_around
from risk.services.imports.recognise.forms_beside import forms_beside
from risk.services.imports.recognise.goes_on import continued
from risk.services.imports.recognise.heads import header_at, headers
from risk.services.imports.recognise.knowledge import Knowledge
from risk.services.imports.recognise.legends import legends_of
from risk.services.imports.recognise.legends_beside import legends_beside
from risk.services.imports.recognise.places import Place, places_of
from risk.services.imports.recognise.rejoining import rejoined_texts
from risk.services.imports.recognise.summaries import is_summary, parted, summary_findings
from risk.services.imports.recognise.tables import FileTable, Recognised
from risk.services.imports.recognise.told import turned_findings, unread_titles
from risk.workbooks import rowids

_FEWEST_ROLES = 3
"""Roles of a table that is read though the others of its file are laid out otherwise."""


def recognise(
    workbook: Workbook,
    layout: str = AUTO,
    knowledge: Knowledge | None = None,
    header_rows: Mapping[str, int] | None = None,
) -> Recognised:
    """Return the tables of a file and what their columns mean; nothing is dropped silently.

    `layout` is one of `NAMES`; "auto" tries them all. `header_rows` is the row of the heads by
    sheet, from 1, where a person has said it: there is then a table, whatever its heads. Findings:
    those of the file, "rejoined-words" and "no-table" (which stops) when no register was found. A
    file of ours, told by the ids of its rows, has its layout and is read as it stands.
    """
    if layout not in NAMES:
        raise ValueError(f"unknown layout: {layout}")
    knowledge = knowledge or Knowledge()
    ids = _ids(workbook)
    if ids:
        # what foreign heads and the names of sheets may mean has no say here
        knowledge = Knowledge(indicators=knowledge.indicators, is_ours=True)
        layout = ids.origin.layout if layout == AUTO and ids.origin.layout in NAMES else layout
    written = [sheet for sheet in workbook.sheets if sheet.rows]
    visible = [sheet for sheet in written if not sheet.hidden]
    named_heads = {
        sheet.name: row
        for sheet in visible
        if 0 < (row := (header_rows or {}).get(sheet.name, 0)) <= len(sheet.rows)
    }
    is_document = workbook.format == "docx"
    name, tables = _found(visible, layout, knowledge, named_heads, is_document=is_document)
    tables, aside = (tables, []) if ids else parted(tables)
    read = {table.sheet.name for table in tables}
    left_out = {
        sheet.name: _("foglio nascosto") if sheet.hidden else _("nessuna tabella riconosciuta")
        for sheet in written
        if sheet.name not in read and not (ids and sheet.name in (rowids.SHEET, rowids.LISTS))
    }
    legends = () if ids else legends_of(sheet for sheet in visible if sheet.name in left_out)
    left_out |= {one.sheet: _("letto come legenda dei codici") for one in legends}
    legends = (*legends, *(() if ids else legends_beside(tables)))
    tables = [_as_it_stands(table) for table in tables] if ids else with_places(tables, knowledge)
    joined = {} if ids else rejoined_texts(_texts(tables), knowledge.texts)
    findings = [*workbook.findings, *_rejoined_findings(tables, joined)]
    findings += [] if ids else filter(None, map(unread_titles, tables))
    findings += [*turned_findings(tables), *summary_findings(aside)]
    if not tables:
        # of several files it is said which one
        file = next((sheet.file for sheet in workbook.sheets), "")
        findings.append(Finding("no-table", _no_table(layout), file, stops=True))
    return Recognised(
        *(workbook, name, tuple(tables), tuple(findings), left_out, joined, ids, legends),
        aside=tuple(aside),
    )


def _found(
    sheets: list[WorkbookSheet],
    layout: str,
    knowledge: Knowledge,
    named_heads: Mapping[str, int],
    *,
    is_document: bool,
) -> tuple[str, list[FileTable]]:
    """Return the layout of a file, and its tables: those of other layouts too, where it is open."""
    name, tables = _near_or_far(sheets, layout, knowledge, named_heads, is_document=is_document)
    if named_heads:
        name, tables = _with_named_heads(sheets, name, tables, knowledge, named_heads)
    if knowledge.is_ours:
        return name, tables
    if tables and layout == AUTO:
        tables = _with_other_layouts(sheets, tables, knowledge, is_document=is_document)
    if not tables and layout in (AUTO, PLAINEST):
        tables = tables_without_process(sheets, knowledge)
        name = tables[0].layout if tables else name
    return name, tables


def _near_or_far(
    sheets: list[WorkbookSheet],
    layout: str,
    knowledge: Knowledge,
    named_heads: Mapping[str, int],
    *,
    is_document: bool,
) -> tuple[str, list[FileTable]]:
    """Return layout and tables; where no heads stand near, those far down a sheet are tried."""
    best = _best(sheets, layout, knowledge, named_heads, is_document=is_document)
    if best[1] or named_heads:
        return best
    kinds = DESCRIPTIONS.values() if layout == AUTO else [DESCRIPTIONS[layout]]
    known = [(one, knowledge.names(one.name)) for one in kinds if not one.is_blocks]
    below = far_heads(sheets, known)
    return _best(sheets, layout, knowledge, below, is_document=is_document) if below else best


def _ids(workbook: Workbook) -> rowids.RowIds | None:
    """Return the ids of the rows of a file of ours, None for any other."""
    hidden = (sheet.rows for sheet in workbook.sheets if sheet.name == rowids.SHEET)
    return next((rowids.parse(rows) for rows in hidden), None)


def _as_it_stands(table: FileTable) -> FileTable:
    """Return a table of ours: cells are taken to the letter, and a sheet's name means nothing."""
    context = {name: cell for name, cell in table.context.items() if cell.row}
    return replace(table, context=context, exact=True)


def _best(
    sheets: list[WorkbookSheet],
    layout: str,
    knowledge: Knowledge,
    named_heads: Mapping[str, int],
    *,
    is_document: bool,
) -> tuple[str, list[FileTable]]:
    """Return the layout whose tables mean most, and its tables."""
    layouts = list(DESCRIPTIONS) if layout == AUTO else [layout]
    best: tuple[str, list[FileTable]] = (layout, [])
    best_score = 0.0
    for name in layouts:
        if DESCRIPTIONS[name].is_blocks:
            tables = list(_forms(sheets, name, knowledge, is_document=is_document))
        else:
            tables = _tables(sheets, name, knowledge, named_heads, is_document=is_document)
        score = sum(_score(table) for table in tables)
        if score > best_score + 0.01:
            best, best_score = (name, tables), score
    return best


def _forms(
    sheets: Iterable[WorkbookSheet], layout: str, knowledge: Knowledge, *, is_document: bool
) -> Iterator[FileTable]:
    """Return the forms of some sheets; what a document says above one holds for those below."""
    names, said = knowledge.names(layout), dict[str, FileCell]()
    for sheet in sheets:
        said = said_around(sheet, names, knowledge.vocabulary, said if is_document else {})
        for part, span in forms_beside(sheet, names):
            for table in form_tables(part, names, layout, said):
                yield replace(table, span=span) if span else table


def _with_other_layouts(
    sheets: list[WorkbookSheet],
    tables: list[FileTable],
    knowledge: Knowledge,
    *,
    is_document: bool,
) -> list[FileTable]:
    """Return tables with those of the sheets that are laid out otherwise than the others.

    Such a sheet says its processes and something of each: lists and legends stay out.
    """
    read = {table.sheet.name for table in tables}
    found = []
    for sheet in sheets:
        if sheet.name not in read:
            _name, own = _best([sheet], AUTO, knowledge, {}, is_document=is_document)
            found += [table for table in own if _score(table) >= _FEWEST_ROLES]
    order = [sheet.name for sheet in sheets]
    return sorted([*tables, *found], key=lambda table: order.index(table.sheet.name))


def _score(table: FileTable) -> float:
    if is_summary(table):
        return 0.0
    # A block of labels means its labels; a long sheet of them is not worth more than a table.
    filled = [cell for cell in table.context.values() if cell.value is not None]
    return sum(column.confidence for column in table.heads if column.field) + len(filled)


def _with_named_heads(
    sheets: list[WorkbookSheet],
    layout: str,
    tables: list[FileTable],
    knowledge: Knowledge,
    named_heads: Mapping[str, int],
) -> tuple[str, list[FileTable]]:
    """Return layout and tables with those whose heads mean nothing by themselves, in order."""
    name = PLAINEST if layout == AUTO or DESCRIPTIONS[layout].is_blocks else layout
    names = knowledge.names(name)
    read = {table.sheet.name for table in tables}
    more = [
        table_at(
            Place(sheet, header_at(sheet, names, named_heads[sheet.name])), name, names, knowledge
        )
        for sheet in sheets
        if sheet.name in named_heads and sheet.name not in read
    ]
    order = [sheet.name for sheet in sheets]
    tables = sorted([*tables, *more], key=lambda table: order.index(table.sheet.name))
    return name if more else layout, tables


def _tables(
    sheets: list[WorkbookSheet],
    layout: str,
    knowledge: Knowledge,
    named_heads: Mapping[str, int],
    *,
    is_document: bool,
) -> list[FileTable]:
    """Return the tables of one layout; what a document says above one holds for those below."""
    own, names = DESCRIPTIONS[layout], knowledge.names(layout)
    tables: list[FileTable] = []
    last: WorkbookSheet | None = None
    for sheet in sheets:
        is_next = bool(tables) and tables[-1].sheet is last
        last = sheet
        before = tables[-1].context if tables and is_document else {}
        fits = fitting(own, names, knowledge.vocabulary, before)
        offered = headers(sheet, names)
        if sheet.name in named_heads:
            offered = iter([header_at(sheet, names, named_heads[sheet.name])])
        candidates = [header for header in offered if fits(sheet, header, 1)]
        if candidates:
            if sheet.name in named_heads or knowledge.is_ours:
                places = [Place(sheet, max(candidates, key=lambda one: one.score))]
            else:
                places = places_of(sheet, candidates, names, fits)
            tables += _tables_at(places, layout, knowledge, before)
        elif is_next:
            tables += filter(None, [continued(tables[-1], sheet, is_document=is_document)])
    return tables


def _tables_at(
    places: Sequence[Place], layout: str, knowledge: Knowledge, above: Mapping[str, FileCell]
) -> Iterator[FileTable]:
    """Return the tables of one sheet; what is said above all of them holds for those below too."""
    names = knowledge.names(layout)
    for place in places:
        table = table_at(place, layout, names, knowledge)
        if place.top > 1 or above:
            mapped = {column.field for column in table.columns}
            table = replace(table, context=carried_on(above, table.context, mapped))
        above = table.context
        yield table


def _texts(tables: Iterable[FileTable]) -> set[str]:
    """Return the texts of the columns read and of what stands over them."""
    texts: set[str] = set()
    for table in tables:
        columns = [column - 1 for column in table.mapping]
        for cells in table.sheet.rows:
            width = len(cells)
            texts.update(text for c in columns if c < width and (text := cells[c]).__class__ is str)
        texts.update(cell.value for cell in table.context.values() if isinstance(cell.value, str))
    return texts


def _rejoined_findings(tables: Iterable[FileTable], joined: Mapping[str, str]) -> list[Finding]:
    """Say once for each text what was joined, at its first place."""
    if not joined:
        return []
    findings: dict[str, Finding] = {}
    for table in tables:
        for row, cells in enumerate(table.sheet.rows, 1):
            for column, value in enumerate(cells, 1):
                if value.__class__ is str and value in joined and value not in findings:
                    findings[value] = Finding(
                        "rejoined-words",
                        _("Parole spezzate da una colonna stretta, riunite: «%(text)s».")
                        % {"text": joined[value][:PLACE_WIDTH]},
                        sheet=table.sheet.name,
                        row=row,
                        column=column,
                        value=value[:PLACE_WIDTH],
                    )
    return list(findings.values())


def _no_table(layout: str) -> str:
    if layout == AUTO:
        return _(
            "In nessun foglio c’è una riga di titoli di colonna che dica dove stanno i processi: "
            "controlla i titoli, per esempio «Processo», «Area di rischio», «Livello di rischio», "
            "o indica la riga dei titoli (con il comando: --header-row)."
        )
    return _("Nessun foglio ha i titoli di colonna di questo modello: prova con «automatico».")
