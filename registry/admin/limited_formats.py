"""The formats of the back office's lists, read in a process with limits."""

from typing import Any

import tablib
from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.services.jobs import check_wanted, is_in_job
from registry.services.limited import limited_processes
from registry.spreadsheets import UnreadableFile
from registry.spreadsheets.lists import BackOfficeFormat

READY_UP_TO = 200
"""Rows of a file that is compared, and written, while its page waits.

Measured on SQLite, processor time: comparing 500 new offices took 5.6 s and writing them 4.3 s, 500
new processes 11.5 and 7.7 s; two hundred rows of the dearest list take less than five seconds.
"""


class LongFileError(UnreadableFile):
    """A file takes longer than a page waits; a job reads it."""


class LimitedFormat(BackOfficeFormat):
    """A format whose files are read elsewhere: what one may do to that process is end."""

    plain: type[BackOfficeFormat]
    """The format that reads them."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the table of a file; raises `UnreadableFile`, also beyond time and memory.

        Outside a job raises `LongFileError` for a file that is long, to read or to write.
        """
        seconds = settings.DRAWING_SECONDS if is_in_job() else settings.PAGE_SECONDS
        try:
            headers, rows = limited_processes().run(
                _read, self.plain, in_stream, seconds=seconds, watch=check_wanted
            )
        except StoppedError as stopped:
            is_long = stopped.reason == "time" and not is_in_job()
            raise (LongFileError if is_long else UnreadableFile)(_too_heavy()) from stopped
        if len(rows) > READY_UP_TO and not is_in_job():
            raise LongFileError(_too_heavy())
        return tablib.Dataset(*rows, headers=headers)


def limited(plain: type[BackOfficeFormat]) -> type[BackOfficeFormat]:
    """Return a format that is the same, but for where its files are read."""
    return type(f"Limited{plain.__name__}", (LimitedFormat, plain), {"plain": plain})


def _read(plain: type[BackOfficeFormat], content: bytes) -> tuple[list[str], list[tuple[Any, ...]]]:
    dataset = plain().create_dataset(content)
    return dataset.headers, list(dataset)


def _too_heavy() -> str:
    return _("Leggere il file chiede più tempo o memoria di quanto è concesso: dividilo.")
