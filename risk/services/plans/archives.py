"""A ZIP whose last file tells the digests of all the others: `sha256sum -c SHA256SUMS` reads it."""

import datetime
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import IO

from django.utils import timezone

SUMS = "SHA256SUMS"
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file of an archive: its name, its bytes, its SHA-256."""

    name: str
    size: int
    digest: str


class SummedArchive:
    """A ZIP that is being written, one file in memory at a time; see `summed_archive`."""

    def __init__(self, into: IO[bytes], moment: datetime.datetime) -> None:
        self.files: list[ArchivedFile] = []
        self._zip = zipfile.ZipFile(into, "w")
        self._moment = timezone.localtime(moment).timetuple()[:6]

    def add(self, name: str, content: bytes | Path, *, is_packed: bool = False) -> ArchivedFile:
        """Add a file as it is or, `is_packed`, deflated: what is text."""
        entry = zipfile.ZipInfo(name, self._moment)
        entry.external_attr = 0o644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        digest, source = hashlib.sha256(), _opened(content)
        entry.file_size = size = source.seek(0, SEEK_END)
        source.seek(0)
        with source, self._zip.open(entry, "w") as inside:
            while piece := source.read(_CHUNK):
                digest.update(piece)
                inside.write(piece)
        added = ArchivedFile(name, size, digest.hexdigest())
        self.files.append(added)
        return added

    def sum_up(self) -> None:
        """Write the digests of all that is there."""
        lines = "".join(f"{one.digest}  {one.name}\n" for one in self.files)
        self.add(SUMS, lines.encode())

    def close(self) -> None:
        """Write the end of the archive; without its digests it is none that is given away."""
        self._zip.close()


def _opened(content: bytes | Path) -> IO[bytes]:
    return BytesIO(content) if isinstance(content, bytes) else content.open("rb")


@contextmanager
def summed_archive(into: IO[bytes], moment: datetime.datetime) -> Iterator[SummedArchive]:
    """Give an archive whose files are of a moment; it ends with their digests.

    The same files and moment give the same bytes.
    """
    archive = SummedArchive(into, moment)
    try:
        yield archive
        archive.sum_up()
    finally:
        archive.close()
