"""The rows of the annexes of an invented body: maps, behaviours, assessments, measures."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.db import models

from registry.enums import ProcessKind, RiskPresence
from registry.models import Action, Annex, ExecutorRole, Macroprocess, Phase, Process, RiskArea
from risk.enums import MeasureCharacter, MeasureScope, ProgressKind, Scale, StartState
from risk.models import (
    Assessment,
    Coverage,
    EnablingFactor,
    EventCategory,
    ImplementationStep,
    Measure,
    MeasureTarget,
    Method,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
)
from risk.services.sample_data.synthetic.words import ACTIONS, BEHAVIOURS, PHASES, process_title

FIRST_ANNEX = 28
MEASURES_AN_ANNEX = 16
JUDGED = 0.9
"""Share of the risky processes that are assessed."""


def spread(total: int, count: int, random: Random) -> list[int]:
    """Return `count` whole numbers of about the same size, at least 1, that add up to `total`."""
    parts = [total // count + (n < total % count) for n in range(count)]
    for _turn in range(count):
        giver, taker = random.randrange(count), random.randrange(count)
        if parts[giver] > 1 + total // count // 2:
            parts[giver] -= 1
            parts[taker] += 1
    return parts


def fill_annexes(*, annexes: Sequence[Annex], size: Any, method: Method, seed: str) -> None:
    """Write all rows of the annexes of one plan; `size` is a `synthetic.Profile`."""
    # the same rows every time, and no secret depends on them
    random = Random(seed)  # noqa: S311
    builder = _Builder(annexes, method, random)
    processes = builder.processes(size.processes)
    phases = builder.phases(processes, size.phases)
    actions = builder.actions(phases, size.actions)
    risky = [row for row in processes if row.risk_presence != RiskPresence.ABSENT]
    behaviours = builder.behaviours(risky, size.behaviours)
    builder.coverage(behaviours, phases, actions)
    builder.assessments([row for row in risky if row.risk_presence == RiskPresence.PRESENT])
    builder.measures(risky, behaviours, size.targets)


def _by(rows: Iterable[Any], column: str) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, column), []).append(row)
    return grouped


class _Builder:
    """Rows of one body, drawn with one source of chance so that they are always the same."""

    def __init__(self, annexes: Sequence[Annex], method: Method, random: Random) -> None:
        body = annexes[0].plan.administration
        self.annexes = annexes
        self.method = method
        self.random = random
        own = {"administration": body}
        self.areas = list(RiskArea.objects.filter(**own))
        self.macroprocesses = list(Macroprocess.objects.filter(**own))
        self.roles = list(ExecutorRole.objects.offered_to(body))
        self.categories = list(EventCategory.objects.offered_to(body))
        self.factors = list(EnablingFactor.objects.offered_to(body))
        specific = Measure.objects.offered_to(body).filter(character=MeasureCharacter.SPECIFIC)
        self.specific = list(specific)
        self.general = list(Measure.objects.filter(character=MeasureCharacter.GENERAL, **own))

    def _uid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _create(self, rows: Iterable[models.Model]) -> list[Any]:
        """Insert rows; a bulk insert counts no versions itself."""
        made = list(rows)
        for row in made:
            row.uid, row.version = self._uid(), 1
        return type(made[0])._base_manager.bulk_create(made) if made else []

    def processes(self, total: int) -> list[Process]:
        first = FIRST_ANNEX if len(self.annexes) > 1 else total
        others = spread(total - first, len(self.annexes) - 1, self.random)
        places = [
            (annex, place)
            for annex, count in zip(self.annexes, [first, *others], strict=True)
            for place in range(1, count + 1)
        ]
        return self._create(self._process(n, *place) for n, place in enumerate(places))

    def _process(self, n: int, annex: Annex, place: int) -> Process:
        presence = RiskPresence.PRESENT
        if n % 10 == 9:
            presence = RiskPresence.ABSENT
        elif n % 10 == 8:
            presence = RiskPresence.TO_ASSESS
        title = process_title(n)
        return Process(
            annex=annex,
            position=place,
            number=place,
            title=title,
            kind=ProcessKind.SUPPORT if n % 3 else ProcessKind.PRIMARY,
            risk_area=self.random.choice(self.areas) if n % 20 != 7 else None,
            macroprocess=self.random.choice(self.macroprocesses),
            objective=f"{title}: assicurare imparzialità, tempi certi e scelte tracciabili.",
            description=f"Insieme delle attività che portano a «{title}». " * 3,
            input="Istanza dell’interessato o programma dell’ufficio.",
            output="Provvedimento motivato, comunicato e pubblicato.",
            responsible="Dirigente dell’ufficio",
            risk_presence=presence,
            risk_presence_reason="" if n % 2 else "Emersa dall’analisi del contesto interno.",
        )

    def phases(self, processes: list[Process], total: int) -> list[Phase]:
        counts = spread(total, len(processes), self.random)
        return self._create(
            Phase(
                process=process,
                position=place,
                title=PHASES[(place - 1) % len(PHASES)],
                executor_role=self.random.choice(self.roles),
            )
            for process, count in zip(processes, counts, strict=True)
            for place in range(1, count + 1)
        )

    def actions(self, phases: list[Phase], total: int) -> list[Action]:
        counts = spread(total, len(phases), self.random)
        return self._create(
            Action(
                phase=phase,
                position=place,
                title=ACTIONS[(place - 1) % len(ACTIONS)],
                executor_role=self.random.choice(self.roles),
            )
            for phase, count in zip(phases, counts, strict=True)
            for place in range(1, count + 1)
        )

    def behaviours(self, processes: list[Process], total: int) -> list[RiskBehaviour]:
        counts = spread(total, len(processes), self.random)
        made = self._create(
            RiskBehaviour(
                process=process,
                position=place,
                text=f"{BEHAVIOURS[(n + place) % len(BEHAVIOURS)]} (processo {n + 1}).",
            )
            for n, (process, count) in enumerate(zip(processes, counts, strict=True))
            for place in range(1, count + 1)
        )
        for name, choices in (("categories", self.categories), ("factors", self.factors)):
            through = RiskBehaviour._meta.get_field(name).remote_field.through
            column = RiskBehaviour._meta.get_field(name).m2m_reverse_field_name()
            through.objects.bulk_create(
                through(riskbehaviour=row, **{column: self.random.choice(choices)}) for row in made
            )
        return made

    def coverage(self, behaviours, phases, actions) -> None:
        """Each behaviour covers one to three phases in a row; one in four also an action."""
        by_process, by_phase = _by(phases, "process_id"), _by(actions, "phase_id")
        rows = []
        for n, behaviour in enumerate(behaviours):
            own = by_process[behaviour.process_id]
            start = self.random.randrange(len(own))
            covered = own[start : start + self.random.randint(1, 3)]
            rows += [Coverage(behaviour=behaviour, phase=phase) for phase in covered]
            if n % 4 == 0:
                action = by_phase[own[0].pk][0]
                rows.append(Coverage(behaviour=behaviour, action=action))
        self._create(rows)

    def assessments(self, processes: list[Process]) -> None:
        overall = list(self.method.levels.filter(scale=Scale.OVERALL))
        indicators = list(self.method.indicators.all())
        grades = list(self.method.levels.filter(scale=Scale.INDICATOR)) or overall
        judged = [row for row in processes if self.random.random() < JUDGED]
        made = self._create(
            Assessment(
                process=process,
                method=self.method,
                level=self.random.choice(overall),
                motivation=f"Per «{process.title}» pesano discrezionalità e interessi esterni.",
                assessed_on=datetime.date(2025, 11, 15),
            )
            for process in judged
        )
        self._create(
            Rating(
                assessment=assessment,
                indicator=indicator,
                level=self.random.choice(grades),
                motivation="Secondo i dati degli ultimi tre anni.",
            )
            for assessment in made
            for indicator in indicators
        )

    def measures(self, processes, behaviours, total: int) -> None:
        """General measures once for the plan; specific ones on processes and on behaviours."""
        plan = self.annexes[0].plan
        self._create(
            PlannedMeasure(plan=plan, measure=row, scope=MeasureScope.PLAN, position=place)
            for place, row in enumerate(self.general[:8], start=1)
        )
        planned = self._create(
            PlannedMeasure(
                plan=plan,
                annex=annex,
                measure=self.specific[(n + place) % len(self.specific)],
                scope=MeasureScope.PROCESSES if place % 2 else MeasureScope.BEHAVIOURS,
                position=place,
                start_state=list(StartState)[place % len(StartState)],
                responsible_office=annex.office,
            )
            for n, annex in enumerate(self.annexes)
            for place in range(1, MEASURES_AN_ANNEX + 1)
        )
        self._steps(planned)
        self._targets(_by(planned, "annex_id"), processes, _by(behaviours, "process_id"), total)

    def _steps(self, planned: list[PlannedMeasure]) -> None:
        self._create(
            ImplementationStep(
                planned_measure=row, position=1, description="Avvio", timing="Ogni semestre"
            )
            for row in planned
        )
        self._create(
            ProgressIndicator(
                planned_measure=row,
                position=1,
                label="Pratiche controllate sul totale",
                kind=ProgressKind.PERCENTAGE,
                baseline=0,
                target=10,
            )
            for row in planned
        )

    def _targets(self, planned, processes, behaviours, total: int) -> None:
        """Give each process its share of links, taking the measures of its annex in turn."""
        rows = []
        shares = spread(total, len(processes), self.random)
        for process, share in zip(processes, shares, strict=True):
            pairs = _pairs(planned[process.annex_id], process, behaviours[process.pk])
            rows += [
                MeasureTarget(planned_measure=measure, **{subject: row})
                for measure, subject, row in islice(pairs, share)
            ]
        self._create(rows)


def _pairs(measures, process, behaviours) -> Iterator[tuple[PlannedMeasure, str, Any]]:
    """Yield what measures can treat of a process, each once: the process, or its behaviours."""
    for turn in range(len(behaviours)):
        for measure in measures:
            if measure.scope != MeasureScope.PROCESSES:
                yield measure, "behaviour", behaviours[turn]
            elif turn == 0:
                yield measure, "process", process
