"""The figures of the report of a round: how many measures had which outcome, by area, office, kind.

Each line has its picture: a bar in four greys, darkest what is on time, with its numbers in words.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.normalise import fold
from registry.readable import grouped
from risk.content.round_values import (
    EarlierRound,
    EarlierYear,
    ReportMeasure,
    RoundReport,
    day,
)
from risk.enums import DerivedOutcome
from risk.scoring.outcomes import OutcomeGroup, is_declared_late

BAR_WIDTH = 100
"""Units of the picture of a line; its parts are whole ones and fill it."""

SHADES = {
    OutcomeGroup.ON_TIME: "#17324d",
    OutcomeGroup.LATE: "#6f8aa5",
    OutcomeGroup.UNTOLD: "#c3d0dc",
    OutcomeGroup.OUT: "#ffffff",
}
"""Of the same hue, each far lighter than the one before: they are told apart in black and white."""

_OVERDUE = "overdue"
COLUMNS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (pgettext_lazy("misure", "attuate"), (DerivedOutcome.DONE,)),
    (gettext_lazy("dichiarate, senza prova"), (DerivedOutcome.UNPROVEN,)),
    (gettext_lazy("in corso nei tempi"), (DerivedOutcome.IN_PROGRESS,)),
    (gettext_lazy("dichiarate in ritardo"), (_OVERDUE,)),
    (gettext_lazy("in parte"), (DerivedOutcome.PARTLY,)),
    (gettext_lazy("non attuate"), (DerivedOutcome.NOT_DONE,)),
    (gettext_lazy("non risposte"), (DerivedOutcome.NO_ANSWER,)),
    (
        gettext_lazy("non misurate o valutabili"),
        (
            DerivedOutcome.NOT_MEASURED,
            DerivedOutcome.NOT_MONITORABLE,
            DerivedOutcome.NOT_ASSESSABLE,
        ),
    ),
    (
        gettext_lazy("non dovute o senza casi"),
        (DerivedOutcome.NOT_DUE, DerivedOutcome.NO_CASE),
    ),
)
"""Columns of outcomes; the first three are on time, the next late, then two not told, one out."""


@dataclass(frozen=True, slots=True)
class BarPiece:
    """A part of a bar: where it begins and how wide it is, of `BAR_WIDTH`."""

    at: int
    width: int
    fill: str


@dataclass(frozen=True, slots=True)
class ReportFigureLine:
    """A line: its label, a number for each column, and its picture with what it shows in words."""

    label: str
    cells: tuple[int, ...]
    bar: tuple[BarPiece, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """A table of counts; the last column of each line is how many measures it counts."""

    name: str
    title: str
    head: str
    columns: tuple[str, ...]
    lines: tuple[ReportFigureLine, ...]
    note: str = ""


def by_office(report: RoundReport) -> ReportFigures:
    """Return the outcomes of each office that was asked, by name."""
    lines = _lines(report.measures, lambda one: (one.office,), "")
    return _table("ufficio", _("Esiti per ufficio"), _("Ufficio"), lines)


def by_area(report: RoundReport) -> ReportFigures:
    """Return the outcomes by risk area; a measure of several counts in each."""
    lines = _lines(
        report.measures, lambda one: one.areas, _("di tutto l’ufficio o di tutto il piano")
    )
    note = _("Una misura di più aree è contata in ciascuna.")
    return _table("area", _("Esiti per area di rischio"), _("Area di rischio"), lines, note)


def by_typology(report: RoundReport) -> ReportFigures:
    """Return the outcomes by typology; a measure of several counts in each."""
    lines = _lines(report.measures, lambda one: one.typologies, _("senza tipologia"))
    note = _("Una misura di più tipologie è contata in ciascuna.")
    return _table("tipologia", _("Esiti per tipologia di misura"), _("Tipologia"), lines, note)


def whole(report: RoundReport) -> ReportFigures:
    """Return the outcomes of all measures, in one line."""
    lines = (_line(_("tutte le misure"), report.measures),) if report.measures else ()
    return _table("insieme", _("Esiti nel loro insieme"), _("Misure"), lines)


def over_rounds(report: RoundReport) -> ReportFigures:
    """Return how many measures were in which group, round after round, this one last."""
    this = EarlierRound(
        plan=report.plan,
        label=report.label,
        situation_on=report.situation_on,
        groups=Counter(one.group.value for one in report.measures),
    )
    return ReportFigures(
        name="andamento",
        title=_("Andamento nei monitoraggi"),
        head=_("Monitoraggio"),
        columns=(*(str(one.label) for one in OutcomeGroup), _("misure")),
        lines=tuple(_round_line(one) for one in (*report.earlier, this)),
    )


def over_years(report: RoundReport) -> ReportFigures:
    """Return how many measures were in which group, year after year, this one last.

    Of each measure a year counts what the last of its rounds said.
    """
    groups = Counter(one.group.value for one in report.measures)
    this = EarlierYear(plan=report.plan, year=report.label, groups=groups)
    lines = (_groups_line(f"{one.year}, {one.plan}", one.groups) for one in (*report.years, this))
    return ReportFigures(
        name="anni",
        title=_("Andamento negli anni"),
        head=_("Anno"),
        columns=(*(str(one.label) for one in OutcomeGroup), _("misure")),
        lines=tuple(lines),
        note=_("Di ogni misura conta l’ultimo monitoraggio dell’anno."),
    )


def _round_line(row: EarlierRound) -> ReportFigureLine:
    return _groups_line(f"{row.label}, {row.plan} ({day(row.situation_on)})", row.groups)


def _groups_line(label: str, groups: Mapping[str, int]) -> ReportFigureLine:
    counts = {one: groups.get(one.value, 0) for one in OutcomeGroup}
    return ReportFigureLine(label, (*counts.values(), sum(counts.values())), *_drawn(counts))


def _table(
    name: str, title: str, head: str, lines: tuple[ReportFigureLine, ...], note: str = ""
) -> ReportFigures:
    columns = (*(str(label) for label, _values in COLUMNS), _("misure"))
    return ReportFigures(name, title, head, columns, lines, note)


def _lines(
    measures: Iterable[ReportMeasure],
    keys: Callable[[ReportMeasure], Iterable[str]],
    without: str,
) -> tuple[ReportFigureLine, ...]:
    """Return a line for each key, in the order of their names; those without any come last."""
    found: dict[str, list[ReportMeasure]] = {}
    for one in measures:
        for key in keys(one) or (without,):
            found.setdefault(key, []).append(one)
    ordered = sorted(found, key=lambda key: (key == without, fold(key), key))
    return tuple(_line(key, found[key]) for key in ordered)


def _line(label: str, measures: Iterable[ReportMeasure]) -> ReportFigureLine:
    rows = list(measures)
    counts = Counter(map(_column_key, rows))
    cells = tuple(sum(counts[value] for value in values) for _label, values in COLUMNS)
    groups = Counter(one.group for one in rows)
    return ReportFigureLine(label, (*cells, len(rows)), *_drawn(groups))


def _column_key(one: ReportMeasure) -> str:
    return _OVERDUE if is_declared_late(one.outcome, one.declared, one.late_days) else one.outcome


def _drawn(counts: Mapping[OutcomeGroup, int]) -> tuple[tuple[BarPiece, ...], str]:
    """Return the parts of a bar, and its sentence: what is there is seen, however small."""
    given = [(one, counts.get(one, 0)) for one in OutcomeGroup if counts.get(one, 0)]
    total = sum(count for _one, count in given)
    pieces, at, done = [], 0, 0
    for place, (one, count) in enumerate(given, start=1):
        done += count
        rest = len(given) - place
        end = min(max(round(BAR_WIDTH * done / total), at + 1), BAR_WIDTH - rest)
        pieces.append(BarPiece(at, end - at, SHADES[one]))
        at = end
    return tuple(pieces), ", ".join(f"{one.label}: {grouped(count)}" for one, count in given)
