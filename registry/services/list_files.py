"""A list leaves as a file: written, counted, put on the trail. Pages and back office both do it."""

import tempfile
from typing import IO, Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry.services.jobs import Progress
from registry.services.trail import record_export
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import write_table

FORMAT, LIST = "formato", "elenco"
"""What an address says to have a file: its format, and which list where a page has several."""

_IN_MEMORY = 4 * 1024 * 1024
READY_UP_TO = 3_000
"""Rows of a list that is written while its page waits.

Measured on SQLite with the largest synthetic body, processor time: 4,000 processes took 2.2 s as
XLSX and 2.0 s as ODS, 6,200 measures 1.9 and 1.6 s, 16,000 behaviours 3.4 and 3.0 s, 32,000 targets
of measures in the back office 2.4 and 1.8 s. Three thousand rows of the dearest list take 1.7 s.
"""
LONG_TIMES = 3
"""What has so many times more rows is done where it delays nobody's short work: five seconds."""


def delays_others(rows: int) -> bool:
    """Tell whether writing a list of so many rows takes more than about five seconds."""
    return rows > LONG_TIMES * READY_UP_TO


def is_long_list(table: Table) -> bool:
    """Tell whether writing a list takes more than about two seconds."""
    return table.size is not None and table.size() > READY_UP_TO


def write_apart(*, table: Table, suffix: str, progress: Progress) -> IO[bytes]:
    """Write a list for a job, which keeps the file: it leaves, with its record, when it is fetched.

    Return the file, at its start.
    """
    total, message = table.size() if table.size else 0, _("Scrivo le righe")
    progress(0, total, message)
    into = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    write_table(table, suffix, into, lambda done: progress(min(done, total), total, message))
    into.seek(0)
    return into


def write_list(*, table: Table, suffix: str, name: str, subject: str, by: Any) -> IO[bytes]:
    """Write a list in one format, with its record on the trail; return the file, at its start.

    `name` is the short English word for the list, `subject` what it is of, as the trail names it.
    Raises `KeyError` for a format there is not.
    """
    into = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        rows = write_table(table, suffix, into)
        record_export(by=by, subject=subject, file_format=suffix, rows=rows, detail={"list": name})
    except BaseException:
        into.close()
        raise
    into.seek(0)
    return into


def file_name_of(table: Table, suffix: str) -> str:
    """Return the name of the file of a list."""
    return f"{slugify(table.title.replace('/', '-'))[:100]}.{suffix}"
