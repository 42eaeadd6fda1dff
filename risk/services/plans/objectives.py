"""The objectives of a plan: added, ordered, taken out of use, and what shows how far they are.

The RPCT writes them until the plan is adopted; offices say which one a measure serves.
"""

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import clock
from registry.acts import RuleRefused
from registry.models import Plan
from registry.services.editing import save_fields
from registry.services.ordering import next_value
from registry.services.rows import store
from risk.models import Objective, ObjectiveIndicator
from risk.services.plans.own_rows import move_by, writing

KIND = "objective"
_writing = partial(
    writing,
    kind=KIND,
    refusal=gettext_lazy("Il piano è adottato: i suoi obiettivi non cambiano più."),
)


def objectives_of(plan: Plan) -> QuerySet[Objective]:
    """Return the objectives of a plan in their order, with indicators and `measure_count`."""
    indicators = ObjectiveIndicator.objects.order_by("position")
    rows = Objective.objects.filter(plan=plan).annotate(measure_count=Count("planned_measures"))
    return rows.prefetch_related(Prefetch("indicators", queryset=indicators)).order_by("position")


def add_objective(*, plan: Plan, code: str, name: str, by: Any) -> Objective:
    """Add an objective at the end of those of a plan; return it. One act.

    Raises `ValidationError` for a code the plan has already, `RuleRefused` once it is adopted.
    """
    with _writing(plan, by=by):
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
    with _writing(row.plan, by=by):
        save_fields(row=row, values=values, version=version, kind=KIND, by=by)


def move_objective(*, row: Objective, by_places: int, by: Any) -> None:
    """Put an objective some places further down, or up. One act.

    Raises `RuleRefused` once the plan is adopted.
    """
    with _writing(row.plan, by=by):
        move_by(row, by_places, kind=KIND, by=by)


def remove_objective(*, row: Objective, by: Any) -> None:
    """Delete an objective that is new in its edition and that no measure serves. One act.

    Raises `RuleRefused` for any other: it is taken out of use instead.
    """
    with _writing(row.plan, by=by):
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
    with _writing(objective.plan, by=by):
        rows = ObjectiveIndicator.objects.filter(objective=objective)
        same = rows.filter(uid=uid).first()
        if same is not None:
            return same
        row = ObjectiveIndicator(objective=objective, uid=uid, position=next_value(rows), **values)
        return store(row, sure={"objective", "position"})


def remove_indicator(*, row: ObjectiveIndicator, by: Any) -> None:
    """Delete an indicator of an objective. One act; `RuleRefused` once the plan is adopted."""
    with _writing(row.objective.plan, by=by):
        row.delete()


def years_of(plan: Plan) -> tuple[int, ...]:
    """Return the years an objective has a target for: the first of the plan and those after it."""
    return tuple(plan.first_year + n for n in range(len(ObjectiveIndicator.TARGETS)))


def in_use(rows: Iterable[Objective]) -> list[Objective]:
    """Return the objectives measures may serve."""
    return [row for row in rows if not row.is_retired]
