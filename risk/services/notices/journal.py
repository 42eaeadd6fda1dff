"""Which mails of a run have left, kept at once, so that a run that is killed is gone on with.

A line of a file, not a statement for each person: the database is told of all at the end, or at
the beginning of the next run.
"""

import datetime
import fcntl
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from risk.models import Notice


class Journal:
    """What has left in this run, and in those before that did not come to their end."""

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
            waiting.update(sent_at=timezone.now())
        self._file.seek(0)
        self._file.truncate()


@contextmanager
def open_journal() -> Iterator[Journal]:
    """Give the journal to one run at a time, what was left in it settled; settle it at the end.

    Who comes meanwhile waits. The lock goes with the process that holds it, however that ends.
    Raises `OSError` when the file cannot be written.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with _path().open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        journal = Journal(file)
        journal.settle()
        try:
            yield journal
        finally:
            journal.settle()


def _path() -> Path:
    # a folder may be shared by several registers
    name = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
    return settings.VAR_DIR / f"notices-{name}.log"
