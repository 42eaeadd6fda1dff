"""Which offices answer for more measures of a plan than the body would have it."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from registry.readable import grouped
from risk.content.kept import Gap, KeptAnnex
from risk.models import PlannedMeasure


def over_limit(annexes: Sequence[KeptAnnex], found: Sequence[Gap]) -> Iterator[tuple[int, Gap]]:
    """Yield one gap for each annex whose office is over the limit of its body.

    The annexes are of one plan. One statement, of however many; none where there is no limit.
    """
    rows = [kept.annex for kept in annexes]
    limit = rows[0].plan.administration.measures_limit if rows else None
    if limit is None:
        return
    counts = PlannedMeasure.objects.filter(plan=rows[0].plan_id).counted_by_office()
    for row in rows:
        if (count := counts.get(row.office_id, 0)) > limit:
            values = {"count": grouped(count), "limit": grouped(limit)}
            # what it answers for may be said in fewer measures there
            yield row.pk, Gap(None, reverse("risk:repeated", args=[row.uid]), values)
