"""Everything the paper reads of an annex, in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from registry.enums import RiskPresence
from registry.models import Annex, Office, Process
from risk.content.adopted_names import adopted_body_name, name_as_adopted
from risk.content.rows import (
    WITHOUT_TARGETS,
    default_of,
    measures_of,
    of_plan_or_wider,
    processes_of,
    read_below,
    text_blocks,
)
from risk.enums import Layout, TextSlot
from risk.models import Coverage, MeasureTarget, Method, PlannedMeasure, TextBlock


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
    has_objectives: bool = False
    """Whether the plan has objectives that its measures are to serve."""
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
    processes = tuple(processes_of(annex.pk, only))
    if deep:
        read_below(processes)
    used = default_of(annex.plan_id)
    measures = measures_of(annex, only) if deep else []
    targets = _targets_by_process(measures)
    content = AnnexContent(
        annex=annex,
        processes=processes,
        measures=_measures_by_process(measures, processes, targets),
        targets=targets,
        default_method=used.method if used else None,
        blocks=blocks_of(annex),
        has_objectives=used is not None and used.has_objectives,
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


def target_process(target: MeasureTarget) -> int:
    """Return the key of the process a target belongs to."""
    if target.process_id:
        return target.process_id
    if target.phase_id:
        return target.phase.process_id
    if target.action_id:
        return target.action.phase.process_id
    return target.behaviour.process_id


def blocks_of(annex: Annex) -> dict[tuple[str, str], TextBlock]:
    """Return the text blocks an annex prints, by layout and slot.

    The plan's, else the body's, else the national ones.
    """
    return _nearest(text_blocks(annex.plan_id, annex.plan.administration_id))


def past_blocks_of(annex: Annex, past: QuerySet) -> dict[tuple[str, str], TextBlock]:
    """Return the same of blocks as they were on another day."""
    return _nearest(of_plan_or_wider(past, annex.plan_id, annex.plan.administration_id))


def _nearest(rows: Iterable[TextBlock]) -> dict[tuple[str, str], TextBlock]:
    nearest = sorted(rows, key=nearness)
    return {(Layout(row.layout).value, TextSlot(row.slot).value): row for row in nearest}


def nearness(block: TextBlock) -> tuple[bool, int]:
    """Return what text blocks are ordered by: the plan's are nearest, then those of the body."""
    return block.plan_id is not None, block.administration_id or 0
