"""The level of a process, computed in the database: for lists, filters and heat maps.

The same rule as on paper (ruling 3): the process's own inherent level by the plan's default method;
failing that the highest of its behaviours', which is then "derived".
"""

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

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


def with_level(processes: QuerySet, method: Method | None) -> QuerySet:
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
