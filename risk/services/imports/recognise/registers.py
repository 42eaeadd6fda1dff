"""Finding the registers in a file: which layout, where the heads are, which column is what."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import PLACE_WIDTH, Finding, Workbook, WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.blocks import block_tables
from risk.services.imports.recognise.contexts import context_of
from risk.services.imports.recognise.crossed import crossed_columns
from risk.services.imports.recognise.heads import Names, header_at, headers
from risk.services.imports.recognise.legends import legends_of
from risk.services.imports.recognise.neighbours import settled_by_values
from risk.services.imports.recognise.places import Place, places_of
from risk.services.imports.recognise.positions import heads_by_column
from risk.services.imports.recognise.rejoining import rejoined_texts
from risk.services.imports.recognise.tables import FileColumn, FileTable, Recognised
from risk.workbooks import rowids
from risk.workbooks.fields import bare
from risk.workbooks.layouts import AUTO, FILE_LAYOUTS, NAMES, PLAINEST, heads_of

SAMPLES = 3
_TOLD = 5
"""Texts over a table that are quoted when they are not read."""
_SAMPLE_WIDTH = 80
_SAMPLE_ROWS = 200
_LONGEST_INDEX = 3
"""Letters of a cell in the row that numbers the columns ("A", "B", "(3)")."""
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "abcdefghilmnopqrstuvz")
"""The letters columns are named by: as in a sheet, and as Italians count."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the body knows beside the file; everything may be empty.

    `vocabulary`: by field, the texts of its catalogues and their other spellings. `indicators`:
    code and label of those its methods have. `remembered`: by layout ("auto" for all), our field
    by head, as somebody once chose ("" for a column left out knowingly). `is_ours`: the file is one
    of ours, with one table a sheet.
    """

    vocabulary: Mapping[str, Collection[str]] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_ours: bool = False

    @property
    def texts(self) -> list[str]:
        return [text for texts in self.vocabulary.values() for text in texts]


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
    name, tables = _best(visible, layout, knowledge, named_heads)
    if named_heads:
        name, tables = _with_named_heads(visible, name, tables, knowledge, named_heads)
    read = {table.sheet.name for table in tables}
    left_out = {
        sheet.name: _("foglio nascosto") if sheet.hidden else _("nessuna tabella riconosciuta")
        for sheet in written
        if sheet.name not in read and not (ids and sheet.name in (rowids.SHEET, rowids.LISTS))
    }
    legends = () if ids else legends_of(sheet for sheet in visible if sheet.name in left_out)
    left_out |= {one.sheet: _("letto come legenda dei codici") for one in legends}
    if ids:
        tables = [_as_it_stands(table) for table in tables]
    joined = {} if ids else rejoined_texts(_texts(tables), knowledge.texts)
    findings = [*workbook.findings, *_rejoined_findings(tables, joined)]
    findings += [] if ids else filter(None, map(_unread_titles, tables))
    if not tables:
        findings.append(Finding("no-table", _no_table(layout), stops=True))
    return Recognised(
        workbook, name, tuple(tables), tuple(findings), left_out, joined, ids, legends
    )


def _ids(workbook: Workbook) -> rowids.RowIds | None:
    """Return the ids of the rows of a file of ours, None for any other."""
    hidden = (sheet.rows for sheet in workbook.sheets if sheet.name == rowids.SHEET)
    return next((rowids.parse(rows) for rows in hidden), None)


def _as_it_stands(table: FileTable) -> FileTable:
    """Return a table of ours: cells are taken to the letter, and a sheet's name means nothing."""
    context = {name: cell for name, cell in table.context.items() if cell.row}
    return replace(table, context=context, exact=True)


def _best(
    sheets: list[WorkbookSheet], layout: str, knowledge: Knowledge, named_heads: Mapping[str, int]
) -> tuple[str, list[FileTable]]:
    """Return the layout whose tables mean most, and its tables."""
    layouts = list(FILE_LAYOUTS) if layout == AUTO else [layout]
    best: tuple[str, list[FileTable]] = (layout, [])
    best_score = 0.0
    for name in layouts:
        if FILE_LAYOUTS[name].is_blocks:
            names = _names(name, knowledge)
            tables = [table for sheet in sheets for table in block_tables(sheet, names, name)]
        else:
            tables = _tables(sheets, name, knowledge, named_heads)
        score = sum(_score(table) for table in tables)
        if score > best_score + 0.01:
            best, best_score = (name, tables), score
    return best


def _score(table: FileTable) -> float:
    # A block of labels means its labels; a long sheet of them is not worth more than a table.
    filled = [cell for cell in table.context.values() if cell.value is not None]
    return sum(column.confidence for column in table.columns if column.field) + len(filled)


def _with_named_heads(
    sheets: list[WorkbookSheet],
    layout: str,
    tables: list[FileTable],
    knowledge: Knowledge,
    named_heads: Mapping[str, int],
) -> tuple[str, list[FileTable]]:
    """Return layout and tables with those whose heads mean nothing by themselves, in order."""
    name = PLAINEST if layout == AUTO or FILE_LAYOUTS[layout].is_blocks else layout
    names = _names(name, knowledge)
    read = {table.sheet.name for table in tables}
    more = [
        _table(
            Place(sheet, header_at(sheet, names, named_heads[sheet.name])), name, names, knowledge
        )
        for sheet in sheets
        if sheet.name in named_heads and sheet.name not in read
    ]
    order = [sheet.name for sheet in sheets]
    tables = sorted([*tables, *more], key=lambda table: order.index(table.sheet.name))
    return name if more else layout, tables


