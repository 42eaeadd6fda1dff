"""The annex that two versions of the application are compared on, the same content in each.

Imported by a process that runs either version, so it says nothing that only one of them knows: the
generator of invented bodies and its method are given.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from registry.enums import RiskPresence
from registry.models import Phase, Plan, Process, RiskArea
from risk.models import Assessment, PlannedMeasure, Rating, RiskBehaviour

REASON = "Attività vincolata, senza margine di scelta."
MOTIVATION = "Per «{title}» pesano discrezionalità e interessi esterni."


def complete(plan: Plan) -> None:
    """Fill what stops the annexes of an invented plan: areas, presences, reasons, levels."""
    processes = Process.objects.filter(annex__plan=plan)
    area = RiskArea.objects.filter(administration=plan.administration).order_by("pk")[0]
    processes.filter(risk_area=None).update(risk_area=area)
    processes.filter(risk_presence=RiskPresence.TO_ASSESS).update(
        risk_presence=RiskPresence.PRESENT
    )
    absent = processes.filter(risk_presence=RiskPresence.ABSENT, risk_presence_reason="")
    absent.update(risk_presence_reason=REASON)
    risky = processes.filter(risk_presence=RiskPresence.PRESENT)
    _assess(list(risky.filter(assessments=None).order_by("pk")))


def _assess(processes: list[Process]) -> None:
    """Judge processes as the generator has judged the others, with the first level it took."""
    model = Assessment.objects.order_by("pk")[0]
    ratings = list(model.ratings.order_by("pk"))
    made = Assessment.objects.bulk_create(
        Assessment(
            process=process,
            method_id=model.method_id,
            level_id=model.level_id,
            motivation=MOTIVATION.format(title=process.title),
            assessed_on=model.assessed_on,
            version=1,
        )
        for process in processes
    )
    Rating.objects.bulk_create(
        Rating(
            assessment=assessment,
            indicator_id=row.indicator_id,
            level_id=row.level_id,
            motivation=row.motivation,
            version=1,
        )
        for assessment in made
        for row in ratings
    )


def content_mark(plan: Plan) -> str:
    """Return a digest of what a plan says, the same in two versions that hold the same."""
    digest = hashlib.sha256()
    for line in _lines(plan):
        digest.update(repr(line).encode())
    return digest.hexdigest()


def _lines(plan: Plan) -> Iterator[Any]:
    columns: dict[Any, tuple[str, ...]] = {
        Process: ("annex__plan", "annex__office__name", "position", "title", "risk_presence")
        + ("risk_presence_reason", "risk_area__label", "macroprocess__label", "description"),
        Phase: ("process__annex__plan", "process__title", "position", "title"),
        RiskBehaviour: ("process__annex__plan", "process__title", "position", "text"),
        Assessment: ("process__annex__plan", "process__title", "level__label", "motivation"),
        PlannedMeasure: ("plan", "measure__label", "annex__office__name", "position", "scope"),
    }
    for model, (to_plan, *said) in columns.items():
        yield from sorted(map(repr, model.objects.filter(**{to_plan: plan}).values_list(*said)))
