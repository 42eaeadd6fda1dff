"""The start page: what presses, where one left off, how far each annex is, the dates ahead.

Who keeps a plan, who works at an annex, who only reads, who keeps the installation and who has no
role yet find what is theirs. And the search from anywhere.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.clock import today
from registry.enums import ADOPTED_PLAN_STATES, DeadlineKind, SignState
from registry.kept_statements import KeptStatement
from registry.models import Annex, Plan, PlanDeadline, Process
from registry.permissions import Reach, reach_of
from registry.responses.list_files import asked_format, list_file
from registry.services.health import label_of, signs_of_life
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from risk.services.desk.list_heads import DESK
from risk.services.desk.progress import with_progress
from risk.services.desk.search import KINDS, LEAST, search, words_of
from risk.services.desk.start import (
    PlanStanding,
    annexes_on_their_way,
    first_steps_of,
    last_place_of,
    own_open,
    pressing_for,
    standing_of,
)
from risk.services.plans.deadlines import first_days, plans_with_days
from risk.services.reporting.listings import annexes_table, streamed
from risk.services.treatment.terms import answered_on

ANNEXES_A_PAGE = 12
MINE_SHOWN = 3
PRESSING_SHOWN = 10
DEADLINES_SHOWN = 5
ELSEWHERE_SHOWN = 5
ANSWERED_SHOWN = 5
PLANS_SHOWN = 5


@require_safe
def desk(request):
    """Show what presses first, then the annexes a person may see, then what is over, folded."""
    user, reach = request.user, reach_of(request.user)
    seen = Annex.objects.visible_to(user).with_names().select_related("exemption")
    rows = with_progress(seen.order_by("-plan__first_year", "plan__title", "office__folded"))
    sorting = Sorting(request.GET, DESK)
    # the offices of one plan stay together
    rows = sorting.apply(rows, within=2)
    if suffix := asked_format(request):
        table = annexes_table(streamed(rows))
        return list_file(request, table, suffix, name="annexes", subject="list registry.annex")
    going_on = rows.exclude(plan__state__in=ADOPTED_PLAN_STATES)
    page = page_of_rows(going_on, request.GET, size=ANNEXES_A_PAGE)
    plans, calendar = plans_with_days(reach.administrations)
    days = first_days(calendar)
    standing = standing_of(
        [row for row in plans if not row.is_adopted and _reads(reach, row)][:PLANS_SHOWN], days
    )
    kept = [one for one in standing if one.plan.administration_id in reach.rpct_of]
    on_the_way, elsewhere = annexes_on_their_way(user, days), _elsewhere(reach)
    pressing = [*first_steps_of(user, plans), *pressing_for(user, on_the_way, kept, plans)]
    over = [row for row in plans if row.is_adopted]
    context = {
        "page": page,
        "sorting": sorting,
        "annex_count": page.paginator.count,
        **_roles(reach),
        "standing": standing,
        "empty_plans": [one.plan for one in kept if one.totals is None],
        "pressing": pressing[:PRESSING_SHOWN],
        "more_pressing": len(pressing[PRESSING_SHOWN:]),
        "last_place": last_place_of(user),
        "mine": own_open(user, on_the_way)[:MINE_SHOWN],
        "deadlines": _coming(calendar, standing),
        "elsewhere": elsewhere[:ELSEWHERE_SHOWN],
        "more_elsewhere": len(elsewhere) > ELSEWHERE_SHOWN,
        **_answered(reach),
        "over": over,
        "last_adopted": next((row for row in over if row.administration_id in reach.rpct_of), None),
        **_without_roles(user, reach),
    }
    return render(request, "risk/desk/page.html", context)


@require_safe
def search_page(request):
    """Show what the person may read that has the words of `q`; of one kind alone with `in`."""
    text = request.GET.get("q", "").strip()
    kind = request.GET.get("in", "")
    kind = kind if kind in [one.word for one in KINDS] else ""
    context = {
        "text": text,
        "kind": kind,
        "groups": search(user=request.user, text=text, kind=kind),
        "is_short": bool(text) and not words_of(text),
        "least": LEAST,
    }
    return render(request, "risk/desk/search.html", context)


def _roles(reach: Reach) -> dict:
    """Return whether one keeps a body, and whether one only reads."""
    keeps = bool(reach.rpct_of)
    return {
        "is_rpct": keeps,
        "is_reader": bool(reach.whole_bodies) and not (keeps or reach.own_offices),
    }


def _answered(reach: Reach) -> dict:
    """Return the next measures that one’s offices answer for, and which offices these are."""
    own = reach.own_offices
    rows = _ANSWERED(own, reach.administrations, today()) if own else ()
    return {"own_offices": own, "answered": list(rows)}


def _first_answered(offices: Collection[int], bodies: Collection[int], on: date) -> QuerySet:
    return answered_on(offices, bodies, on)[:ANSWERED_SHOWN]


def _coming(
    calendar: list[PlanDeadline], standing: list[PlanStanding]
) -> list[tuple[PlanDeadline, int]]:
    """Return the first dates to come, each with the days left to it; none that is met already."""
    handed_in = {one.plan for one in standing if one.totals is not None and one.totals.is_handed_in}
    left = [
        (row, (row.due_on - today()).days)
        for row in calendar
        if row.kind != DeadlineKind.TRANSMISSION or row.plan not in handed_in
    ]
    return [one for one in left if one[1] >= 0][:DEADLINES_SHOWN]


def _reads(reach: Reach, plan: Plan) -> bool:
    return plan.administration_id in reach.whole_bodies


def _without_roles(user, reach: Reach) -> dict:
    """Return what is shown to who belongs to no body: the installation, or why there is nothing."""
    if reach.administrations:
        return {}
    context: dict = {"has_no_role": True}
    if user.is_superuser:
        return context | {"signs": _signs()}
    memberships = user.memberships.select_related("administration").order_by("-starts_on")
    invitations = user.invitations.filter(answered_at=None).select_related("administration")
    return context | {"last_role": memberships.first(), "invitations": list(invitations)}


def _signs() -> list[dict]:
    """Return how the installation stands, what wants a look first."""
    signs = [
        {
            "label": label_of(sign),
            "state": SignState(sign.state).label,
            "is_good": sign.state == SignState.GOOD,
            "sentence": sign.sentence,
        }
        for sign in signs_of_life()
    ]
    return sorted(signs, key=lambda sign: sign["is_good"])


def _elsewhere(reach: Reach) -> list[Process]:
    """Return the first processes of others the person's offices work on, and one more if any."""
    return _ELSEWHERE(reach.own_offices, reach.whole_bodies)


def _first_elsewhere(own: Collection[int], whole: Collection[int]) -> QuerySet:
    rows = Process.objects.elsewhere_of(own, whole).in_use()
    rows = rows.exclude(annex__plan__state__in=ADOPTED_PLAN_STATES)
    rows = rows.select_related("annex__office", "annex__plan")
    rows = rows.order_by("-annex__plan__first_year", "annex__office__folded", "position")
    return rows[: ELSEWHERE_SHOWN + 1]


_ANSWERED, _ELSEWHERE = KeptStatement(_first_answered), KeptStatement(_first_elsewhere)
