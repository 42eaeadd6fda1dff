"""Very many rows written at once with their history: rows created, changed, and their lists.

Django's bulk insert prepares every value of every row for itself, and so does the history's: for
the 70,000 rows of a large register that was four fifths of the time. From `MANY` rows on a table is
prepared column by column, and its rows go in by COPY on PostgreSQL, by INSERTs of many rows on
SQLite; its history is copied from them.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, TypeVar

from concurrency.fields import AutoIncVersionField
from django.db import connection, connections, models
from simple_history.signals import post_create_historical_m2m_records
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from registry import clock
from registry.acts import Act, act
from registry.trail.records import history_lines

Row = TypeVar("Row", bound=models.Model)
MANY = 500
"""Rows from which it pays to insert them another way than the libraries do."""

_ROWS_A_STATEMENT = 500
"""SQLite keeps what it makes of a statement, and of one of 2,000 rows that is a megabyte."""
_ROWS_TOLD = 5000
"""The texts of more, in memory at once, are a tenth of what an import may need."""
_AS_THEY_ARE = frozenset(
    {"CharField", "TextField", "BooleanField", "IntegerField", "PositiveIntegerField"}
    | {"PositiveSmallIntegerField", "BigIntegerField", "AutoField", "BigAutoField"}
)
"""Kinds of columns whose values both engines take without preparation."""


def create_in_bulk(rows: Sequence[Row], *, kind: str, by: Any) -> list[Row]:
    """Create many rows of one model, already valid, in one act: two statements for any number.

    What the rows refer to is in the database, or was created in the same way before.
    """
    if not rows:
        return []
    with act(kind, by=by) as opened:
        if len(rows) >= MANY:
            insert_with_history(rows, opened=opened)
            return list(rows)
        # the library writes history without the signal that marks an act, so the mark is given
        return bulk_create_with_history(
            rows,
            type(rows[0]),
            default_user=opened.by,
            default_change_reason=opened.mark,
            default_date=clock.now(),
        )


def update_in_bulk(rows: Sequence[Row], *, fields: Sequence[str], opened: Act) -> None:
    """Write `fields` of changed rows of one model, each with its next version, and its history."""
    if not rows:
        return
    names = list(fields)
    if any(field.name == "version" for field in rows[0]._meta.concrete_fields):
        names.append("version")
        for row in rows:
            row.version += 1
    bulk_update_with_history(
        rows,
        type(rows[0]),
        names,
        default_user=opened.by,
        default_change_reason=opened.mark,
        default_date=clock.now(),
    )


def update_each(rows: Sequence[Row], *, fields: Sequence[str], opened: Act) -> None:
    """Write `fields` of changed rows as `update_in_bulk`, row after row, by one prepared statement.

    Its one statement for all grows with their square. No column among `fields` may be unique: what
    changes places would meet half way.
    """
    if not rows:
        return
    model = type(rows[0])
    for row in rows:
        row.version += 1
    columns = [model._meta.get_field(name) for name in (*fields, "version")]
    values = [prepared(one, [getattr(row, one.attname) for row in rows]) for one in columns]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(one.column)} = %s" for one in columns)
    # S608: the names are those of the model, never a person's input
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*values, [row.pk for row in rows], strict=True)))
    model.history.bulk_history_create(
        rows,
        update=True,
        default_user=opened.by,
        default_change_reason=opened.mark,
        default_date=clock.now(),
    )


def link_in_bulk(
    links: Mapping[str, Mapping[models.Model, Collection[Any]]], *, kind: str, by: Any
) -> None:
    """Fill the lists of rows just created in this act, by name of the list and row.

    The values of a list are keys. Two statements for each list, two for the history of all; the
    creation's own history rows take the lists over, as if the rows had been made with them.
    """
    rows = {row.pk: row for keys_by_row in links.values() for row in keys_by_row}
    if not rows:
        return
    model = type(next(iter(rows.values())))
    with act(kind, by=by) as opened:
        created = model.history.filter(id__in=rows, history_change_reason=opened.mark)
        records = {record.id: record for record in created}
        for name, keys_by_row in links.items():
            _link(model, name, keys_by_row, records)


def _link(model: type[models.Model], name: str, keys_by_row: Mapping, records: Mapping) -> None:
    field = model._meta.get_field(name)
    through = field.remote_field.through
    near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = [
        through(**{f"{near}_id": row.pk, f"{far}_id": key})
        for row, keys in keys_by_row.items()
        for key in keys
    ]
    if not rows:
        return
    made = through.objects.bulk_create(rows)
    past = getattr(model.history.model, name).model
    created = past.objects.bulk_create(
        past(
            history=records[getattr(row, f"{near}_id")],
            **{column.attname: getattr(row, column.attname) for column in through._meta.fields},
        )
        for row in made
    )
    # as the library does when it writes them one by one: whoever follows the acts is told
    post_create_historical_m2m_records.send(sender=past, created_rows=created, field=field)


def relink_in_bulk(
    rows: Collection[models.Model],
    links: Mapping[str, Mapping[int, Collection[int]]],
    *,
    opened: Act,
) -> None:
    """Give lists of rows just changed in this act other values, by name of the list and key.

    Lists not named stay. The history rows of the change take over what each row then has: changing
    rows in bulk writes them without their lists. A number of statements for each list of the model.
    """
    lists = type(next(iter(rows))).history.model._history_m2m_fields if rows else ()
    if not lists:
        return
    model = type(next(iter(rows)))
    keys = [row.pk for row in rows]
    # a row changed twice in the act has two, the later one is how it stays
    changed = model.history.filter(id__in=keys, history_change_reason=opened.mark)
    records = {record.id: record for record in changed.order_by("history_id")}
    for field in lists:
        through = field.remote_field.through
        near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        keys_by_row = links.get(field.name, {})
        others = [key for key in keys if key in keys_by_row]
        if others:
            through.objects.filter(**{f"{near}__in": others}).delete()
            through.objects.bulk_create(
                through(**{near: key, far: other}) for key in others for other in keys_by_row[key]
            )
        now = through.objects.filter(**{f"{near}__in": keys}).order_by("pk")
        past = getattr(model.history.model, field.name).model
        created = past.objects.bulk_create(
            past(
                history=records[getattr(row, near)],
                **{column.attname: getattr(row, column.attname) for column in through._meta.fields},
            )
            for row in now
        )
        post_create_historical_m2m_records.send(sender=past, created_rows=created, field=field)


def insert_with_history(rows: Sequence[models.Model], *, opened: Act) -> None:
    """Insert new rows of one model, already valid, and the history of each; tell the act.

    The rows they refer to are in the database. Each row gets its key. Two statements for any number
    on PostgreSQL, one and one for each 500 on SQLite, and two to reserve the keys. The history is
    copied from the rows inside the database: it holds what they hold, and nothing travels twice.
    """
    model = type(rows[0])
    values = [row.__dict__ for row in rows]
    keys = reserved(model, len(rows))
    for columns_of_row, key in zip(values, keys, strict=True):
        columns_of_row[model._meta.pk.attname] = key
    columns = _columns(model, rows, values)
    now = clock.now()
    dates = [one.get("_history_date", now) for one in values]
    insert_columns(model, columns, opened=opened, dates=dates, like=rows[0])
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def insert_columns(
    model: type[models.Model],
    columns: dict[str, list[Any]],
    *,
    opened: Act,
    dates: list[Any] | None = None,
    like: models.Model | None = None,
) -> list[int]:
    """Insert new rows of one model, given column by column with their keys, and their history.

    `like` is one of them, if they are rows by now: what the history asks of a row it asks of it.
    Returns the keys of their histories, in the same order.
    """
    keys = columns[model._meta.pk.attname]
    insert(model, {f.attname: prepared(f, columns[f.attname]) for f in model._meta.concrete_fields})
    records = model.history.model  # type: ignore[attr-defined]
    act_columns = {
        "history_id": reserved(records, len(keys)),
        "history_date": dates or [clock.now()] * len(keys),
        "history_change_reason": [opened.mark] * len(keys),
        "history_type": ["+"] * len(keys),
        "history_user_id": [author(records, like, opened)] * len(keys),
    }
    copy_to_history(model, records, keys, act_columns)
    tell_rows(records, columns | act_columns, opened)
    return act_columns["history_id"]


def tell_rows(records: Any, columns: Mapping[str, list[Any]], opened: Act) -> None:
    """Tell an act of many new rows of a history, given column by column."""
    count = len(columns["history_id"])
    for start in range(0, count, _ROWS_TOLD):
        part = {name: column[start : start + _ROWS_TOLD] for name, column in columns.items()}
        opened.lines.add(history_lines(records, part))


def copy_to_history(
    model: type[models.Model],
    records: type[models.Model],
    keys: Sequence[int],
    act_columns: dict[str, list[Any]],
) -> None:
    """Insert the history of rows that are in the database: a statement for each run of keys.

    All keys are one run, unless somebody else was given some meanwhile.
    """
    quote = connection.ops.quote_name
    copied = [f for f in records._meta.concrete_fields if f.attname not in act_columns]
    own = ", ".join(quote(field.column) for field in copied)
    other = ", ".join(quote(records._meta.get_field(name).column) for name in act_columns)
    pk = quote(model._meta.pk.column)
    # S608: the names are those of the models, never a person's input
    statement = (
        f"INSERT INTO {quote(records._meta.db_table)} ({own}, {other}) "  # noqa: S608
        f"SELECT {own}, {pk} + %s, %s, %s, %s, %s FROM {quote(model._meta.db_table)} "
        f"WHERE {pk} BETWEEN %s AND %s"
    )
    dates = prepared(records._meta.get_field("history_date"), act_columns["history_date"])
    runs = groupby(
        enumerate(zip(keys, act_columns["history_id"], dates, strict=True)),
        # within a run the keys of rows and of records go up together
        key=lambda one: (one[1][0] - one[0], one[1][1] - one[0], one[1][2]),
    )
    with connection.cursor() as cursor:
        for (_first, _record, date), run in runs:
            places = [place for place, _row in run]
            first, last = keys[places[0]], keys[places[-1]]
            offset = act_columns["history_id"][places[0]] - first
            same = [act_columns[name][0] for name in list(act_columns)[2:]]
            cursor.execute(statement, [offset, date, *same, first, last])


def author(records: Any, row: models.Model | None, opened: Act) -> Any:
    """Return the key of whom the history of an act names."""
    by = opened.by or records.get_default_history_user(row)
    return by.pk if by is not None else None


def _columns(
    model: type[models.Model], rows: Sequence[models.Model], values: Sequence[dict[str, Any]]
) -> dict[str, list[Any]]:
    """Return rows column by column; `values` are their own, by column."""
    fields = model._meta.concrete_fields
    for field in fields:
        if isinstance(field, AutoIncVersionField):
            # the version of a row that has none yet begins at 1
            for one in values:
                one[field.attname] = one[field.attname] or 1
        elif type(field).pre_save is not models.Field.pre_save:
            for row in rows:
                row.__dict__[field.attname] = field.pre_save(row, add=True)
    names = [field.attname for field in fields]
    # not the rows' attributes: those of relations cost ten times as much
    of_rows = zip(*map(itemgetter(*names), values), strict=True)
    columns = dict(zip(names, map(list, of_rows), strict=True))
    known = set[str]().union(*(row._state.fields_cache for row in rows))
    for field in fields:
        # of relations that at least one row has a row for
        if field.name in known and None in columns[field.attname]:
            _fill_new(field, columns[field.attname], rows, values)
    return columns


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


def reserved(model: type[models.Model], count: int) -> list[int]:
    """Return keys for new rows of a model, which nobody else will be given."""
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


def insert(model: type[models.Model], columns: dict[str, list[Any]]) -> None:
    """Insert rows whose values are as the engine takes them, column by column."""
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    rows = zip(*(columns[f.attname] for f in fields), strict=True)
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
        while some := list(islice(rows, size)):
            values = ", ".join([one] * len(some))
            # S608: the names are those of the model, never a person's input
            cursor.execute(
                f"INSERT INTO {table} VALUES {values}",  # noqa: S608
                list(chain.from_iterable(some)),
            )


def prepared(field: models.Field, column: list[Any]) -> list[Any]:
    """Return the values of a column as the engine takes them."""
    kind = field.target_field if field.is_relation else field
    if kind.get_internal_type() in _AS_THEY_ARE:
        return column
    database = connections[connection.alias]
    if isinstance(kind, models.UUIDField):
        has_own = database.features.has_native_uuid_field
        return column if has_own else [value and value.hex for value in column]
    if isinstance(kind, models.DateField):
        # all rows of an act have one moment
        known = {value: field.get_db_prep_save(value, database) for value in set(column)}
        return [known[value] for value in column]
    return [field.get_db_prep_save(value, database) for value in column]
