"""The objectives of a plan: added, ordered, taken out of use, and what shows how far they are.

The RPCT writes them until the plan is adopted; offices say which one a measure serves.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import RuleRefused, act
from registry.models import Plan
from registry.services.editing import save_fields
from registry.services.ordering import move, next_value
from registry.services.rows import store
from risk.models import Objective, ObjectiveIndicator
from risk.services.plans.moves import subject_of

KIND = "objective"


def objectives_of(plan: Plan) -> QuerySet[Objective]:
    """Return the objectives of a plan in their order, with indicators and `measure_count`."""
    indicators = ObjectiveIndicator.objects.order_by("position")
    rows = Objective.objects.filter(plan=plan).annotate(measure_count=Count("planned_measures"))
    return rows.prefetch_related(Prefetch("indicators", queryset=indicators)).order_by("position")


def add_objective(*, plan: Plan, code: str, name: str, by: Any) -> Objective:
    """Add an objective at the end of those of a plan; return it. One act.

    Raises `ValidationError` for a code the plan has already, `RuleRefused` once it is adopted.
    """
    with act(KIND, by=by, subject=subject_of(plan)):
        lock_open_plan(plan)
        place = next_value(Objective.objects.filter(plan=plan))
        row = Objective(plan=plan, position=place, code=code, name=name)
        return store(row, sure={"plan", "position"})


def retire_objective(*, row: Objective, reason: str, version: int, by: Any) -> None:
    """Take an objective out of use, or without a reason back into use. One act.

    Measures that serve it go on naming it, and serve none until it is back. Raises `StaleRow`
    where somebody did so meanwhile, `RuleRefused` once the plan is adopted.
    """
    day = clock.today() if reason.strip() else None
    values = {"retired_on": day, "retired_reason": reason.strip()}
    with act(KIND, by=by, subject=subject_of(row.plan)):
        lock_open_plan(row.plan)
        save_fields(row=row, values=values, version=version, kind=KIND, by=by)


def move_objective(*, row: Objective, by_places: int, by: Any) -> None:
    """Put an objective some places further down, or up. One act.

    Raises `RuleRefused` once the plan is adopted.
    """
    with act(KIND, by=by, subject=subject_of(row.plan)):
        lock_open_plan(row.plan)
        rows = list(Objective.objects.filter(plan=row.plan_id).order_by("position"))
        here = next(place for place, one in enumerate(rows, start=1) if one.pk == row.pk)
        move(row, rows, position=here + by_places, kind=KIND, by=by)


def remove_objective(*, row: Objective, by: Any) -> None:
    """Delete an objective that is new in its edition and that no measure serves. One act.

    Raises `RuleRefused` for any other: it is taken out of use instead.
    """
    with act(KIND, by=by, subject=subject_of(row.plan)):
        lock_open_plan(row.plan)
        if row.origin_uid or row.planned_measures.exists():
            sentence = _("«%(row)s» è in uso: si toglie dall’uso con il motivo, e resta dov’è.")
            raise RuleRefused(sentence % {"row": row})
        row.delete()


def add_indicator(
    *, objective: Objective, uid: uuid.UUID, by: Any, **values: Any
) -> ObjectiveIndicator:
    """Add an indicator at the end of those of an objective; the row named `uid`, if it is there.

    Raises `ValidationError` for what the model refuses. One act.
    """
    with act(KIND, by=by, subject=subject_of(objective.plan)):
        lock_open_plan(objective.plan)
        rows = ObjectiveIndicator.objects.filter(objective=objective)
        same = rows.filter(uid=uid).first()
        if same is not None:
            return same
        row = ObjectiveIndicator(objective=objective, uid=uid, position=next_value(rows), **values)
        return store(row, sure={"objective", "position"})


def remove_indicator(*, row: ObjectiveIndicator, by: Any) -> None:
    """Delete an indicator of an objective. One act; `RuleRefused` once the plan is adopted."""
    with act(KIND, by=by, subject=subject_of(row.objective.plan)):
        lock_open_plan(row.objective.plan)
        row.delete()


def lock_open_plan(plan: Plan) -> None:
    """Hold a plan until the act ends, so that it is not being adopted meanwhile.

    Raises `RuleRefused` once it is adopted.
    """
    if Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk).is_adopted:
        raise RuleRefused(_("Il piano è adottato: i suoi obiettivi non cambiano più."))


def years_of(plan: Plan) -> tuple[int, ...]:
    """Return the years an objective has a target for: the first of the plan and those after it."""
    return tuple(plan.first_year + n for n in range(len(ObjectiveIndicator.TARGETS)))


def in_use(rows: Iterable[Objective]) -> list[Objective]:
    """Return the objectives measures may serve."""
    return [row for row in rows if not row.is_retired]
