"""Days and yearly targets of an edition moved to the triennium of the next one."""

from collections.abc import Callable

from django.db.models import Model

from registry import clock
from registry.services.bulk_copies import Columns
from risk.models import ImplementationStep, ObjectiveIndicator, ProgressIndicator

MOVED: dict[type[Model], str] = {ImplementationStep: "due_on", ProgressIndicator: "target_on"}
"""Days by which something is expected. When a value was read (`baseline_on`) is the past."""


def moved_days(model: type[Model], columns: Columns, years: int) -> None:
    """Move the days by which rows are expected; those of an update stay."""
    name = MOVED[model]
    if years:
        columns[name] = [day and clock.later(day, years) for day in columns[name]]


def moved_targets(years: int) -> Callable[[Columns], None]:
    """Return what moves yearly targets: what is expected in a year is expected in that year.

    The years that the plan did not reach are left open.
    """

    def move(columns: Columns) -> None:
        names = ObjectiveIndicator.TARGETS
        none = [None] * len(columns["id"])
        old = [columns[name] for name in names]
        for place, name in enumerate(names):
            of_year = place + years
            columns[name] = list(old[of_year] if 0 <= of_year < len(names) else none)

    return move
