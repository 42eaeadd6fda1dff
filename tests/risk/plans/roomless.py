"""A store of files on a disk without room: what is written is cut off, as the system would."""

import errno
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile

from ptpct.uploads import WholeFileStorage

HALF = 20_000
"""Bytes of a file that still find room."""


class RoomlessStorage(WholeFileStorage):
    """The store of the jobs, where files whose name begins with one of `no_room_for` do not fit."""

    no_room_for: tuple[str, ...] = ()

    def _save(self, name: str, content: Any) -> str:
        if not name.startswith(self.no_room_for):
            return super()._save(name, content)
        return super()._save(name, _CutOff(content.read()))


class _CutOff(ContentFile):
    """What breaks off in its middle: there is no room for the rest."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield self.file.getvalue()[:HALF]
        raise OSError(errno.ENOSPC, "No space left on device")
