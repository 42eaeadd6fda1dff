"""Stage one: the bytes of a file become sheets of cells, in a process with limits.

What a file may do to us is end that process. The formats are in `registry.spreadsheets`.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.services.jobs import check_wanted
from registry.services.limited import limited_processes
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import serialise
from registry.spreadsheets.workbook import Workbook
from risk.services.imports.refusals import ImportRefusedError

CELL_WEIGHT = 60
"""Characters that comparing and writing a cell costs as much as (measured)."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read, to be kept (`registry.spreadsheets.serialising`), and how long it is.

    Without `tables` it is still to be read, by a job.
    """

    tables: bytes = b""
    size: int = 0


def read(content: bytes, filename: str) -> Workbook:
    """Return the sheets of a file, read in this process; raises `UnreadableFile`."""
    return read_workbook(content, filename)


def read_here(content: bytes, filename: str) -> ReadFile:
    """Return a file as it is read in this process; raises `UnreadableFile`."""
    workbook = read(content, filename)
    return ReadFile(serialise(workbook), _size_of(workbook))


def read_soon(content: bytes, filename: str) -> ReadFile:
    """Return a file read in a process with limits, or unread where a page would wait too long.

    Raises `UnreadableFile`, and `ImportRefusedError` when reading it takes more memory than it may.
    """
    try:
        return _read(content, filename, settings.PAGE_SECONDS)
    except StoppedError as stopped:
        if stopped.reason == "time":
            return ReadFile()
        raise ImportRefusedError(_too_heavy()) from stopped


def read_in_job(content: bytes, filename: str) -> ReadFile:
    """Return a file read in a process with limits; raises as `read_soon`, also for its time."""
    try:
        return _read(content, filename, settings.DRAWING_SECONDS)
    except StoppedError as stopped:
        raise ImportRefusedError(_too_heavy()) from stopped


def _read(content: bytes, filename: str, seconds: int) -> ReadFile:
    return limited_processes().run(
        read_here, content, filename, seconds=seconds, watch=check_wanted
    )


def _too_heavy() -> str:
    return _("Leggere il file chiede più tempo o memoria di quanto è concesso: dividilo.")


def _size_of(workbook: Workbook) -> int:
    cells = (
        cell for sheet in workbook.sheets for row in sheet.rows for cell in row if cell is not None
    )
    return sum(len(str(cell)) + CELL_WEIGHT for cell in cells)
