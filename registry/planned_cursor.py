"""The cursor of statements that PostgreSQL keeps planned (`registry.prepared`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.numeric import Int8


@dataclass(frozen=True)
class _Told:
    """What was asked, for whoever writes statements down or asks one again: Django looks here.

    Its values are put among the words only then.
    """

    connection: psycopg.Connection
    words: str
    params: Sequence[Any]

    @property
    def query(self) -> bytes:
        return psycopg.ClientCursor(self.connection).mogrify(self.words, self.params).encode()


class PlannedCursor(psycopg.Cursor):
    """A cursor that sends words and values apart."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Any:
        try:
            return super().execute(query, [_typed(param) for param in params])
        finally:
            self._query = _Told(self.connection, query, params or ())


def _typed(param: Any) -> Any:
    """Return a number as one of a size: each size would be another statement to the server."""
    return Int8(param) if type(param) is int else param
