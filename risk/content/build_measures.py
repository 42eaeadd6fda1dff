"""A programmed measure on the sheet of a process."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.models import Process
from registry.readable import readable
from risk.content.reading import AnnexContent
from risk.content.typography import lines_of, or_dash, printable
from risk.content.values import Entry, SheetMeasure
from risk.enums import MeasureScope, StartState
from risk.models import ImplementationStep, MeasureTarget, PlannedMeasure, ProgressIndicator


@dataclass(frozen=True, slots=True)
class FormattedMeasure:
    """A measure with its programming as it is printed alike on every sheet it reaches.

    Of its entries one stands between `before` and `after` that is of the sheet: what it covers.
    """

    uid: str
    title: str
    kind: str
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]

    def covering(self, scope: tuple[str, ...]) -> SheetMeasure:
        """Return the measure on a sheet where it covers this."""
        entries = (*self.before, Entry(_("Ambito"), scope), *self.after)
        return SheetMeasure(self.uid, self.title, self.kind, _compact(entries))


def formatted(row: PlannedMeasure) -> FormattedMeasure:
    """Return a measure as it is printed on every sheet."""
    indicators = list(row.progress_indicators.all())
    state = row.get_start_state_display() if row.start_state != StartState.UNKNOWN else ""
    typologies = tuple(or_dash(kind.label) for kind in row.measure.typologies.all())
    return FormattedMeasure(
        uid=str(row.uid),
        title=or_dash(row.measure.label),
        kind=_("misura %s") % row.measure.get_character_display(),
        before=(*_objective(row), Entry(_("Tipologia"), typologies)),
        after=(
            Entry(_("Stato di attuazione al 1° gennaio"), lines_of(state)),
            Entry(_("Modalità di attuazione"), lines_of(row.notes)),
            Entry(_("Fasi e tempi di attuazione"), tuple(_step(step) for step in row.steps.all())),
            Entry(_("Indicatori di attuazione"), tuple(map(_indicator, indicators))),
            Entry(_("Valore target"), tuple(filter(None, map(_target, indicators)))),
            Entry(_("Soggetto responsabile"), lines_of(row.printed_responsible)),
            *_monitoring(row),
        ),
    )


def _objective(row: PlannedMeasure) -> tuple[Entry, ...]:
    """Return which objective of the plan a measure serves; nothing where it serves none.

    No empty entry stands for it: what was approved and issued before there were objectives says
    the same today.
    """
    objective = row.objective
    if objective is None or objective.is_retired:
        return ()
    return (Entry(_("Obiettivo del piano"), (objective_line(objective.code, objective.name),)),)


def _monitoring(row: PlannedMeasure) -> tuple[Entry, ...]:
    """Return how and how often a measure is looked at; nothing where that is not said."""
    said = (row.get_monitoring_frequency_display(), row.monitoring_mode)
    lines = tuple(line for text in said for line in lines_of(text))
    return (Entry(_("Monitoraggio"), lines),) if lines else ()


def objective_line(code: str, name: str) -> str:
    """Return an objective as sheets name it: by this the part of the objectives finds them."""
    return f"{printable(code)} – {printable(name)}"


def measures_of(
    process: Process, content: AnnexContent, numbers: dict[int, str]
) -> tuple[SheetMeasure, ...]:
    """Return the measures that reach a process, with what they cover of it.

    `numbers` are those its behaviours carry on the sheet. Each is formatted once for all sheets.
    """
    made = []
    for row in content.measures.get(process.pk, ()):
        if row.pk not in content.formatted:
            content.formatted[row.pk] = formatted(row)
        targets = content.targets.get((row.pk, process.pk), ())
        made.append(content.formatted[row.pk].covering(_scope(row, targets, numbers)))
    return tuple(made)


def wide_measure(row: PlannedMeasure) -> SheetMeasure:
    """Return a measure with what it is on in a word, not row by row: said once for many sheets."""
    return formatted(row).covering((row.get_scope_display(),))


def _compact(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries that say something, and the names of the others in one line.

    A measure not yet programmed would else fill half a page with dashes.
    """
    filled = tuple(entry for entry in entries if entry.lines)
    missing = [entry.label[:1].lower() + entry.label[1:] for entry in entries if not entry.lines]
    if not missing:
        return filled
    return (*filled, Entry(_("Non ancora indicati"), (", ".join(missing),)))


def _scope(
    row: PlannedMeasure, targets: Iterable[MeasureTarget], numbers: dict[int, str]
) -> tuple[str, ...]:
    if row.scope in (MeasureScope.PLAN, MeasureScope.ANNEX):
        return (row.get_scope_display(),)
    if row.scope == MeasureScope.PROCESSES:
        return (_("il processo"),)
    return tuple(_target_name(target, numbers) for target in targets)


def _target_name(target: MeasureTarget, numbers: dict[int, str]) -> str:
    if target.phase_id:
        text = _("fase %(number)s. %(title)s")
        phase = target.phase
        return text % {"number": phase.position, "title": printable(phase.title)}
    if target.action_id:
        action = target.action
        number = f"{action.phase.position}.{action.position}"
        return _("azione %(number)s %(title)s") % {
            "number": number,
            "title": printable(action.title),
        }
    return _("comportamento %(number)s %(text)s") % {
        "number": numbers.get(target.behaviour_id, ""),
        "text": printable(target.behaviour.text),
    }


def _step(step: ImplementationStep) -> str:
    """Return "1. What: when, by when (who)", without what is not known."""
    times = [printable(step.timing)]
    if step.due_on:
        times.append(_("entro il %s") % date_format(step.due_on, "d/m/Y"))
    text = f"{step.position}. {printable(step.description)}"
    if when := ", ".join(filter(None, times)):
        text = f"{text}: {when}"
    responsible = printable(step.printed_responsible)
    return f"{text} ({responsible})" if responsible else text


def _indicator(row: ProgressIndicator) -> str:
    text = f"{printable(row.label)} ({row.get_kind_display()})"
    if row.baseline is None:
        return text
    value = _quantity(row.baseline, row)
    if row.baseline_on:
        day = date_format(row.baseline_on, "d/m/Y")
        return _("%(text)s: valore di partenza %(value)s al %(day)s") % {
            "text": text,
            "value": value,
            "day": day,
        }
    return _("%(text)s: valore di partenza %(value)s") % {"text": text, "value": value}


def _target(row: ProgressIndicator) -> str:
    if row.target is None:
        return ""
    value = _quantity(row.target, row)
    if not row.target_on:
        return value
    day = date_format(row.target_on, "d/m/Y")
    return _("%(value)s entro il %(day)s") % {"value": value, "day": day}


def _quantity(value, row: ProgressIndicator) -> str:
    return f"{readable(value)} {printable(row.unit)}".strip()
