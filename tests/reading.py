"""How much the database works for an answer: counted by the engine itself, not by the clock."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

STEPS_AT_ONCE = 10


@dataclass
class Work:
    """What was done: on SQLite steps of its machine, on PostgreSQL blocks of 8 kB looked at."""

    done: int = 0


@contextmanager
def counted_work() -> Iterator[Work]:
    """Count the work of the statements in the block, once it is left."""
    work = Work()
    yield from (_steps if connection.vendor == "sqlite" else _blocks)(work)


def _steps(work: Work) -> Iterator[Work]:
    def more() -> int:
        work.done += STEPS_AT_ONCE
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(more, STEPS_AT_ONCE)
    try:
        yield work
    finally:
        connection.connection.set_progress_handler(None, 0)


def _blocks(work: Work) -> Iterator[Work]:
    with CaptureQueriesContext(connection) as captured:
        yield work
    reads = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        # as an installation chooses, which may read whole tables (see tests/settings.py)
        cursor.execute("SET enable_seqscan = on")
        for sql in reads:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            work.done += (
                plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
            )
        cursor.execute("RESET enable_seqscan")
