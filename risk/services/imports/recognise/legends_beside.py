"""Legends beside a register: codes and what they stand for, in two columns of its own sheet."""

from collections.abc import Iterable
from dataclasses import replace

from risk.services.imports.recognise.legends import NAMED, Legend, legend_of
from risk.services.imports.recognise.tables import FileTable
from risk.workbooks.fields import bare


def legends_beside(tables: Iterable[FileTable]) -> tuple[Legend, ...]:
    """Return the legends that stand beside registers, under the word."""
    found = []
    for table in tables:
        free = [one for one in table.heads if not (one.field or one.entry)]
        for code, text in zip(free, free[1:], strict=False):
            words = bare(f"{code.head} {text.head}").split()
            if text.column == code.column + 1 and any(word in NAMED for word in words):
                rows = [
                    [table.sheet.value(row, one.column) for one in (code, text)]
                    for row in range(table.first_row, len(table.sheet.rows) + 1)
                ]
                found.append(legend_of(replace(table.sheet, rows=rows)))
    return tuple(filter(None, found))
