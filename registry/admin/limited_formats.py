"""The formats of the back office's lists, read in a process with limits."""

from typing import Any

import tablib
from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.services.limited import limited_processes
from registry.spreadsheets import UnreadableFile
from registry.spreadsheets.lists import BackOfficeFormat


class LimitedFormat(BackOfficeFormat):
    """A format whose files are read elsewhere: what one may do to that process is end."""

    plain: type[BackOfficeFormat]
    """The format that reads them."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the table of a file; raises `UnreadableFile`, also beyond time and memory."""
        try:
            headers, rows = limited_processes().run(
                _read, self.plain, in_stream, seconds=settings.PAGE_SECONDS
            )
        except StoppedError as stopped:
            raise UnreadableFile(
                _("Leggere il file chiede più tempo o memoria di quanto è concesso: dividilo.")
            ) from stopped
        return tablib.Dataset(*rows, headers=headers)


def limited(plain: type[BackOfficeFormat]) -> type[BackOfficeFormat]:
    """Return a format that is the same, but for where its files are read."""
    return type(f"Limited{plain.__name__}", (LimitedFormat, plain), {"plain": plain})


def _read(plain: type[BackOfficeFormat], content: bytes) -> tuple[list[str], list[tuple[Any, ...]]]:
    dataset = plain().create_dataset(content)
    return dataset.headers, list(dataset)
