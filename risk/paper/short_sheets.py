"""Sheets as paper has them, nothing printed for nothing: pure.

A measure of a whole office reaches all its processes: programmed on each sheet it was most of what
is printed, a page each. What is empty is named in one line, what is short shares lines
(`risk.paper.shared_lines`). Nothing is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.utils.translation import gettext as _

from risk.content.values import (
    Entry,
    ProcessSheet,
    SheetAssessment,
    SheetBehaviour,
    SheetMeasure,
)
from risk.paper.shared_lines import in_shared_lines, small, with_day_in_head

SHORT = 1_200
"""Characters of the description of a sheet that may share a page with others."""


@dataclass(frozen=True, slots=True)
class ShortSheet(ProcessSheet):
    """A sheet that says little, all of it in `entries`; `unsaid` names what is empty."""

    unsaid: str = ""
    is_short: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SaidMeasure(SheetMeasure):
    """A measure programmed on an earlier sheet, by its number; `entries` say what differs here."""

    said_on: str = ""


def shortened(sheets: Sequence[ProcessSheet]) -> tuple[ProcessSheet, ...]:
    """Return the sheets with each measure in full where it comes first, and empty entries folded.

    On later sheets a `SaidMeasure` stands for it, unless its programme is another there. Sheets
    that say little share pages.
    """
    first: dict[str, tuple[str, SheetMeasure]] = {}
    return tuple(_short(sheet) if _is_short(sheet) else _long(sheet, first) for sheet in sheets)


def _is_short(sheet: ProcessSheet) -> bool:
    if sheet.phases or sheet.behaviours or sheet.assessments or sheet.measures:
        return False
    return sum(len(line) for entry in sheet.entries for line in entry.lines) < SHORT


def _short(sheet: ProcessSheet) -> ShortSheet:
    filled = tuple(entry for entry in sheet.entries if entry.lines)
    outcome = (
        Entry(_("Fasi e azioni"), (_("non ancora indicate"),)),
        Entry(_("Presenza del rischio"), (sheet.presence, *sheet.presence_reason.splitlines())),
    )
    unsaid = _names(entry for entry in sheet.entries if not entry.lines)
    return ShortSheet(
        uid=sheet.uid,
        number=sheet.number,
        code=sheet.code,
        title=sheet.title,
        level=sheet.level,
        entries=(*filled, *outcome),
        unsaid=unsaid,
    )


def _long(sheet: ProcessSheet, first: dict[str, tuple[str, SheetMeasure]]) -> ProcessSheet:
    return replace(
        sheet,
        entries=in_shared_lines(_folded(sheet.entries)),
        behaviours=tuple(_behaviour(one) for one in sheet.behaviours),
        assessments=_dated(sheet.assessments),
        measures=tuple(_measures(sheet, first)),
    )


def _behaviour(behaviour: SheetBehaviour) -> SheetBehaviour:
    entries = in_shared_lines(_folded(behaviour.entries))
    return replace(behaviour, entries=entries, assessments=_dated(behaviour.assessments))


def _dated(assessments: Iterable[SheetAssessment]) -> tuple[SheetAssessment, ...]:
    return tuple(with_day_in_head(one) for one in assessments)


def _names(entries: Iterable[Entry]) -> str:
    return "; ".join(small(entry.label) for entry in entries)


def _folded(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    empty = [entry for entry in entries if not entry.lines]
    if len(empty) < 2:
        return tuple(entries)
    filled = (entry for entry in entries if entry.lines)
    return (*filled, Entry(_("Non ancora indicati"), (_names(empty),)))


def _paired(measure: SheetMeasure) -> SheetMeasure:
    """Return a measure with each indicator and its target in one line, where each has one."""
    found = {entry.label: entry for entry in measure.entries}
    indicators, targets = found.get(_("Indicatori di attuazione")), found.get(_("Valore target"))
    if not (indicators and targets and targets.lines):
        return measure
    if len(indicators.lines) != len(targets.lines):
        return measure
    pairs = zip(indicators.lines, targets.lines, strict=True)
    lines = tuple(
        _("%(indicator)s; valore target %(target)s") % {"indicator": one, "target": other}
        for one, other in pairs
    )
    joined = Entry(_("Indicatori e valori target"), lines)
    entries = (joined if entry is indicators else entry for entry in measure.entries)
    return replace(measure, entries=tuple(entry for entry in entries if entry is not targets))


def _measures(
    sheet: ProcessSheet, first: dict[str, tuple[str, SheetMeasure]]
) -> Iterator[SheetMeasure]:
    for measure in sheet.measures:
        number, said = first.setdefault(measure.uid, (sheet.number, measure))
        own = tuple(entry for entry in measure.entries if entry not in said.entries)
        labels = [entry.label for entry in measure.entries]
        is_alike = labels == [entry.label for entry in said.entries] and len(own) <= 1
        if number != sheet.number and is_alike:
            yield SaidMeasure(measure.uid, measure.title, measure.kind, own, number)
        else:
            paired = _paired(measure)
            yield replace(paired, entries=in_shared_lines(paired.entries))
