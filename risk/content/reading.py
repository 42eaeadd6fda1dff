"""Everything the paper reads of an annex, in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from registry.enums import RiskPresence
from registry.models import Action, Annex, Office, Phase, Process
from risk.content.adopted_names import adopted_body_name, name_as_adopted
from risk.enums import Layout, MeasureScope, TextSlot
from risk.models import (
    Assessment,
    Coverage,
    ImplementationStep,
    MeasureTarget,
    Method,
    PlanMethod,
    PlannedMeasure,
    Rating,
    RiskBehaviour,
    TextBlock,
)

WITHOUT_TARGETS = (MeasureScope.PLAN, MeasureScope.ANNEX)
"""Scopes of measures that reach all processes, and so name none."""


@dataclass(frozen=True, slots=True)
class AnnexContent:
    """An annex with its rows in memory; `measures` lists those that reach a process, by its key.

    `targets` are what a measure treats of a process, by the keys of both; `formatted` is for
    whoever prints what a measure says alike on every sheet, by its key.
    """

    annex: Annex
    processes: tuple[Process, ...]
    measures: dict[int, tuple[PlannedMeasure, ...]]
    targets: dict[tuple[int, int], list[MeasureTarget]]
    default_method: Method | None
    blocks: dict[tuple[str, str], TextBlock]
    formatted: dict[int, Any] = field(default_factory=dict, init=False, compare=False)

    @property
    def default_method_id(self) -> int | None:
        """The key of the plan's default method."""
        return self.default_method.pk if self.default_method else None


def read_annex(
    annex: Annex, *, only: Collection[int] | None = None, deep: bool = True
) -> AnnexContent:
    """Return what is printed of `annex`: processes in use, whatever hangs on them, and the texts.

    This is the one way to read it, once for each move or page; whoever needs it is given it. A
    page that shows some processes reads `only` those, by their keys; not `deep`, it has nothing
    that hangs on them. Of an adopted plan the offices and the body have the names of its adoption.
    """
    processes = tuple(_processes(annex, only, deep=deep))
    default = PlanMethod.objects.filter(plan=annex.plan_id, is_default=True)
    used = default.select_related("method").first()
    measures = _measures(annex, only) if deep else []
    targets = _targets_by_process(measures)
    content = AnnexContent(
        annex=annex,
        processes=processes,
        measures=_measures_by_process(measures, processes, targets),
        targets=targets,
        default_method=used.method if used else None,
        blocks=blocks_of(annex, TextBlock.objects.all()),
    )
    if annex.plan.is_adopted:
        name_as_adopted(annex.plan, offices_of(content) if deep else [annex.office])
        annex.plan.administration.name = adopted_body_name(annex.plan)
    return content


def offices_of(content: AnnexContent) -> Iterator[Office | None]:
    """Yield the offices an annex names: its own, those that execute a part, those that answer."""
    yield content.annex.office
    for process in content.processes:
        for phase in process.phases.all():
            yield phase.executor_office
            for action in phase.actions.all():
                yield action.executor_office
    for measures in content.measures.values():
        for measure in measures:
            yield measure.responsible_office
            for step in measure.steps.all():
                yield step.responsible_office


def phase_key(coverage: Coverage) -> int:
    """Return the key of the phase a coverage shows on: its own, or that of its action."""
    return coverage.phase_id or coverage.action.phase_id


def _processes(annex, only, *, deep):
    rows = Process.objects.filter(annex=annex)
    if only is not None:
        rows = rows.filter(pk__in=only)
    named = ("macroprocess__function", "macroprocess__administration", "risk_area")
    rows = rows.in_use().select_related(*named).order_by("position")
    return rows.prefetch_related(*_hanging()) if deep else rows


