"""Stage one: the bytes of a file become sheets of cells, in a process with limits.

What a file may do to us is end that process. The formats are in `registry.spreadsheets`.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.services.jobs import check_wanted
from registry.services.limited import limited_processes
from registry.spreadsheets.archives import is_archive, read_archive
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import serialise
from registry.spreadsheets.workbook import Workbook, WorkbookSheet
from risk.services.imports.refusals import ImportRefusedError
from risk.workbooks import rowids

ARCHIVE = "zip"
_HIDDEN = (rowids.SHEET, rowids.LISTS)

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
    """Return the sheets of a file, or of all files of an archive, read in this process.

    Raises `UnreadableFile`.
    """
    if is_archive(content):
        return read_archive(content, filename)
    return read_workbook(content, filename)


def files_of(workbook: Workbook) -> list[Workbook]:
    """Return the files of an archive as workbooks of their own; any other file as it is.

    The hidden sheets of a file of ours have their own names there.
    """
    sheets: dict[str, list[WorkbookSheet]] = {}
    for sheet in workbook.sheets:
        sheets.setdefault(sheet.file, []).append(sheet)
    if workbook.format != ARCHIVE:
        return [workbook]
    files = [_file(workbook, name, own) for name, own in sheets.items()]
    # what is said of a file that holds no table is said with the first
    told = {id(finding) for file in files for finding in file.findings}
    files[0].findings += [one for one in workbook.findings if id(one) not in told]
    return files


def _file(workbook: Workbook, name: str, sheets: list[WorkbookSheet]) -> Workbook:
    is_ours = any(one.own_name == rowids.SHEET and rowids.parse(one.rows) for one in sheets)
    own = [
        replace(one, name=one.own_name) if is_ours and one.own_name in _HIDDEN else one
        for one in sheets
    ]
    names = {name, *(one.name for one in sheets)}
    findings = [finding for finding in workbook.findings if finding.sheet in names]
    # paragraphs stand over the tables of a document alone
    format_ = "docx" if any(one.before for one in own) else workbook.format
    return Workbook(name, format_, own, findings)


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
