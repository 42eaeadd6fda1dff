"""Order of rows under one parent: places and numbers are unique, so they move in two steps.

A unique constraint is checked row by row, so rows that change places would meet half way. All of
them first move to a range nothing else uses, then from there to where they belong
(docs/decisions/0026).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Case, F, Max, Model, QuerySet, Value, When
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act, note_body, note_subject
from registry.hanging import body_row_of
from registry.models import Annex
from registry.services.bulk import relink_in_bulk
from registry.trail.subjects import annex_subject

Row = TypeVar("Row", bound=Model)

FEW = 20
"""So many rows are counted again, whatever it is for."""
HOLE = 1_000
FAR_AWAY = 1_000_000_000
"""Start of the disjoint range: above any real number, and its double fits the column."""


def lock_open_annex(annex: Annex | int) -> Annex:
    """Return the annex, locked until the act ends, so that two people never count the same rows.

    Raises `RuleRefused` when it is not open.
    """
    rows = Annex.objects.select_for_update(of=("self",)).select_related("plan")
    locked = rows.get(pk=getattr(annex, "pk", annex))
    check_open(locked)
    return locked


def check_open(annex: Annex) -> None:
    """Raise `RuleRefused` for an annex that is not open; the act, or its refusal, is then of it."""
    note_subject(annex_subject(annex))
    if not annex.is_open:
        raise RuleRefused(
            _("L’allegato non è aperto: si modifica in bozza o dopo la restituzione."),
            code="annex_not_open",
        )


def note_body_of(row: Any) -> None:
    """Say that the open act is done in the administration a row is of, if it is of one."""
    named_by = body_row_of(row)
    if named_by is not None and named_by.administration_id is not None:
        note_body(named_by.administration_id)


def places_after_move(order: Sequence[int], at: Mapping[int, int], moved: int) -> dict[int, int]:
    """Return the values to be written so that rows stand in an order once `moved` is where it is.

    `order` are the keys of all rows that share the constraint, `at` their values now. Where a few
    rows are concerned they count from 1, without holes; where it would be many, the row goes into
    the hole between its neighbours, and where there is none, it and all behind it are given
    values with holes between them, so that the next one finds one.
    """
    counted = {key: value for value, key in enumerate(order, start=1) if at[key] != value}
    if len(counted) <= FEW:
        return counted
    here = order.index(moved)
    before = at[order[here - 1]] if here else 0
    after = at[order[here + 1]] if here + 1 < len(order) else before + 2 * HOLE
    if before < at[moved] < after:
        return {}
    if after - before > 1:
        return {moved: (before + after) // 2}
    return {key: before + n * HOLE for n, key in enumerate(order[here:], start=1)}


def next_value(rows: QuerySet, column: str = "position") -> int:
    """Return the first free value after all of `rows`."""
    return (rows.aggregate(last=Max(column))["last"] or 0) + 1


def move(row: Row, siblings: Iterable[Row], *, position: int, kind: str, by: Any) -> Row:
    """Put `row` at a place (from 1) among its siblings, in order, and count them again; return it.

    A place before the first or after the last is the first or the last. Rows that stay where they
    are get neither a new version nor a history row.
    """
    rows = list(siblings)
    moved = next(sibling for sibling in rows if sibling.pk == row.pk)
    rows.remove(moved)
    rows.insert(max(position, 1) - 1, moved)
    count_again(rows, column="position", kind=kind, by=by)
    return moved


def count_again(rows: Sequence[Row], *, column: str, kind: str, by: Any) -> int:
    """Give `rows`, as ordered here, the values 1, 2, 3…; return how many of them changed.

    `rows` are all the rows that share the unique constraint. Two updates for any number of rows,
    then their history.
    """
    changed = [
        (row, value) for value, row in enumerate(rows, start=1) if getattr(row, column) != value
    ]
    put(changed, column=column, kind=kind, by=by)
    return len(changed)


def put(places: Sequence[tuple[Row, int]], *, column: str, kind: str, by: Any) -> None:
    """Give each row the value beside it, free once all of them have moved; two updates, history.

    The rows are of one model and may stand under several parents.
    """
    if not places:
        return
    model = type(places[0][0])
    with act(kind, by=by) as opened:
        far = Case(*(When(pk=row.pk, then=Value(FAR_AWAY + value)) for row, value in places))
        same = model._base_manager.filter(pk__in=[row.pk for row, _value in places])
        same.update(**{column: far})
        same.update(**{column: F(column) - FAR_AWAY, "version": F("version") + 1})
        for row, value in places:
            setattr(row, column, value)
            row.version += 1
        model.history.bulk_history_create(
            [row for row, _value in places],
            update=True,
            default_user=opened.by,
            default_change_reason=opened.mark,
        )
        relink_in_bulk([row for row, _value in places], {}, opened=opened)
