"""The rows a plan has of its own, objectives and chapters: written until it is adopted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from registry.acts import RuleRefused, act
from registry.models import Plan
from registry.services.ordering import move
from risk.services.plans.moves import lock_plan, subject_of


@contextmanager
def writing(plan: Plan, *, kind: str, by: Any, refusal: Any) -> Iterator[None]:
    """Open an act on a plan, held until it ends so that it is not being adopted meanwhile.

    Raises `RuleRefused` with the sentence `refusal` once it is adopted.
    """
    with act(kind, by=by, subject=subject_of(plan)):
        if lock_plan(plan).is_adopted:
            raise RuleRefused(str(refusal))
        yield


def move_by(row: Any, by_places: int, *, kind: str, by: Any) -> None:
    """Put a row some places further down among those of its plan, or up; inside an open act."""
    rows = list(type(row).objects.filter(plan=row.plan_id).order_by("position"))
    here = next(place for place, one in enumerate(rows, start=1) if one.pk == row.pk)
    move(row, rows, position=here + by_places, kind=kind, by=by)
