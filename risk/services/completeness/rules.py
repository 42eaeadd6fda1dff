"""The rules of what an annex still misses, one function each.

A rule takes processes, or what was read of them, and yields the gaps it finds: the row, the place
on the process’s sheet where the gap is filled, and the values its sentence asks for. It looks at
each process by itself, because what it finds is kept with the process until that changes, and reads
nothing from the database. What several processes give together is weighed by a second function,
over what the first has found. To add a rule, write its function here and its row in `RULES` of
`risk.services.completeness.points`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from registry.enums import RiskPresence
from registry.models import Phase, Process
from registry.normalise import fold, short
from risk.content.kept import Gap, KeptAnnex, KeptProcess
from risk.content.reading import AnnexContent
from risk.enums import MeasureCharacter, Moment
from risk.models import Assessment, PlannedMeasure

SAME_TEXT_LIMIT = 3
"""How many processes may say the very same before it is pointed out."""

_DIGITS = 32
"""Of the digest of a text, in hexadecimal: 128 bits."""
MEASURE = "misura-"
"""How the place of a measure on a sheet begins."""


def risky(processes: Sequence[Process]) -> Iterator[Process]:
    """Return processes whose risk is present: only these go on to assessment and treatment."""
    return (row for row in processes if row.risk_presence == RiskPresence.PRESENT)


def nothing(content: AnnexContent) -> Iterator[Gap]:
    """Find nothing in a process: the rule looks at the annex alone."""
    yield from ()


def no_process(annex: KeptAnnex, found: Sequence[Gap]) -> Iterator[Gap]:
    if not annex.processes:
        yield Gap(None, "mappa")


def no_risk_area(processes: Sequence[Process]) -> Iterator[Gap]:
    yield from (Gap(row, "descrizione") for row in processes if row.risk_area_id is None)


def no_macroprocess(processes: Sequence[Process]) -> Iterator[Gap]:
    yield from (Gap(row, "descrizione") for row in processes if row.macroprocess_id is None)


def no_kind(processes: Sequence[Process]) -> Iterator[Gap]:
    yield from (Gap(row, "descrizione") for row in processes if not row.kind)


def no_phase(processes: Sequence[Process]) -> Iterator[Gap]:
    yield from (Gap(row, "fasi") for row in processes if not row.phases.all())


def phase_without_executor(processes: Sequence[Process]) -> Iterator[Gap]:
    for process in processes:
        for phase in process.phases.all():
            if not has_executor(phase):
                yield Gap(process, f"fase-{phase.uid}", {"phase": phase.title})


def has_executor(phase: Phase) -> bool:
    """Return whether the phase, or each of its actions, has an executor (docs/decisions/0023)."""
    actions = phase.actions.all()
    return _is_executed(phase) or (bool(actions) and all(map(_is_executed, actions)))


def _is_executed(step) -> bool:
    return bool(step.executor_role_id or step.executor_office_id)


def risk_to_assess(processes: Sequence[Process]) -> Iterator[Gap]:
    for process in processes:
        if process.risk_presence == RiskPresence.TO_ASSESS:
            yield Gap(process, "presenza")


def absent_without_reason(processes: Sequence[Process]) -> Iterator[Gap]:
    for process in processes:
        absent = process.risk_presence == RiskPresence.ABSENT
        if absent and not process.risk_presence_reason.strip():
            yield Gap(process, "presenza")


def present_without_behaviour(processes: Sequence[Process]) -> Iterator[Gap]:
    yield from (Gap(row, "comportamenti") for row in risky(processes) if not row.behaviours.all())


def behaviour_covers_nothing(processes: Sequence[Process]) -> Iterator[Gap]:
    for process in risky(processes):
        if not process.phases.all():
            continue
        for behaviour in process.behaviours.all():
            if not behaviour.coverages.all():
                anchor = f"comportamento-{behaviour.uid}"
                yield Gap(process, anchor, {"behaviour": short(behaviour.text)})


def risk_without_level(content: AnnexContent) -> Iterator[Gap]:
    for process in risky(content.processes):
        if not any(row.level_id for row in assessments_of(process)):
            yield Gap(process, "valutazione")


def level_without_motivation(content: AnnexContent) -> Iterator[Gap]:
    for process in content.processes:
        for row in assessments_of(process):
            if row.level_id and not row.motivation.strip():
                yield Gap(process, "valutazione", {"level": row.level.label})


def grade_without_motivation(content: AnnexContent) -> Iterator[Gap]:
    for process in content.processes:
        for row in assessments_of(process):
            for rating in row.ratings.all():
                if rating.level_id and not rating.motivation.strip():
                    yield Gap(process, "valutazione", {"indicator": rating.indicator.label})


def unread_copies(content: AnnexContent) -> Iterator[Gap]:
    for process in content.processes:
        for subject, rows in judged_in(process):
            for row in rows:
                drafts = [row, *row.ratings.all()]
                count = sum(one.is_draft for one in drafts)
                if count:
                    yield Gap(process, "valutazione", {"subject": short(subject), "count": count})


def judged_in(process: Process) -> Iterator[tuple[str, Sequence[Assessment]]]:
    """Yield what is judged of a process, as a sentence names it, with its assessments."""
    yield process.title, process.assessments.all()
    for behaviour in process.behaviours.all():
        yield behaviour.text, behaviour.assessments.all()


def assessments_of(process: Process) -> Iterator[Assessment]:
    """Yield assessments of a process and of its behaviours."""
    yield from process.assessments.all()
    for behaviour in process.behaviours.all():
        yield from behaviour.assessments.all()


def every_motivation(content: AnnexContent) -> Iterator[Gap]:
    for process in content.processes:
        texts = [row.motivation for row in assessments_of(process)]
        yield from _said(process, "valutazione", texts)


def every_behaviour(content: AnnexContent) -> Iterator[Gap]:
    for process in content.processes:
        texts = [row.text for row in process.behaviours.all()]
        yield from _said(process, "comportamenti", texts)


def _said(process: Process, anchor: str, texts: Iterable[str]) -> Iterator[Gap]:
    # kept with the process, and read with those of all others at each look: equal texts have equal
    # digests, however long they are
    said = [hashlib.sha256(fold(text).encode()).hexdigest() for text in texts if text.strip()]
    if said:
        yield Gap(process, anchor, {"texts": [one[:_DIGITS] for one in dict.fromkeys(said)]})


def repeated(annex: KeptAnnex, found: Sequence[Gap]) -> Iterator[Gap]:
    """Yield gaps for texts that stand, word for word, on more than `SAME_TEXT_LIMIT` processes."""
    often = Counter(chain.from_iterable(gap.values["texts"] for gap in found))
    frequent = [text for text, times in often.items() if times > SAME_TEXT_LIMIT]
    by_text: dict[str, list[Gap]] = {text: [] for text in frequent}
    for gap in found if by_text else ():
        for text in by_text.keys() & gap.values["texts"]:
            by_text[text].append(gap)
    for rows in by_text.values():
        numbers = ", ".join(f"n. {_process(row).number}" for row in rows)
        yield Gap(rows[0].process, rows[0].anchor, {"processes": numbers})


def _process(gap: Gap) -> Process | KeptProcess:
    """Return the process of what was found in one."""
    if gap.process is None:
        raise ValueError("found in no process")
    return gap.process


def high_level_without_specific_measure(content: AnnexContent) -> Iterator[Gap]:
    for process in risky(content.processes):
        levels = [
            row.level
            for row in assessments_of(process)
            if row.level_id and row.moment == Moment.INHERENT and row.level.needs_specific_measure
        ]
        if levels and not any(map(_is_specific, content.measures.get(process.pk, ()))):
            yield Gap(process, "trattamento", {"level": levels[0].label})


def _is_specific(measure: PlannedMeasure) -> bool:
    return measure.measure.character == MeasureCharacter.SPECIFIC


def risk_without_measure(content: AnnexContent) -> Iterator[Gap]:
    for process in risky(content.processes):
        if not content.measures.get(process.pk):
            yield Gap(process, "trattamento")


def measure_without_responsible(content: AnnexContent) -> Iterator[Gap]:
    for process, measure in own_measures(content):
        steps = measure.steps.all()
        answered = [row for row in steps if row.responsible_office_id or row.responsible_role_id]
        own = measure.responsible_office_id or measure.responsible_role_id
        if not own and (not steps or len(answered) < len(steps)):
            yield _measure_gap(process, measure)


def measure_without_term(content: AnnexContent) -> Iterator[Gap]:
    for process, measure in own_measures(content):
        if not any(row.due_on or row.timing.strip() for row in measure.steps.all()):
            yield _measure_gap(process, measure)


def measure_without_indicator(content: AnnexContent) -> Iterator[Gap]:
    for process, measure in own_measures(content):
        if not measure.progress_indicators.all():
            yield _measure_gap(process, measure)


def specific_measure_without_objective(content: AnnexContent) -> Iterator[Gap]:
    """Find measures that serve no objective, of a plan that has some: the others have none to."""
    if not content.has_objectives:
        return
    for process, measure in own_measures(content):
        objective = measure.objective
        if _is_specific(measure) and (objective is None or objective.is_retired):
            yield _measure_gap(process, measure)


def own_measures(content: AnnexContent) -> Iterator[tuple[Process, PlannedMeasure]]:
    """Yield the measures of the annex itself that reach each process.

    Measures of the whole plan are programmed by the RPCT, once for all: no annex misses them.
    """
    for process in content.processes:
        for measure in content.measures.get(process.pk, ()):
            if measure.annex_id:
                yield process, measure


def once_a_measure(annex: KeptAnnex, found: Sequence[Gap]) -> Iterator[Gap]:
    """Yield what was found in a measure with the first process it reaches alone."""
    first: dict[str, Process | KeptProcess] = {}
    for gap in found:
        is_measure = gap.anchor.startswith(MEASURE)
        process = _process(gap)
        if not is_measure or first.setdefault(gap.anchor, process) == process:
            yield gap


def _measure_gap(process: Process, measure: PlannedMeasure) -> Gap:
    return Gap(process, f"{MEASURE}{measure.uid}", {"measure": measure.measure.label})
