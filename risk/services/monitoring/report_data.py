"""What a closed round says, read from its rows: the content its reports are made of.

Set-wise: the statements are as many for 30 measures as for 8,000.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, QuerySet

from registry.models import Plan, RiskArea
from risk.enums import RoundState
from risk.models import (
    MeasureTarget,
    MonitoringRound,
    PlannedMeasure,
    ProgressIndicator,
    RoundItem,
    StepState,
)
from risk.scoring.outcomes import group_of
from risk.services.monitoring.closing_rows import check_of, is_answered, with_all
from risk.services.monitoring.follow_ups import follow_up_data
from risk.services.monitoring.progress import counting, progress_data
from risk.services.monitoring.sampling import sample_data
from risk.services.monitoring.steps import states_of


def round_content(
    row: MonitoringRound, *, told: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return what a closed round says, as `risk.content.round_values` reads it.

    `told` is what it says of its measures, where that is known.
    """
    drawn, left = sample_data(row), follow_up_data(row)
    measures = measures_told(row) if told is None else told
    beyond = [unasked_of(one) for one in _beyond(row)]
    return {
        **({"follow_ups": left} if left else {}),
        **({"sample": drawn} if drawn else {}),
        "body": row.plan.administration.name,
        "plan": row.plan.title,
        "label": row.label,
        "kind": row.kind,
        "situation_on": str(row.situation_on),
        "answers_by": str(row.answers_by),
        "checks_by": str(row.checks_by),
        "coverage": row.coverage,
        "level": row.level.label if row.level else "",
        "criteria": row.criteria,
        "planned": len(measures) + len(beyond),
        "unasked": beyond,
        "earlier": earlier_rounds(row),
        "measures": measures,
    }


def measures_told(row: MonitoringRound) -> list[dict[str, Any]]:
    """Return what a closed round says of each of its measures."""
    areas = areas_of(planned_measure__round_items__round=row)
    return [said_of(item, areas) for item in with_told(row.items.order_by("pk"))]


def with_told(rows: QuerySet[RoundItem]) -> QuerySet[RoundItem]:
    """Return measures with all `said_of` tells of them, in few statements."""
    indicators = ProgressIndicator.objects.order_by("position").prefetch_related(counting())
    return with_all(rows, indicators).prefetch_related("planned_measure__measure__typologies")


def areas_of(**measures: Any) -> Mapping[int, list[str]]:
    """Return the areas of the processes each measure is put on, by its key; two statements.

    `measures` say of which, as a filter on what they are put on. An archived process counts only
    of one that is put on no other: a round opened before asked about it.
    """
    ways = MeasureTarget.PROCESS_PATHS
    columns = [f"{way}__{name}" for name in ("risk_area", "retired_on") for way in ways]
    targets = MeasureTarget.objects.filter(**measures).order_by()
    living: dict[int, set[int]] = defaultdict(set)
    archived: dict[int, set[int]] = defaultdict(set)
    for measure, *told in targets.values_list("planned_measure", *columns):
        found = archived if any(told[len(ways) :]) else living
        found[measure].update(area for area in told[: len(ways)] if area is not None)
    found = {**archived, **living}
    rows = RiskArea.objects.in_bulk({area for areas in found.values() for area in areas})
    ordered = {
        key: sorted(areas, key=lambda key: _place(rows[key])) for key, areas in found.items()
    }
    return {key: [rows[area].printed for area in areas] for key, areas in ordered.items()}


def _place(area: RiskArea) -> tuple[int, str]:
    return area.position, area.code


def _beyond(row: MonitoringRound) -> Iterable[PlannedMeasure]:
    rows = PlannedMeasure.objects.filter(plan=row.plan_id).in_use()
    rows = rows.exclude(round_items__round=row)
    names = ("measure", "annex__office", "responsible_office")
    return rows.select_related(*names).order_by("measure__folded", "pk")


def unasked_of(one: PlannedMeasure) -> dict[str, str]:
    """Return a measure and the office that answers for it, by their names."""
    office = one.responsible_office or (one.annex and one.annex.office)
    return {"measure": one.measure.label, "office": office.name if office else ""}


