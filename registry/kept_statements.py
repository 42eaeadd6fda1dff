"""Statements a process of the site puts together once, and asks with other values ever after.

Putting a statement together costs the ORM ten times what asking it costs the database, and a page
asks the same dozen for everybody (docs/decisions/0059). Which rows somebody may see is a value like
any other, given anew each time: nothing of a person, and no row, is kept.
"""

import copy
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from registry.prepared import rows_of

Value = int | str | UUID | datetime.date
"""What may be given for a value, and in a collection of them."""
_PLACES = 914_377_111
"""Stand-ins begin with this: no statement has such a number of its own."""


class KeptStatement:
    """A query of one shape; `build` makes it of its values, each used as a parameter and no more.

    A collection is told by a tuple, which is made longer by saying a value again: 1, 2, 4, 8 and so
    on, so that there are few lengths to be kept. `build` must make of other values the same words:
    it never looks at them. Where that is not so – an empty collection, which has words of its own,
    is known apart – the first call raises `ValueError`.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._made: dict[tuple[Any, ...], _Made | None] = {}

    def __call__(self, *values: Value | Iterable[Value]) -> list[Any]:
        """Return the rows of the query with these values."""
        given = [value if _is_one(value) else _lengthened(value) for value in values]  # type: ignore[arg-type]
        key = tuple(map(_kind_of, given))
        if key not in self._made:
            self._made[key] = _made_of(self._build, given)
        made = self._made[key]
        return [] if made is None else made.rows_with(given)


class _Made:
    """The words of a statement, and where in its parameters the values stand."""

    def __init__(self, rows: QuerySet, places: list[Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(rows.db)
        self.words, params = self._compiler.as_sql()
        at = {place: n for n, place in enumerate(places)}
        self._params = [(at.get(_told(param)), param) for param in params]
        if missing := set(at.values()) - {n for n, _param in self._params}:
            raise ValueError(f"{missing} is no parameter of {self.words}")

    def rows_with(self, given: list[Any]) -> list[Any]:
        """Return the rows with values in their places."""
        # each thread has a connection of its own
        opened = connections[self._rows.db]
        flat = [_adapted(value, opened) for value in _flat(given)]
        params = tuple(param if n is None else flat[n] for n, param in self._params)
        compiler = copy.copy(self._compiler)
        compiler.connection = opened
        compiler.execute_sql = lambda *_args, **_options: self._asked(opened, params)
        rows = self._rows._chain()
        rows.query.get_compiler = lambda *_args, **_options: compiler
        return list(rows)

    def _asked(self, opened: BaseDatabaseWrapper, params: Sequence[Any]) -> list[list[tuple]]:
        """Return the rows as the compiler does, in one part, without what it sorts by alone."""
        rows = rows_of(opened, self.words, params)
        if self._compiler.has_extra_select:
            rows = [row[: self._compiler.col_count] for row in rows]
        return [rows]


def _made_of(build: Callable[..., QuerySet], given: list[Any]) -> _Made | None:
    """Return what was made of a query; None where it can have no rows."""
    numbers = count()
    places: list[Any] = []

    def stand_in(value: Value) -> Value:
        places.append(None)
        made = _stand_in(value, next(numbers))
        places[-1] = _told(made)
        return made

    def stand_ins(values: list[Any]) -> list[Any]:
        return [stand_in(one) if _is_one(one) else tuple(map(stand_in, one)) for one in values]

    try:
        made = _Made(build(*stand_ins(given)), list(places))
        # with the values themselves the words are the same, or they look at them
        once = [value if _is_one(value) else _once(value) for value in given]
        words, others = _words_of(build(*once)), _words_of(build(*stand_ins(once)))
    except EmptyResultSet:
        return None
    if words != others:
        raise ValueError(f"the words follow the values: {words}")
    return made


def _words_of(rows: QuerySet) -> str:
    return rows.query.get_compiler(rows.db).as_sql()[0]


def _stand_in(value: Value, number: int) -> Value:
    if isinstance(value, UUID):
        return UUID(int=_PLACES + number)
    if isinstance(value, datetime.date):
        return datetime.date(1, 1, 1) + datetime.timedelta(number)
    return f"{_PLACES}-{number}" if isinstance(value, str) else _PLACES + number


def _told(param: Any) -> str:
    """Return a parameter as text that is alike before and after an engine has adapted it."""
    return param.hex if isinstance(param, UUID) else str(param)


def _adapted(value: Value, opened: Any) -> Any:
    if isinstance(value, UUID):
        return value if opened.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime.date):
        return opened.ops.adapt_datefield_value(value)
    return value


def _once(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))


def _lengthened(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return values each once, and the first of them again until they are 1, 2, 4, 8 and so on."""
    kept = _once(values)
    if not kept:
        return kept
    return kept + kept[:1] * ((1 << (len(kept) - 1).bit_length()) - len(kept))


def _is_one(value: Any) -> bool:
    return isinstance(value, int | str | UUID | datetime.date)


def _kind_of(value: Any) -> Any:
    return type(value) if _is_one(value) else len(value)


def _flat(given: Iterable[Any]) -> Iterator[Any]:
    for value in given:
        if _is_one(value):
            yield value
        else:
            yield from value
