"""Inserting very many rows at once with their history: what an import does.

Django's bulk insert prepares every value of every row for itself, and so does the history's: for
the 70,000 rows of a large register that was four fifths of the time. Here a table is prepared
column by column, and its rows go in by COPY on PostgreSQL, by INSERTs of many rows on SQLite.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connection, connections, models
from django.db.models.base import ModelState
from django.utils import timezone

from registry.acts import Act
from registry.trail import history_lines

_ROWS_A_STATEMENT = 2000
_AS_THEY_ARE = frozenset(
    {"CharField", "TextField", "BooleanField", "IntegerField", "PositiveIntegerField"}
    | {"PositiveSmallIntegerField", "BigIntegerField", "AutoField", "BigAutoField"}
)
"""Kinds of columns whose values both engines take without preparation."""

_blanks: dict[type[models.Model], tuple[dict[str, Any], dict[str, Callable], dict]] = {}


def new_row(model: type[models.Model], **values: Any) -> Any:
    """Return an unsaved row like ``model(**values)``, which sends signals and costs ten times that.

    `values` are fields by name, relations as rows; nothing of them is checked.
    """
    if model not in _blanks:
        _blanks[model] = _blank(model)
    blank, makers, relations = _blanks[model]
    row = model.__new__(model)
    columns = row.__dict__
    columns.update(blank)
    columns["_state"] = state = ModelState()
    state.fields_cache = related = {}
    for name, make in makers.items():
        columns[name] = make()
    for name, value in values.items():
        if name not in relations:
            columns[name] = value
        elif value is not None:
            attname, key = relations[name]
            columns[attname] = getattr(value, key)
            related[name] = value
    return row


def _blank(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable], dict]:
    """Return the columns of an empty row, those made anew for each, and the relations."""
    fields = model._meta.concrete_fields
    makers = {f.attname: f.default for f in fields if f.has_default() and callable(f.default)}
    blank = {f.attname: f.get_default() for f in fields if f.attname not in makers}
    relations = {f.name: (f.attname, f.target_field.attname) for f in fields if f.is_relation}
    return blank, makers, relations


def insert_with_history(rows: Sequence[models.Model], *, opened: Act) -> None:
    """Insert new rows of one model, already valid, and the history of each; tell the act.

    The rows they refer to are in the database. Each row gets its key. Two statements for any number
    on PostgreSQL, two for thousands on SQLite, and two to reserve the keys.
    """
    model = type(rows[0])
    _refer(model, rows)
    for row, key in zip(rows, _reserved(model, len(rows)), strict=True):
        row.pk = key
    columns = {field.attname: _column(field, rows) for field in model._meta.concrete_fields}
    prepared = {f.attname: _prepared(f, columns[f.attname]) for f in model._meta.concrete_fields}
    _insert(model, prepared)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    records = model.history.model  # type: ignore[attr-defined]
    now = timezone.now()
    told = {
        "history_id": _reserved(records, len(rows)),
        "history_date": [getattr(row, "_history_date", now) for row in rows],
        "history_change_reason": [opened.mark] * len(rows),
        "history_type": ["+"] * len(rows),
        "history_user_id": [_author(records, rows[0], opened)] * len(rows),
    }
    dates = _prepared(records._meta.get_field("history_date"), told["history_date"])
    _insert(records, prepared | told | {"history_date": dates})
    columns |= told
    opened.touched.extend(history_lines(records, columns))


def _author(records: Any, row: models.Model, opened: Act) -> Any:
    by = opened.by or records.get_default_history_user(row)
    return by.pk if by is not None else None


def _refer(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write the keys of the rows referred to, which may have been new themselves."""
    for field in model._meta.concrete_fields:
        if field.is_relation:
            name, attname, key = field.name, field.attname, field.target_field.attname
            for row in rows:
                target = row._state.fields_cache.get(name)
                if target is not None:
                    row.__dict__[attname] = getattr(target, key)


def _column(field: models.Field, rows: Sequence[models.Model]) -> list[Any]:
    if type(field).pre_save is models.Field.pre_save:
        return list(map(attrgetter(field.attname), rows))
    return [field.pre_save(row, add=True) for row in rows]


def _reserved(model: type[models.Model], count: int) -> list[int]:
    """Return keys that nobody else will be given."""
    meta = model._meta
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(meta.db_table), meta.pk.column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # there is one writer, and it is this transaction
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [meta.db_table])
        last = (cursor.fetchone() or [0])[0]
    return list(range(last + 1, last + 1 + count))


def _insert(model: type[models.Model], columns: dict[str, list[Any]]) -> None:
    """Insert rows whose values are as the engine takes them, column by column."""
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    rows = list(zip(*(columns[f.attname] for f in fields), strict=True))
    quote = connection.ops.quote_name
    table = f"{quote(model._meta.db_table)} ({', '.join(quote(f.column) for f in fields)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # unlike its other methods, Django leaves the errors of this one to the driver
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            return
        limit = connection.features.max_query_params // len(fields)
        size = min(limit, _ROWS_A_STATEMENT)
        # Django would replace each of many thousand marks by that of SQLite; only its log needs it
        mark = "%s" if connection.queries_logged else "?"
        one = f"({', '.join([mark] * len(fields))})"
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            values = ", ".join([one] * len(some))
            # S608: the names are those of the model, never a person's input
            cursor.execute(
                f"INSERT INTO {table} VALUES {values}",  # noqa: S608
                list(chain.from_iterable(some)),
            )


def _prepared(field: models.Field, column: list[Any]) -> list[Any]:
    """Return the values of a column as the engine takes them."""
    kind = field.target_field if field.is_relation else field
    if kind.get_internal_type() in _AS_THEY_ARE:
        return column
    database = connections[connection.alias]
    if isinstance(kind, models.DateField):
        # all rows of an act have one moment
        known = {value: field.get_db_prep_save(value, database) for value in set(column)}
        return [known[value] for value in column]
    return [field.get_db_prep_save(value, database) for value in column]
