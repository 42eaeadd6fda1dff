"""The rule of what an annex still misses that looks at levels judged lower: one query, of
however many annexes.

Levels are compared within one method only, by their place in its scale: two methods grade
different things.
"""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from registry.models import Process
from registry.normalise import short
from risk.content.kept import Gap, KeptAnnex
from risk.content.reading import AnnexContent
from risk.enums import Moment
from risk.models import Assessment, MeasureTarget, RiskBehaviour
from risk.services.completeness.rules import risky

Subject = Process | RiskBehaviour


def unexplained_levels(content: AnnexContent) -> Iterator[Gap]:
    """Find the levels of each process, and of its behaviours, that no measure put on it explains.

    Measures said once for a whole office or plan explain none: they lower every risk, and so not
    one of them more than before.
    """
    for process in risky(content.processes):
        if any(measure.targets.all() for measure in content.measures.get(process.pk, ())):
            continue
        for subject in (process, *process.behaviours.all()):
            if levels := _levels(subject):
                yield Gap(process, "trattamento", {**_named(subject), "levels": levels})


def lowered_without_measure(
    annexes: Sequence[KeptAnnex], found: Sequence[Gap]
) -> Iterator[tuple[int, Gap]]:
    """Yield levels of processes and behaviours judged lower with no measure that would explain it.

    With each, the key of its annex.

    A level is lower when the residual one is below the inherent one of the same subject, or the
    inherent one is below that of the same subject in the edition this one was copied from.

    A measure explains it when it is put on the process or on any of its phases, actions and
    behaviours: in this edition; for a level below that of before, in that edition too, whose
    measures have been carried out meanwhile.
    """
    before = _before(found)
    for gap in found:
        for lowered in (*_residual(gap), *_since(gap, before)):
            yield gap.process.annex.pk, lowered


def may_be_lowered(gap: Gap) -> bool:
    """Tell whether what was found of a subject can be lower than something: of most, nothing can.

    It was in an edition before, or has a level that is left after measures.
    """
    moments = (moment for _method, moment, *_level in gap.values["levels"])
    return bool(gap.values["origin"]) or Moment.RESIDUAL in moments


def _named(subject: Subject) -> dict[str, object]:
    is_behaviour = isinstance(subject, RiskBehaviour)
    return {
        "is_behaviour": is_behaviour,
        # a process is called by its number, which may be another by the time it is said
        "subject": short(subject.text) if is_behaviour else "",
        "origin": subject.origin_id,
    }


def _levels(subject: Subject) -> list[tuple[int, str, int, str]]:
    """Return method, moment, place in the scale and name of each level."""
    return [
        (row.method_id, str(row.moment), row.level.ordinal, row.level.label)
        for row in subject.assessments.all()
        if row.level_id is not None
    ]


def _residual(gap: Gap) -> Iterator[Gap]:
    levels = {(method, moment): rest for method, moment, *rest in gap.values["levels"]}
    for (method, moment), (ordinal, label) in levels.items():
        first = levels.get((method, Moment.INHERENT.value))
        if moment == Moment.RESIDUAL and first is not None and ordinal < first[0]:
            yield _lowered(gap, first[1], label)


def _since(gap: Gap, before: dict) -> Iterator[Gap]:
    kind = RiskBehaviour if gap.values["is_behaviour"] else Process
    for method, moment, ordinal, label in gap.values["levels"]:
        level_before = before.get((kind, gap.values["origin"], method))
        if moment == Moment.INHERENT and level_before and ordinal < level_before[0]:
            yield _lowered(gap, level_before[1], label)


def _lowered(gap: Gap, before: str, now: str) -> Gap:
    of = gap.values["subject"] or gap.process.printed
    return Gap(gap.process, gap.anchor, {"subject": of, "before": before, "now": now})


def _before(found: Sequence[Gap]) -> dict[tuple[type, int, int], tuple[int, str]]:
    """Return place and name of the levels of before that no measure of then explains, by subject.

    The keys are those of the rows this edition was copied from, with the method.
    """
    origins = {True: set(), False: set()}
    for gap in found:
        if gap.values["origin"]:
            origins[gap.values["is_behaviour"]].add(gap.values["origin"])
    processes, behaviours = origins[False], origins[True]
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
