"""The register as rows of `outcomes`, so that what an import has made of it can be told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from registry.models import Plan, Process
from registry.models.processes import Process as ProcessModel
from risk.enums import Moment
from risk.models import PlannedMeasure
from tests.risk.imports.cases.outcomes import (
    BehaviourRow,
    IndicatorRow,
    MeasureRow,
    ProcessRow,
    StepRow,
)

_TEXTS = (
    *("objective", "description", "input", "output", "times", "constraints", "resources"),
    *("interrelations", "criticalities", "responsible"),
)
Rows = tuple[Mapping[int, ProcessRow], Mapping[int, MeasureRow]]


def register_of(plan: Plan) -> Rows:
    """Return the processes and the planned measures of all annexes of a plan, by key."""
    rows = Process.objects.filter(annex__plan=plan).order_by("annex_id", "position")
    rows = rows.select_related("annex__office", "risk_area", "macroprocess__function")
    judged = ("method", "level")
    rows = rows.prefetch_related(
        "phases",
        "assessments__ratings__indicator",
        "assessments__ratings__level",
        "assessments__ratings__answer",
        *(f"assessments__{name}" for name in judged),
        *(f"behaviours__assessments__{name}" for name in judged),
        "behaviours__factors",
        "behaviours__coverages__phase",
    )
    default = plan.methods.get(is_default=True).method_id
    processes = {row.pk: _process(row, default) for row in rows}
    planned = PlannedMeasure.objects.filter(plan=plan, annex__isnull=False)
    planned = planned.select_related("measure", "responsible_role", "responsible_office")
    planned = planned.prefetch_related(
        "measure__typologies",
        "steps__responsible_role",
        "steps__responsible_office",
        "progress_indicators",
        "targets__process",
        "targets__behaviour__process",
    )
    return processes, {row.pk: _measure(row) for row in planned}


def changed(before: Rows, after: Rows) -> tuple[list[ProcessRow], list[MeasureRow]]:
    """Return the rows that are new or otherwise than before, processes in order, measures by name.

    Programmings of one measure that say the same are one, whatever kind of thing they treat, and a
    measure of every behaviour of a process is one of the process.
    """
    processes = [row for key, row in after[0].items() if before[0].get(key) != row]
    planned = [
        _more(before[1].get(key), row) for key, row in after[1].items() if before[1].get(key) != row
    ]
    of = {row.title: row for row in after[0].values()}
    return processes, together(planned, of)


def _more(before: MeasureRow | None, after: MeasureRow) -> MeasureRow:
    """Return a programming there was with the targets it has gained, where that is all."""
    gained = tuple(one for one in after.targets if before and one not in before.targets)
    is_wider = (
        bool(gained) and before is not None and replace(after, targets=before.targets) == before
    )
    return replace(after, targets=gained) if is_wider else after


def together(planned: Iterable[MeasureRow], of: Mapping[str, ProcessRow]) -> list[MeasureRow]:
    """Return measures with the targets of equal ones joined, in order of their names."""
    found: dict[Any, set[str]] = defaultdict(set)
    rows: dict[Any, MeasureRow] = {}
    for row in planned:
        said = (row.label, row.person, row.steps, row.indicators)
        rows.setdefault(said, row)
        found[said] |= set(row.targets)
    joined = [
        MeasureRow(
            row.label,
            tuple(sorted(_widest(found[said], of))),
            row.person,
            row.steps,
            row.indicators,
            row.typologies,
        )
        for said, row in rows.items()
    ]
    return sorted(joined, key=lambda row: (row.label, row.targets))


def _widest(targets: set[str], of: Mapping[str, ProcessRow]) -> set[str]:
    """Return targets with the behaviours of a process that are all of them told as the process."""
    widest = set(targets)
    for title, process in of.items():
        parts = {f"{title} › {one.text}" for one in process.behaviours}
        if parts and parts <= widest:
            widest = widest - parts | {title}
    return widest


def _process(row: ProcessModel, default: int) -> ProcessRow:
    levels = _levels(row, default)
    inherent = [one for one in row.assessments.all() if one.moment == Moment.INHERENT]
    macroprocess = row.macroprocess
    return ProcessRow(
        number=row.number,
        title=row.title,
        behaviours=tuple(
            _behaviour(one, default)
            for one in sorted(row.behaviours.all(), key=lambda one: one.position)
        ),
        area=row.risk_area.code if row.risk_area else "",
        office=row.annex.office.code,
        level=levels[Moment.INHERENT],
        residual=levels[Moment.RESIDUAL],
        motivation=" ".join(one.motivation for one in inherent),
        ratings={
            rating.indicator.code: _grade(rating)
            for one in inherent
            for rating in one.ratings.all()
        },
        phases=tuple(one.title for one in sorted(row.phases.all(), key=lambda one: one.position)),
        macroprocess=macroprocess.label if macroprocess else "",
        function=macroprocess.function.label if macroprocess and macroprocess.function else "",
        texts={name: getattr(row, name) for name in _TEXTS if getattr(row, name)},
        code=row.code,
    )


def _behaviour(row: Any, default: int) -> BehaviourRow:
    levels = _levels(row, default)
    return BehaviourRow(
        text=row.text,
        level=levels[Moment.INHERENT],
        residual=levels[Moment.RESIDUAL],
        factors=tuple(sorted(one.code for one in row.factors.all())),
        phases=tuple(sorted(one.phase.title for one in row.coverages.all() if one.phase)),
    )


def _levels(row: Any, default: int) -> dict[str, str]:
    found = dict.fromkeys(Moment.values, "")
    for one in row.assessments.all():
        if one.level is not None:
            method = "" if one.method_id == default else f"{one.method.code} "
            found[one.moment] = f"{method}{one.level.label}"
    return found


def _grade(rating: Any) -> str:
    if rating.score is not None:
        return _number(rating.score)
    return rating.level.label if rating.level else _number(rating.answer.score)


def _measure(row: PlannedMeasure) -> MeasureRow:
    return MeasureRow(
        label=row.measure.label,
        targets=tuple(sorted(_target(one) for one in row.targets.all())),
        person=row.printed_responsible,
        steps=tuple(
            StepRow(
                step.description,
                step.timing,
                f"{step.due_on:%d/%m/%Y}" if step.due_on else "",
                step.printed_responsible,
            )
            for step in sorted(row.steps.all(), key=lambda one: one.position)
        ),
        indicators=tuple(
            IndicatorRow(
                one.label,
                one.get_kind_display(),
                "" if one.target is None else _number(one.target),
                f"{one.target_on:%d/%m/%Y}" if one.target_on else "",
            )
            for one in sorted(row.progress_indicators.all(), key=lambda one: one.position)
        ),
        typologies=tuple(sorted(one.code for one in row.measure.typologies.all())),
    )


def _target(target: Any) -> str:
    if target.behaviour:
        return f"{target.behaviour.process.title} › {target.behaviour.text}"
    return target.process.title if target.process else str(target)


def _number(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
