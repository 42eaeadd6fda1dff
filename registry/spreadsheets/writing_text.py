"""A list as CSV and as JSON."""

import csv
import datetime
import io
import json
from typing import IO

from registry.spreadsheets.delimited import escape
from registry.spreadsheets.tables import Table
from registry.spreadsheets.workbook import Value, shown


def write_csv(table: Table, into: IO[bytes]) -> None:
    """Write a CSV file as Italian spreadsheets read it: UTF-8 with its mark, semicolons.

    A cell that begins like a formula gets an apostrophe in front, which the reading takes away.
    """
    text = io.TextIOWrapper(into, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow([_cell(value) for value in row])
    text.detach()


def _cell(value: Value) -> str:
    """Return a value as a CSV cell; a number is none of the texts that look like formulas."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return shown(value)
    return escape(shown(value))


def write_json(table: Table, into: IO[bytes]) -> None:
    """Write an array of objects, one a row, named by the heads; days as 2027-01-31."""
    text = io.TextIOWrapper(into, encoding="utf-8", newline="")
    text.write("[")
    for index, row in enumerate(table.rows):
        text.write(",\n" if index else "\n")
        named = dict(zip(table.heads, row, strict=True))
        json.dump(named, text, ensure_ascii=False, default=_written)
    text.write("\n]\n")
    text.detach()


def _written(value: Value) -> str:
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    raise TypeError(type(value).__name__)
