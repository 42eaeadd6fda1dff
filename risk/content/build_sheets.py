"""The sheet of a process from its rows: the labels are those of PNA 2019, All. 1."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.models import Phase, Process
from registry.readable import readable
from risk.content.build_measures import measures_of
from risk.content.build_table import calculation_of, level_of, printed_level
from risk.content.reading import AnnexContent
from risk.content.typography import lines_of, or_dash, printable
from risk.content.values import (
    DASH,
    Entry,
    ProcessSheet,
    SheetAction,
    SheetAssessment,
    SheetBehaviour,
    SheetPhase,
    SheetRating,
)
from risk.models import Assessment, Method, Rating, RiskBehaviour
from risk.scoring.formulas import printed


def sheet_of(process: Process, content: AnnexContent) -> ProcessSheet:
    """Return the sheet of a process, with the measures that reach it."""
    behaviours = list(process.behaviours.all())
    numbers = {row.pk: f"{number}." for number, row in enumerate(behaviours, start=1)}
    phases = list(process.phases.all())
    return ProcessSheet(
        uid=str(process.uid),
        number=str(process.number),
        title=or_dash(process.title),
        level=level_of(process, content.default_method_id),
        entries=_description(process),
        phases=tuple(_phase(phase, behaviours, numbers) for phase in phases),
        presence=or_dash(process.get_risk_presence_display()).capitalize(),
        presence_reason=printable(process.risk_presence_reason),
        behaviours=tuple(_behaviour(row, numbers[row.pk], phases) for row in behaviours),
        assessments=tuple(_assessment(row) for row in process.assessments.all()),
        measures=measures_of(process, content, numbers),
        code=printable(process.code),
    )


def _description(process: Process) -> tuple[Entry, ...]:
    macroprocess = process.macroprocess
    area = process.risk_area
    texts = (
        (_("Tipo di processo"), process.get_kind_display()),
        (_("Macroprocesso"), macroprocess.printed if macroprocess else ""),
        (_("Area di rischio"), area.printed if area else ""),
        (_("Obiettivo"), process.objective),
        (_("Input: elementi in ingresso che innescano il processo"), process.input),
        (_("Output: risultato atteso del processo"), process.output),
        (_("Informazioni principali sul processo"), process.description),
        (_("Responsabilità del processo"), process.responsible),
        (_("Tempi di svolgimento del processo e delle sue attività"), process.times),
        (_("Vincoli del processo"), process.constraints),
        (_("Risorse del processo"), process.resources),
        (_("Interrelazioni tra i processi"), process.interrelations),
        (_("Criticità del processo"), process.criticalities),
        (_("Procedimento amministrativo"), process.get_is_procedure_display()),
        (_("Digitalizzazione"), process.get_digital_state_display()),
    )
    return tuple(Entry(label, lines_of(text)) for label, text in texts)


def _phase(phase: Phase, behaviours: list[RiskBehaviour], numbers: dict[int, str]) -> SheetPhase:
    return SheetPhase(
        uid=str(phase.uid),
        number=str(phase.position),
        title=or_dash(phase.title),
        executor=or_dash(phase.printed_executor),
        behaviours=_numbers_covering(behaviours, numbers, phase_id=phase.pk),
        actions=tuple(
            SheetAction(
                uid=str(action.uid),
                number=f"{phase.position}.{action.position}",
                title=or_dash(action.title),
                executor=or_dash(action.printed_executor),
                behaviours=_numbers_covering(behaviours, numbers, action_id=action.pk),
            )
            for action in phase.actions.all()
        ),
    )


def _numbers_covering(
    behaviours: Iterable[RiskBehaviour], numbers: dict[int, str], **place: int
) -> str:
    """Return the numbers of the behaviours that cover exactly this phase, or this action."""
    ((column, key),) = place.items()
    covering = [
        numbers[row.pk].rstrip(".")
        for row in behaviours
        if any(getattr(coverage, column) == key for coverage in row.coverages.all())
    ]
    return ", ".join(covering) or DASH


def _behaviour(row: RiskBehaviour, number: str, phases: list[Phase]) -> SheetBehaviour:
    entries = (
        Entry(_("Fasi e azioni interessate"), tuple(_covered(row, phases))),
        Entry(_("Categorie di evento rischioso"), _labels(row.categories.all())),
        Entry(_("Fattori abilitanti"), _labels(row.factors.all())),
    )
    if row.is_ex_officio:
        # a line only where there is something to say: all other papers keep their digest
        entries = (Entry(_("Individuazione"), (_("d’ufficio, dal RPCT"),)), *entries)
    return SheetBehaviour(
        uid=str(row.uid),
        number=number,
        text=or_dash(row.text),
        entries=entries,
        assessments=tuple(_assessment(assessment) for assessment in row.assessments.all()),
    )


def _covered(row: RiskBehaviour, phases: list[Phase]) -> list[str]:
    coverages = list(row.coverages.all())
    phase_keys = {coverage.phase_id for coverage in coverages}
    action_keys = {coverage.action_id for coverage in coverages}
    lines = []
    for phase in phases:
        if phase.pk in phase_keys:
            lines.append(f"{phase.position}. {printable(phase.title)}")
        lines += [
            f"{phase.position}.{action.position} {printable(action.title)}"
            for action in phase.actions.all()
            if action.pk in action_keys
        ]
    return lines


def _labels(rows: Iterable) -> tuple[str, ...]:
    return tuple(or_dash(row.label) for row in rows)


def _assessment(row: Assessment) -> SheetAssessment:
    # a mark only where there is something to read again: all other papers keep their digest
    label = _("Motivazione (copiata, da rileggere)") if row.is_draft else _("Motivazione")
    entries = [Entry(label, lines_of(row.motivation))]
    if made := calculation_of(row):
        entries.insert(0, Entry(_("Calcolo del metodo"), (made.sentence,)))
    if row.assessed_on:
        entries.append(Entry(_("Data della valutazione"), (date_format(row.assessed_on, "d/m/Y"),)))
    return SheetAssessment(
        uid=str(row.uid),
        method=or_dash(row.method.name),
        moment=_("rischio %s") % row.get_moment_display(),
        level=printed_level(row.level) if row.level else None,
        entries=tuple(entries),
        ratings=tuple(_rating(rating, row.method) for rating in row.ratings.all()),
    )


def _rating(row: Rating, method: Method) -> SheetRating:
    motivation = printable(row.motivation)
    if row.is_draft:
        motivation = _("%(text)s (copiata, da rileggere)") % {"text": motivation}
    evidence = "\n".join(part for part in (motivation, printable(row.evidence)) if part)
    return SheetRating(
        indicator=or_dash(row.indicator.label), value=_grade(row, method), evidence=evidence or DASH
    )


def _grade(row: Rating, method: Method) -> str:
    if row.level:
        return or_dash(row.level.label)
    if row.answer:
        return _("%(answer)s (%(score)s)") % {
            "answer": printable(row.answer.label),
            "score": readable(row.answer.score),
        }
    return printed(row.score, method.decimals) if row.score is not None else DASH
