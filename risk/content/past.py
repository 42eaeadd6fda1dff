"""What an annex said at a moment, where what changed since is not its own: read from histories.

A closed annex is frozen. But offices and body may be called otherwise since, and until the plan is
adopted what belongs to all of it – its title, methods, texts, measures – may change what the annex
prints (docs/decisions/0015).
"""

import copy
import dataclasses
from collections import defaultdict
from datetime import datetime
from typing import Any

from registry.enums import RiskPresence
from registry.models import Annex, Office
from risk.content.adopted_names import name_offices
from risk.content.annex_texts import row_at
from risk.content.reading import AnnexContent, nearness, offices_of, past_blocks_of
from risk.models import (
    ImplementationStep,
    Objective,
    PlanMethod,
    PlannedMeasure,
    ProgressIndicator,
    TextBlock,
)


def named_as_at(content: AnnexContent, at: datetime) -> AnnexContent:
    """Return the content with the names that offices and body had at a moment; two statements."""
    offices = [office for office in offices_of(content) if office is not None]
    past = Office.history.filter(id__in={row.pk for row in offices}, history_date__lte=at)
    names = dict(past.order_by("history_id").values_list("id", "name"))
    name_offices(names, offices)
    plan = content.annex.plan
    plan.administration = row_at(plan.administration, at)
    return content


def with_plan_as_at(content: AnnexContent, at: datetime) -> AnnexContent:
    """Return the content with all that belongs to the whole plan as it was at a moment.

    Its own rows stay as they are now. The words of the list of measures are those of today.
    """
    annex = content.annex
    body, annex.plan = annex.plan.administration, row_at(annex.plan, at)
    annex.plan.administration = body
    defaults = _rows_at(PlanMethod, at, plan=annex.plan_id, is_default=True)
    wide = _wide_measures(annex, at)
    measures = {}
    for process in content.processes:
        own = [row for row in content.measures.get(process.pk, ()) if row.annex_id]
        reached = wide if process.risk_presence != RiskPresence.ABSENT else []
        measures[process.pk] = (*reached, *own)
    measures = _serving_as_at(annex, at, measures)
    then = dataclasses.replace(
        content,
        measures=measures,
        default_method=defaults[0].method if defaults else None,
        blocks=_blocks_at(annex, at),
    )
    return named_as_at(then, at)


def _rows_at(model: Any, at: datetime, **lookups: Any) -> list[Any]:
    """Return rows as they were at a moment; one without any history has not changed since."""
    past = list(model.history.as_of(at).filter(**lookups))
    untold = model.objects.filter(**lookups).exclude(pk__in=model.history.values("id"))
    return [*past, *untold]


def _blocks_at(annex: Annex, at: datetime) -> dict[tuple[str, str], TextBlock]:
    past = past_blocks_of(annex, TextBlock.history.as_of(at))
    untold = TextBlock.objects.exclude(pk__in=TextBlock.history.values("id"))
    for place, block in past_blocks_of(annex, untold).items():
        past[place] = max(block, past.get(place, block), key=nearness)
    return past


def _wide_measures(annex: Annex, at: datetime) -> list[PlannedMeasure]:
    """Return the measures of the whole plan of then, with their steps and indicators, in order."""
    of_plan = _rows_at(PlannedMeasure, at, plan=annex.plan_id, annex__isnull=True)
    rows = sorted(of_plan, key=lambda row: (row.position, row.pk))
    keys = [row.pk for row in rows]
    for name, model in (("steps", ImplementationStep), ("progress_indicators", ProgressIndicator)):
        parts = _rows_at(model, at, planned_measure__in=keys)
        by_measure: dict[int, list[Any]] = defaultdict(list)
        for part in sorted(parts, key=lambda part: (part.position, part.pk)):
            by_measure[part.planned_measure_id].append(part)
        for row in rows:
            _read_already(row, name, by_measure[row.pk])
    return rows


def _serving_as_at(
    annex: Annex, at: datetime, measures: dict[int, tuple[PlannedMeasure, ...]]
) -> dict[int, tuple[PlannedMeasure, ...]]:
    """Return measures with the objectives they serve as these were; one that serves none, as is."""
    if not any(row.objective_id for rows in measures.values() for row in rows):
        return measures
    objectives = {row.pk: row for row in _rows_at(Objective, at, plan=annex.plan_id)}
    then: dict[int, PlannedMeasure] = {}
    for row in (row for rows in measures.values() for row in rows):
        if row.pk not in then:
            # what was read as it is today stays so for whoever has it
            then[row.pk] = copy.copy(row)
            then[row.pk].objective = objectives.get(row.objective_id)
    return {key: tuple(then[row.pk] for row in rows) for key, rows in measures.items()}


def _read_already(row: Any, name: str, parts: list[Any]) -> None:
    """Let `row.<name>.all()` answer with these, as a prefetch does."""
    rows = getattr(row, name).model.objects.none()
    rows._result_cache = parts
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows
