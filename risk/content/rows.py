"""The rows an annex is read with, by statements that are put together once.

Of some processes, or of those of a whole annex: either way by their keys. A sheet that was written
since is read at the next look at what is missing, so these are asked all day long.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from registry.kept_children import BELOW, KeptChildren
from registry.kept_statements import KeptStatement
from registry.models import Action, Phase, Process
from risk.enums import MeasureScope
from risk.models import (
    Assessment,
    Coverage,
    EnablingFactor,
    EventCategory,
    ImplementationStep,
    MeasureTarget,
    MeasureTypology,
    Objective,
    PlanMethod,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
    TextBlock,
)

WITHOUT_TARGETS = (MeasureScope.PLAN, MeasureScope.ANNEX)
"""Scopes of measures that reach all processes, and so name none."""
_WAS_WIDE = (
    Q(origin__scope__in=WITHOUT_TARGETS)
    | Q(origin__origin__scope__in=WITHOUT_TARGETS)
    | Q(origin__origin__origin__scope__in=WITHOUT_TARGETS)
)
"""Of a measure that was said for all of an office before that office was merged into another: since
then it names the processes that were there (docs/decisions/0077)."""
_EXECUTED = ("executor_role", "executor_office")
_RESPONSIBLE = ("responsible_role", "responsible_office")
Keys = Collection[int]


def processes_of(annex: int, only: Keys | None) -> list[Process]:
    """Return the processes of an annex that are in use, in their order, or `only` some of them."""
    return _PROCESSES(annex) if only is None else _PROCESSES(annex, only)


def _processes(annex: int, only: Keys | None = None) -> QuerySet[Process]:
    rows = Process.objects.filter(annex=annex)
    if only is not None:
        rows = rows.filter(pk__in=only)
    named = ("macroprocess__function", "macroprocess__administration", "risk_area")
    return rows.in_use().select_related(*named).order_by("position")


_PROCESSES = KeptStatement(_processes)


def read_below(processes: Sequence[Process]) -> None:
    """Read all that hangs on processes, where they look for it: eleven statements at most."""
    keys = [row.pk for row in processes]
    _ACTIONS(_PHASES(processes, keys), keys)
    behaviours = _BEHAVIOURS(processes, keys)
    for children in (_CATEGORIES, _FACTORS, _COVERAGES):
        children(behaviours, keys)
    _RATINGS_OF_BEHAVIOURS(_OF_BEHAVIOURS(behaviours, keys), keys)
    _RATINGS(_ASSESSMENTS(processes, keys), keys)


def _executed(rows: QuerySet) -> QuerySet:
    return rows.select_related(*_EXECUTED).order_by("position")


def _chosen(rows: QuerySet, keys: Keys) -> QuerySet:
    return rows.filter(behaviours__process__in=keys).annotate(**{BELOW: F("behaviours")})


def _assessments(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    rows = rows.select_related("method", "level")
    return rows.order_by("method__code", "method__edition", "moment", "pk")


def _ratings(rows: QuerySet[Rating]) -> QuerySet[Rating]:
    rows = rows.select_related("indicator", "level", "answer")
    return rows.order_by("indicator__position", "pk")


_PHASES = KeptChildren("phases", lambda keys: _executed(Phase.objects.filter(process__in=keys)))
_ACTIONS = KeptChildren(
    "actions", lambda keys: _executed(Action.objects.filter(phase__process__in=keys))
)
_BEHAVIOURS = KeptChildren(
    "behaviours",
    lambda keys: RiskBehaviour.objects.filter(process__in=keys).order_by("position"),
)
_CATEGORIES = KeptChildren("categories", lambda keys: _chosen(EventCategory.objects.all(), keys))
_FACTORS = KeptChildren("factors", lambda keys: _chosen(EnablingFactor.objects.all(), keys))
_COVERAGES = KeptChildren(
    "coverages",
    lambda keys: Coverage.objects.filter(behaviour__process__in=keys).select_related("action"),
)
_ASSESSMENTS = KeptChildren(
    "assessments", lambda keys: _assessments(Assessment.objects.filter(process__in=keys))
)
_OF_BEHAVIOURS = KeptChildren(
    "assessments",
    lambda keys: _assessments(Assessment.objects.filter(behaviour__process__in=keys)),
)
_RATINGS = KeptChildren(
    "ratings", lambda keys: _ratings(Rating.objects.filter(assessment__process__in=keys))
)
_RATINGS_OF_BEHAVIOURS = KeptChildren(
    "ratings",
    lambda keys: _ratings(Rating.objects.filter(assessment__behaviour__process__in=keys)),
)


def measures_of(annex: Any, only: Keys | None) -> list[PlannedMeasure]:
    """Return the measures an annex prints, with their parts; of targets those on `only` some
    processes, and without measures that reach none of them. Five statements at most."""
    given = () if only is None else (only,)
    rows = _MEASURES(annex.pk, annex.plan_id, *given)
    keys = [row.pk for row in rows]
    # the same measure of the list may be planned twice, each time an instance of its own
    measures = [row.measure for row in rows]
    _TYPOLOGIES(measures, {row.pk for row in measures})
    _INDICATORS(rows, keys)
    _STEPS(rows, keys)
    _TARGETS(rows, keys, *given)
    # sorted here: the two databases put the rows without an annex at opposite ends
    return sorted(rows, key=lambda row: (row.annex_id or 0, row.position, row.pk))


def _measures(annex: int, plan: int, only: Keys | None = None) -> QuerySet[PlannedMeasure]:
    rows = PlannedMeasure.objects.printed_in(annex, plan=plan)
    if only is not None:
        reaching = MeasureTarget.objects.filter(on_processes(only), planned_measure__annex=annex)
        reached = reaching.order_by().values("planned_measure")
        rows = rows.filter(Q(scope__in=WITHOUT_TARGETS) | Q(pk__in=reached))
    rows = rows.annotate(was_wide=ExpressionWrapper(_WAS_WIDE, BooleanField()))
    return rows.select_related("measure__administration", "objective", *_RESPONSIBLE)


def _targets(measures: Keys, only: Keys | None = None) -> QuerySet[MeasureTarget]:
    rows = MeasureTarget.objects.filter(planned_measure__in=measures)
    if only is not None:
        rows = rows.filter(on_processes(only))
    return rows.select_related("phase", "action__phase", "behaviour").order_by("pk")


def on_processes(keys: Keys) -> Q:
    """Return the filter for what measures cover of some processes, or of any of their rows."""
    return (
        Q(process__in=keys)
        | Q(phase__process__in=keys)
        | Q(action__phase__process__in=keys)
        | Q(behaviour__process__in=keys)
    )


def _typologies(measures: Keys) -> QuerySet[MeasureTypology]:
    return MeasureTypology.objects.filter(measures__in=measures).annotate(**{BELOW: F("measures")})


def _steps(measures: Keys) -> QuerySet[ImplementationStep]:
    rows = ImplementationStep.objects.filter(planned_measure__in=measures)
    return rows.select_related(*_RESPONSIBLE).order_by("position")


_MEASURES = KeptStatement(_measures)
_TYPOLOGIES = KeptChildren("typologies", _typologies)
_INDICATORS = KeptChildren(
    "progress_indicators",
    lambda measures: ProgressIndicator.objects.filter(planned_measure__in=measures),
)
_STEPS, _TARGETS = KeptChildren("steps", _steps), KeptChildren("targets", _targets)


def default_of(plan: int) -> PlanMethod | None:
    """Return the method a plan assesses by, as the plan has it; None while it has none.

    With it comes whether the plan says what it wants to reach, `has_objectives`.
    """
    return next(iter(_DEFAULT(plan)), None)


def text_blocks(plan: int, body: int) -> list[TextBlock]:
    """Return the text blocks of today that are a plan’s, its body’s or everybody’s."""
    return _BLOCKS(plan, body)


def of_plan_or_wider(blocks: QuerySet, plan: int, body: int) -> QuerySet:
    """Return of text blocks, those of today or of another day, the same."""
    return blocks.filter(
        Q(plan=plan)
        | Q(plan__isnull=True, administration=body)
        | Q(plan__isnull=True, administration__isnull=True)
    )


def _default(plan: int) -> QuerySet[PlanMethod]:
    rows = PlanMethod.objects.filter(plan=plan, is_default=True).select_related("method")
    objectives = Objective.objects.filter(plan=OuterRef("plan"), retired_on__isnull=True)
    # no statement of its own: nearly every page of an annex asks for what it misses
    return rows.annotate(has_objectives=Exists(objectives)).order_by("pk")[:1]


_DEFAULT = KeptStatement(_default)
_BLOCKS = KeptStatement(lambda plan, body: of_plan_or_wider(TextBlock.objects.all(), plan, body))
