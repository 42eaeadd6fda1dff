"""Rows that do nothing but tie two others, of which an import has tens of thousands at once.

They are no objects before they are in the database: a pair of rows each says all there is of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from concurrency.fields import AutoIncVersionField
from django.db import models

from registry.acts import act
from registry.services.bulk import MANY, create_in_bulk, insert_columns, reserved
from registry.services.new_rows import new_row, new_uid

Pairs = Mapping[tuple[str, str], Sequence[tuple[models.Model, models.Model]]]
"""Pairs of rows by the two relations of the row that ties them."""


def tie_in_bulk(model: type[models.Model], pairs: Pairs, *, kind: str, by: Any) -> int:
    """Create the rows that tie pairs of rows, already valid, in one act; return how many.

    Both of a pair are in the database. Statements and history are those of `create_in_bulk`.
    """
    count = sum(map(len, pairs.values()))
    if count < MANY:
        rows = [
            new_row(model, **{first: one, second: other})
            for (first, second), own in pairs.items()
            for one, other in own
        ]
        create_in_bulk(rows, kind=kind, by=by)
        return count
    with act(kind, by=by) as opened:
        columns = _columns(model, pairs, count)
        insert_columns(model, columns, opened=opened)
    return count


def _columns(model: type[models.Model], pairs: Pairs, count: int) -> dict[str, list[Any]]:
    """Return the columns of the rows; what no pair says is as in a new row."""
    blank = vars(new_row(model))
    columns: dict[str, list[Any]] = {}
    for field in model._meta.concrete_fields:
        name = field.attname
        if field.primary_key:
            columns[name] = reserved(model, count)
        elif name == "uid":
            columns[name] = [new_uid() for _n in range(count)]
        elif field.is_relation:
            column = columns[name] = []
            for names, own in pairs.items():
                if field.name in names:
                    side = names.index(field.name)
                    column += [pair[side].__dict__["id"] for pair in own]
                else:
                    column += [None] * len(own)
        else:
            is_version = isinstance(field, AutoIncVersionField)
            columns[name] = [1 if is_version else blank[name]] * count
    return columns
