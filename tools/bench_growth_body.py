"""A body of one annex, and one of its processes with all that hangs on it, as people look at them.

Imported by the measurements of pages, once the application is set up.
"""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from bench_before_body import complete
from bench_way import annex_now, head_everywhere, holder
from django.db.models import Count
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.models import Action, Phase, Plan, Process, User
from registry.services.processes import move_process
from risk.enums import RowKind
from risk.models import (
    Chapter,
    Contribution,
    DocumentChoice,
    ImplementationStep,
    Objective,
    PlannedMeasure,
)
from risk.services.annexes.remarks import add_remark
from risk.services.plans.chapters import add_chapter
from risk.services.plans.choices import add_choice, choices_of
from risk.services.plans.contribution_rows import topics_of
from risk.services.plans.contributions import add_contribution
from risk.services.plans.objectives import add_objective

NO_ROW = SimpleNamespace(uid=UUID(int=0))
HOME = frozenset(
    [
        "administration",
        "plan",
        "office",
        "annex",
        "process",
        "phase",
        "action",
        "riskbehaviour",
        "plannedmeasure",
        "implementationstep",
        "remark",
        "issue",
        "riskarea",
        "membership",
        "libraryprocess",
        "documentchoice",
        "objective",
        "chapter",
        "contribution",
    ]
)
"""Which rows addresses can name here; that those of the pages need no other is a test."""
_COUNTED = ("phases", "phases__actions", "behaviours", "measure_targets")


class Annexed:
    """The first annex of a body, and those who look at it."""

    def __init__(self, plan: Plan, like: "Annexed | None" = None) -> None:
        """Fill what the annex misses; its process has about as many rows as that of `like`.

        As in any annex in use, a process was put in the middle once: a long one is spaced out then
        (docs/decisions/0026).
        """
        complete(plan)
        self.plan, self.head = plan, head_everywhere(plan)
        self.rpct = holder(plan, "rpct")
        self.annex = annex_now(plan.annexes.order_by("pk")[0])
        last = self.annex.processes.order_by("position").last()
        move_process(process=last, position=2)
        self.clients: dict[User, Client] = {}
        self.process, self.rows = self._process(like.rows if like else None)

    def get(self, by: User, name: str, *arguments: object) -> HttpResponse:
        """Return a page, which must be answered well."""
        answer = self.client(by).get(reverse(f"risk:{name}", args=arguments))
        if answer.status_code != 200:
            raise SystemExit(f"{answer.request['PATH_INFO']}: {answer.status_code}")
        return answer

    def client(self, by: User) -> Client:
        """Return the browser of a person."""
        if by not in self.clients:
            self.clients[by] = Client(SERVER_NAME="localhost")
            self.clients[by].force_login(by)
        return self.clients[by]

    def _process(self, like: tuple[int, ...] | None) -> tuple[Process, tuple[int, ...]]:
        """Return a process on the second page of none, and how many rows hang on it."""
        counts = {f"n{n}": Count(path, distinct=True) for n, path in enumerate(_COUNTED)}
        processes = self.annex.processes.filter(risk_presence="present").order_by("position")
        found = [
            (row, tuple(getattr(row, name) for name in counts))
            for row in processes.annotate(**counts)[:20]
        ]
        if like is None:
            return found[len(found) // 2]
        return min(
            found, key=lambda one: sum(abs(a - b) for a, b in zip(one[1], like, strict=True))
        )

    def _choice(self) -> DocumentChoice:
        """Return the choice of parts of the body, one of which it keeps under a name."""
        kept = choices_of(self.plan.administration).first()
        body = self.plan.administration
        return kept or add_choice(body=body, name="Sito", parts=["sintesi"], by=self.rpct)

    def _objective(self) -> Objective:
        """Return the objective of the plan, which all its measures serve: none is found missing."""
        kept = Objective.objects.filter(plan=self.plan).first()
        if kept is None:
            kept = add_objective(plan=self.plan, code="OB.1", name="Misura", by=self.rpct)
            PlannedMeasure.objects.filter(annex__plan=self.plan).update(objective=kept)
        return kept

    def _chapter(self) -> Chapter:
        kept = Chapter.objects.filter(plan=self.plan).first()
        return kept or add_chapter(plan=self.plan, title="Contesto", by=self.rpct)

    def _contribution(self) -> Contribution:
        kept = Contribution.objects.filter(plan=self.plan).first()
        return kept or add_contribution(
            plan=self.plan,
            sender="citizen",
            way="mail",
            text="Serve più chiarezza.",
            topic=topics_of(self.plan)[0],
            received_on=clock.today(),
            by=self.rpct,
        )

    def home(self) -> SimpleNamespace:
        """Return the rows addresses name, one of every kind, a remark made on the process."""
        process = self.process
        phase = Phase.objects.filter(process=process).order_by("position")[0]
        remark = add_remark(
            annex=self.annex,
            row=process,
            kind=RowKind.PROCESS,
            text="Perché?",
            process=process,
            by=self.rpct,
        )
        planned: Any = PlannedMeasure.objects.filter(annex=self.annex, targets__process=process)
        measure = planned.order_by("position")[0]
        home = SimpleNamespace(
            administration=self.plan.administration,
            plan=self.plan,
            office=self.annex.office,
            annex=self.annex,
            process=process,
            phase=phase,
            action=Action.objects.filter(phase=phase).order_by("position")[0],
            riskbehaviour=process.behaviours.order_by("position")[0],
            plannedmeasure=measure,
            implementationstep=ImplementationStep.objects.filter(planned_measure=measure)[0],
            remark=remark,
            issue=self.annex.issues.first() or NO_ROW,
            riskarea=process.risk_area,
            # no address that is measured names one
            membership=SimpleNamespace(pk=0, user_id=0),
            libraryprocess=SimpleNamespace(code="x"),
            documentchoice=self._choice(),
            objective=self._objective(),
            chapter=self._chapter(),
            contribution=self._contribution(),
        )
        if vars(home).keys() != HOME:
            raise SystemExit(f"home: {', '.join(vars(home).keys() ^ HOME)}")
        return home
