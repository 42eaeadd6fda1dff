"""The history of what a plan says itself: its data, chapters, objectives and plan-wide measures.

What hangs on an annex is told by the annex and by its processes
(`risk.services.annexes.histories`). Rows are found through their histories, so that what was
removed is told too.
"""

import uuid

from django.db.models import Model, Q, QuerySet

from registry.models import Plan, PlanDeadline
from registry.services.history_pages import SavedHistory
from risk.models import (
    Chapter,
    ChapterRemark,
    Consultation,
    ImplementationStep,
    Objective,
    ObjectiveIndicator,
    PlanMethod,
    PlannedMeasure,
    ProgressIndicator,
)

_Part = tuple[type[Model], QuerySet]
PARTS: dict[type[Model], dict[type[Model], str]] = {
    Chapter: {ChapterRemark: "chapter"},
    Objective: {ObjectiveIndicator: "objective"},
    PlannedMeasure: {ImplementationStep: "planned_measure", ProgressIndicator: "planned_measure"},
}
"""Rows of a plan that have a page of their own, and what hangs on each, by the column."""
ALONE = (PlanDeadline, PlanMethod, Consultation)


def history_of_plan(plan: Plan) -> SavedHistory:
    """Return the saves of a plan and of its own rows, the last one first."""
    own: list[_Part] = [(Plan, Plan.history.filter(id=plan.pk))]
    own += [(model, model.history.filter(plan=plan.pk)) for model in ALONE]
    return SavedHistory([*own, *(part for model in PARTS for part in _parts(model, plan))])


def history_of_row(plan: Plan, uid: uuid.UUID) -> SavedHistory | None:
    """Return the saves of one row of a plan and of what hangs on it; None where it had none."""
    for model in PARTS:
        if _rows(model, plan).filter(uid=uid).exists():
            return SavedHistory(_parts(model, plan, uid=uid))
    return None


def _parts(model: type[Model], plan: Plan, **only: uuid.UUID) -> list[_Part]:
    rows = _rows(model, plan).filter(**only)
    keys = rows.values("id")
    hanging = PARTS[model].items()
    parts = [(part, part.history.filter(**{f"{way}__in": keys})) for part, way in hanging]
    return [(model, rows), *parts]


def _rows(model: type[Model], plan: Plan) -> QuerySet:
    of_annexes = Q(annex__isnull=True) if model is PlannedMeasure else Q()
    return model.history.filter(of_annexes, plan=plan.pk)
