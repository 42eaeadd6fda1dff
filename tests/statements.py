"""Counting the statements an act costs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE")
LOCK = "pg_advisory_xact_lock"


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    """Fail when the block needs more statements than that (docs/decisions/0032)."""
    with CaptureQueriesContext(connection) as captured:
        yield
    statements = [query["sql"] for query in captured]
    found = [sql for sql in statements if sql.startswith(COUNTED) and LOCK not in sql]
    assert len(found) <= limit, f"{len(found)} statements:\n" + "\n".join(found)
