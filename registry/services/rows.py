"""Writing rows as every service does: validated, and with their history."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from django.db import models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from registry.acts import Act, act
from registry.services.inserting import insert_with_history

Row = TypeVar("Row", bound=models.Model)
MANY = 500
"""Rows from which it pays to insert them another way than the libraries do."""


def store(row: Row, *, sure: Collection[str] = ()) -> Row:
    """Validate the row, save it and return it; `ValidationError` when its model refuses.

    `sure` are the columns the service has just read or counted under a lock: each would cost a
    query to be checked again, and the database still refuses what must never be true.
    """
    row.full_clean(exclude=set(sure))
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
        )


def update_in_bulk(rows: Sequence[Row], *, fields: Sequence[str], opened: Act) -> None:
    """Write `fields` of changed rows of one model, each with its next version and its history."""
    if not rows:
        return
    for row in rows:
        row.version += 1
    bulk_update_with_history(
        rows,
        type(rows[0]),
        [*fields, "version"],
        default_user=opened.by,
        default_change_reason=opened.mark,
    )
