"""Stage three: which field of ours each column is, once a person has had their say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import address
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QUOTED, Choice, Ledger, Question, QuestionKind
from risk.services.imports.map.places import with_said_places
from risk.services.imports.recognise.form_blocks import with_labels
from risk.services.imports.recognise.heads import SURE
from risk.services.imports.recognise.tables import FileColumn, FileTable, Recognised
from risk.workbooks.fields import MEASURES, TARGET, bare, field_of
from risk.workbooks.programme_heads import AFTER_MEASURES, PROGRAMME_HEADS

HEADER_ROW = "header_row"
"""Key of a mapping's sheet under which a person's word on the row of its heads stands."""
OF_MEASURES, OF_PROCESS = "measures", "process"
_SURE = frozenset({"measure_indicator", "measure_target", "measure_baseline", "measure_typology"})
"""Beside one of these nobody speaks of the process."""
_OF_EITHER = {bare(head): name for name, heads in AFTER_MEASURES.items() for head in heads}
_BEFORE = {"measure_term": "times", "measure_responsible": "responsible"}
"""What is said of the process where it stands before the measures."""
_FROM_ELSEWHERE = frozenset({"", "times", "responsible", "phase", "executor", "output", *_BEFORE})


NEEDED = frozenset({"process_title", "process_number", "office"})
"""Fields without which rows would be refused: a guessed column of them is read all the same."""


def said_header_rows(mapping: Mapping[str, Any]) -> dict[str, int]:
    """Return the rows of heads a person has named, by sheet."""
    return {sheet: rows[HEADER_ROW] for sheet, rows in mapping.items() if HEADER_ROW in rows}


def is_sure(column: FileColumn) -> bool:
    """Return whether a column needs no word of a person: its head is known, or means nothing."""
    return not column.field or column.confidence >= SURE


def map_columns(
    recognised: Recognised, mapping: Mapping[str, Any], ledger: Ledger | None = None
) -> Recognised:
    """Return the tables with a person's mapping: {table: {column: field}}, columns as texts.

    An empty field leaves the column out; columns not named stay as they were recognised. A head
    that is only like a known one is asked about, once for all columns that have it. What stands
    after the measures is theirs; where nothing beside it says so that is asked too.
    """
    tables = []
    for table in recognised.tables:
        said = mapping.get(table.key, {})
        columns = []
        for column in table.columns:
            chosen = said.get(column.key)
            if chosen is None and ledger and not is_sure(column):
                chosen = _answered(column, table, ledger)
            if chosen is not None:
                column = replace(column, field=chosen, confidence=1.0)
            elif ledger and not is_sure(column) and column.field not in NEEDED:
                column = replace(column, is_open=True)
            columns.append(column)
        table = replace(table, columns=tuple(columns))
        if ledger and not table.exact:
            table = _with_programme(table, set(said), ledger)
        tables.append(_with_labels(table))
    recognised = replace(recognised, tables=tuple(tables))
    return with_said_places(recognised, ledger) if ledger else recognised


def _with_labels(table: FileTable) -> FileTable:
    """Return a table whose context says what its labels mean by now."""
    if not table.labels:
        return table
    cells = [(one.label.cell.row, one.label.cell.column) for one in table.labels if one.label]
    others = {
        name: cell for name, cell in table.context.items() if (cell.row, cell.column) not in cells
    }
    return replace(table, context=with_labels(others, table.labels))


def _answered(column: FileColumn, table: FileTable, ledger: Ledger) -> str | None:
    """Return the field a person has given a guessed head, "" for none; ask before."""
    head = short(column.head, QUOTED)
    answer = ledger.answer(QuestionKind.COLUMN, head)
    if answer.get("skip"):
        return ""
    if answer.get("is") == column.field:
        return column.field
    label = capfirst(str(field_of(column.field).label))
    row = table.header_rows[-1] if table.header_rows else 0
    ledger.ask(
        Question(
            kind=QuestionKind.COLUMN,
            value=head,
            reason=_("Il titolo «%(head)s» somiglia a quello di «%(field)s»: è quella colonna?")
            % {"head": head, "field": label},
            suggestions=(Choice(column.field, label),),
            place=f"{table.sheet.name}, {address(row, column.column)}",
            may_skip=True,
            proposed=column.field,
        )
    )
    return None


def _with_programme(table: FileTable, chosen: set[str], ledger: Ledger) -> FileTable:
    """Return a table in which times, persons and steps are the measures’ or the process’s.

    `chosen` are the keys of the columns a person has spoken of: they stay. Labels follow one
    another as columns do, each kind among its own.
    """
    fields: dict[str, str] = {}
    for columns in (table.heads, table.labels):
        fields |= _programmed(table, columns, chosen, ledger)
    return _renamed(table, fields)


def _programmed(
    table: FileTable, columns: tuple[FileColumn, ...], chosen: set[str], ledger: Ledger
) -> dict[str, str]:
    """Return the fields that columns have by what stands before them, by their keys."""
    places = {column.field: column.position for column in reversed(columns) if column.field}
    measures = min((places[name] for name in MEASURES if name in places), default=0)
    free = [column for column in columns if column.key not in chosen]
    if not measures:
        return {column.key: "" for column in free if is_of_programme(column.field)}
    before = [column for column in free if column.position < measures]
    fields = {column.key: _of_process(column, places) for column in before}
    after = [one for one in free if one.position > measures and _may_be_either(one, places)]
    if after and _are_of_measures(table, after, places, ledger):
        for column in after:
            name = _OF_EITHER[bare(column.head)]
            if name not in places:
                places[name] = column.position
                fields[column.key] = name
    return fields


def is_of_programme(name: str) -> bool:
    """Return whether a field is of the programme of a measure."""
    return name in PROGRAMME_HEADS or name.startswith(TARGET)


def _of_process(column: FileColumn, places: Mapping[str, int]) -> str:
    """Return the field of a column before the measures: nothing there is of their programme."""
    if not is_of_programme(column.field):
        return column.field
    name = _BEFORE.get(column.field, "")
    return "" if name in places else name


def _may_be_either(column: FileColumn, places: Mapping[str, int]) -> bool:
    """Return whether a head after the measures is one that may be of the process too."""
    if bare(column.head) not in _OF_EITHER or column.field not in _FROM_ELSEWHERE:
        return False
    # phases stand before what is done about them; those of a table with risks behind are its own
    last = max(places.get("behaviours", 0), places.get("process_title", 0))
    return column.position > last


def _are_of_measures(
    table: FileTable, columns: list[FileColumn], places: Mapping[str, int], ledger: Ledger
) -> bool:
    """Return whether columns are of the measures: for certain, by a person, or likely so far."""
    is_sure = any(name in _SURE or name.startswith(TARGET) for name in places)
    if is_sure or "process_title" not in places:
        return True
    heads = ", ".join(" ".join(column.head.split()) for column in columns)
    label = columns[0].label
    first = label.column if label else columns[0].column
    row = label.row if label else (table.header_rows[-1] if table.header_rows else 0)
    cell = FileCell(heads, heads, table.sheet.name, row, first)
    choices = (Choice(OF_MEASURES, _("delle misure")), Choice(OF_PROCESS, _("del processo")))
    reason = _("«%(heads)s» sta dopo le misure (colonna %(column)s): di chi parla?") % {
        "heads": heads,
        "column": address(0, first),
    }
    if label:
        reason = _("«%(heads)s» sta dopo le misure (%(place)s): di chi parla?") % {
            "heads": heads,
            "place": cell.place,
        }
    # sheets and files that write them in capitals ask the same
    value = heads.capitalize() if heads.isupper() else heads
    said = ledger.chosen(QuestionKind.PROGRAMME, value, cell, choices, reason, choices[0])
    return said != OF_PROCESS


def _renamed(table: FileTable, fields: Mapping[str, str]) -> FileTable:
    columns = tuple(
        replace(column, field=fields[column.key], confidence=1.0 if fields[column.key] else 0)
        if fields.get(column.key, column.field) != column.field
        else column
        for column in table.columns
    )
    return replace(table, columns=columns)
