"""A list leaves as a file: written, counted, put on the trail. Pages and back office both do it."""

import tempfile
from typing import IO, Any

from django.utils.text import slugify

from registry.services.trail import record_export
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import write_table

FORMAT, LIST = "formato", "elenco"
"""What an address says to have a file: its format, and which list where a page has several."""

_IN_MEMORY = 4 * 1024 * 1024


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
