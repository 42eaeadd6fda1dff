"""The files in which the processes of the site keep their figures, and what becomes of them.

A process is replaced every so many requests, and each leaves two files: without end, there would
be more to add up at each look. What the ended ones have counted stays, in one file of each kind.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

KINDS = ("counter", "histogram")
"""Of each the library has a file for each process, written through the memory of the process."""
ROOM = 1 << 20
"""Bytes of such a file: three times what the figures of all views with all answers come to."""
ENDED = "ended"
"""What stands in the name of a file in place of the process."""


@contextmanager
def unchanged(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Let no process fold its figures while they are read; `alone`: nobody reads meanwhile."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def make_room(folder: Path) -> None:
    """Take the room on the disk that the figures of this process may need.

    A page of a file that finds no room when it is written to through memory ends the process
    (SIGBUS): so the room is there before. Raises `OSError` where there is none.
    """
    for kind in KINDS:
        _take_room(folder / f"{kind}_{os.getpid()}.db")


def _take_room(file: Path) -> None:
    had_bytes = file.exists() and file.stat().st_size > 0
    # not to append: a file system without this act of its own refuses it there
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        os.posix_fallocate(opened, 0, ROOM)
    except OSError:
        # an empty file cannot be read as figures, and a part of the room would only fill the disk
        if not had_bytes:
            file.unlink(missing_ok=True)
        raise
    finally:
        os.close(opened)


def fold_ended(folder: Path) -> None:
    """Add the files of this process, which ends, and of all that are gone to those of the ended.

    No sum is another before and after; nobody who reads under `unchanged` sees it in between.
    Raises `OSError` where the disk has no room: what is not added yet stays where it was.
    """
    with unchanged(folder, alone=True):
        for figures in sorted(folder.glob("*_*.db")):
            kind, _, process = figures.stem.rpartition("_")
            if process.isdecimal() and (int(process) == os.getpid() or not _lives(int(process))):
                _add(figures, folder / f"{kind}_{ENDED}.db")


def _add(figures: Path, ended: Path) -> None:
    # a copy: killed in between, nothing is counted twice
    draft = ended.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    try:
        if ended.exists():
            shutil.copyfile(ended, draft)
        _take_room(draft)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sums = MmapedDict(str(draft))
    for key, value, moment, _place in MmapedDict.read_all_values_from_file(str(figures)):
        sums.write_value(key, sums.read_value(key)[0] + value, moment)
    sums.close()
    figures.unlink()
    draft.replace(ended)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
