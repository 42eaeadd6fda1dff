"""Tables that count processes and name none: «Area | Processi | Alto | Medio | Basso».

With them those about the paper, whose people and revisions are no processes either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import Finding, Value, WorkbookSheet, address, shown
from risk.services.imports.recognise.paper_tables import begins_paper
from risk.services.imports.recognise.tables import FileColumn, FileTable
from risk.workbooks.fields import bare

_COUNT = re.compile(r"\d+(?:[.,]\d+)?\s*%?")
_TEXTS = frozenset(
    {"process_title", "process_description", "phase", "action", "behaviours", "factors"}
    | {"measures", "general_measures", "specific_measures", "motivation", "objective"}
)
"""Fields that are words in a register; where all of a table are numbers it is none."""
_COUNTED = re.compile(r"\b(?:process[oi]|rischi|eventi)\b")
_GRADE = re.compile(r"\b(?:minim|bass|medi|alt|altissim|critic|null|moderat)[oi]\b")
_NAMED = re.compile(r"process|attivita|procediment|rischio|evento|fas[ei]")
_FEWEST = 3
"""Columns of a table of counts: what is counted by, and the counts."""
_FEWEST_GRADES = 2


def is_summary(table: FileTable) -> bool:
    """Return whether a table counts what a register names."""
    if table.exact or table.labels or not table.header_rows:
        return False
    if counts_under(table.sheet, table.header_rows[-1]) or is_of_people(table):
        return True
    texts = [column for column in table.heads if column.field in _TEXTS]
    has_process = any(column.field == "process_title" for column in texts)
    return has_process and all(_counts(column) for column in texts)


def is_of_people(table: FileTable) -> bool:
    """Return whether a table under a register is of people, revisions or signatures."""
    is_below = table.top > 1 and bool(table.header_rows)
    return is_below and begins_paper(table.sheet.rows, table.header_rows[-1])


def counts_under(sheet: WorkbookSheet, row: int) -> bool:
    """Return whether the rows under some heads hold a text and counts of processes each."""
    heads = sheet.rows[row - 1]
    written = [column for column, value in enumerate(heads) if value is not None]
    if len(written) < _FEWEST or not all(isinstance(heads[column], str) for column in written):
        return False
    # asked of every row of a file: nearly none has numbers under it
    if row == len(sheet.rows) or not _is_counted(sheet.rows[row], written):
        return False
    said = {column: bare(shown(heads[column])) for column in written[1:]}
    grades = sum(bool(_GRADE.search(head)) for head in said.values())
    counted = any(map(_COUNTED.search, said.values()))
    return not _NAMED.search(bare(shown(heads[written[0]]))) and (
        counted or grades >= _FEWEST_GRADES
    )


def _is_counted(cells: Sequence[Value], columns: Sequence[int]) -> bool:
    """Return whether a row holds a text under the first head, and numbers under the others."""
    values = [cells[column] if column < len(cells) else None for column in columns]
    counts = [value for value in values[1:] if value is not None]
    is_text = isinstance(values[0], str)
    return is_text and len(counts) > 1 and all(_COUNT.fullmatch(shown(value)) for value in counts)


def _counts(column: FileColumn) -> bool:
    return bool(column.samples) and all(map(_COUNT.fullmatch, column.samples))


def parted(tables: Sequence[FileTable]) -> tuple[list[FileTable], list[FileTable]]:
    """Return the registers among tables, and the summaries beside or under them."""
    aside = [table for table in tables if is_summary(table)]
    return [table for table in tables if table not in aside], aside


def summary_findings(aside: Iterable[FileTable]) -> Iterator[Finding]:
    """Yield of each summary that it is not read, and where it stands."""
    for table in aside:
        row, column = table.header_rows[0], table.span[0] if table.span else 1
        reason = _("Una tabella che conta i processi e non li nomina (da %(place)s): non letta.")
        if is_of_people(table):
            reason = _("Una tabella di persone, firme o revisioni (da %(place)s): non letta.")
        value = shown(table.sheet.value(row, column))
        told = reason % {"place": address(row, column)}
        yield Finding("summary", told, table.sheet.name, row, column, value)
