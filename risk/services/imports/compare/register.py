"""What the register holds of the annexes a file speaks of, in a number of queries of its own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from registry.enums import RiskPresence
from registry.models import Action, Annex, Office, Phase, Plan, Process
from registry.normalise import fold
from registry.services.rows_read import rows_read
from risk.enums import MeasureScope, Moment
from risk.models import (
    Assessment,
    Coverage,
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
)

NO_PROGRAMME: tuple[Any, ...] = ((None, None), (), ())
"""The programme of a measure of which nothing is said."""
_EXECUTOR = ("executor_role", "executor_office")
_STEP_WORDS = ("description", "timing", "due_on", "responsible_role_id", "responsible_office_id")
_INDICATOR_WORDS = ("label", "kind", "target", "target_on")
_WAYS_TO_PROCESS = (
    "process_id",
    "phase__process_id",
    "action__phase__process_id",
    "behaviour__process_id",
)


class Register:
    """The rows of some annexes of a plan, by parent; all read at once.

    What many of them refer to, as roles and levels, is read and made once, not beside each row.
    """

    def __init__(self, *, plan: Plan, offices: Collection[Office]) -> None:
        self.plan = plan
        annexes = Annex.objects.filter(plan=plan, office__in=offices).select_related("office")
        self.annexes: dict[int, Annex] = {annex.office_id: annex for annex in annexes}
        for annex in annexes:
            # who may write in it is asked of each
            annex.plan = plan
        keys = [annex.pk for annex in self.annexes.values()]
        self.processes = _grouped(
            Process.objects.filter(annex__in=keys).order_by("position"),
            "annex_id",
            "macroprocess__function",
            "risk_area",
        )
        of_process = {"process__annex__in": keys}
        self.phases = _grouped(
            Phase.objects.filter(**of_process).order_by("position"), "process_id", *_EXECUTOR
        )
        self.actions = _grouped(
            Action.objects.filter(phase__process__annex__in=keys).order_by("position"),
            "phase_id",
            *_EXECUTOR,
        )
        self.behaviours = _grouped(
            RiskBehaviour.objects.filter(**of_process).order_by("position"), "process_id"
        )
        self.covered: dict[int, set[tuple[str, int]]] = defaultdict(set)
        pairs = Coverage.objects.filter(behaviour__process__annex__in=keys).order_by()
        for behaviour, phase, action in pairs.values_list("behaviour_id", "phase_id", "action_id"):
            self.covered[behaviour].add(("phase", phase) if phase else ("action", action))
        self._read_assessments(keys)
        self._read_measures(keys)

    def _read_assessments(self, keys: list[int]) -> None:
        own = Assessment.objects.all()
        judged = [
            *rows_read(own.filter(process__annex__in=keys), "level"),
            *rows_read(own.filter(behaviour__process__annex__in=keys), "level"),
        ]
        rows = [row for row in judged if row.moment == Moment.INHERENT]
        self.assessments = {_judged(row): row for row in rows}
        self.residual = {_judged(row): row for row in judged if row.moment == Moment.RESIDUAL}
        ratings = Rating.objects.filter(assessment__in=[row.pk for row in rows])
        self.ratings: dict[tuple[int, int], Rating] = {
            (row.assessment_id, row.indicator_id): row
            for row in ratings.prefetch_related("level", "indicator")
        }

    def _read_measures(self, keys: list[int]) -> None:
        self.of_whole_plan: set[int] = set()
        self.of_whole_annex: dict[int, set[int]] = defaultdict(set)
        self.last_place: dict[int, int] = defaultdict(int)
        self._programmings: dict[tuple[int, int, str], list[PlannedMeasure]] = defaultdict(list)
        self._planned: dict[int, PlannedMeasure] = {}
        for row in PlannedMeasure.objects.filter(plan=self.plan).order_by("position", "pk"):
            if row.scope == MeasureScope.PLAN:
                self.of_whole_plan.add(row.measure_id)
            elif row.annex_id in keys:
                self._planned[row.pk] = row
                self.last_place[row.annex_id] = max(self.last_place[row.annex_id], row.position)
                if row.scope == MeasureScope.ANNEX:
                    self.of_whole_annex[row.annex_id].add(row.measure_id)
                self._programmings[row.annex_id, row.measure_id, row.scope].append(row)
        self._reached: dict[tuple[str, int], list[PlannedMeasure]] = defaultdict(list)
        self._measures: dict[tuple[str, int], set[int]] = defaultdict(set)
        """The same as the keys of measures: asked for each measure of each row."""
        targets = MeasureTarget.objects.filter(planned_measure__annex__in=keys).order_by()
        for planned, behaviour, *processes in targets.values_list(
            "planned_measure_id", "behaviour_id", *_WAYS_TO_PROCESS
        ):
            process = next(filter(None, processes))
            row = self._planned[planned]
            where = ("around", process) if behaviour is None else ("behaviour", behaviour)
            for place in (("process", process), where):
                self._reached[place].append(row)
                self._measures[place].add(row.measure_id)

    def rows(self) -> Iterator[Any]:
        """Yield the rows that a file of ours may name."""
        for groups in (self.processes, self.phases, self.actions, self.behaviours):
            for rows in groups.values():
                yield from rows
        yield from self.assessments.values()

    def measures_of(self, process: Process) -> set[int]:
        """Return the measures that reach a process or one of its rows, those of its annex too."""
        found = {one.measure_id for one in self._reached["process", process.pk]}
        if process.risk_presence != RiskPresence.ABSENT:
            found |= self.of_whole_plan | self.of_whole_annex[process.annex_id]
        return found

    def has_measure(self, annex: Annex, process: Process | None, row: Any, measure: int) -> bool:
        """Whether a measure already reaches a row: a process, by itself or one of its rows, or a

        behaviour, by itself or with what lies around it.
        """
        if measure in self.of_whole_plan or measure in self.of_whole_annex[annex.id]:
            return True
        if process is None:
            return False
        own = self._measures
        if row is process:
            return measure in own["process", process.id]
        return measure in own["around", process.id] or measure in own["behaviour", row.id]

    def programming(
        self, annex: int, measure: int, scope: str, words: tuple[Any, ...]
    ) -> PlannedMeasure | None:
        """Return the programming of a measure in an annex with a programme, the first without any.

        `words` are those of `words_of`; where they say nothing the first programming is meant.
        """
        rows = self._programmings[annex, measure, scope]
        if words == NO_PROGRAMME:
            return rows[0] if rows else None
        return next((row for row in rows if self._words[row.pk] == words), None)

    def programmes_of(self, process: Process, row: Any, measure: int) -> list[tuple[Any, ...]]:
        """Return the programmes a measure has on a row, as they are compared."""
        return [self._words[one.pk] for one in self._on(process, row, measure)]

    def _on(self, process: Process, row: Any, measure: int) -> list[PlannedMeasure]:
        if row is process:
            found = self._reached["process", process.pk]
        else:
            found = [*self._reached["around", process.pk], *self._reached["behaviour", row.pk]]
        return [one for one in found if one.measure_id == measure]

    @cached_property
    def _words(self) -> dict[int, tuple[Any, ...]]:
        """The programme of each measure by key: who answers, steps, indicators."""
        steps: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        indicators: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        keys = {"planned_measure__in": list(self._planned)}
        for key, *said in (
            ImplementationStep.objects.filter(**keys)
            .order_by("planned_measure_id", "position")
            .values_list("planned_measure_id", *_STEP_WORDS)
        ):
            steps[key].append(tuple(said))
        for key, *said in (
            ProgressIndicator.objects.filter(**keys)
            .order_by("planned_measure_id", "position")
            .values_list("planned_measure_id", *_INDICATOR_WORDS)
        ):
            indicators[key].append(tuple(said))
        return {
            row.pk: (
                (row.responsible_role_id, row.responsible_office_id),
                tuple(steps[row.pk]),
                tuple(indicators[row.pk]),
            )
            for row in self._planned.values()
        }


def _judged(row: Assessment) -> tuple[str, int, int]:
    """Return what a judgement is of, and by which method."""
    if row.process_id:
        return "process", row.process_id, row.method_id
    return "behaviour", row.behaviour_id or 0, row.method_id


def by_folded(rows: Iterable[Any]) -> dict[str, Any]:
    """Return rows by their folded text, the first of equal ones."""
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.folded or fold(str(row)), row)
    return found


def by_codes(rows: Iterable[Process]) -> dict[str, list[Process]]:
    """Return processes by the code they have of their own, those that have one."""
    found: dict[str, list[Process]] = defaultdict(list)
    for row in rows:
        if row.code:
            found[fold(row.code)].append(row)
    return found


def _grouped(rows: QuerySet, column: str, *related: str) -> dict[int, list[Any]]:
    """Return rows with some of their relations by the key of what they hang on."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_read(rows, *related):
        found[row.__dict__[column]].append(row)
    return found
