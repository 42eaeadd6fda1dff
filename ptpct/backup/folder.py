"""The folder of a backup: written under another name, whole or not at all, read by its owner only.

Its files are 0600, its folders 0700; of each the digest is taken while it is written.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from ptpct.backup.refusals import BackupRefusedError, disk_faults_told
from registry.readable import grouped

UNFINISHED = ".incompleta"
"""How the name of a folder ends that is being written, or whose writer died."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileEntry:
    """Size in bytes and SHA-256 of a file of a backup."""

    size: int
    sha256: str


class DigestingFile:
    """A new file that takes its digest as it is written, in pieces of any size."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._digest, self._waiting, self._size = hashlib.sha256(), bytearray(), 0

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Add a piece."""
        self._waiting += piece
        if len(self._waiting) >= _CHUNK:
            self._write_out()

    def close(self) -> FileEntry:
        """End the file; return its size and digest."""
        try:
            self._write_out()
        finally:
            os.close(self._file)
        return FileEntry(self._size, self._digest.hexdigest())

    def _write_out(self) -> None:
        self._digest.update(self._waiting)
        self._size += len(self._waiting)
        left = memoryview(self._waiting)
        while left:
            left = left[os.write(self._file, left) :]
        self._waiting = bytearray()


class NewFolder:
    """A folder that is being filled; `files` says what it holds, by path inside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, FileEntry] = {}

    @contextmanager
    def new_file(self, name: str) -> Iterator[DigestingFile]:
        """Give a new file of the folder to write to."""
        path = self.place(name)
        file = DigestingFile(path)
        try:
            yield file
        except BaseException:
            file.close()
            raise
        self.files[name] = file.close()

    def place(self, name: str) -> Path:
        """Return where a file of the folder stands, with the folders above it made."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def take_in(self, name: str) -> None:
        """Take the digest of a file that somebody else has written into the folder."""
        self.files[name] = entry_of(self.path / name)


def put_privately(path: Path, source: BinaryIO) -> None:
    """Write a file that its owner alone reads, whole or not at all; one that stands there goes."""
    part = path.with_name(f".{path.name}.ripristino")
    part.unlink(missing_ok=True)
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        shutil.copyfileobj(source, file, _CHUNK)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def entry_of(path: Path) -> FileEntry:
    """Return size and digest of a file as it lies there."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileEntry(file.tell(), digest)


@contextmanager
def new_folder(path: Path) -> Iterator[NewFolder]:
    """Give a folder to fill that gets the name `path` when all went well, and goes otherwise.

    Raises `BackupRefusedError` when something stands at `path` already, or the disk refuses.
    """
    _check_place(path)
    with disk_faults_told(path):
        _sweep_unfinished(path.parent)
        part = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=UNFINISHED, dir=path.parent))
        held = os.open(part, os.O_RDONLY)
        try:
            with suppress(OSError):
                # while it is held no other backup takes it for one whose writer died
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield NewFolder(part)
            _sync(part)
            part.rename(path)
            _sync_one(path.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
            os.close(held)


def check_room(place: Path, needed: int) -> None:
    """Refuse when the disk of a folder has fewer bytes left than are needed."""
    free = shutil.disk_usage(place).free
    if free < needed:
        told = {"place": place, "needed": _megabytes(needed), "free": _megabytes(free)}
        raise BackupRefusedError(
            _("Sul disco di %(place)s servono %(needed)s MB e ne restano %(free)s.") % told
        )


def _megabytes(count: int) -> str:
    return grouped(-(-count // 1_000_000))


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        # a disk that is not mounted must not be written beside
        raise BackupRefusedError(_("La cartella %(place)s non c’è.") % {"place": path.parent})
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise BackupRefusedError(_("%(place)s non è una cartella.") % {"place": path})
    if path.exists() and any(path.iterdir()):
        raise BackupRefusedError(
            _("La cartella %(place)s non è vuota: la copia va in una nuova.") % {"place": path}
        )


def _sweep_unfinished(parent: Path) -> None:
    """Take away the folders of backups whose writer died."""
    for left in parent.glob(f".*{UNFINISHED}"):
        with suppress(OSError):
            held = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(held)


def _sync(folder: Path) -> None:
    """Have all that a folder holds on the disk before it gets its name."""
    for above, folders, names in os.walk(folder):
        for name in [*names, *folders, "."]:
            _sync_one(Path(above, name))


def _sync_one(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
