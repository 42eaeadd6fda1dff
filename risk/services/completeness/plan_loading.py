"""A plan with what the rules of what it misses look at (`plan_points`)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from registry.models import Annex, Office, Plan, Process, RiskArea
from risk.content.earlier_rows import deciding, of_measures_before, plans_before
from risk.judgements import PROPOSING
from risk.models import (
    Chapter,
    Contribution,
    EditionProposal,
    PlannedMeasure,
    Remark,
    Suitability,
    YearlyReview,
)
from risk.services.completeness.limits import PersonCount, counted_by_person


@dataclass(frozen=True)
class LoadedPlan:
    """A plan with what its rules look at, in nine queries whatever its size."""

    plan: Plan
    annexes: tuple[Annex, ...]
    """With office, exemption and `has_open_remarks`, `has_blocking_remarks`."""
    offices: tuple[Office, ...]
    """Offices in use of the body."""
    areas: tuple[RiskArea, ...]
    """Mandatory areas no process of the plan is in."""
    chapters: tuple[Chapter, ...] = ()
    """Chapters with a text or a remark, with the one each was copied from and what was said."""
    over_limit: tuple[tuple[Office, int], ...] = ()
    """Offices that answer for more measures than the body would have it, with how many."""
    people_over: tuple[PersonCount, ...] = ()
    """People who, with all the offices they head, answer for more than it would have them."""
    unanswered: tuple[Contribution, ...] = ()
    """Contributions to the consultation without an outcome."""
    undecided: tuple[PlannedMeasure, ...] = ()
    """Measures that the edition before proposes to change, until it is said what is made of it."""
    undecided_review: YearlyReview | None = None
    """The last review of the edition before, where what it proposes is not decided."""

    @property
    def required_annexes(self) -> tuple[Annex, ...]:
        """The annexes the edition does not go without."""
        return tuple(row for row in self.annexes if not is_exempt(row))


def load_plan(plan: Plan) -> LoadedPlan:
    """Read what the rules look at."""
    remarks = Remark.objects.filter(annex=OuterRef("pk"), closed_at__isnull=True)
    annexes = (
        plan.annexes.select_related("office", "exemption")
        .annotate(
            has_open_remarks=Exists(remarks),
            has_blocking_remarks=Exists(remarks.exclude(blocks="")),
        )
        .order_by("office__folded")
    )
    mapped = Process.objects.in_use().filter(annex__plan=plan, risk_area=OuterRef("pk"))
    areas = RiskArea.objects.in_use().filter(
        administration=plan.administration_id, is_mandatory=True
    )
    offices = Office.objects.in_use().filter(administration=plan.administration_id)
    return LoadedPlan(
        plan=plan,
        annexes=tuple(annexes),
        offices=tuple(offices.only("code", "name", "folded", "parent").order_by("folded")),
        areas=tuple(areas.exclude(Exists(mapped)).order_by("position", "code")),
        chapters=tuple(_chapters(plan)),
        **_over_limits(plan),
        unanswered=tuple(Contribution.objects.filter(plan=plan, outcome="").order_by("number")),
        **_undecided(plan),
    )


def _undecided(plan: Plan) -> dict[str, Any]:
    """Return what the edition before proposes and nobody has decided; three statements, or none."""
    before = plans_before(plan)
    if not before:
        return {}
    given = Suitability.objects.filter(of_measures_before(len(before)), replaced_by=None)
    last = given.order_by("-year", "-planned_measure")
    decided = EditionProposal.objects.filter(plan__in=deciding(plan, before))
    rows = PlannedMeasure.objects.filter(plan=plan, origin__isnull=False).in_use()
    rows = rows.annotate(
        judgement=Subquery(last.values("judgement")[:1]), judged=Subquery(last.values("pk")[:1])
    )
    rows = rows.filter(judgement__in=PROPOSING)
    open_rows = rows.exclude(Exists(decided.filter(suitability=OuterRef("judged"))))
    reviews = YearlyReview.objects.filter(plan__in=before, replaced_by=None)
    reviews = reviews.order_by("-year", "-plan")
    review = reviews.annotate(is_decided=Exists(decided.filter(review=OuterRef("pk")))).first()
    waits = review is not None and bool(review.changes) and not review.is_decided
    return {
        "undecided": tuple(open_rows.select_related("measure").order_by("measure__folded", "pk")),
        "undecided_review": review if waits else None,
    }


def _chapters(plan: Plan) -> QuerySet[Chapter]:
    rows = Chapter.objects.filter(plan=plan).with_review()
    return rows.select_related("plan", "origin").order_by("position")


def _over_limits(plan: Plan) -> dict[str, Any]:
    """Return which offices and people are over the limits of the body, the heaviest first.

    Asked where it has one.
    """
    body = plan.administration
    of_office, of_person = body.measures_limit, body.measures_limit_person
    if of_office is None and of_person is None:
        return {}
    counts = PlannedMeasure.objects.filter(plan=plan).counted_by_office()
    return {
        "over_limit": _offices_over(counts, of_office),
        "people_over": _people_over(counts, of_person),
    }


def _offices_over(counts: dict[int, int], limit: int | None) -> tuple[tuple[Office, int], ...]:
    over = {key: n for key, n in counts.items() if limit is not None and n > limit}
    offices = Office.objects.in_bulk(over) if over else {}
    rows = [(offices[key], count) for key, count in over.items()]
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0].folded)))


def _people_over(counts: dict[int, int], limit: int | None) -> tuple[PersonCount, ...]:
    if limit is None:
        return ()
    return tuple(one for one in counted_by_person(counts) if one.measures > limit)


def is_exempt(annex: Annex) -> bool:
    """Return whether the edition goes without the annex; no query when `exemption` was loaded."""
    return hasattr(annex, "exemption")


def is_awaited(annex: Annex) -> bool:
    """Return whether the edition waits for the annex: neither adopted nor doing without it."""
    return not annex.plan.is_adopted and not is_exempt(annex)
