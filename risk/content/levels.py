"""The level of a process, computed in the database: for lists, filters and heat maps.

The same rule as on paper (docs/decisions/0021): the process's own inherent level by the plan's
default method; failing that the highest of its behaviours', which is then "derived".
"""

from collections import Counter

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from registry.kept_statements import KeptStatement
from registry.models import Plan
from risk.enums import Moment, Scale
from risk.models import Assessment, Level, Method


def default_method(plan: Plan) -> Method | None:
    """Return the method a plan assesses by, None while it has none."""
    return Method.objects.filter(plan_methods__plan=plan, plan_methods__is_default=True).first()


def overall_levels(method: Method | None) -> list[Level]:
    """Return the overall levels of a method, the gravest first."""
    if method is None:
        return []
    return list(method.levels.filter(scale=Scale.OVERALL).order_by("-ordinal"))


def default_levels(plan: Plan) -> list[Level]:
    """Return the overall levels of a plan's default method, the gravest first, with the method."""
    return _DEFAULT_LEVELS(plan.pk)


def _default_levels(plan: int) -> QuerySet[Level]:
    levels = Level.objects.filter(
        method__plan_methods__plan=plan, method__plan_methods__is_default=True, scale=Scale.OVERALL
    )
    return levels.select_related("method").order_by("-ordinal")


_DEFAULT_LEVELS = KeptStatement(_default_levels)


def with_level(processes: QuerySet, method: Method | int | None) -> QuerySet:
    """Return processes with `level_id` (by `method`) and `level_is_derived`; makes no query."""
    judged = Assessment.objects.filter(
        method=method, moment=Moment.INHERENT, level__isnull=False
    ).order_by()
    own = judged.filter(process=OuterRef("pk")).values("level")[:1]
    highest = (
        judged.filter(behaviour__process=OuterRef("pk"))
        .order_by("-level__ordinal")
        .values("level")[:1]
    )
    return processes.annotate(
        own_level_id=Subquery(own),
        level_id=Coalesce(Subquery(own), Subquery(highest)),
        level_is_derived=Case(
            When(Q(own_level_id__isnull=True) & Q(level_id__isnull=False), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def counts_by_level(processes: QuerySet, levels: list[Level]) -> Counter:
    """Count processes by area, level and presence of the risk (their keys and values).

    The levels are those of one method and mean what they mean in `with_level`, which asks row by
    row: here joins count all rows at once, in two queries.
    """
    method = levels[0].method_id if levels else None
    own = FilteredRelation(
        "assessments",
        condition=Q(assessments__method=method, assessments__moment=Moment.INHERENT),
    )
    rows = processes.order_by().annotate(own=own)
    grouped = rows.values_list("risk_area", "own__level", "risk_presence").annotate(n=Count("pk"))
    counts = Counter({(area, level, presence): n for area, level, presence, n in grouped})
    by_ordinal = {level.ordinal: level.pk for level in levels}
    for area, presence, ordinal in _derived(processes, method):
        counts[area, None, presence] -= 1
        counts[area, by_ordinal[ordinal], presence] += 1
    return +counts


def _derived(processes: QuerySet, method: int | None) -> QuerySet:
    """Return area, presence and highest ordinal of processes judged by their behaviours only."""
    judged = Assessment.objects.filter(
        method=method, moment=Moment.INHERENT, level__isnull=False
    ).order_by()
    own = judged.filter(process=OuterRef("behaviour__process"))
    of_behaviours = judged.filter(
        ~Exists(own), behaviour__process__in=processes.order_by().values("pk")
    )
    return (
        of_behaviours.values("behaviour__process")
        .annotate(highest=Max("level__ordinal"))
        .values_list(
            "behaviour__process__risk_area", "behaviour__process__risk_presence", "highest"
        )
    )
