"""The parts of the report of a round, apart from how they are drawn: page, PDF and workbook.

Those of the sample and of follow-ups read what `RoundReport.data` has of them.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.normalise import fold
from registry.readable import grouped
from risk.content.column_widths import widths_of
from risk.content.progress_pictures import PicturedLine, Progress, picture_of
from risk.content.round_figures import (
    ReportFigures,
    by_area,
    by_office,
    by_typology,
    over_rounds,
    whole,
)
from risk.content.round_sample import announcements, sample_facts, sample_notes
from risk.content.round_steps import step_counts, step_words, undone_steps
from risk.content.round_values import ReportMeasure, RoundReport, day
from risk.enums import DerivedOutcome
from risk.scoring.outcomes import REASONED_OUTCOMES, OutcomeGroup

Cell = tuple[str, ...]
"""The lines of a cell."""


@dataclass(frozen=True, slots=True)
class ReportList:
    """Rows under a title, as those of an office; the first cell heads its row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    goes_on: bool = False
    """Whether it began on an earlier page."""


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A part of a report: sentences, facts, tables of figures, lists; any of them may be none."""

    name: str
    title: str
    notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    figures: tuple[ReportFigures, ...] = ()
    lists: tuple[ReportList, ...] = ()
    goes_on: bool = False
    is_apart: bool = False
    """Whether each of its lists is a table of its own; else they are one, titles included."""
    widths: tuple[int, ...] = ()
    """Of the columns of its lists, in percent: all pieces of a part have the same."""

    @property
    def size(self) -> int:
        """How many rows it has."""
        rows = sum(len(one.lines) for one in self.figures)
        return rows + len(self.facts) + sum(len(one.rows) for one in self.lists)


def parts_of(report: RoundReport) -> tuple[ReportPart, ...]:
    """Return the parts of a report in their order; one that has nothing to say says so."""
    made = (make(report) for make in PARTS)
    return tuple(with_widths(part) for part in made if part is not None)


def with_widths(part: ReportPart) -> ReportPart:
    """Return a part with the widths its columns ask for by their texts."""
    if not part.lists:
        return part
    rows = (cells for one in part.lists for cells in one.rows)
    return replace(part, widths=widths_of(part.lists[0].columns, rows))


def _held(report: RoundReport) -> ReportPart:
    facts = [
        (_("Piano"), report.plan),
        (_("Tipo"), report.kind_label),
        (_("Situazione al"), day(report.situation_on)),
        (_("Risposte entro il"), day(report.answers_by)),
        (_("Verifica entro il"), day(report.checks_by)),
        (_("Misure chieste"), report.coverage_label),
        (_("Quante misure"), how_many(report)),
        (_("Criteri"), report.criteria),
    ]
    kept = tuple((label, text) for label, text in facts if text)
    return ReportPart("criteri", _("Come si è svolto"), facts=kept)


def how_many(report: RoundReport) -> str:
    """Return how many measures were asked, in words: of those of the plan, or of one office."""
    asked = len(report.measures)
    names = {"n": grouped(asked), "all": grouped(report.planned)}
    if report.is_of_office:
        of_office = ngettext(
            "%(n)s misura chiesta all’ufficio", "%(n)s misure chieste all’ufficio", asked
        )
        return of_office % names
    if not report.planned:
        return ngettext("%(n)s misura chiesta", "%(n)s misure chieste", asked) % names
    share = {"share": asked * 100 // report.planned}
    of_plan = ngettext(
        "%(n)s di %(all)s misura del piano (%(share)s %%)",
        "%(n)s delle %(all)s misure del piano (%(share)s %%)",
        report.planned,
    )
    return of_plan % {**names, **share}


def _sample(report: RoundReport) -> ReportPart | None:
    """Return how a sample was drawn, so that anybody can draw it again."""
    drawn = (report.data or {}).get("sample")
    if not drawn:
        return None
    lists = tuple(ReportList(*one) for one in announcements(drawn))
    notes, facts = sample_notes(drawn), sample_facts(drawn)
    return ReportPart("campione", _("Il campione"), notes, facts, lists=lists)


def corrections_part(report: RoundReport) -> ReportPart | None:
    """Return what was found to be otherwise after the issue; None where nothing was."""
    if not report.corrections:
        return None
    columns = (_("Rettifica del"), _("Che cosa risulta"), _("Motivo"))
    rows = []
    for one in report.corrections:
        said = [one.said]
        if one.outcome:
            names = {"now": one.outcome_label, "was": one.was_label}
            said.append(_("Esito: %(now)s, non «%(was)s».") % names)
        about = [day(one.on), *filter(None, (one.measure, one.office))]
        rows.append((tuple(about), tuple(said), (one.reason,)))
    notes = [_("Le altre parti dicono ciò che fu emesso: una rettifica vi sta accanto.")]
    if report.corrects:
        digest = {"digest": report.corrects}
        notes.append(_("Si rettifica l’emissione con il codice di controllo %(digest)s.") % digest)
    lists = (ReportList("", columns, tuple(rows)),)
    return ReportPart("rettifiche", _("Rettifiche"), notes=tuple(notes), lists=lists)


def outcomes_part(report: RoundReport) -> ReportPart:
    tables = (whole(report), by_area(report), by_typology(report), by_office(report))
    figures = tuple(one for one in tables if one.lines)
    notes = (_("L’esito di una misura è ricavato da ciò che è stato risposto e verificato."),)
    return ReportPart("esiti", _("Esiti"), notes=notes, figures=figures)


def _trend(report: RoundReport) -> ReportPart | None:
    if not report.earlier:
        return None
    return ReportPart("andamento", _("Andamento"), figures=(over_rounds(report),))


def not_done_part(report: RoundReport) -> ReportPart:
    columns = [_("Misura"), _("Esito e perché"), _("Causa"), _("Nuova data")]
    rows = [one for one in report.measures if one.group == OutcomeGroup.LATE]
    return listed(
        "non-fatto",
        _("Che cosa non è stato fatto, e perché"),
        _("Tutte le misure dovute e rilevate sono attuate, o in corso nei tempi."),
        lists=_by_office(rows, columns, _late_row),
    )


def _late_row(one: ReportMeasure) -> tuple[Cell, ...]:
    asks = one.declared in REASONED_OUTCOMES
    cause = [one.cause_label, one.reason] if asks else []
    return (
        (one.measure,),
        (outcome_and_why(one),),
        tuple(filter(None, cause)),
        tuple(filter(None, (day(one.proposed_on) if asks else "",))),
    )


def outcome_and_why(one: ReportMeasure) -> str:
    return f"{one.outcome_label.capitalize()}. {one.outcome_reason}"


def _unanswered(report: RoundReport) -> ReportPart:
    """Return the offices that did not answer, each in one row with the measures it was asked."""
    found: dict[str, list[str]] = {}
    for one in report.measures:
        if one.outcome == DerivedOutcome.NO_ANSWER:
            found.setdefault(one.office, []).append(one.measure)
    columns = (_("Ufficio"), _("Misure senza risposta"))
    offices = sorted(found, key=lambda name: (fold(name), name))
    rows = tuple(((name,), tuple(sorted(found[name], key=fold))) for name in offices)
    return listed(
        "non-risposto",
        _("Misure senza risposta, per ufficio"),
        _("L’ufficio ha risposto di tutte le misure dovute.")
        if report.is_of_office
        else _("Tutti gli uffici hanno risposto di tutte le misure dovute."),
        lists=(ReportList("", columns, rows),) if rows else (),
    )


UNMONITORED = (
    DerivedOutcome.NOT_MONITORABLE,
    DerivedOutcome.NOT_ASSESSABLE,
    DerivedOutcome.NOT_MEASURED,
)


def _unmonitored(report: RoundReport) -> ReportPart:
    return unmonitored_part(
        report,
        (*UNMONITORED, DerivedOutcome.NOT_DUE),
        beyond=_("Non chiesta: è fuori dai criteri di questo monitoraggio."),
        none=_all_monitored(report),
    )


def _all_monitored(report: RoundReport) -> str:
    """Return what is said where no measure is to be listed as one that was not monitored."""
    if any(one.outcome == DerivedOutcome.NO_ANSWER for one in report.measures):
        return _("Nessuna, oltre a quelle senza risposta.")
    if report.is_of_office:
        return _("Tutte le misure chieste all’ufficio si sono potute valutare.")
    return _("Tutte le misure del piano sono state chieste e si sono potute valutare.")


def unmonitored_part(
    report: RoundReport, outcomes: Collection[str], *, beyond: str, none: str
) -> ReportPart:
    """Return the measures with one of these outcomes and why, those not asked with `beyond`."""
    columns = [_("Misura"), _("Perché")]
    asked = [
        (one.office, ((one.measure,), _why_unmonitored(one)))
        for one in report.measures
        if one.outcome in outcomes
    ]
    unasked = [(one.office, ((one.measure,), (beyond,))) for one in report.unasked]
    lists = lists_by_office([*asked, *unasked], columns)
    return listed("non-monitorate", _("Misure non monitorate"), none, lists=lists)


def _why_unmonitored(one: ReportMeasure) -> Cell:
    return tuple(filter(None, (outcome_and_why(one), one.not_due_reason)))


def _steps(report: RoundReport) -> ReportPart | None:
    """Return how far the steps of the measures are, and those that are not done."""
    facts = step_counts(report)
    if not facts:
        return None
    columns = [_("Misura"), _("Fase di attuazione"), _("A che punto è"), _("Entro il")]
    lists = lists_by_office(list(undone_steps(report)), columns)
    notes = (_("Delle misure di cui l’ufficio ha detto almeno una fase."),)
    return ReportPart("fasi", _("Fasi di attuazione"), notes=notes, facts=facts, lists=lists)


def _follow_ups(report: RoundReport) -> ReportPart | None:
    """Return what was left to do after this round and those before."""
    left = (report.data or {}).get("follow_ups")
    if not left:
        return None
    columns = (_("Che cosa si chiede"), _("Ufficio"), _("Entro il"), _("Chiuso il"))
    rows = tuple(
        (
            (one["asked"], one["round"]),
            (one["office"],),
            (day(one["due_on"]),),
            tuple(filter(None, (day(one["closed_on"]),))),
        )
        for one in left
    )
    return ReportPart("seguiti", _("Seguiti"), lists=(ReportList("", columns, rows),))


def _sheets(report: RoundReport) -> ReportPart | None:
    """Return the sheet of each office: what it answered of each measure, and what was found."""
    if report.is_public:
        return None
    columns = [
        *(_("Misura"), _("Che cosa dichiara l’ufficio"), _("Misurazioni e prove")),
        *(_("Verifica del RPCT"), _("Esito")),
    ]
    return ReportPart(
        "schede",
        _("Schede degli uffici"),
        lists=_by_office(report.measures, columns, sheet_cells),
        is_apart=True,
    )


def sheet_cells(one: ReportMeasure) -> tuple[Cell, ...]:
    """Return the row of a measure: itself, declared, measured and proved, checked, its outcome."""
    asks = one.declared in REASONED_OUTCOMES
    declared = [one.declared_label, one.done]
    declared += [one.cause_label, one.reason] if asks else []
    declared += step_words(one)
    measured = [_measurement(row) for row in one.measurements]
    return (
        (one.measure,),
        tuple(filter(None, declared)),
        (
            *measured,
            *_went(one),
            *one.evidence,
            *(_("file, SHA-256 %s") % digest for digest in one.files),
        ),
        tuple(filter(None, (one.check_label, one.finding))),
        (one.outcome_label, one.outcome_reason),
    )


def _went(one: ReportMeasure) -> list[str]:
    """Return a line for each indicator that was measured: how it went, with its picture."""
    pictures = (picture_of(Progress.of(row)) for row in one.progress)
    return [PicturedLine.of(found.sentence, found) for found in pictures if found is not None]


def _measurement(row) -> str:
    value = row.get("value")
    if value is None:
        value = f"{_number(row.get('numerator'))} / {_number(row.get('denominator'))}"
    else:
        value = _number(value)
    return f"{row['indicator']}: {value} ({day(row['on'])})"


def _number(text: str | None) -> str:
    """Return a number of the data as it is printed: 12.500 is 12,5."""
    if not text:
        return "—"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return plain.replace(".", ",")


def listed(name: str, title: str, none: str, *, lists: tuple[ReportList, ...]) -> ReportPart:
    return ReportPart(name, title, notes=() if lists else (none,), lists=lists)


def _by_office(
    measures: Iterable[ReportMeasure],
    columns: list[str],
    row: Callable[[ReportMeasure], tuple[Cell, ...]],
) -> tuple[ReportList, ...]:
    return lists_by_office([(one.office, row(one)) for one in measures], columns)


def lists_by_office(
    rows: list[tuple[str, tuple[Cell, ...]]], columns: list[str]
) -> tuple[ReportList, ...]:
    ordered = sorted(rows, key=lambda one: (fold(one[0]), one[0], fold(one[1][0][0])))
    return tuple(
        ReportList(office, tuple(columns), tuple(cells for _office, cells in some))
        for office, some in groupby(ordered, key=lambda one: one[0])
    )


PARTS: tuple[Callable[[RoundReport], ReportPart | None], ...] = (
    *(_held, _sample, corrections_part, outcomes_part, _trend),
    *(not_done_part, _unanswered, _unmonitored, _steps, _follow_ups, _sheets),
)
"""What makes each part, in their order."""
