"""What the treatment page of a process shows: the measures that reach it, gaps, suggestions."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet, UUIDField, Value

from registry.kept_children import KeptChildren
from registry.kept_statements import KeptStatement
from registry.models import Office, Process
from risk.content.adopted_names import name_as_adopted
from risk.enums import MeasureCharacter, MeasureScope, Moment
from risk.models import (
    Assessment,
    ImplementationStep,
    Level,
    Measure,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
)
from risk.services.treatment.programming import targets_on

WHOLE = (MeasureScope.PLAN, MeasureScope.ANNEX)


@dataclass(frozen=True)
class TreatmentPage:
    """The treatment of one process."""

    process: Process
    measures: tuple[PlannedMeasure, ...]
    pressing: tuple[Level, ...]
    """Levels of the process or its behaviours that ask for a specific measure."""

    @property
    def general(self) -> list[PlannedMeasure]:
        """Measures said once, for the plan or the office."""
        return [row for row in self.measures if row.scope in WHOLE]

    @property
    def own(self) -> list[PlannedMeasure]:
        """Measures on this process or on its parts."""
        return [row for row in self.measures if row.scope not in WHOLE]

    @property
    def gap(self) -> Level | None:
        """The gravest level that asks for a specific measure where there is none."""
        specific = MeasureCharacter.SPECIFIC
        if any(row.measure.character == specific for row in self.measures):
            return None
        return max(self.pressing, key=lambda level: level.ordinal, default=None)


def page_of(process: Process) -> TreatmentPage:
    """Return the treatment page of a process: five queries, whatever the number of measures."""
    return TreatmentPage(
        process=process,
        measures=tuple(_reaching(process)),
        pressing=tuple(row.level for row in _PRESSING(process.pk)),
    )


def _pressing(process: int) -> QuerySet[Assessment]:
    return Assessment.objects.filter(
        Q(process=process) | Q(behaviour__process=process),
        moment=Moment.INHERENT,
        level__needs_specific_measure=True,
    ).select_related("level")


def _reaching(process: Process) -> list[PlannedMeasure]:
    rows = _MEASURES(process.pk, process.annex_id, process.annex.plan_id)
    keys = [row.pk for row in rows]
    _TARGETS(rows, process.pk)
    _STEPS(rows, keys)
    _INDICATORS(rows, keys)
    name_as_adopted(process.annex.plan, answering_offices(rows))
    # the two databases put the rows without an annex at opposite ends
    return sorted(rows, key=lambda row: (row.annex_id or 0, row.position, row.pk))


def _measures(process: int, annex: int, plan: int) -> QuerySet[PlannedMeasure]:
    reached = targets_on(process).values("planned_measure").order_by()
    rows = PlannedMeasure.objects.printed_in(annex, plan=plan)
    rows = rows.filter(Q(scope__in=WHOLE) | Q(pk__in=reached))
    return rows.select_related("measure", *_RESPONSIBLE)


def _targets(process: int) -> QuerySet[MeasureTarget]:
    rows = targets_on(process).select_related("phase", "action__phase", "behaviour")
    return rows.order_by("pk")


def _steps(measures: Collection[int]) -> QuerySet[ImplementationStep]:
    rows = ImplementationStep.objects.filter(planned_measure__in=measures)
    return rows.select_related(*_RESPONSIBLE)


_RESPONSIBLE = ("responsible_role", "responsible_office")
_PRESSING, _MEASURES = KeptStatement(_pressing), KeptStatement(_measures)
_TARGETS, _STEPS = KeptChildren("targets", _targets), KeptChildren("steps", _steps)
_INDICATORS = KeptChildren(
    "progress_indicators",
    lambda measures: ProgressIndicator.objects.filter(planned_measure__in=measures),
)


def answering_offices(measures: Iterable[PlannedMeasure]) -> Iterator[Office | None]:
    """Yield the offices that answer for measures, and for the steps they are read with."""
    for measure in measures:
        yield measure.responsible_office
        for step in measure.steps.all():
            yield step.responsible_office


@dataclass
class Suggestion:
    """A measure that may fit, why, and the behaviours it would be put on."""

    code: str
    label: str
    description: str
    reasons: list[str] = field(default_factory=list)
    behaviours: list[str] = field(default_factory=list)


AREA, CATEGORY, FACTOR = "area", "categoria", "fattore"


def suggestions(process: Process, *, planned: Iterable[PlannedMeasure]) -> list[Suggestion]:
    """Return specific measures that may fit a process, those with most reasons first; one query.

    A measure is suggested for the ANAC area of the process, and for the categories and enabling
    factors of its behaviours; one that names areas is suggested in no other. Those `planned`
    already are left out.
    """
    taken = {row.measure_id for row in planned}
    area = process.risk_area.anac_area_id if process.risk_area else None
    by_measure: dict[int, Suggestion] = {}
    for pk, code, label, description, kind, reason, behaviour in _reasons(process, area):
        if pk in taken:
            continue
        suggestion = by_measure.setdefault(pk, Suggestion(code, label, description))
        sentence = f"{kind} «{reason}»"
        if sentence not in suggestion.reasons:
            suggestion.reasons.append(sentence)
        if behaviour is not None and str(behaviour) not in suggestion.behaviours:
            suggestion.behaviours.append(str(behaviour))
    return sorted(by_measure.values(), key=lambda row: (-len(row.reasons), row.code))


def _reasons(process: Process, area: int | None) -> list[tuple]:
    """Return one row for each measure, reason and behaviour, in one query."""
    of_area = () if area is None else (area,)
    rows = _SUGGESTED(process.pk, process.annex.plan.administration_id, *of_area)
    return sorted(rows, key=lambda row: (row[4] != AREA, row[1], row[5]))


def _suggested(process: int, body: int, area: int | None = None) -> QuerySet:
    measures = Measure.objects.offered_to(body).filter(
        Q(anac_areas__isnull=True) | Q(anac_areas=area),
        character=MeasureCharacter.SPECIFIC,
    )
    columns = ("pk", "code", "label", "description")
    nobody = Value(None, output_field=UUIDField())

    def because(kind: str, path: str) -> QuerySet:
        behaviour = f"{path}__behaviours"
        rows = measures.filter(**{f"{behaviour}__process": process}).order_by()
        return rows.values_list(*columns, Value(kind), F(f"{path}__label"), F(f"{behaviour}__uid"))

    of_area = measures.filter(anac_areas=area) if area else measures.none()
    return because(CATEGORY, "event_categories").union(
        because(FACTOR, "enabling_factors"),
        of_area.values_list(*columns, Value(AREA), F("anac_areas__label"), nobody).order_by(),
    )


_SUGGESTED = KeptStatement(_suggested)


def target_names(planned: PlannedMeasure) -> list[str]:
    """Return how the targets of a measure are called on the page; none for the process itself."""
    return [name for name in map(_name, planned.targets.all()) if name]


def _name(target: MeasureTarget) -> str:
    if target.phase_id:
        return f"{target.phase.position}. {target.phase.title}"
    if target.action_id:
        action = target.action
        return f"{action.phase.position}.{action.position} {action.title}"
    return target.behaviour.text if target.behaviour_id else ""
