"""The *tabella* of an annex from its rows."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.models import Process
from registry.models.base import CatalogueModel
from risk.content.build_matrix import grades_of
from risk.content.reading import AnnexContent, phase_key
from risk.content.typography import or_dash
from risk.content.values import DASH, LevelLabel, PhaseRow, ProcessRow, TableBehaviour
from risk.enums import Moment
from risk.models import Assessment, Level
from risk.scoring.kinds import Calculation, Scales


def table_row_of(process: Process, content: AnnexContent) -> ProcessRow:
    """Return a process with its phases, behaviours, measures and level for the *tabella*."""
    macroprocess = process.macroprocess
    return ProcessRow(
        uid=str(process.uid),
        macroprocess_key=_key(macroprocess) if macroprocess else "",
        macroprocess=or_dash(macroprocess.printed if macroprocess else ""),
        objective=or_dash(process.objective),
        # this table has no numbers: the code stands before the title
        title=or_dash(f"{process.code} {process.title}".strip()),
        phases=_phases(process),
        measures=_measures(process, content),
        level=_level_with_score(process, content.default_method_id),
    )


def level_of(process: Process, default_method_id: int | None) -> LevelLabel | None:
    """Return the process's own level; failing that the highest of its behaviours', as derived.

    Levels of different methods are not compared: the plan's default method is asked first
    (docs/decisions/0021).
    """
    judged, derived = _judged(process, default_method_id)
    return printed_level(judged.level, derived=derived) if judged else None


def printed_level(level: Level, *, derived: bool = False) -> LevelLabel:
    """Return a level as it is printed."""
    return LevelLabel(label=or_dash(level.label), tone=level.tone, derived=derived)


def calculation_of(assessment: Assessment) -> Calculation | None:
    """Return the calculation behind a level as printed; None where none is made."""
    method = assessment.method
    if method.scoring.printed is None:
        return None
    scales = Scales(overall=(), decimals=method.decimals)
    return method.scoring.printed(scales, grades_of(assessment.ratings.all()))


def _level_with_score(process: Process, default_method_id: int | None) -> LevelLabel | None:
    """Return the level with the number it comes from, where the method computes one."""
    judged, derived = _judged(process, default_method_id)
    if judged is None:
        return None
    level = printed_level(judged.level, derived=derived)
    made = calculation_of(judged)
    # on one line: the column is narrow
    return replace(level, label=f"{level.label}\u00a0{made.result}") if made else level


def _judged(process: Process, default_method_id: int | None) -> tuple[Assessment | None, bool]:
    """Return the assessment whose level counts, and whether it is that of a behaviour."""
    own = _in_order(process.assessments.all(), default_method_id)
    if own:
        return own[0], False
    rows = [row for behaviour in process.behaviours.all() for row in behaviour.assessments.all()]
    judged = _in_order(rows, default_method_id)
    if not judged:
        return None, False
    method = judged[0].method_id
    same = [row for row in judged if row.method_id == method]
    return max(same, key=lambda row: row.level.ordinal), True


def _in_order(assessments: Iterable[Assessment], default_method_id: int | None) -> list[Assessment]:
    """Return those with a level, of the default method and of the inherent risk first."""
    judged = [assessment for assessment in assessments if assessment.level_id]
    judged.sort(
        key=lambda row: (
            row.method_id != default_method_id,
            row.method.code,
            row.method.edition,
            row.moment != Moment.INHERENT,
        )
    )
    return [row for row in judged if row.moment == judged[0].moment]


def _phases(process: Process) -> tuple[PhaseRow, ...]:
    covered: dict[int | None, list[TableBehaviour]] = {}
    for row in process.behaviours.all():
        text = or_dash(row.text)
        if row.is_ex_officio:
            # said only where it is so: all other papers keep their digest
            text = _("%(text)s (d’ufficio)") % {"text": text}
        behaviour = TableBehaviour(uid=str(row.uid), text=text)
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


def _measures(process: Process, content: AnnexContent) -> tuple[tuple[str, str], ...]:
    # A measure programmed twice for the same process is said once.
    labels = {
        _key(planned.measure): or_dash(planned.measure.label)
        for planned in content.measures.get(process.pk, ())
    }
    return tuple(labels.items())


def _key(row: CatalogueModel) -> str:
    """Return what names a row of a catalogue in data that leave the register: never its key."""
    return ":".join(part for part in row.natural_key() if part)
