"""How far each annex is: processes mapped, assessed, treated, counted in the database."""

from functools import cache

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.enums import RiskPresence
from registry.models import Phase, Process
from risk.enums import MeasureScope
from risk.models import Assessment, MeasureTarget, PlannedMeasure


def with_progress(annexes: QuerySet) -> QuerySet:
    """Return annexes with five counts of their processes in use; no query of its own.

    `process_count` all; `mapped_count` those with area, macroprocess, kind and a phase;
    `settled_count` those whose risk is found present or absent; `risky_count` those where it is
    present; `assessed_count`, `treated_count` those of the risky ones with a level, a measure.
    """
    return annexes.annotate(**_counts())


@cache
def _counts() -> dict[str, Coalesce]:
    """Return the counts by their name, which are the same for every query."""
    processes = Process.objects.filter(annex=OuterRef("pk"), retired_on__isnull=True).order_by()
    risky = processes.filter(risk_presence=RiskPresence.PRESENT)
    return {
        "process_count": _counted(processes),
        "mapped_count": _counted(processes.filter(_is_mapped())),
        "settled_count": _counted(processes.exclude(risk_presence=RiskPresence.TO_ASSESS)),
        "risky_count": _counted(risky),
        "assessed_count": _counted(risky.filter(_is_assessed())),
        "treated_count": _counted(risky.filter(_is_treated())),
    }


def _counted(processes: QuerySet) -> Coalesce:
    count = processes.values("annex").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(count), 0, output_field=IntegerField())


def _is_mapped() -> Q:
    return (
        Q(risk_area__isnull=False, macroprocess__isnull=False)
        & ~Q(kind="")
        & Q(Exists(Phase.objects.filter(process=OuterRef("pk")).order_by()))
    )


def _is_assessed() -> Q:
    judged = Assessment.objects.filter(level__isnull=False).order_by()
    return Q(Exists(judged.filter(process=OuterRef("pk")))) | Q(
        Exists(judged.filter(behaviour__process=OuterRef("pk")))
    )


def _is_treated() -> Q:
    targets = MeasureTarget.objects.order_by()
    reached = Q()
    for path in MeasureTarget.PROCESS_PATHS:
        reached |= Q(Exists(targets.filter(**{path: OuterRef("pk")})))
    general = PlannedMeasure.objects.order_by()
    whole_office = general.filter(scope=MeasureScope.ANNEX, annex=OuterRef("annex"))
    whole_plan = general.filter(scope=MeasureScope.PLAN, plan=OuterRef("annex__plan"))
    return reached | Q(Exists(whole_office)) | Q(Exists(whole_plan))
