"""Somebody whose transaction does not end, and the others who would like to work meanwhile."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction
from django.test import Client

TRAIL = ("registry_trailrecord",)
"""What an act writes last, when all the rest of it is done."""
_PATIENCE = {
    "sqlite": ("PRAGMA busy_timeout = 50", "PRAGMA busy_timeout = 20000"),
    "postgresql": ("SET lock_timeout = '50ms'", "RESET lock_timeout"),
}


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Let this connection wait a twentieth of a second for a lock; the site waits longer."""
    asked, again = _PATIENCE[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        yield
        cursor.execute(again)


@contextmanager
def stuck_writer(tables: Sequence[str] = ()) -> Iterator[None]:
    """Let somebody else write while the block runs, and never end: on SQLite nobody else writes.

    On PostgreSQL they hold `tables`, or all there are, against whoever writes or locks a row.
    """

    def begin() -> None:
        if connection.vendor == "postgresql":
            names = tables or connection.introspection.django_table_names(only_existing=True)
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")

    with unfinished(begin):
        yield


@contextmanager
def unfinished(begin: Callable[[], object]) -> Iterator[None]:
    """Let somebody else begin a transaction, that ends undone when the block does."""
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            begin()
            held.set()
            over.wait(300)
            transaction.set_rollback(True)
        connections.close_all()

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        assert held.wait(60)
        yield
    finally:
        over.set()
        holding.join()


def all_rows() -> dict[str, Any]:
    """Return every row there is, by table."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{name}" ORDER BY 1')  # noqa: S608 - of the models
            found[name] = cursor.fetchall()
    return found


class HinderedClient(Client):
    """A browser whose every form is sent while somebody else is stuck, then again as is offered."""

    def __init__(self, tables: Sequence[str] = (), **options: Any) -> None:
        super().__init__(raise_request_exception=False, **options)
        self.tables = tables
        self.told: list[str] = []
        """Addresses at which it was told that the register is busy."""

    def post(self, path: str, data: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Send a form twice; fail where it did anything the first time, or broke."""
        before = all_rows()
        again = {name: value for name, value in options.items() if name != "follow"}
        with stuck_writer(self.tables):
            answer = super().post(path, data, **again)
        if answer.status_code != 503:
            assert answer.status_code < 500, path
            return answer if "follow" not in options else super().post(path, data, **options)
        changed = {name for name, rows in all_rows().items() if rows != before[name]}
        assert not changed, (path, changed)
        self.told.append(path)
        for file in filter(lambda value: hasattr(value, "seek"), (data or {}).values()):
            file.seek(0)
        return super().post(path, data, **options)