def _hanging():
    """Return what of a process is read with it."""
    ratings = Rating.objects.select_related("indicator", "level", "answer")
    assessments = (
        Assessment.objects.select_related("method", "level")
        .order_by("method__code", "method__edition", "moment", "pk")
        .prefetch_related(
            Prefetch("ratings", queryset=ratings.order_by("indicator__position", "pk"))
        )
    )
    executed = ("executor_role", "executor_office")
    actions = Action.objects.select_related(*executed).order_by("position")
    phases = (
        Phase.objects.select_related(*executed)
        .order_by("position")
        .prefetch_related(Prefetch("actions", queryset=actions))
    )
    behaviours = RiskBehaviour.objects.order_by("position").prefetch_related(
        "categories",
        "factors",
        Prefetch("coverages", queryset=Coverage.objects.select_related("action")),
        Prefetch("assessments", queryset=assessments),
    )
    return (
        Prefetch("phases", queryset=phases),
        Prefetch("behaviours", queryset=behaviours),
        Prefetch("assessments", queryset=assessments),
    )


def _measures(annex, only) -> list[PlannedMeasure]:
    responsible = ("responsible_role", "responsible_office")
    steps = ImplementationStep.objects.select_related(*responsible).order_by("position")
    targets = MeasureTarget.objects.select_related("phase", "action__phase", "behaviour")
    if only is not None:
        targets = targets.filter(_on_processes(only))
    measures = (
        PlannedMeasure.objects.of_annex(annex)
        .select_related("measure__administration", *responsible)
        .prefetch_related(
            "measure__typologies",
            "progress_indicators",
            Prefetch("steps", queryset=steps),
            Prefetch("targets", queryset=targets.order_by("pk")),
        )
    )
    if only is not None:
        reaching = targets.filter(planned_measure__annex=annex).values("planned_measure")
        measures = measures.filter(Q(scope__in=WITHOUT_TARGETS) | Q(pk__in=reaching))
    # Sorted here: the two databases put the rows without an annex at opposite ends.
    return sorted(measures, key=lambda row: (row.annex_id or 0, row.position, row.pk))


def _targets_by_process(
    measures: Iterable[PlannedMeasure],
) -> dict[tuple[int, int], list[MeasureTarget]]:
    found = defaultdict(list)
    for measure in measures:
        for target in measure.targets.all():
            found[measure.pk, target_process(target)].append(target)
    return dict(found)


def _measures_by_process(
    measures: Iterable[PlannedMeasure],
    processes: Iterable[Process],
    targets: Iterable[tuple[int, int]],
) -> dict[int, tuple[PlannedMeasure, ...]]:
    reached = defaultdict(list)
    for measure, process in targets:
        reached[measure].append(process)
    # Where the risk is found absent no treatment follows (docs/decisions/0021).
    risky = [row.pk for row in processes if row.risk_presence != RiskPresence.ABSENT]
    by_process: dict[int, list[PlannedMeasure]] = defaultdict(list)
    for measure in measures:
        for key in risky if measure.scope in WITHOUT_TARGETS else reached[measure.pk]:
            by_process[key].append(measure)
    return {key: tuple(rows) for key, rows in by_process.items()}


def _on_processes(keys: Collection[int]) -> Q:
    """Return the filter for the targets of measures on some processes."""
    return (
        Q(process__in=keys)
        | Q(phase__process__in=keys)
        | Q(action__phase__process__in=keys)
        | Q(behaviour__process__in=keys)
    )


def target_process(target: MeasureTarget) -> int:
    """Return the key of the process a target belongs to."""
    if target.process_id:
        return target.process_id
    if target.phase_id:
        return target.phase.process_id
    if target.action_id:
        return target.action.phase.process_id
    return target.behaviour.process_id


def blocks_of(annex: Annex, blocks: QuerySet) -> dict[tuple[str, str], TextBlock]:
    """Return the blocks an annex prints, those of today or of another day, by layout and slot.

    The plan's, else the body's, else the national ones.
    """
    body = annex.plan.administration_id
    rows = blocks.filter(
        Q(plan=annex.plan_id)
        | Q(plan__isnull=True, administration=body)
        | Q(plan__isnull=True, administration__isnull=True)
    )
    nearest = sorted(rows, key=nearness)
    return {(Layout(row.layout).value, TextSlot(row.slot).value): row for row in nearest}


def nearness(block: TextBlock) -> tuple[bool, int]:
    """Return what text blocks are ordered by: the plan's are nearest, then those of the body."""
    return block.plan_id is not None, block.administration_id or 0
