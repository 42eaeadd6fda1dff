"""Counting the statements an act costs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    """Fail when the block needs more statements on rows; savepoints do not count (ruling 23)."""
    with CaptureQueriesContext(connection) as captured:
        yield
    found = [query["sql"] for query in captured if query["sql"].startswith(COUNTED)]
    assert len(found) <= limit, f"{len(found)} statements:\n" + "\n".join(found)
