"""One row written as every service does: validated (many at once: `registry.services.bulk`)."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def store(row: Row, *, sure: Collection[str] = ()) -> Row:
    """Validate the row, save it and return it; `ValidationError` when its model refuses.

    `sure` are the columns the service has just read or counted under a lock: each would cost a
    query to be checked again, and the database still refuses what must never be true. What is to
    be unique with them by a column that was typed is still asked for: SQLite would refuse it by
    the guard of the row that is in the way, in words of its deletion.
    """
    row.full_clean(exclude=set(sure))
    for constraint in row._meta.constraints:
        # one with a condition is of rows that are written once: their services read what is there
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            columns = set(constraint.fields)
            if columns & set(sure) and not columns <= set(sure):
                constraint.validate(type(row), row)
    row.save()
    return row


def copy_of(row: Row, **changes: Any) -> Row:
    """Return an unsaved copy of `row`'s own columns, with `changes` over them.

    The copy gets its own key, uid and version; many-to-many columns are left to the caller.
    """
    own = {"id", "uid", "version"}
    columns = [column for column in row._meta.concrete_fields if column.name not in own]
    copy = type(row)(**{column.attname: getattr(row, column.attname) for column in columns})
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy
