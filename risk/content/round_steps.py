"""What the report of a round says of the steps of its measures: how far each is, counted, told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.readable import grouped
from risk.content.round_values import ReportMeasure, RoundReport, day
from risk.enums import StepProgress

UNTOLD = ""
"""The progress of a step of which nothing was said."""


def progress_label(row: Mapping[str, Any]) -> str:
    """Return how far a step is, in words, with the day where it was done."""
    if not row["progress"]:
        return _("non detto")
    label = str(StepProgress(row["progress"]).label)
    return f"{label} il {day(row['done_on'])}" if row["done_on"] else label


def step_words(one: ReportMeasure) -> list[str]:
    """Return a line for each step of a measure: what, by when, how far, and the note if any."""
    return [" – ".join(filter(None, (_step(row), row.get("note", "")))) for row in one.steps]


def _step(row: Mapping[str, Any]) -> str:
    due = _(" (entro il %s)") % day(row["due_on"]) if row["due_on"] else ""
    return f"{row['step']}{due}: {progress_label(row)}"


def step_counts(report: RoundReport) -> tuple[tuple[str, str], ...]:
    """Return how many steps are how far; nothing where nothing was said of any."""
    counts = Counter(row["progress"] for one in report.measures for row in one.steps)
    if not counts:
        return ()
    labels = {str(one.value): str(one.label).capitalize() for one in StepProgress}
    labels[UNTOLD] = _("Non detto")
    return tuple((label, grouped(counts[value])) for value, label in labels.items())


def undone_steps(report: RoundReport) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Yield the steps an office says are not done: the office and a row of cells."""
    for one in report.measures:
        for row in one.steps:
            if row["progress"] in (StepProgress.IN_PROGRESS, StepProgress.NOT_BEGUN):
                told = tuple(filter(None, (progress_label(row), row.get("note", ""))))
                due = (day(row["due_on"]),) if row["due_on"] else ()
                yield one.office, ((one.measure,), (row["step"],), told, due)
