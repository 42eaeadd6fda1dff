"""What many tests start from is made once in each worker; later its rows are put back.

Loading the demo data takes seconds, its rows milliseconds; an annex of the tests is rows of fifty
tables, each written with its history. The guards look at the rows that come back as at any others,
but for those of what is closed, which nobody may write a second time.
"""

import fcntl
import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from registry.triggers import declared_guards, declared_markers
from tests.emptying import with_guards_off

Table = type[models.Model]
Rows = dict[Table, Any]
Made = TypeVar("Made")

MOST_TRIES = 3
"""How often something is made among the rows of others before nobody looks any more."""
HOUSE = frozenset({"registry", "risk"})


@dataclass(frozen=True)
class Kept:
    """What was made: its rows, and what was returned, packed so that each test has its own."""

    rows: Rows
    answer: bytes


_kept: dict[str, Kept] = {}
_foreign: set[str] = set()
"""What another worker has loaded, as long as its rows have not been put into this database."""
_tries: Counter[str] = Counter()


def load_once(name: str, load: Callable[[], Made]) -> Made:
    """Have in the database what `load` writes there: by loading, or from what was written before.

    `name` stands for one and the same load, whose answer is returned. What is there already stays,
    and where it could make a difference – rows in a table the load writes to – the load is done
    again. What one worker has loaded the others need not load: they wait until it has.
    """
    with _alone(name):
        if name not in _kept:
            _take_over(name)
        return _once(name, load, lambda kept: _hand_over(name, kept), among_others=True)


def made_once(make: Callable[[], Made]) -> Callable[[], Made]:
    """Return a function that has in the database what `make` writes, and returns what it returns.

    It is made where the house holds no row yet; from then on its rows are put back wherever they
    are not in the way, with a copy of the answer for each test. Elsewhere it is made as ever. What
    is made is rows and their models alone: no file, no browser.
    """
    name = f"{make.__module__}.{make.__qualname__}"
    return wraps(make)(lambda: _once(name, make))


def closed_once(make: Callable[[], Made]) -> Callable[[], Made]:
    """As `made_once`, of what is closed: drawing an annex and issuing it takes a second.

    Its rows were let in by the guards when it was made, and come back past them; what a test does
    to them the guards see.
    """
    name = f"{make.__module__}.{make.__qualname__}"
    return wraps(make)(lambda: _once(name, make, put_back=_put_back_past_guards))


def _once(
    name: str,
    make: Callable[[], Made],
    tell: Callable[[Kept], None] = lambda kept: None,
    *,
    among_others: bool = False,
    put_back: Callable[[Rows], None] | None = None,
) -> Made:
    if kept := _kept.get(name):
        if _holds_rows(kept.rows):
            return make()
        (put_back or _put_all_back)(kept.rows)
        if name in _foreign:
            _foreign.remove(name)
            _number_on(kept.rows)
        return pickle.loads(kept.answer)  # noqa: S301 - our own, of this run
    if _tries[name] == MOST_TRIES and not among_others:
        return make()
    _tries[name] += 1
    before, written, answer = _written_by(make)
    house = any(rows and table._meta.app_label in HOUSE for table, rows in before.items())
    if not any(before[table] for table in written) and (among_others or not house):
        kept = _kept[name] = Kept(written, pickle.dumps(answer))
        tell(kept)
    return answer


