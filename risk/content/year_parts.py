"""What the papers of a year say: how far the measures are, and the review of the year.

Made of the same parts as the report of a round, so that page, PDF and workbook lay them out alike.
No person is named in them.
"""

from collections import Counter
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.readable import grouped
from risk.content.round_figures import over_years
from risk.content.round_parts import (
    UNMONITORED,
    Cell,
    ReportList,
    ReportPart,
    corrections_part,
    listed,
    lists_by_office,
    not_done_part,
    outcome_and_why,
    outcomes_part,
    unmonitored_part,
    with_widths,
)
from risk.content.round_values import ReportMeasure, RoundReport
from risk.content.year_levels import LevelsOfYear, levels_part
from risk.enums import DerivedOutcome
from risk.judgements import PROPOSING, SuitabilityJudgement
from risk.scoring.sampling import LeastShare


@dataclass(frozen=True)
class RoundOfYear:
    """A round of the year as it is listed: its name, kind, day and how far it is, in words."""

    label: str
    kind: str
    situation_on: str
    state: str
    digest: str = ""
    """Of the data it was issued with, where what is said comes from them."""
    plan: str = ""
    """The title of its plan, where it is of another one."""


@dataclass(frozen=True)
class JudgedMeasure:
    """A measure with what was judged of its suitability for the year; "" while nothing was."""

    measure: str
    office: str
    judgement: str = ""
    factor: str = ""
    motivation: str = ""


@dataclass(frozen=True)
class YearReport:
    """A year of a plan: its rounds, the last outcome of each measure, judgements and review.

    `report` has the measures that closed rounds of the year asked about, and as `unasked` those
    that none did.
    """

    year: int
    rounds: tuple[RoundOfYear, ...]
    report: RoundReport
    judged: tuple[JudgedMeasure, ...]
    facts: tuple[tuple[str, int], ...] = ()
    """How many facts of each kind were recorded, by its name."""
    conclusions: str = ""
    changes: str = ""
    written_on: str = ""
    levels: LevelsOfYear | None = None
    """Of its processes, where a method of the plan has that arithmetic."""
    elsewhere: tuple[RoundOfYear, ...] = ()
    """The rounds that the plans it comes from had in the same year."""
    least: LeastShare | None = None
    """How much a body of its size looks at in a year, where a sample said how many they are."""


def state_parts(year: YearReport) -> tuple[ReportPart, ...]:
    """Return how far the measures of a plan are at the end of a year."""
    of_measures = (outcomes_part(year.report), _trend(year), not_done_part(year.report))
    said = (_rounds(year), corrections_part(year.report), *of_measures)
    parts = (*said, _unmonitored(year), levels_part(year.levels), _by_office(year))
    return tuple(with_widths(part) for part in parts if part is not None)


def review_parts(year: YearReport) -> tuple[ReportPart, ...]:
    """Return the review of a year: what it comes to, and what it rests on."""
    of_measures = (outcomes_part(year.report), _trend(year), _suitability(year))
    parts = (_review(year), _rounds(year), *of_measures, _facts(year))
    return tuple(with_widths(part) for part in parts if part is not None)


def public_review_parts(year: YearReport) -> tuple[ReportPart, ...]:
    """Return the review as everybody reads it: no judgement of one measure, and no facts."""
    judged = replace(_suitability(year), lists=())
    of_measures = (outcomes_part(year.report), _trend(year), judged)
    parts = (_review(year), _rounds(year), *of_measures)
    return tuple(with_widths(part) for part in parts if part is not None)


def _trend(year: YearReport) -> ReportPart | None:
    """Return how the measures stood year after year; None in the first."""
    if not year.report.years:
        return None
    return ReportPart("anni", _("Andamento negli anni"), figures=(over_years(year.report),))


def _rounds(year: YearReport) -> ReportPart:
    columns = (_("Monitoraggio"), _("Tipo"), _("Situazione al"), _("Stato"))
    rows = tuple(
        ((one.label,), (one.kind,), (one.situation_on,), _how_far(one)) for one in year.rounds
    )
    part = listed(
        "monitoraggi",
        _("I monitoraggi dell’anno"),
        _("Nell’anno non si è svolto alcun monitoraggio di questo piano."),
        lists=(ReportList("", columns, rows),) if rows else (),
    )
    told = {"n": grouped(len(year.report.measures)), "all": grouped(year.report.planned)}
    said = ngettext(
        "Un monitoraggio chiuso dice l’esito di %(n)s di %(all)s misura del piano.",
        "Un monitoraggio chiuso dice l’esito di %(n)s delle %(all)s misure del piano.",
        year.report.planned,
    )
    notes = (*map(_elsewhere, year.elsewhere), said % told, *_too_few(year))
    return replace(part, notes=(*part.notes, *notes))


