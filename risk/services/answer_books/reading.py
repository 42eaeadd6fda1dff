"""Workbooks that came back are read: while a page waits where they are few, else by a job."""

from collections import Counter
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.readable import grouped
from registry.services.jobs import Progress, check_wanted
from registry.services.limited import limited_processes
from registry.spreadsheets import limits
from registry.spreadsheets.workbook import UnreadableFile
from risk.services.answer_books.read import joined, read_brought
from risk.services.imports.read import ReadFile
from risk.services.imports.refusals import ImportRefusedError

Files = Sequence[tuple[str, bytes]]
"""Names and bytes."""
Reading = Callable[[Files], ReadFile]

FEW_FILES = 5
"""Files that are read while a page waits; in a job, those after which it says how far it is."""
FEW_BYTES = 250_000
"""Of all of them: a workbook of fifteen measures has 20,000, and an archive is one file."""


def distinct(files: Files) -> Files:
    """Return files, of those with the same name each with a number."""
    seen: Counter[str] = Counter()
    named = []
    for name, content in files:
        seen[name] += 1
        named.append((name if seen[name] == 1 else f"{name} ({seen[name]})", content))
    return named


def read_whole(files: Files) -> ReadFile:
    """Return files as they are read in a process with limits.

    Raises `UnreadableFile` for more than a list may be, `ImportRefusedError` for the time or memory
    it takes.
    """
    try:
        return _read(files, settings.DRAWING_SECONDS)
    except StoppedError as stopped:
        raise ImportRefusedError(_too_heavy()) from stopped


def read_soon(files: Files) -> ReadFile:
    """Return files as they are read, unread where a page would wait too long; raises likewise."""
    if len(files) > FEW_FILES or sum(len(content) for _name, content in files) > FEW_BYTES:
        return ReadFile()
    try:
        return _read(files, settings.PAGE_SECONDS)
    except StoppedError as stopped:
        if stopped.reason == "time":
            return ReadFile()
        raise ImportRefusedError(_too_heavy()) from stopped


def read_in_job(files: Files, progress: Progress) -> ReadFile:
    """Return files as they are read, some at a time, saying how far it is; raises likewise."""
    parts = []
    for first in range(0, len(files), FEW_FILES):
        progress(first, len(files) + 1, _("Leggo «%(file)s»") % {"file": files[first][0]})
        parts.append(read_whole(files[first : first + FEW_FILES]))
    progress(len(files), len(files) + 1, _("Confronto le risposte con il registro"))
    whole = joined(parts)
    if whole.size > limits.ROWS:
        raise UnreadableFile(
            _("I fogli hanno più di %(limit)s righe: portane di meno alla volta.")
            % {"limit": grouped(limits.ROWS)}
        )
    return whole


def _read(files: Files, seconds: int) -> ReadFile:
    return limited_processes().run(read_brought, list(files), seconds=seconds, watch=check_wanted)


def _too_heavy() -> str:
    return _("Leggere i file chiede più tempo o memoria di quanto è concesso: portane di meno.")
