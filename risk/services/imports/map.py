"""Stage three: which field of ours each column is, once a person has had their say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import short
from registry.spreadsheets.workbook import address
from risk.services.imports.ledger import QUOTED, Choice, Ledger, Question, QuestionKind
from risk.services.imports.recognise.heads import SURE
from risk.services.imports.recognise.tables import FileColumn, FileTable, Recognised
from risk.workbooks.fields import field_of

HEADER_ROW = "header_row"
"""Key of a mapping's sheet under which a person's word on the row of its heads stands."""


def said_header_rows(mapping: Mapping[str, Any]) -> dict[str, int]:
    """Return the rows of heads a person has named, by sheet."""
    return {sheet: rows[HEADER_ROW] for sheet, rows in mapping.items() if HEADER_ROW in rows}


def is_sure(column: FileColumn) -> bool:
    """Return whether a column needs no word of a person: its head is known, or means nothing."""
    return not column.field or column.confidence >= SURE


def map_columns(
    recognised: Recognised, mapping: Mapping[str, Any], ledger: Ledger | None = None
) -> Recognised:
    """Return the tables with a person's mapping: {sheet: {column: field}}, columns as texts.

    An empty field leaves the column out; columns not named stay as they were recognised. A head
    that is only like a known one is asked about, once for all columns that have it.
    """
    tables = []
    for table in recognised.tables:
        said = mapping.get(table.sheet.name, {})
        columns = []
        for column in table.columns:
            chosen = said.get(str(column.column))
            if chosen is None and ledger and not is_sure(column):
                chosen = _answered(column, table, ledger)
            if chosen is not None:
                column = replace(column, field=chosen, confidence=1.0)
            columns.append(column)
        tables.append(replace(table, columns=tuple(columns)))
    return replace(recognised, tables=tuple(tables))


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
