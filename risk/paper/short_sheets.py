"""Sheets as paper has them, nothing printed for nothing: pure.

A measure of a whole office reaches all its processes: programmed on each sheet it was most of what
is printed, a page each. What is empty is named in one line. Nothing is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from risk.content.values import Entry, ProcessSheet, SheetMeasure

SHORT = 1_200
"""Characters of the description of a sheet that may share a page with others."""


@dataclass(frozen=True, slots=True)
class SaidMeasure:
    """A measure programmed on an earlier sheet, by its number; `entries` say what differs here."""

    uid: str
    title: str
    kind: str
    said_on: str
    entries: tuple[Entry, ...] = ()


def shortened(sheets: Sequence[ProcessSheet]) -> tuple[ProcessSheet, ...]:
    """Return the sheets with each measure in full where it comes first, and empty entries folded.

    On later sheets a `SaidMeasure` stands for it, unless its programme is another there.
    """
    first: dict[str, tuple[str, SheetMeasure]] = {}
    return tuple(
        replace(
            sheet,
            entries=_folded(sheet.entries),
            behaviours=tuple(
                replace(one, entries=_folded(one.entries)) for one in sheet.behaviours
            ),
            measures=tuple(_measures(sheet, first)),
        )
        for sheet in sheets
    )


def short_ones(sheets: Sequence[ProcessSheet]) -> frozenset[str]:
    """Return by their uid the sheets that say little: they share pages."""
    return frozenset(
        sheet.uid
        for sheet in sheets
        if not (sheet.phases or sheet.behaviours or sheet.assessments or sheet.measures)
        and sum(len(line) for entry in sheet.entries for line in entry.lines) < SHORT
    )


def _folded(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    empty = [entry.label[:1].lower() + entry.label[1:] for entry in entries if not entry.lines]
    if len(empty) < 2:
        return tuple(entries)
    filled = (entry for entry in entries if entry.lines)
    return (*filled, Entry(_("Non ancora indicati"), ("; ".join(empty),)))


def _measures(
    sheet: ProcessSheet, first: dict[str, tuple[str, SheetMeasure]]
) -> Iterator[SheetMeasure | SaidMeasure]:
    for measure in sheet.measures:
        number, said = first.setdefault(measure.uid, (sheet.number, measure))
        own = tuple(entry for entry in measure.entries if entry not in said.entries)
        labels = [entry.label for entry in measure.entries]
        is_alike = labels == [entry.label for entry in said.entries] and len(own) <= 1
        if number != sheet.number and is_alike:
            yield SaidMeasure(measure.uid, measure.title, measure.kind, number, own)
        else:
            yield measure
