"""Rows below others, read by a statement that is put together once (docs/decisions/0059).

They stand where `prefetch_related` would have put them, which puts its statements together anew
each time. What they are read by is what is known of the whole page – the process, not the phases
of which there are as many as there are – so that the words are the same for every page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import ForeignKey, Model, QuerySet

from registry.kept_statements import KeptStatement, Value

BELOW = "below"
"""What rows of a relation of many to many are annotated with: the key of the one they are below."""


class KeptChildren:
    """What hangs on rows under one `name`; `build` makes its query of the values of a call."""

    def __init__(self, name: str, build: Callable[..., QuerySet]) -> None:
        self._name = name
        self._read = KeptStatement(build)

    def __call__(self, rows: Sequence[Any], *values: Value | Iterable[Value]) -> list[Any]:
        """Read what hangs on rows, and return it: one statement, and none where there are no rows.

        What hangs on other rows is left out of them, though it is among what is returned.
        """
        if not rows:
            return []
        below = self._read(*values)
        _put_below(rows, self._name, below)
        return below


def _put_below(rows: Sequence[Model], name: str, below: Iterable[Model]) -> None:
    relation = rows[0]._meta.get_field(name)
    column = relation.field if relation.one_to_many else None
    by_key: dict[Any, list[Model]] = defaultdict(list)
    for one in below:
        by_key[_key_above(one, column)].append(one)
    for row in rows:
        found = by_key.get(row.pk, [])
        if column is not None:
            for one in found:
                column.set_cached_value(one, row)
        # as the manager asks for them, so that whoever sorts or filters them asks for these
        asked = getattr(row, name).all()
        asked._result_cache, asked._prefetch_done = found, True
        _kept_of(row)[name] = asked


def _key_above(row: Any, column: ForeignKey | None) -> Any:
    return getattr(row, BELOW if column is None else column.attname)


def _kept_of(row: Any) -> dict[str, QuerySet]:
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}
    return row._prefetched_objects_cache
