"""The measures of plans in force nobody has judged for the year their last round was about.

The desk tells it to the RPCT (`suitability-missing`), in red once the year is over; it makes no
mail.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.clock import today
from registry.models import User
from registry.models.plans import slug_of
from registry.permissions import reach_of
from registry.readable import grouped
from risk.enums import RoundState
from risk.models import MonitoringRound, PlannedMeasure, Suitability
from risk.services.monitoring.rounds import IN_FORCE
from risk.services.notices.waiting import WaitingLine

_ENDED = (RoundState.CLOSED, RoundState.ISSUED)


@dataclass(frozen=True)
class UnjudgedPlan:
    """A plan with measures that are not judged for a year, and how many."""

    ipa_code: str
    title: str
    year: int
    measures: int


def unjudged_plans(person: User) -> list[UnjudgedPlan]:
    """Return the plans of the bodies a person keeps with measures to be judged; one statement.

    Asked for the year of the last round that ended: before there is one, there is nothing to judge
    by.
    """
    bodies = reach_of(person).rpct_of
    if not bodies:
        return []
    ended = MonitoringRound.objects.filter(plan=OuterRef("plan"), state__in=_ENDED)
    year = ended.order_by("-situation_on").values(on=ExtractYear("situation_on"))[:1]
    given = Suitability.objects.filter(planned_measure=OuterRef("pk"), year=OuterRef("asked"))
    rows = PlannedMeasure.objects.filter(plan__administration__in=bodies, plan__state__in=IN_FORCE)
    rows = rows.in_use().annotate(asked=Subquery(year))
    rows = rows.filter(~Exists(given), asked__isnull=False).order_by("plan__title")
    names = ("plan__administration__ipa_code", "plan__title", "asked")
    return [UnjudgedPlan(*row) for row in rows.values_list(*names).annotate(n=Count("pk"))]


def suitability_line(plan: UnjudgedPlan) -> WaitingLine:
    """Return what the RPCT has still to judge of a plan, due with the end of the year."""
    said = ngettext(
        "Idoneità, %(year)s: manca il giudizio di %(n)s misura di %(plan)s.",
        "Idoneità, %(year)s: manca il giudizio di %(n)s misure di %(plan)s.",
        plan.measures,
    )
    told = {"year": plan.year, "n": grouped(plan.measures), "plan": plan.title}
    page = reverse("risk:plan_suitability", args=[plan.ipa_code, slug_of(plan.title)])
    days = (datetime.date(plan.year, 12, 31) - today()).days
    return WaitingLine(said % told, f"{page}?anno={plan.year}", _("Giudica"), plan.title, days=days)
