"""How long whoever writes waits for who is writing: some seconds, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

_PATIENCE = 100
"""Milliseconds PostgreSQL waits for a lock, enough for whoever writes the very same."""


_REFUSED_LOCKS = frozenset({"55P03", "40P01"})
"""PostgreSQL: a lock was not given in time, or never would have been."""


def waited_too_long(error: BaseException) -> bool:
    """Tell whether an error is that of a lock waited for too long: later the same may work."""
    if not isinstance(error, OperationalError):
        return False
    if getattr(error.__cause__, "sqlstate", None) in _REFUSED_LOCKS:
        return True
    return "locked" in str(error) and connection.vendor == "sqlite"


@contextmanager
def written_if_free() -> Iterator[None]:
    """Write what the block writes, or nothing of it where somebody else is writing.

    What is only kept to be quick is not worth anybody’s time. On its own, or as part of the
    transaction that is open, which goes on either way.
    """
    patience = _patience()
    try:
        _be_patient("0" if connection.vendor == "sqlite" else f"{_PATIENCE}ms")
        with transaction.atomic():
            yield
    except OperationalError as error:
        # the next one who looks will write it
        if not waited_too_long(error):
            raise
    finally:
        _be_patient(patience)


def _patience() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
        )
        return str(cursor.fetchone()[0])


def _be_patient(patience: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
        else:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [patience])
