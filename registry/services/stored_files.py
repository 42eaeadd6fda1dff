"""Files written once for anybody to fetch: a folder at a time, whole or not at all.

Beside each file lies its deflated form, and in one index size and digest of all. What is written
has no other name until all is on the disk, so that a writer who dies leaves nothing half
(docs/decisions/0045).
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

INDEX = "index.json"
DEFLATED = ".deflate"
"""How the name of the deflated form of a file ends."""
_LOCK = ".lock"
_UNFINISHED = ".incompleta"
_CHUNK = 1 << 16
_LOOK_SECONDS = 0.05


class BusyError(Exception):
    """Another process is writing the same files, and has not come to the end in time."""


@dataclass(frozen=True)
class StoredFile:
    """A file that never changes: where, bytes as it is and deflated, SHA-256 and CRC-32.

    The deflated form is left open at its end, so that a few bytes can be added to an answer.
    """

    path: Path
    size: int
    deflated_size: int
    digest: str
    crc: int

    @property
    def deflated_path(self) -> Path:
        return deflated_beside(self.path)


def deflated_beside(path: Path) -> Path:
    """Return where the deflated form of a file stands."""
    return path.with_name(path.name + DEFLATED)


Fill = Callable[[Path], None]
"""Writes the files of a folder that is empty."""


def stored_folder(folder: Path, fill: Fill, *, patience: float) -> dict[str, StoredFile]:
    """Return the files of a folder by name; they are written now if they are not there.

    One process writes at a time in all the folders beside each other; the others wait for it.
    Raises `BusyError` for who has waited `patience` seconds, and whatever `fill` raises: then
    nothing is there.
    """
    if found := read_folder(folder):
        return found
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder.parent, patience):
        return read_folder(folder) or _write(folder, fill)


def read_folder(folder: Path) -> dict[str, StoredFile]:
    """Return the files of a folder by name; none when it is not there, or its index is damaged."""
    try:
        now = (folder / INDEX).stat()
        return dict(_told_by(folder, now.st_ino, now.st_size, now.st_mtime_ns))
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@lru_cache(maxsize=500)
def _told_by(folder: Path, *_version: int) -> dict[str, StoredFile]:
    """Return what the index of a folder tells; it is read once as long as it is the same file."""
    index = json.loads((folder / INDEX).read_bytes())
    return {name: StoredFile(folder / name, **values) for name, values in index.items()}


def is_sound(folder: Path) -> bool:
    """Tell whether every file of a folder is as it was written, its deflated form too."""
    found = read_folder(folder)
    try:
        return bool(found) and all(_is_as_written(file) for file in found.values())
    except OSError:
        return False


def sweep_folders(above: Path, *, keep: set[str], patience: float) -> int:
    """Take away the folders whose names are not to be kept, unfinished ones too; return how many.

    Raises `BusyError` as `stored_folder` does.
    """
    if not above.is_dir():
        return 0
    with _alone_in(above, patience):
        gone = [path for path in above.iterdir() if path.is_dir() and path.name not in keep]
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)
    return len(gone)


def drop_folder(folder: Path, *, patience: float) -> None:
    """Take a folder away. Raises `BusyError` as `stored_folder` does."""
    with _alone_in(folder.parent, patience):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a new file that its owner alone reads, to write and read; on the disk at the end."""
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone_in(above: Path, patience: float) -> Iterator[None]:
    until = time.monotonic() + patience
    opened = os.open(above / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() > until:
                raise BusyError(str(above))
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        # with it goes the lock, as it does when the process dies
        os.close(opened)


def _write(folder: Path, fill: Fill) -> dict[str, StoredFile]:
    part = Path(tempfile.mkdtemp(prefix=".", suffix=_UNFINISHED, dir=folder.parent))
    try:
        fill(part)
        files = {path.name: _deflated(path) for path in sorted(part.iterdir())}
        with new_file(part / INDEX) as index:
            told = {name: asdict(file) for name, file in files.items()}
            for values in told.values():
                del values["path"]
            index.write(json.dumps(told).encode())
        # of a folder whose index was damaged
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return read_folder(folder)


def _deflated(path: Path) -> StoredFile:
    """Write the deflated form of a file beside it, and return both."""
    digest, crc, deflate = hashlib.sha256(), 0, zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    with path.open("rb") as file, new_file(deflated_beside(path)) as beside:
        while piece := file.read(_CHUNK):
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            beside.write(deflate.compress(piece))
        beside.write(deflate.flush(zlib.Z_FULL_FLUSH))
        return StoredFile(path, file.tell(), beside.tell(), digest.hexdigest(), crc)


def _is_as_written(file: StoredFile) -> bool:
    digest, inflate = hashlib.sha256(), zlib.decompressobj(-zlib.MAX_WBITS)
    with file.deflated_path.open("rb") as beside:
        while piece := beside.read(_CHUNK):
            digest.update(inflate.decompress(piece))
    with file.path.open("rb") as opened:
        plain = hashlib.file_digest(opened, "sha256").hexdigest()
    return plain == digest.hexdigest() == file.digest


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
