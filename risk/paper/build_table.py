"""The *tabella* of an annex from its rows."""

from collections.abc import Iterable

from registry.models import Process
from risk.enums import Moment
from risk.models import Assessment
from risk.models import Level as LevelRow
from risk.paper.context import DASH, Behaviour, Level, PhaseRow, ProcessRow
from risk.paper.loading import LoadedAnnex, phase_key
from risk.paper.typography import or_dash


def table_row_of(process: Process, loaded: LoadedAnnex) -> ProcessRow:
    """Return a process with its phases, behaviours, measures and level for the *tabella*."""
    macroprocess = process.macroprocess
    return ProcessRow(
        uid=str(process.uid),
        macroprocess_key=str(process.macroprocess_id or ""),
        macroprocess=or_dash(macroprocess.printed if macroprocess else ""),
        objective=or_dash(process.objective),
        title=or_dash(process.title),
        phases=_phases(process),
        measures=_measures(process, loaded),
        level=level_of(process, loaded.default_method_id),
    )


def level_of(process: Process, default_method_id: int | None) -> Level | None:
    """Return the process's own level; failing that the highest of its behaviours', as derived.

    Levels of different methods are not compared: the plan's default method is asked first
    (rulings.md, 3).
    """
    own = _levels(process.assessments.all(), default_method_id)
    if own:
        return printed_level(own[0])
    rows = [row for behaviour in process.behaviours.all() for row in behaviour.assessments.all()]
    levels = _levels(rows, default_method_id)
    if not levels:
        return None
    method = levels[0].method_id
    highest = max((row for row in levels if row.method_id == method), key=lambda row: row.ordinal)
    return printed_level(highest, derived=True)


def printed_level(level: LevelRow, *, derived: bool = False) -> Level:
    """Return a level as it is printed."""
    return Level(label=or_dash(level.label), tone=level.tone, derived=derived)


def _levels(assessments: Iterable[Assessment], default_method_id: int | None) -> list[LevelRow]:
    """Return the levels given, those of the default method and of the inherent risk first."""
    judged = [assessment for assessment in assessments if assessment.level_id]
    judged.sort(
        key=lambda row: (
            row.method_id != default_method_id,
            row.method.code,
            row.method.edition,
            row.moment != Moment.INHERENT,
        )
    )
    if not judged:
        return []
    first = judged[0]
    return [row.level for row in judged if row.moment == first.moment]


def _phases(process: Process) -> tuple[PhaseRow, ...]:
    covered: dict[int | None, list[Behaviour]] = {}
    for row in process.behaviours.all():
        behaviour = Behaviour(uid=str(row.uid), text=or_dash(row.text))
        keys = {phase_key(coverage) for coverage in row.coverages.all()}
        for key in keys or {None}:
            covered.setdefault(key, []).append(behaviour)
    rows = [
        PhaseRow(str(phase.uid), or_dash(phase.title), tuple(covered.get(phase.pk, ())))
        for phase in process.phases.all()
    ]
    if None in covered:
        # A behaviour that covers nothing yet is not dropped, nor said of a phase it does not cover.
        rows.append(PhaseRow(str(process.uid), DASH, tuple(covered[None])))
    return tuple(rows)


def _measures(process: Process, loaded: LoadedAnnex) -> tuple[tuple[str, str], ...]:
    # A measure programmed twice for the same process is said once.
    found = {
        str(planned.measure_id): or_dash(planned.measure.label)
        for planned in loaded.measures.get(process.pk, ())
    }
    return tuple(found.items())
