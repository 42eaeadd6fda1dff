"""Which offices and people answer for more measures of a plan than the body would have them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from registry.models import Membership
from registry.readable import grouped
from registry.roles import HEADING, in_order
from risk.content.kept import Gap, KeptAnnex
from risk.models import PlannedMeasure


@dataclass
class PersonCount:
    """For how many measures a person answers, through the offices they head today (their keys)."""

    name: str
    offices: list[int] = field(default_factory=list)
    measures: int = 0


def heads_of(offices: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Return who heads each office today, deputies left out: key and name. One statement."""
    held = Membership.objects.running().filter(
        office__in=list(offices), role__in=in_order(HEADING), deputy_for=None
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in held.select_related("user").order_by("user__last_name", "user__first_name", "pk"):
        found[row.office_id].append((row.user_id, str(row.user)))
    return dict(found)


def counted_by_person(counts: Mapping[int, int]) -> list[PersonCount]:
    """Return who answers for how many measures, the most first, of those offices answer for.

    `counts` are by the key of the office. One statement.
    """
    people: dict[int, PersonCount] = {}
    for office, heads in heads_of(counts).items():
        for key, name in heads:
            person = people.setdefault(key, PersonCount(name))
            person.offices.append(office)
            person.measures += counts[office]
    return sorted(people.values(), key=lambda one: (-one.measures, one.name))


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


def people_over_limit(
    annexes: Sequence[KeptAnnex], found: Sequence[Gap]
) -> Iterator[tuple[int, Gap]]:
    """Yield one gap for each annex and person who heads its office and is over their limit.

    The annexes are of one plan. Two statements, of however many; none where there is no limit.
    """
    rows = [kept.annex for kept in annexes]
    limit = rows[0].plan.administration.measures_limit_person if rows else None
    if limit is None:
        return
    counts = PlannedMeasure.objects.filter(plan=rows[0].plan_id).counted_by_office()
    over = [one for one in counted_by_person(counts) if one.measures > limit]
    for row in rows:
        for one in over:
            if row.office_id in one.offices:
                values = {"count": grouped(one.measures), "limit": grouped(limit)}
                values["person"] = one.name
                yield row.pk, Gap(None, reverse("risk:repeated", args=[row.uid]), values)
