"""How the programming of a measure is read in a list."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext as _

from risk.content.progress_pictures import ProgressPicture
from risk.enums import ProgressKind
from risk.models import (
    ImplementationStep,
    Measurement,
    PlannedMeasure,
    ProgressIndicator,
    RoundItem,
    Sample,
    StepState,
)
from risk.scoring.outcomes import measured_value
from risk.services.monitoring.progress import indicator_picture, measured_in
from risk.services.monitoring.sampling import sample_sentence
from risk.services.monitoring.steps import states_of
from risk.services.treatment.places import place_of
from risk.services.treatment.terms import shown_values, value_of

register = template.Library()
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\s(→])")


@register.filter
def values(indicator: ProgressIndicator) -> str:
    """Return from which value an indicator starts, and which is to be reached by when.

    No line ends between a number and its unit.
    """
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", shown_values(indicator))


@register.filter
def place(row: Any) -> str:
    """Return where a measure is put, of a row of `risk.services.treatment.places`."""
    return place_of(row, row if isinstance(row, PlannedMeasure) else row.planned_measure)


@register.filter
def measured(row: Measurement) -> str:
    """Return what a measurement says: sì, 12 atti, 75 % (3 su 4)."""
    kind, unit = row.indicator.kind, row.indicator.unit
    if kind == ProgressKind.ON_OFF:
        return _("sì") if row.value else _("no")
    if kind != ProgressKind.PERCENTAGE:
        return value_of(row.value, unit)
    share = measured_value(kind, value=None, numerator=row.numerator, denominator=row.denominator)
    parts = {"n": value_of(row.numerator, ""), "of": value_of(row.denominator, "")}
    return f"{value_of(share, '%')} ({_('%(n)s su %(of)s') % parts})"


@register.filter
def times_measured(item: RoundItem) -> int:
    """Return how many measurements count of a measure of the grid."""
    return len(measured_in(item))


@register.filter
def pictured(indicator: ProgressIndicator) -> ProgressPicture | None:
    """Return how an indicator went, to be drawn; None while nothing was measured."""
    return indicator_picture(indicator)


@register.filter
def told_steps(item: RoundItem) -> list[tuple[ImplementationStep, StepState | None]]:
    """Return the steps of what was asked, each with what is said of it; None where nothing is."""
    states = states_of(item)
    return [(step, states.get(step.pk)) for step in item.planned_measure.steps.all()]


@register.filter
def sampled(sample: Sample) -> str:
    """Return one line of how much of a population is drawn."""
    return sample_sentence(sample)
