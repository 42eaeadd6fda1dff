"""What many tests start from is loaded once in each worker; later its rows are put back.

Loading the demo data takes seconds, its rows milliseconds. Nothing is put around the rules of the
database: the guards look at the rows that come back as at any others.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, models

Table = type[models.Model]

_remembered: dict[str, dict[Table, Any]] = {}


def load_once(name: str, load: Callable[[], object]) -> None:
    """Have in the database what `load` writes there: by loading, or from what it wrote before.

    `name` stands for one and the same load. What is there already stays, and where it could make a
    difference – rows in a table the load writes to – the load is done again.
    """
    if name in _remembered and not any(_rows_of(table) for table in _remembered[name]):
        for table, rows in _remembered[name].items():
            _put_back(table, rows)
        return
    before = {table: _rows_of(table) for table in _tables()}
    load()
    after = {table: _rows_of(table) for table in before}
    written = {table: rows for table, rows in after.items() if rows != before[table]}
    if not any(before[table] for table in written):
        _remembered[name] = written


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


def _columns(table: Table) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in table._meta.concrete_fields]


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
