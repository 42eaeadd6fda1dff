"""What a plan weighs before it is adopted: what each office is going to answer, measure and keep.

Reckoned from the programme itself: how often each measure is looked at, its steps and indicators.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from registry.models import Office, Plan
from risk.content.adopted_names import name_as_adopted
from risk.enums import MonitoringFrequency
from risk.models import ImplementationStep, PlannedMeasure
from risk.services.completeness.limits import heads_of

TIMES_A_YEAR: dict[str, int] = {
    MonitoringFrequency.MONTHLY: 12,
    MonitoringFrequency.QUARTERLY: 4,
    MonitoringFrequency.HALF_YEARLY: 2,
    MonitoringFrequency.YEARLY: 1,
    MonitoringFrequency.ONCE: 1,
    # what is not said is looked at with the report of the year
    "": 1,
}
"""How many answers a year a measure asks for; one that is looked at once, in the year it is."""


@dataclass
class Weight:
    """What somebody answers for in a plan, and the limit the body has for it."""

    measures: int = 0
    answers: int = 0
    measurements: int = 0
    steps: int = 0
    """Steps of measures without a day: they are due, but no year is told."""
    due: Counter[int] = field(default_factory=Counter)
    """Steps that end in a year, by that year."""
    limit: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is more than the body would have it."""
        return self.limit is not None and self.measures > self.limit

    def due_in(self, years: Iterable[int]) -> list[int]:
        """Return how many steps end in each of some years."""
        return [self.due[year] for year in years]

    def add(self, other: "Weight") -> None:
        """Add what another answers for to this."""
        self.measures += other.measures
        self.answers += other.answers
        self.measurements += other.measurements
        self.steps += other.steps
        self.due += other.due


@dataclass
class OfficeWeight(Weight):
    """What an office answers for; `office` is None of what has none yet."""

    office: Office | None = None
    heads: tuple[tuple[int, str], ...] = ()
    """Who heads it today: key and name."""

    @property
    def people(self) -> tuple[str, ...]:
        """The names of who heads it today."""
        return tuple(name for _key, name in self.heads)

    @property
    def is_over(self) -> bool:
        """Whether it is more than the body would have of an office; of no office it is not told."""
        return self.office is not None and super().is_over


@dataclass
class PersonWeight(Weight):
    """What a person answers for, with all the offices they head today."""

    name: str = ""
    offices: list[Office] = field(default_factory=list)


def people_of(rows: Iterable[OfficeWeight], plan: Plan) -> list[PersonWeight]:
    """Return what each person answers for, the heaviest first; the rows come from `weight_of`."""
    found: dict[int, PersonWeight] = {}
    limit = plan.administration.measures_limit_person
    for row in rows:
        for key, name in row.heads if row.office else ():
            person = found.setdefault(key, PersonWeight(name=name, limit=limit))
            person.offices.append(row.office)
            person.add(row)
    return sorted(found.values(), key=lambda one: (-one.measures, one.name))


def weight_of(plan: Plan) -> list[OfficeWeight]:
    """Return what each office answers for, the heaviest first, what has no office last.

    A measure is answered for by the office that is written on it, else by that of its annex; a
    step by the office written on it, else by that of its measure. Five statements, whatever the
    size of the plan.
    """
    limit = plan.administration.measures_limit
    weights: dict[int | None, OfficeWeight] = {}

    def at(key: int | None) -> OfficeWeight:
        return weights.setdefault(key, OfficeWeight(limit=limit))

    for own, of_annex, frequency, indicators in _measures(plan):
        one, times = at(own or of_annex), TIMES_A_YEAR[frequency]
        one.measures += 1
        one.answers += times
        one.measurements += times * indicators
    for own, of_measure, of_annex, due_on in _steps(plan):
        one = at(own or of_measure or of_annex)
        if due_on is None:
            one.steps += 1
        else:
            one.due[due_on.year] += 1
    offices = Office.objects.in_bulk([key for key in weights if key is not None])
    name_as_adopted(plan, offices.values())
    heads = heads_of(offices)
    for key, one in weights.items():
        if key is not None:
            one.office, one.heads = offices[key], tuple(heads.get(key, ()))
    return sorted(
        weights.values(),
        key=lambda one: (
            one.office is None,
            -one.measures,
            one.office.folded if one.office else "",
        ),
    )


def _measures(plan: Plan) -> QuerySet:
    rows = PlannedMeasure.objects.filter(plan=plan).in_use().order_by()
    counted = rows.annotate(indicators=Count("progress_indicators"))
    return counted.values_list(
        "responsible_office_id", "annex__office_id", "monitoring_frequency", "indicators"
    )


def _steps(plan: Plan) -> QuerySet:
    measures = PlannedMeasure.objects.filter(plan=plan).in_use().order_by()
    rows = ImplementationStep.objects.filter(planned_measure__in=measures.values("pk")).order_by()
    return rows.values_list(
        "responsible_office_id",
        "planned_measure__responsible_office_id",
        "planned_measure__annex__office_id",
        "due_on",
    )