def _elsewhere(one: RoundOfYear) -> str:
    """Return where a round of the year is read that was of a plan this one comes from."""
    told = {"round": one.label, "day": one.situation_on, "plan": one.plan}
    return (
        _(
            "«%(round)s», situazione al %(day)s, fu del piano da cui questo viene, «%(plan)s»: "
            "i suoi esiti stanno lì, e nell’andamento negli anni."
        )
        % told
    )


def _too_few(year: YearReport) -> tuple[str, ...]:
    """Return that a body of that size is to have more rounds in a year; nothing where it has."""
    least, held = year.least, len(year.rounds) + len(year.elsewhere)
    if least is None or held >= least.rounds_a_year:
        return ()
    names = ("staff_from", "staff_to", "rounds_a_year", "source")
    told = {"n": held, **{name: getattr(least, name) for name in names}}
    said = _(
        "I monitoraggi dell’anno sono %(n)s: con %(staff_from)s–%(staff_to)s dipendenti se ne "
        "prevedono almeno %(rounds_a_year)s (%(source)s"
    )
    return (said % told + ("" if least.sure else _("; da verificare sulla fonte")) + ").",)


def _how_far(one: RoundOfYear) -> Cell:
    return (one.state, _("dati SHA-256 %s") % one.digest) if one.digest else (one.state,)


def _unmonitored(year: YearReport) -> ReportPart:
    return unmonitored_part(
        year.report,
        _UNKNOWN,
        beyond=_("Nessun monitoraggio di questo piano, chiuso nell’anno, l’ha chiesta."),
        none=_("Tutte le misure del piano sono state chieste, e di tutte c’è un esito."),
    )


_UNKNOWN = (*UNMONITORED, DerivedOutcome.NO_ANSWER, DerivedOutcome.NOT_DUE)
"""Outcomes of which nobody knows how far the measure is."""


def _by_office(year: YearReport) -> ReportPart:
    columns = [_("Misura"), _("Esito e perché"), _("Monitoraggio")]
    rows = [(one.office, _state_row(one)) for one in year.report.measures]
    return listed(
        "misure",
        _("Le misure, ufficio per ufficio"),
        _("Nessuna misura ha un esito."),
        lists=lists_by_office(rows, columns),
    )


def _state_row(one: ReportMeasure) -> tuple[Cell, ...]:
    return ((one.measure,), (outcome_and_why(one),), (one.round,))


def _review(year: YearReport) -> ReportPart:
    if not year.conclusions:
        return ReportPart("riesame", _("Il riesame"), notes=(_("Non è ancora scritto."),))
    facts = (
        (_("Scritto il"), year.written_on),
        (_("Conclusioni"), year.conclusions),
        (_("Che cosa cambia nella prossima edizione"), year.changes or _("Nulla.")),
    )
    return ReportPart("riesame", _("Il riesame"), facts=facts)


def _suitability(year: YearReport) -> ReportPart:
    counts = Counter(one.judgement for one in year.judged)
    facts = [
        (str(one.label).capitalize(), grouped(counts[one.value])) for one in SuitabilityJudgement
    ]
    facts.append((_("Da giudicare"), grouped(counts[""])))
    columns = [_("Misura"), _("Idoneità"), _("Motivazione")]
    rows = [(one.office, _judged_row(one)) for one in year.judged if one.judgement in PROPOSING]
    return ReportPart(
        "idoneita",
        _("Idoneità delle misure"),
        facts=tuple(facts),
        lists=lists_by_office(rows, columns),
    )


def _judged_row(one: JudgedMeasure) -> tuple[Cell, ...]:
    label = str(SuitabilityJudgement(one.judgement).label)
    return ((one.measure,), (label,), (one.motivation,))


def _facts(year: YearReport) -> ReportPart:
    """Return how many facts there were of each kind; nothing else is said of them."""
    facts = tuple((label.capitalize(), grouped(count)) for label, count in year.facts if count)
    notes = () if facts else (_("Nell’anno non è registrato alcun fatto."),)
    return ReportPart("fatti", _("Fatti"), notes=notes, facts=facts)
