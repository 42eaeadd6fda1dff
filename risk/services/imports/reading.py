"""Reading a file somebody has brought, in a process with limits: what it may do to us is end."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.models import Plan, User
from registry.services.jobs import check_wanted
from registry.services.limited import limited_processes
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import serialise
from registry.spreadsheets.workbook import Workbook
from risk.enums import ImportState
from risk.models import RegisterImport
from risk.services.imports.taking import ImportRefusedError

CELL_WEIGHT = 60
"""Characters that comparing and writing a cell costs as much as (measured)."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read, to be kept (`registry.spreadsheets.serialising`), and how long it is.

    Without `tables` it is still to be read, by a job.
    """

    tables: bytes = b""
    size: int = 0


def read_here(content: bytes, filename: str) -> ReadFile:
    """Return a file as it is read in this process; raises `UnreadableFile`."""
    workbook = read_workbook(content, filename)
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


def check_quotas(*, plan: Plan, content: bytes, by: User) -> None:
    """Refuse a file beyond what a person or a body may have waiting to be taken.

    Counted are the files on their way, whichever plan they were brought for; raises
    `ImportRefusedError`.
    """
    waiting = RegisterImport.objects.filter(state=ImportState.UPLOADED)
    body = plan.administration
    quotas = (
        (waiting.filter(by=by), settings.PERSON_UPLOADS_MB, _("tuoi")),
        (waiting.filter(plan__administration=body), settings.BODY_UPLOADS_MB, _("dell’ente")),
    )
    for rows, megabytes, whose in quotas:
        taken = rows.aggregate(bytes=Sum(Length("content")))["bytes"] or 0
        if taken + len(content) > megabytes * MEGABYTE:
            raise ImportRefusedError(
                _("I file %(whose)s che aspettano superano %(limit)d MB: importane o scartane.")
                % {"whose": whose, "limit": megabytes}
            )


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
