"""What a year says of the levels of processes: initial, expected, actual."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.readable import grouped, readable
from risk.content.round_parts import Cell, ReportPart, lists_by_office
from risk.scoring.mitigation import LevelArithmetic


@dataclass(frozen=True, slots=True)
class LevelOfProcess:
    """A process with its three levels, by name; `expected` and `actual` are "" where they are void.

    `planned` and `done` tell how many measures are put on it, and how many were carried out.
    """

    process: str
    office: str
    initial: str
    judged_on: str
    expected: str = ""
    actual: str = ""
    planned: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class LevelsOfYear:
    """The levels of the processes of a plan, and by which arithmetic of which method."""

    method: str
    arithmetic: LevelArithmetic
    processes: tuple[LevelOfProcess, ...]


def levels_part(levels: LevelsOfYear | None) -> ReportPart | None:
    """Return the three levels of each process; None where the method has no such arithmetic."""
    if levels is None or not levels.processes:
        return None
    columns = [_("Processo"), _("Iniziale"), _("Atteso"), _("Effettivo")]
    rows = [(one.office, _row(one)) for one in levels.processes]
    return ReportPart(
        "livelli",
        _("Livelli di rischio: iniziale, atteso, effettivo"),
        notes=tuple(_notes(levels)),
        lists=lists_by_office(rows, columns),
    )


def _notes(levels: LevelsOfYear) -> list[str]:
    rule = levels.arithmetic
    told = {
        "method": levels.method,
        "general": readable(rule.general),
        "specific": readable(rule.specific),
        "source": rule.source,
        "years": grouped(rule.years),
    }
    notes = [
        _(
            "È un calcolo su una scala ordinale: sta accanto al giudizio motivato "
            "dell’allegato, e non lo cambia."
        ),
        _(
            "Nel metodo «%(method)s» ogni misura generale toglie %(general)s gradi e ogni misura "
            "specifica %(specific)s, arrotondando per eccesso (fonte: %(source)s). Contano le "
            "misure poste sul processo; quelle di tutto l’ufficio o di tutto il piano no."
        ),
        _(
            "Atteso: se tutte sono attuate. Effettivo: con quelle che l’ultimo monitoraggio chiuso "
            "nell’anno dice attuate. Un giudizio senza data, o più vecchio di %(years)s anni, li "
            "rende indeterminati."
        ),
    ]
    if not rule.sure:
        notes.append(_("I numeri sono scritti a memoria, e da verificare sulla fonte."))
    return [note % told for note in notes]


def _row(one: LevelOfProcess) -> tuple[Cell, ...]:
    judged = one.judged_on or _("senza data")
    return (
        (one.process,),
        (one.initial, judged),
        _lowered(one.expected, _("misure: %s") % grouped(one.planned)),
        _lowered(one.actual, _("attuate: %s") % grouped(one.done)),
    )


def _lowered(level: str, counted: str) -> Cell:
    return (level, counted) if level else (_("indeterminato"),)
