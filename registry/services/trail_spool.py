"""Room for what is too long for memory while the trail is read: a file nobody else can open."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

CACHE_KB = 2_000
"""What may be in memory before it is written to the file."""


@contextmanager
def spool(*tables: str) -> Iterator[sqlite3.Connection]:
    """Give an empty database with some tables, told in SQL, whichever engine holds the register.

    It stands in a file without a name, in the folder for temporary files (``$TMPDIR``, else
    ``/var/tmp``), which goes with its process however that ends. Raises `sqlite3.Error`, as when
    that folder is full.
    """
    # the empty name is that of a file of SQLite's own, and not of one in memory
    with closing(sqlite3.connect("")) as connection:
        for setting in (
            "temp_store = FILE",
            "journal_mode = OFF",
            "synchronous = OFF",
            f"cache_size = -{CACHE_KB}",
        ):
            connection.execute(f"PRAGMA {setting}")
        for table in tables:
            connection.execute(f"CREATE TABLE {table}")
        yield connection
