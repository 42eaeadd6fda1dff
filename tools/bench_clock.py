"""What some work costs: processor, wall, statements, and how long its transactions are open.

Imported by processes that run either version of the application, so it knows none of it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

COUNTED = ("COPY", "SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
"""How statements on rows begin; the others open and close transactions."""


@dataclass
class Cost:
    """Of one piece of work: seconds of processor, the server's included, and by the clock.

    `held` are the seconds of processor within its transactions.
    """

    processor: float = 0
    wall: float = 0
    held: float = 0
    statements: int = 0


def spent() -> float:
    """Return the seconds of processor of this process and of the one that serves it, if any."""
    seconds = time.process_time()
    if connection.vendor == "postgresql":
        seconds += _server_seconds(connection.connection.info.backend_pid)
    return seconds


def _server_seconds(server: int) -> float:
    # the first number are the nanoseconds it ran; the times in `stat` are in hundredths of a second
    told = Path(f"/proc/{server}/schedstat").read_text(encoding="utf-8").split()
    return int(told[0]) / 1e9


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what is done meanwhile; the cost is filled at the end."""
    cost = Cost()
    connection.ensure_connection()
    with _counting(cost), _held(cost):
        began, at = spent(), time.perf_counter()
        yield cost
        cost.processor, cost.wall = spent() - began, time.perf_counter() - at


@contextmanager
def _counting(cost: Cost) -> Iterator[None]:
    def count(execute: Callable, sql: str, *rest: Any) -> Any:
        cost.statements += is_counted(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield


def is_counted(sql: str) -> bool:
    """Tell whether a statement works on rows: PostgreSQL takes the trail's lock by a SELECT."""
    return sql.startswith(COUNTED) and "pg_advisory" not in sql


@contextmanager
def _held(cost: Cost) -> Iterator[None]:
    """Add up the time between the begin and the end of each transaction, savepoints left out."""
    atomic: Any = transaction.Atomic
    enter, leave = atomic.__enter__, atomic.__exit__
    began: list[float] = []

    def entering(self: Any) -> Any:
        if not connection.in_atomic_block:
            began.append(spent())
        return enter(self)

    def leaving(self: Any, *error: Any) -> Any:
        try:
            return leave(self, *error)
        finally:
            if began and not connection.in_atomic_block:
                cost.held += spent() - began.pop()

    atomic.__enter__, atomic.__exit__ = entering, leaving
    try:
        yield
    finally:
        atomic.__enter__, atomic.__exit__ = enter, leave
