"""Which mails of a run have left, kept at once, so that a run that is killed is gone on with.

On one machine a line of a file, not a statement for each person: the database is told of all at the
end, or at the beginning of the next run. Where several hosts may send, a file of one of them would
tell the others nothing: there each mail is a statement, and a lock of the database lets one run at
a time.
"""

import datetime
import fcntl
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.db import connection

from registry import clock
from risk.models import Notice

_LOCK = "risk.notices"
"""What the lock of a run is called, beside the others of the database."""


class Journal(Protocol):
    """What has left in this run, and in those before that did not come to their end."""

    def note(self, *, person: int, on: datetime.date) -> None:
        """Keep that the mail of a day has left for a person; it is on the disk then."""


class _FileJournal:
    """A file of this machine, settled with the database at both ends of a run."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def note(self, *, person: int, on: datetime.date) -> None:
        """Keep that the mail of a day has left for a person; it is on the disk then."""
        self._file.write(f"{on.isoformat()} {person}\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def settle(self) -> None:
        """Tell the database of all that has left: a statement for each day. Then forget it."""
        self._file.seek(0)
        people: dict[str, set[int]] = defaultdict(set)
        for line in self._file:
            # the last one may be torn, and then its mail is one that nobody was told of
            if line.endswith("\n"):
                on, person = line.split()
                people[on].add(int(person))
        for on, some in people.items():
            waiting = Notice.objects.filter(on=on, user__in=some, sent_at=None)
            waiting.update(sent_at=clock.now())
        self._file.seek(0)
        self._file.truncate()


@contextmanager
def open_journal() -> Iterator[Journal]:
    """Give the journal to one run at a time, with all that runs before have left in it.

    Who comes meanwhile waits. The lock goes with the process that holds it, however that ends.
    Raises `OSError` when a file cannot be written.
    """
    with _open_rows() if settings.IS_DATABASE_SHARED else _open_file() as journal:
        yield journal


class _RowJournal:
    """The rows of the notices themselves, which every host sees."""

    def note(self, *, person: int, on: datetime.date) -> None:
        """Keep that the mail of a day has left for a person; it is on the disk then."""
        waiting = Notice.objects.filter(on=on, user=person, sent_at=None)
        waiting.update(sent_at=clock.now())


@contextmanager
def _open_rows() -> Iterator[_RowJournal]:
    # a connection that does nothing else: its transaction, with the lock, is as long as the run
    waiting = connection.copy()
    try:
        with waiting.cursor() as cursor:
            cursor.execute("BEGIN")
            # for as long as it takes, whatever the role is told otherwise
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
        yield _RowJournal()
    finally:
        waiting.close()


@contextmanager
def _open_file() -> Iterator[_FileJournal]:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with _path().open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        journal = _FileJournal(file)
        journal.settle()
        try:
            yield journal
        finally:
            journal.settle()


def _path() -> Path:
    # a folder may be shared by several registers
    name = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
    return settings.VAR_DIR / f"notices-{name}.log"
