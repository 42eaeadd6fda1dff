"""Rows copied by the ten thousand, column by column: none of them is an object on the way.

A plan of a thousand processes has seventy thousand; as objects they take most of the time.
"""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

from django.db import connections, models
from django.db.models import CharField
from django.db.models.functions import Cast

from registry.acts import Act
from registry.services.bulk import insert, insert_columns, prepared, reserved, tell_rows
from registry.services.new_rows import new_uid, uid_of

Columns = dict[str, list[Any]]
"""The values of rows by column: the same place in each is the same row."""
Made = dict[int, int]
"""The key of each copy, by that of the row it was made from."""


def read_columns(rows: models.QuerySet) -> Columns:
    """Return the own columns of rows, in the order of their keys; one statement."""
    names = [field.attname for field in rows.model._meta.concrete_fields]
    uids = [
        field.attname
        for field in rows.model._meta.concrete_fields
        if isinstance(field, models.UUIDField)
    ]
    # where uids are kept as texts, making them anew takes as long as all else
    has_texts = not connections[rows.db].features.has_native_uuid_field
    asked = [Cast(n, CharField()) if has_texts and n in uids else n for n in names]
    read = list(zip(*rows.order_by("pk").values_list(*asked), strict=True))
    columns = dict(zip(names, map(list, read), strict=True)) if read else {n: [] for n in names}
    for name in uids if has_texts else ():
        columns[name] = [uid and uid_of(int(uid, 16)) for uid in columns[name]]
    return columns


def count_of(columns: Columns) -> int:
    """Return how many rows there are."""
    return len(columns["id"])


def those_at(columns: Columns, places: Sequence[int]) -> Columns:
    """Return the rows at some places, in their order; one may be named more than once."""
    return {name: [column[place] for place in places] for name, column in columns.items()}


def under(columns: Columns, parents: Mapping[str, Made]) -> Columns:
    """Return rows under the copies of what they hang on; those of none that was copied are left."""
    kept = [True] * count_of(columns)
    moved: Columns = {}
    for name, made in parents.items():
        keys = columns[f"{name}_id"]
        moved[f"{name}_id"] = [None if key is None else made.get(key) for key in keys]
        kept = [
            one and (key is None or new is not None)
            for one, key, new in zip(kept, keys, moved[f"{name}_id"], strict=True)
        ]
    columns = columns | moved
    if all(kept):
        return columns
    return {name: list(compress(column, kept)) for name, column in columns.items()}


def insert_copies(
    model: type[models.Model], columns: Columns, *, opened: Act
) -> tuple[list[int], list[int]]:
    """Insert rows that were read from the same table as new ones, with their history.

    Each gets a key, a uid and the first version of its own; all else is as in `columns`. Returns
    their keys and those of their histories. Statements as `registry.services.bulk.insert_columns`.
    """
    count = count_of(columns)
    if not count:
        return [], []
    keys = reserved(model, count)
    own: Columns = {"id": keys}
    if "uid" in columns:
        own["uid"] = [new_uid() for _n in range(count)]
    if "version" in columns:
        own["version"] = [1] * count
    return keys, insert_columns(model, columns | own, opened=opened)


def insert_lists(
    model: type[models.Model],
    name: str,
    pairs: Sequence[tuple[int, int]],
    histories: Mapping[int, int],
    *,
    opened: Act,
) -> None:
    """Fill a list of rows just inserted: pairs of the key of a row and of what is in its list.

    `histories` are the keys of their histories, which take the list over. Two statements and two
    for the keys.
    """
    if not pairs:
        return
    field = model._meta.get_field(name)
    through = field.remote_field.through
    near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    columns = {
        "id": reserved(through, len(pairs)),
        near: [key for key, _value in pairs],
        far: [value for _key, value in pairs],
    }
    _insert(through, columns)
    past = getattr(model.history.model, name).model  # type: ignore[attr-defined]
    columns[past._meta.pk.attname] = reserved(past, len(pairs))
    columns["history_id"] = [histories[key] for key, _value in pairs]
    _insert(past, columns)
    tell_rows(past, columns, opened)


def _insert(model: type[models.Model], columns: Columns) -> None:
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    insert(model, {f.attname: prepared(f, columns[f.attname]) for f in fields})
