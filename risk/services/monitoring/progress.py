"""How the indicators of a measure went over the rounds that measured them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Prefetch

from risk.content.progress_pictures import Progress, ProgressPicture, ProgressPoint, picture_of
from risk.enums import RoundState
from risk.models import Measurement, ProgressIndicator, RoundItem
from risk.scoring.outcomes import measured_value

COUNTED = "counted"
"""Where an indicator of `counting` has its measurements."""


def counting() -> Prefetch:
    """Return what reads, of indicators, the measurements that count in any round, oldest first."""
    rows = Measurement.objects.filter(replaced_by=None).order_by("measured_on", "pk")
    rows = rows.annotate(of_day=F("item__round__situation_on"), of_state=F("item__round__state"))
    return Prefetch("measurements", queryset=rows, to_attr=COUNTED)


def progress_of(indicator: ProgressIndicator, rows: Iterable[Measurement]) -> Progress:
    """Return how an indicator went by some of its measurements, oldest first."""
    values = ((_value(indicator, row), row.measured_on) for row in rows)
    return Progress(
        label=indicator.label,
        kind=indicator.kind,
        unit=indicator.unit,
        start=_planned(indicator.baseline, indicator.baseline_on),
        expected=_planned(indicator.target, indicator.target_on),
        measured=tuple(ProgressPoint(value, on) for value, on in values if value is not None),
    )


def _value(indicator: ProgressIndicator, row: Measurement) -> Any:
    return measured_value(
        indicator.kind, value=row.value, numerator=row.numerator, denominator=row.denominator
    )


def _planned(value: Any, on: Any) -> ProgressPoint | None:
    return None if value is None else ProgressPoint(value, on)


def measured_in(item: RoundItem) -> dict[int, Measurement]:
    """Return by indicator, of those of `counting`, what a round has of a measure."""
    return {
        indicator.pk: row
        for indicator in item.planned_measure.progress_indicators.all()
        for row in getattr(indicator, COUNTED, ())
        if row.item_id == item.pk
    }


def indicator_picture(indicator: ProgressIndicator) -> ProgressPicture | None:
    """Return the picture of an indicator of `counting`; None while nothing was measured."""
    return picture_of(progress_of(indicator, getattr(indicator, COUNTED, ())))


def progress_data(item: RoundItem) -> list[dict[str, Any]]:
    """Return how the indicators of a measure went until its round, as canonical data.

    Of other rounds only those count that were issued before.
    """
    told = []
    for indicator in item.planned_measure.progress_indicators.all():
        rows = [one for one in getattr(indicator, COUNTED, ()) if _is_told(one, item)]
        if rows:
            told.append(progress_of(indicator, rows).written)
    return told


def _is_told(row: Any, item: RoundItem) -> bool:
    if row.item_id == item.pk:
        return True
    return row.of_state == RoundState.ISSUED and row.of_day < item.round.situation_on
