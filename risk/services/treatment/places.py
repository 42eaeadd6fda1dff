"""Where a measure is put, in one line: its first process and how many more.

Several measures of an office may have one name.
"""

from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import ngettext

from registry.readable import grouped, named
from risk.models import MeasureTarget, PlannedMeasure

_TOLD = ("number", "code", "title")


def with_place(rows: QuerySet[Any], measure: str = "pk") -> QuerySet[Any]:
    """Return rows with what `place_of` reads, in the same statement.

    `measure` is where they have the key of their measure.
    """
    living = MeasureTarget.objects.filter(**MeasureTarget.ON_LIVING)
    targets = living.filter(planned_measure=OuterRef(measure)).order_by()
    told = {f"of_{name}": _of_process(name) for name in _TOLD}
    first = targets.annotate(**told).order_by("of_number", "pk")
    said = JSONObject(**{name: F(f"of_{name}") for name in _TOLD})
    counted = targets.values("planned_measure").annotate(n=Count(_of_process("id"), distinct=True))
    return rows.annotate(
        first_process=Subquery(first.values(said=said)[:1]), processes=Subquery(counted.values("n"))
    )


def _of_process(name: str) -> Coalesce:
    return Coalesce(*(F(f"{way}__{name}") for way in MeasureTarget.PROCESS_PATHS))


def place_of(row: Any, planned: PlannedMeasure) -> str:
    """Return where the measure of a row of `with_place` is put: its processes, or all of what."""
    first = row.first_process
    if not first:
        return str(planned.get_scope_display())
    more = row.processes - 1
    told = named(first["number"], first["code"], first["title"])
    if not more:
        return told
    return told + ngettext(", e un altro processo", ", e altri %(n)s processi", more) % {
        "n": grouped(more)
    }
