"""Statements that PostgreSQL keeps planned, for those whose words are kept (docs/decisions/0059).

Planning a statement costs the server two to four times what running it does, and a connection asks
the same ones all day. What Django writes otherwise goes on being planned each time: it puts the
values among the words.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_MOST_KEPT = 500
"""Statements of a connection: those of all pages in the lengths that occur are fewer."""
ASKED_BEFORE = 2
"""How often a connection asks a statement before its plan is kept: keeping it is one way more there
and back, which what is asked once need not pay. The cursors of Django keep none."""


POOLED = "DISABLE_SERVER_SIDE_CURSORS"
"""Django's name, in the settings of a database, for one behind such a pool."""


def rows_of(opened: BaseDatabaseWrapper, words: str, params: Sequence[Any]) -> list[tuple]:
    """Return the rows of a kept statement, asked by a connection with these parameters."""
    with opened.cursor() as cursor:
        # what shares its connections between transactions keeps no plans of one
        if opened.vendor == "postgresql" and not opened.settings_dict.get(POOLED):
            cursor.cursor = _planned(cursor.cursor.connection)
        cursor.execute(words, params)
        return cursor.fetchall()


def _planned(connection: Any) -> Any:
    # where there is no PostgreSQL its library is not read
    from registry.planned_cursor import PlannedCursor  # noqa: PLC0415

    if connection.prepare_threshold is None:
        connection.prepare_threshold, connection.prepared_max = ASKED_BEFORE, _MOST_KEPT
    return PlannedCursor(connection)
