"""The terms of planned measures: which comes next, and the values that are to be reached by then.

A term is the day of a step of implementation, or that of the value an indicator is to have.
"""

import datetime
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import (
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least, NullIf
from django.utils.translation import gettext as _

from registry.clock import today
from registry.enums import ADOPTED_PLAN_STATES, PlanState
from registry.permissions import reach_of
from registry.readable import readable
from risk.enums import ProgressKind
from risk.models import ImplementationStep, PlannedMeasure, ProgressIndicator

SOON = datetime.timedelta(days=30)
_NEVER = Value(datetime.date(9999, 12, 31), output_field=DateField())
_NAMED = ("measure", "plan__administration", "annex__office", "annex__plan", "objective")
_RESPONSIBLE = ("responsible_office", "responsible_role")


def with_terms(
    rows: QuerySet[PlannedMeasure], on: datetime.date | None = None
) -> QuerySet[PlannedMeasure]:
    """Return planned measures with `next_on`, the first term from a day (today) on, or `None`.

    No statement: two subqueries of the one that reads them.
    """
    on = on or today()
    steps = ImplementationStep.objects.filter(due_on__gte=on)
    indicators = ProgressIndicator.objects.filter(target_on__gte=on)
    first = Least(
        Coalesce(_first(steps, "due_on"), _NEVER), Coalesce(_first(indicators, "target_on"), _NEVER)
    )
    return rows.annotate(next_on=NullIf(first, _NEVER, output_field=DateField()))


def _first(rows: QuerySet, name: str) -> Subquery:
    of_measure = rows.filter(planned_measure=OuterRef("pk")).order_by()
    first = of_measure.values("planned_measure").annotate(first=Min(name)).values("first")
    return Subquery(first, output_field=DateField())


def in_terms(rows: QuerySet[PlannedMeasure], asked: str) -> QuerySet[PlannedMeasure]:
    """Return of the rows of `with_terms` those with a term within a month, later, or with none."""
    if asked == "vicina":
        return rows.filter(next_on__lte=today() + SOON)
    if asked == "oltre":
        return rows.filter(next_on__gt=today() + SOON)
    return rows.filter(next_on=None) if asked == "nessuna" else rows


def next_first(rows: QuerySet[PlannedMeasure]) -> QuerySet[PlannedMeasure]:
    """Return the rows of `with_terms` by their next term; those without one last."""
    return rows.order_by(F("next_on").asc(nulls_last=True), "measure__folded", "pk")


def with_programme(rows: QuerySet[PlannedMeasure]) -> QuerySet[PlannedMeasure]:
    """Return planned measures with names, steps and indicators, in two statements more."""
    steps = ImplementationStep.objects.select_related(*_RESPONSIBLE).order_by("position")
    indicators = ProgressIndicator.objects.order_by("position")
    return rows.select_related(*_NAMED, *_RESPONSIBLE).prefetch_related(
        Prefetch("steps", queryset=steps), Prefetch("progress_indicators", queryset=indicators)
    )


def value_of(number: Decimal | None, unit: str) -> str:
    """Return a value of an indicator as it is read: two, not 2,000; "—" where there is none."""
    if number is None:
        return "—"
    return f"{readable(number)} {unit}".strip()


def values_of(indicator: ProgressIndicator) -> str:
    """Return from which value an indicator starts, and which is to be reached by when.

    As it goes into the digest of what a round asks, and into workbooks; see `shown_values`.
    """
    return _way(indicator, (value_of(one, indicator.unit) for one in _ends(indicator)))


def shown_values(indicator: ProgressIndicator) -> str:
    """Return the same as a person reads it: of one that is on or off, no → sì."""
    if indicator.kind != ProgressKind.ON_OFF:
        return values_of(indicator)
    words = {True: _("sì"), False: _("no")}
    return _way(indicator, ("—" if one is None else words[bool(one)] for one in _ends(indicator)))


def _ends(indicator: ProgressIndicator) -> tuple[Decimal | None, Decimal | None]:
    return indicator.baseline, indicator.target


def _way(indicator: ProgressIndicator, ends: Iterable[str]) -> str:
    start, end = ends
    by = f" ({indicator.target_on:%d/%m/%Y})" if indicator.target_on else ""
    return f"{start} → {end}{by}"


def answered_now(user) -> QuerySet[PlannedMeasure]:
    """Return the measures a person’s offices answer for in plans that go on, next due first.

    One that a later edition carries on is there once: as it was adopted last, or where it was not
    yet, as it is prepared.
    """
    reach = reach_of(user)
    return answered_on(reach.own_offices, reach.administrations, today())


def answered_on(
    offices: Collection[int], bodies: Collection[int], on: datetime.date
) -> QuerySet[PlannedMeasure]:
    """Return the same of some offices in some bodies, as it is on a day."""
    of_offices = PlannedMeasure.objects.answered_in(offices, bodies).in_use()
    going_on = of_offices.exclude(plan__state=PlanState.CLOSED)
    adopted = PlannedMeasure.objects.filter(plan__state__in=ADOPTED_PLAN_STATES)
    rows = going_on.exclude(Exists(adopted.filter(origin=OuterRef("pk")).order_by()))
    kept = going_on.filter(plan__state__in=ADOPTED_PLAN_STATES).order_by().values("pk")
    rows = rows.exclude(~Q(plan__state__in=ADOPTED_PLAN_STATES), origin__in=kept)
    return next_first(with_terms(rows, on)).select_related(*_NAMED, *_RESPONSIBLE)
