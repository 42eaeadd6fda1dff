"""Inserting very many rows at once with their history: what an import does.

Django's bulk insert prepares every value of every row for itself, and so does the history's: for
the 70,000 rows of a large register that was four fifths of the time. Here a table is prepared
column by column, and its rows go in by COPY on PostgreSQL, by INSERTs of many rows on SQLite; its
history is copied from them.
"""

import os
from collections.abc import Callable, Collection, Sequence
from itertools import chain, groupby
from operator import itemgetter
from struct import iter_unpack
from typing import Any
from uuid import UUID, SafeUUID, uuid4

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

# a UUID refuses its attributes being set, but not by its slots
_set_int: Callable = vars(UUID)["int"].__set__
_set_safe: Callable = vars(UUID)["is_safe"].__set__
_random: list[int] = []
# two processes must never draw the same
os.register_at_fork(after_in_child=_random.clear)

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
    makers = {name: _new_uid if make is uuid4 else make for name, make in makers.items()}
    blank = {f.attname: f.get_default() for f in fields if f.attname not in makers}
    relations = {f.name: (f.attname, f.target_field.attname) for f in fields if f.is_relation}
    return blank, makers, relations


def _new_uid() -> UUID:
    """Return what `uuid4` does, which asks the system for random bytes each time.

    The constructor, which looks at all it could be given, takes six times as long.
    """
    if not _random:
        many = bytearray(os.urandom(16 * _ROWS_A_STATEMENT))
        # version 4 of the variant of RFC 9562, for all of them
        many[6::16] = bytes(0x40 | byte & 0x0F for byte in many[6::16])
        many[8::16] = bytes(0x80 | byte & 0x3F for byte in many[8::16])
        _random.extend(high << 64 | low for high, low in iter_unpack(">QQ", many))
    uid = UUID.__new__(UUID)
    _set_int(uid, _random.pop())
    _set_safe(uid, SafeUUID.unknown)
    return uid


def insert_with_history(rows: Sequence[models.Model], *, opened: Act) -> None:
    """Insert new rows of one model, already valid, and the history of each; tell the act.

    The rows they refer to are in the database. Each row gets its key. Two statements for any number
    on PostgreSQL, two for thousands on SQLite, and two to reserve the keys. The history is copied
    from the rows inside the database: it holds what they hold, and nothing travels twice.
    """
    model = type(rows[0])
    values = [row.__dict__ for row in rows]
    keys = _reserved(model, len(rows))
    for columns_of_row, key in zip(values, keys, strict=True):
        columns_of_row[model._meta.pk.attname] = key
    fields = model._meta.concrete_fields
    known = set[str]().union(*(row._state.fields_cache for row in rows))
    referring = {field.attname for field in fields if field.name in known}
    columns = {field.attname: _column(field, rows, values, referring) for field in fields}
    _insert(model, {f.attname: _prepared(f, columns[f.attname]) for f in fields})
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias
    records = model.history.model  # type: ignore[attr-defined]
    now = timezone.now()
    told = {
        "history_id": _reserved(records, len(rows)),
        "history_date": [one.get("_history_date", now) for one in values],
        "history_change_reason": [opened.mark] * len(rows),
        "history_type": ["+"] * len(rows),
        "history_user_id": [_author(records, rows[0], opened)] * len(rows),
    }
    _copy_to_history(model, records, keys, told)
    opened.touched.extend(history_lines(records, columns | told))


def _copy_to_history(
    model: type[models.Model],
    records: type[models.Model],
    keys: Sequence[int],
    told: dict[str, list[Any]],
) -> None:
    """Insert the history of rows that are in the database: a statement for each run of keys.

    All keys are one run, unless somebody else was given some meanwhile.
    """
    quote = connection.ops.quote_name
    kept = [f for f in records._meta.concrete_fields if f.attname not in told]
    own = ", ".join(quote(field.column) for field in kept)
    other = ", ".join(quote(records._meta.get_field(name).column) for name in told)
    pk = quote(model._meta.pk.column)
    # S608: the names are those of the models, never a person's input
    statement = (
        f"INSERT INTO {quote(records._meta.db_table)} ({own}, {other}) "  # noqa: S608
        f"SELECT {own}, {pk} + %s, %s, %s, %s, %s FROM {quote(model._meta.db_table)} "
        f"WHERE {pk} BETWEEN %s AND %s"
    )
    dates = _prepared(records._meta.get_field("history_date"), told["history_date"])
    runs = groupby(
        enumerate(zip(keys, told["history_id"], dates, strict=True)),
        # within a run the keys of rows and of records go up together
        key=lambda one: (one[1][0] - one[0], one[1][1] - one[0], one[1][2]),
    )
    with connection.cursor() as cursor:
        for (_first, _record, date), run in runs:
            places = [place for place, _row in run]
            first, last = keys[places[0]], keys[places[-1]]
            offset = told["history_id"][places[0]] - first
            same = [told[name][0] for name in list(told)[2:]]
            cursor.execute(statement, [offset, date, *same, first, last])


def _author(records: Any, row: models.Model, opened: Act) -> Any:
    by = opened.by or records.get_default_history_user(row)
    return by.pk if by is not None else None


def _column(
    field: models.Field,
    rows: Sequence[models.Model],
    values: Sequence[dict[str, Any]],
    referring: Collection[str],
) -> list[Any]:
    """Return the values of a column; `values` are the rows’ own, by column.

    `referring` are the columns of relations that at least one row has a row for.
    """
    name = field.attname
    if type(field).pre_save is not models.Field.pre_save:
        return [field.pre_save(row, add=True) for row in rows]
    # not the row's attribute: that of a relation costs ten times as much
    column = list(map(itemgetter(name), values))
    if name in referring and None in column:
        _fill_new(field, column, rows, values)
    return column


def _fill_new(
    field: models.Field,
    column: list[Any],
    rows: Sequence[models.Model],
    values: Sequence[dict[str, Any]],
) -> None:
    """Fill in the keys of rows that were new themselves when those that refer to them were made."""
    name, key = field.name, field.target_field.attname
    targets = [row._state.fields_cache.get(name) for row in rows]
    for place, (value, target) in enumerate(zip(column, targets, strict=True)):
        if value is None and target is not None:
            column[place] = values[place][field.attname] = getattr(target, key, None)


def _reserved(model: type[models.Model], count: int) -> list[int]:
    """Return keys that nobody else will be given."""
    meta = model._meta
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # the sequence is looked up once, not for each key
                "SELECT nextval(keys.name) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass "
                "AS name OFFSET 0) keys, generate_series(1, %s)",
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
