"""Which published plan took the place of which: a body has one in force at a time.

An *aggiornamento* and the next edition both take the place of what was adopted before them. Nothing
is stored of it, so that what an adoption froze stays as it was; plans not yet published do not
count, because nobody could follow a link to them (docs/decisions/0031).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from registry.models import Administration, Plan
from risk.enums import PlanVerb

IN_ORDER = ("act_date", "pk")
"""What tells which published plan of a body came after which."""


@dataclass(frozen=True)
class Succession:
    """The published plans before and after one, of the same body."""

    replaces: Plan | None = None
    replaced_by: Plan | None = None
    since: datetime | None = None
    """When what is said here became true: the last publication of the plan and of these two."""


def successions(body: Administration) -> dict[int, Succession]:
    """Return the place of each published plan of a body, by its key, in the order of their acts.

    One query, however many they are.
    """
    rows = Plan.objects.public().filter(administration=body).select_related("administration")
    published = Max("transitions__at", filter=Q(transitions__verb=PlanVerb.PUBLISH))
    plans = list(rows.annotate(published_at=published).order_by(*IN_ORDER))
    before, after = [None, *plans], [*plans[1:], None]
    return {
        plan.pk: Succession(older, newer, _since(plan, older, newer))
        for plan, older, newer in zip(plans, before, after, strict=False)
    }


def _since(*plans: Any) -> datetime | None:
    """Return the last publication; the moment of the move, since its day may be any."""
    moments = [plan.published_at for plan in plans if plan and plan.published_at]
    return max(moments, default=None)


def succession_of(plan: Plan) -> Succession:
    """Return the place of one plan; of one not published, no other."""
    return successions(plan.administration).get(plan.pk, Succession())
