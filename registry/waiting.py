"""How long whoever writes waits for who is writing: some seconds, or not at all."""

from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction

from registry.system_faults import is_disk_full

_PATIENCE = "100ms"
"""How long PostgreSQL waits for a lock, enough for whoever writes the very same."""

_REFUSED_LOCKS = frozenset({"55P03", "40P01"})
"""PostgreSQL: a lock was not given in time, or never would have been."""


class NoPlaceError(OperationalError):
    """So many wait to write already that nobody else may wait beside them."""


def waited_too_long(error: BaseException) -> bool:
    """Tell whether an error is that of a lock waited for too long: later the same may work."""
    if not isinstance(error, OperationalError):
        return False
    if isinstance(error, NoPlaceError):
        return True
    if getattr(error.__cause__, "sqlstate", None) in _REFUSED_LOCKS:
        return True
    return "locked" in str(error) and connection.vendor == "sqlite"


def wait_as_this_process_may() -> None:
    """Say for the open transaction how long it waits for a lock, where a pool is in between.

    A pool passes on nothing a connection begins with, so that the role says it for all: the site
    lets people wait some seconds, a worker waits until it is its turn. Elsewhere nothing is done.
    """
    if settings.IS_POOLED and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{settings.LOCK_SECONDS}s'")


def write_if_free(write: Callable[[], object]) -> None:
    """Write what `write` writes, or nothing of it where somebody else is writing or a disk is full.

    What is only kept to be quick is not worth anybody’s time. On its own, or as part of the
    transaction that is open, which goes on either way.
    """
    try:
        (_on_sqlite if connection.vendor == "sqlite" else _on_postgresql)(write)
    except IntegrityError:
        # what it is of is gone since
        pass
    except OperationalError as error:
        # the next one who looks will write it
        if not (waited_too_long(error) or is_disk_full(error)):
            raise


def _on_sqlite(write: Callable[[], object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        # outside of the transaction, whose beginning takes the lock
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            with transaction.atomic():
                write()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


def _on_postgresql(write: Callable[[], object]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        write()
        # that of the connection: what fails is put back with the transaction
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        wait_as_this_process_may()
