"""How often a test of chance is repeated: a few rounds among all tests, many in `make soak`."""

import os

from django.db import connection

SOAK = os.environ.get("SOAK") == "1"
"""Whether these are the many rounds."""


def rounds(short: int, *, soak: int) -> range:
    """Return the rounds to run: `short` of them, or `soak` with SOAK=1 in the environment.

    The engines share the few between them, SQLite from the first, PostgreSQL from the second; where
    there is one, each has it.
    """
    if SOAK or short == 1:
        return range(soak if SOAK else short)
    return range(connection.vendor == "postgresql", short, 2)