def earlier_rounds(row: MonitoringRound) -> list[dict[str, Any]]:
    """Return the issued rounds before this one, of its plan or those it comes from, oldest first.

    Three statements.
    """
    rounds = MonitoringRound.objects.filter(
        plan__in=ancestors_of(row.plan), state=RoundState.ISSUED, situation_on__lt=row.situation_on
    )
    rows = {one.pk: one for one in rounds.select_related("plan").order_by("situation_on", "pk")}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    told = RoundItem.objects.filter(round__in=list(rows)).order_by()
    columns = ("round", "outcome", "answer__declared", "late_days")
    for key, outcome, declared, late, n in told.values_list(*columns).annotate(n=Count("pk")):
        counts[key][group_of(outcome, declared or "", late).value] += n
    return [
        {
            "plan": one.plan.title,
            "label": one.label,
            "situation_on": str(one.situation_on),
            "groups": dict(counts[key]),
        }
        for key, one in rows.items()
    ]


def ancestors_of(plan: Plan) -> list[int]:
    """Return the keys of a plan and of those it was copied from; one statement."""
    rows = Plan.objects.filter(administration=plan.administration_id).order_by()
    origins = dict(rows.values_list("pk", "origin_id"))
    found: list[int] = []
    key: int | None = plan.pk
    while key is not None and key not in found:
        found.append(key)
        key = origins.get(key)
    return found


def said_of(item: RoundItem, areas: Mapping[int, list[str]]) -> dict[str, Any]:
    """Return what a round says of a measure of `with_told`, as canonical data.

    What was written and not confirmed is told too, to the body alone (`public_content`); but its
    steps are counted by both reports, and so they are left.
    """
    answer, check = item.answer, check_of(item)
    told = [one for one in item.evidence.all() if not one.has_personal_data]
    typologies = item.planned_measure.measure.typologies.all()
    return {
        "uid": str(item.uid),
        "measure": item.planned_measure.measure.label,
        "planned": str(item.planned_measure.uid),
        "asked": item.asked,
        "office": item.office.name,
        "areas": areas.get(item.planned_measure_id, []),
        "typologies": sorted(one.label for one in typologies),
        "declared": answer.declared,
        "done": answer.done,
        "cause": answer.cause,
        "reason": answer.reason,
        "proposed_on": str(answer.proposed_on or ""),
        "not_due_reason": item.not_due_reason,
        "measurements": [_measured(one) for one in item.measurements.all()],
        "evidence": [one.reference for one in told if one.reference],
        # by digest alone: a name may say who somebody is
        "files": [one.file_digest for one in told if one.file_digest],
        "check": check.outcome if check else "",
        "finding": check.finding if check else "",
        "outcome": item.outcome,
        "outcome_reason": item.outcome_reason,
        # left out while there is none: what was issued before keeps its digest
        **({"steps": steps} if (steps := _steps(item)) else {}),
        **({"late_days": item.late_days} if item.late_days else {}),
        **({"progress": progress} if (progress := progress_data(item)) else {}),
    }


def _steps(item: RoundItem) -> list[dict[str, str]]:
    """Return the steps of a measure and what its answer says of each; none where it says none."""
    states = states_of(item) if is_answered(item) else {}
    if not any(one.progress or one.note for one in states.values()):
        return []
    told = []
    for step in sorted(item.planned_measure.steps.all(), key=lambda one: one.position):
        state = states.get(step.pk) or StepState()
        told.append(
            {
                "step": step.description,
                "due_on": str(step.due_on or ""),
                "progress": state.progress,
                "done_on": str(state.done_on or ""),
                "note": state.note,
            }
        )
    return told


def _measured(one: Any) -> dict[str, Any]:
    numbers = {name: getattr(one, name) for name in ("value", "numerator", "denominator")}
    return {
        "indicator": one.indicator.label,
        "on": str(one.measured_on),
        "source": one.source,
        **{name: None if value is None else str(value) for name, value in numbers.items()},
    }
