"""The rule of what an annex still misses that looks at levels judged lower: one query.

Levels are compared within one method only, by their place in its scale: two methods grade
different things.
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from registry.models import Process
from registry.normalise import short
from risk.content.reading import AnnexContent
from risk.enums import Moment
from risk.models import Assessment, MeasureTarget, RiskBehaviour
from risk.services.completeness.rules import Gap, risky

Subject = Process | RiskBehaviour


def lowered_without_measure(content: AnnexContent) -> Iterator[Gap]:
    """Yield levels of processes and behaviours judged lower with no measure that would explain it.

    A level is lower when the residual one is below the inherent one of the same subject, or the
    inherent one is below that of the same subject in the edition this one was copied from.

    A measure explains it when it is put on the process or on any of its phases, actions and
    behaviours: in this edition; for a level below that of before, in that edition too, whose
    measures have been carried out meanwhile. Measures said once for a whole office or plan explain
    none: they lower every risk, and so not one of them more than before.
    """
    before = _before(content)
    for process in risky(content.processes):
        if any(measure.targets.all() for measure in content.measures.get(process.pk, ())):
            continue
        for subject in (process, *process.behaviours.all()):
            yield from _residual(process, subject)
            yield from _since(process, subject, before)


def _residual(process: Process, subject: Subject) -> Iterator[Gap]:
    levels = {
        (row.method_id, row.moment): row.level
        for row in subject.assessments.all()
        if row.level_id is not None
    }
    for (method, moment), level in levels.items():
        first = levels.get((method, Moment.INHERENT))
        if moment == Moment.RESIDUAL and first is not None and level.ordinal < first.ordinal:
            yield _gap(process, subject, first.label, level.label)


def _since(process: Process, subject: Subject, before: dict) -> Iterator[Gap]:
    for row in subject.assessments.all():
        if row.level_id is None or row.moment != Moment.INHERENT:
            continue
        level_before = before.get((type(subject), subject.origin_id, row.method_id))
        if level_before is not None and row.level.ordinal < level_before[0]:
            yield _gap(process, subject, level_before[1], row.level.label)


def _gap(process: Process, subject: Subject, before: str, now: str) -> Gap:
    of = short(subject.text) if isinstance(subject, RiskBehaviour) else subject.printed
    return Gap(process, "trattamento", {"subject": of, "before": before, "now": now})


def _before(content: AnnexContent) -> dict[tuple[type, int, int], tuple[int, str]]:
    """Return place and name of the levels of before that no measure of then explains, by subject.

    The keys are those of the rows this edition was copied from, with the method.
    """
    processes = {row.origin_id for row in content.processes if row.origin_id}
    behaviours = {
        row.origin_id
        for process in content.processes
        for row in process.behaviours.all()
        if row.origin_id
    }
    if not processes and not behaviours:
        return {}
    rows = Assessment.objects.filter(
        Q(process__in=processes) | Q(behaviour__in=behaviours),
        moment=Moment.INHERENT,
        level__isnull=False,
    ).annotate(home=Coalesce("process", "behaviour__process"))
    levels = {}
    for process, behaviour, method, ordinal, label, is_covered in rows.values_list(
        "process_id", "behaviour_id", "method_id", "level__ordinal", "level__label", _covers("home")
    ):
        if not is_covered:
            subject = (Process, process) if process else (RiskBehaviour, behaviour)
            levels[(*subject, method)] = (ordinal, label)
    return levels


def _covers(column: str) -> Exists:
    """Return whether a measure was put on the process a column names, or on any of its rows."""
    process = OuterRef(column)
    return Exists(
        MeasureTarget.objects.filter(
            Q(process=process)
            | Q(phase__process=process)
            | Q(action__phase__process=process)
            | Q(behaviour__process=process)
        )
    )
