"""What the page of a comparison shows: which two, how much changed where, one office in full."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from registry.enums import ADOPTED_PLAN_STATES
from registry.models import Plan, User
from risk.content.edition_values import OfficeDifference, Tally
from risk.enums import EditionChange
from risk.services.annexes.contents import count_old
from risk.services.plans.comparison.making import EditionComparison, OfficePair, summed
from risk.services.plans.comparison.sides import annexes_read

MOST_READ = 60
"""Processes nobody has looked at since they were written: more are read by a job, not by a page."""
PROCESSES_A_PAGE = 10


class NothingThatDayError(LookupError):
    """No plan was adopted by a day; an Italian sentence."""


@dataclass(frozen=True)
class ComparedOffice:
    """An office in the summary: how much changed in it, `tally` None of one that is gone."""

    uid: str
    name: str
    is_new: bool
    is_gone: bool
    has_own: bool
    tally: Tally
    counts: tuple[tuple[EditionChange, int], ...]
    became: tuple[str, ...]

    @property
    def is_still(self) -> bool:
        return self.tally.is_still and not (self.has_own or self.is_new or self.is_gone)


@dataclass(frozen=True)
class ComparedArea:
    """A risk area in the summary, with how much changed in it."""

    name: str
    counts: tuple[tuple[EditionChange, int], ...]


@dataclass(frozen=True)
class Summary:
    """How much changed: in all, by office in the order of the plan, by area."""

    total: Tally
    offices: tuple[ComparedOffice, ...]
    areas: tuple[ComparedArea, ...]

    @property
    def counts(self) -> tuple[tuple[EditionChange, int], ...]:
        return self.total.counts(self.total.happened)

    @property
    def changed_offices(self) -> int:
        return sum(not row.is_still for row in self.offices)


def other_plans(plan: Plan, user: User) -> list[Plan]:
    """Return the plans of the body a person may lay beside one, the newest first."""
    rows = Plan.objects.visible_to(user).filter(administration=plan.administration_id)
    rows = rows.exclude(pk=plan.pk).select_related("administration")
    return sorted(rows, key=_age, reverse=True)


def _age(plan: Plan) -> tuple[int, int]:
    return plan.first_year, plan.pk


def usual_other(plan: Plan, others: Sequence[Plan]) -> Plan | None:
    """Return the edition before: what the plan was copied from, else the last one older."""
    copied = [row for row in others if row.pk == plan.origin_id]
    older = [row for row in others if _age(row) < _age(plan)]
    return next(iter(copied or older or others), None)


def plan_of_day(day: datetime.date, plans: Sequence[Plan]) -> Plan:
    """Return the plan that had been adopted last on a day, of those of a body.

    Raises `NothingThatDayError` when none had: drafts are not kept as they stood on a day.
    """
    adopted = [
        row
        for row in plans
        if row.state in ADOPTED_PLAN_STATES and row.act_date and row.act_date <= day
    ]
    if not adopted:
        raise NothingThatDayError(
            _("Il %(day)s non c’era ancora un piano adottato in questo registro.")
            % {"day": day.strftime("%d/%m/%Y")}
        )
    return max(adopted, key=lambda row: (row.act_date, row.pk))


def in_order(one: Plan, other: Plan) -> tuple[Plan, Plan]:
    """Return two plans, the older first."""
    return (one, other) if _age(one) <= _age(other) else (other, one)


def is_ready(before: Plan, after: Plan) -> bool:
    """Tell whether a page may compare two plans: nearly all of both has been read."""
    return sum(count_old(annexes_read(plan)) for plan in (before, after)) <= MOST_READ


def summary_of(comparison: EditionComparison) -> Summary:
    """Return how much changed where; four statements more than the comparison, or none."""
    counted = comparison.counted()
    total = summed(list(counted.offices.values()))
    # columns of noughts would push those with something off the page
    kinds = total.happened
    return Summary(
        total=total,
        offices=tuple(_line(one, counted.offices[one.uid], kinds) for one in comparison.offices),
        areas=tuple(
            ComparedArea(name or _("area non indicata"), Tally(kinds=found).counts(kinds))
            for name, found in sorted(counted.areas.items(), key=lambda one: (not one[0], one[0]))
        ),
    )


def _line(one: OfficePair, tally: Tally, kinds: Iterable[EditionChange]) -> ComparedOffice:
    return ComparedOffice(
        uid=one.uid,
        name=one.name,
        is_new=one.before is None,
        is_gone=one.after is None,
        has_own=bool(one.own),
        tally=tally,
        counts=tally.counts(kinds),
        became=one.became,
    )


def office_of(comparison: EditionComparison, uid: str) -> OfficeDifference | None:
    """Return what changed in one office; None where neither plan has an annex of that uid."""
    found = [one for one in comparison.offices if one.uid == uid]
    return next(comparison.opened(found), None) if found else None


def listed(office: OfficeDifference, number: str | int | None) -> Page:
    """Return the processes of one page of an office."""
    return Paginator(office.processes, PROCESSES_A_PAGE).get_page(number)
