"""The objectives of a plan as they are printed, and as the data of an adoption keep them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from registry.readable import readable
from risk.content.build_measures import objective_line
from risk.content.plan_values import PlanIndicator, PlanObjective
from risk.content.typography import lines_of, printable
from risk.models import Objective, ObjectiveIndicator


def printed_objectives(
    rows: Iterable[Objective], years: Sequence[int]
) -> tuple[PlanObjective, ...]:
    """Return objectives in use as they are printed; with their indicators read, no query."""
    return tuple(_printed(row, years) for row in rows if not row.is_retired)


def _printed(row: Objective, years: Sequence[int]) -> PlanObjective:
    return PlanObjective(
        uid=str(row.uid),
        title=objective_line(row.code, row.name),
        description=lines_of(row.description),
        performance=printable(row.performance),
        indicators=tuple(_indicator(one, years) for one in row.indicators.all()),
    )


def _indicator(row: ObjectiveIndicator, years: Sequence[int]) -> PlanIndicator:
    return PlanIndicator(
        label=printable(row.label),
        formula=printable(row.formula),
        source=printable(row.source),
        baseline=_quantity(row.baseline, row.unit),
        targets=tuple(
            (str(year), _quantity(getattr(row, name), row.unit))
            for name, year in zip(row.TARGETS, years, strict=True)
        ),
    )


def expected_of(row: ObjectiveIndicator, years: Sequence[int]) -> str:
    """Return where an indicator starts and what each year is to bring, in one line; "—" of none."""
    said = []
    if row.baseline is not None:
        said.append(_("da %s") % _quantity(row.baseline, row.unit))
    for name, year in zip(row.TARGETS, years, strict=True):
        if getattr(row, name) is not None:
            names = {"year": year, "value": _quantity(getattr(row, name), row.unit)}
            said.append(_("%(year)s: %(value)s") % names)
    return ", ".join(said) or "—"


def _quantity(value: Any, unit: str) -> str:
    return "" if value is None else f"{readable(value)} {printable(unit)}".strip()