def _names(layout: str, knowledge: Knowledge) -> Names:
    heads = heads_of(FILE_LAYOUTS.get(layout), dict(knowledge.indicators))
    known = knowledge.remembered
    return Names(heads, {**known.get(AUTO, {}), **known.get(layout, {})})


def _tables(
    sheets: list[WorkbookSheet], layout: str, knowledge: Knowledge, named_heads: Mapping[str, int]
) -> list[FileTable]:
    own, names = FILE_LAYOUTS[layout], _names(layout, knowledge)
    tables: list[FileTable] = []
    for sheet in sheets:
        offered = headers(sheet, names)
        if sheet.name in named_heads:
            offered = iter([header_at(sheet, names, named_heads[sheet.name])])
        candidates = [h for h in offered if own.satisfied_by(h.fields)]
        if candidates:
            if sheet.name in named_heads or knowledge.is_ours:
                places = [Place(sheet, max(candidates, key=lambda one: one.score))]
            else:
                places = places_of(sheet, candidates, names, own)
            tables += _tables_at(places, layout, names, knowledge)
        elif tables and _goes_on(tables[-1], sheet):
            before = tables[-1]
            tables.append(replace(before, sheet=sheet, header_rows=(), first_row=1, titles=()))
    return tables


def _goes_on(before: FileTable, sheet: WorkbookSheet) -> bool:
    """Return whether a table without heads is the one before, cut by a page of a document."""
    is_document = not sheet.before and before.sheet.width == sheet.width
    return is_document and before.sheet.name.rstrip("0123456789 ") == sheet.name.rstrip(
        "0123456789 "
    )


def _tables_at(
    places: Sequence[Place], layout: str, names: Names, knowledge: Knowledge
) -> Iterator[FileTable]:
    """Return the tables of one sheet; what is said above all of them holds for those below too."""
    above: Mapping[str, FileCell] = {}
    for place in places:
        table = _table(place, layout, names, knowledge)
        if place.top > 1:
            mapped = {column.field for column in table.columns}
            kept = {name: cell for name, cell in above.items() if name not in mapped}
            table = replace(table, context={**kept, **table.context})
        above = table.context
        yield table


def _table(place: Place, layout: str, names: Names, knowledge: Knowledge) -> FileTable:
    sheet, header = place.sheet, place.header
    first = header.rows[-1] + 1
    if _is_index(sheet, first):
        first += 1
    heads = heads_by_column(sheet, header, first)
    crossed = crossed_columns(sheet, header.rows[-1], first, knowledge.vocabulary)
    columns = []
    for column in range(1, sheet.width + 1):
        samples = _samples(sheet, column, first)
        head = heads.get(column)
        if head or samples:
            text, name, sure = (head.text, head.field, head.confidence) if head else ("", "", 0.0)
            if column in crossed:
                name, entry = crossed[column]
                columns.append(FileColumn(column, text, name, 1.0, samples, entry=entry))
                continue
            columns.append(FileColumn(column, text, name, sure, samples))
    like_level = [one.column for one in columns if not one.field and names.means(one.head, "level")]
    columns = settled_by_values(columns, like_level)
    row = header.rows[0]
    context, titles = context_of(sheet, row, names, knowledge.vocabulary, place.top)
    said = {(cell.row, " ".join(shown(cell.raw).split())) for cell in context.values()}
    mapped = {column.field for column in columns}
    return FileTable(
        sheet,
        layout,
        header.rows,
        first,
        tuple(columns),
        {name: cell for name, cell in context.items() if name not in mapped},
        tuple(text for _row, text in titles),
        last_row=place.last,
        top=place.top,
        span=place.span,
        unread=tuple(title for title in titles if title not in said),
    )


def _is_index(sheet: WorkbookSheet, row: int) -> bool:
    """Return whether a row only numbers the columns: A, B, C… or 1, 2, 3…"""
    if row > len(sheet.rows):
        return False
    texts = [bare(shown(value)) for value in sheet.rows[row - 1] if value is not None]
    if len(texts) < 3 or any(len(text) > _LONGEST_INDEX for text in texts):
        return False
    if all(text.isdigit() for text in texts):
        numbers = [int(text) for text in texts]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    letters = "".join(texts)
    return len(letters) == len(texts) and any(letters in alphabet for alphabet in _ALPHABETS)


def _samples(sheet: WorkbookSheet, column: int, first: int) -> tuple[str, ...]:
    samples: dict[str, None] = {}
    for cells in sheet.rows[first - 1 : first - 1 + _SAMPLE_ROWS]:
        if column <= len(cells) and cells[column - 1] is not None:
            samples[short(" ".join(shown(cells[column - 1]).split()), _SAMPLE_WIDTH)] = None
            if len(samples) == SAMPLES:
                break
    return tuple(samples)


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


def _unread_titles(table: FileTable) -> Finding | None:
    """Say what stands over a table and is not read."""
    if not table.unread:
        return None
    texts = [short(text, _SAMPLE_WIDTH) for _row, text in table.unread]
    told = "», «".join(texts[:_TOLD]) + ("», …" if len(texts) > _TOLD else "»")
    return Finding(
        "titles-unread",
        _("Sopra la tabella, non letto: «%(texts)s.") % {"texts": told},
        sheet=table.sheet.name,
        row=next((row for row, _text in table.unread if row), 0),
        value=texts[0],
    )


def _no_table(layout: str) -> str:
    if layout == AUTO:
        return _(
            "In nessun foglio c’è, nelle prime 30 righe, una riga di titoli di colonna che dica "
            "dove stanno i processi: controlla i titoli, per esempio «Processo», «Area di "
            "rischio», «Livello di rischio»."
        )
    return _("Nessun foglio ha i titoli di colonna di questo modello: prova con «automatico».")