def _file_of(name: str) -> Path:
    return settings.VAR_DIR / f"loaded-{connection.vendor}-{name.replace(' ', '-')}"


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one worker at a time load it, until it is kept; what it rests on has its own turn."""
    if name in _kept:
        yield
        return
    with _file_of(f"turn of {name}").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _hand_over(name: str, kept: Kept) -> None:
    """Leave what was loaded to the other workers of this run."""
    path = _file_of(name)
    rows = [(table._meta.label, rows) for table, rows in kept.rows.items()]
    unfinished = path.with_name(f"{path.name}-{os.getpid()}")
    unfinished.write_bytes(pickle.dumps((rows, kept.answer)))
    unfinished.replace(path)


def _take_over(name: str) -> None:
    """Keep what another worker has loaded, if one has."""
    try:
        told, answer = pickle.loads(_file_of(name).read_bytes())  # noqa: S301 - our own
    except FileNotFoundError:
        return
    tables = {table._meta.label: table for table in _tables()}
    _kept[name] = Kept({tables[label]: rows for label, rows in told}, answer)
    _foreign.add(name)


def _written_by(make: Callable[[], Made]) -> tuple[Rows, Rows, Made]:
    """Return all rows there were, those of the tables that were written to, and the answer."""
    before = {table: _rows_of(table) for table in _tables()}
    answer = make()
    after = {table: _rows_of(table) for table in before}
    return before, {table: rows for table, rows in after.items() if rows != before[table]}, answer


@cache
def _tables() -> list[Table]:
    """Return all tables, each after those its rows point to."""
    waiting = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    ordered: list[Table] = []
    while waiting:
        free = [model for model in waiting if not _parents(model) & set(waiting) - {model}]
        # a circle is cut where it was declared first
        ordered += free or waiting[:1]
        waiting = [model for model in waiting if model not in ordered]
    return ordered


def _parents(model: Table) -> set[Table]:
    return {field.related_model for field in model._meta.concrete_fields if field.remote_field}


@cache
def _columns(table: Table) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in table._meta.concrete_fields]


def _holds_rows(tables: Iterable[Table]) -> bool:
    """Tell whether any of the tables holds a row."""
    any_row = (f'EXISTS (SELECT 1 FROM "{table._meta.db_table}")' for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE {' OR '.join(any_row)}")  # noqa: S608
        return bool(cursor.fetchall())


def _rows_of(table: Table) -> Any:
    """Return the rows as the engine hands them out and takes them back, oldest first."""
    name, key = table._meta.db_table, connection.ops.quote_name(table._meta.pk.column)
    columns = _columns(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = f'SELECT {", ".join(columns)} FROM "{name}" ORDER BY {key}'  # noqa: S608
            with cursor.copy(f"COPY ({query}) TO STDOUT") as copied:
                return b"".join(copied)
        # the sign keeps the driver from turning the text of a date into something else
        given = ", ".join(f"+{column}" for column in columns)
        cursor.execute(f'SELECT {given} FROM "{name}" ORDER BY {key}')  # noqa: S608
        return cursor.fetchall()


def _put_all_back(tables: Rows) -> None:
    with transaction.atomic():
        for table, rows in tables.items():
            _put_back(table, rows)
        marked = {marker.into for marker in declared_markers()}
        for table, rows in tables.items():
            if table._meta.db_table in marked:
                # the rows have drawn marks anew: those come back of which contents are kept
                table.objects.all().delete()
                _put_back(table, rows)


def _put_back_past_guards(tables: Rows) -> None:
    def put_back() -> None:
        for table, rows in tables.items():
            _put_back(table, rows)

    names = {table._meta.db_table for table in tables}
    declared = [*declared_guards(), *declared_markers()]
    with transaction.atomic():
        with_guards_off([guard for guard in declared if guard.table in names], put_back)


def _put_back(table: Table, rows: Any) -> None:
    name, columns = table._meta.db_table, _columns(table)
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{name}" ({names}) FROM STDIN') as copied:
                copied.write(rows)
            return
        signs = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({signs})', rows)  # noqa: S608


def _number_on(tables: Iterable[Table]) -> None:
    """Let new rows be numbered after those there are, which were numbered elsewhere.

    SQLite does so by itself; a sequence of PostgreSQL stays where it is put, also after a rollback.
    """
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        for table in tables:
            name, key = table._meta.db_table, table._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{name}"', key])
            (sequence,) = cursor.fetchone()
            last = f'SELECT max("{key}") FROM "{name}"'  # noqa: S608
            if sequence:
                cursor.execute(
                    f"SELECT setval(%s, greatest(nextval(%s), ({last})))",  # noqa: S608
                    [sequence, sequence],
                )
