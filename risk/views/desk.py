"""The start page: what is mine to do now, how far each annex is, the dates ahead."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.clock import today
from registry.enums import ADOPTED_PLAN_STATES
from registry.models import Annex, Plan, PlanDeadline, Process
from registry.permissions import reach_of
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from risk.services.desk.progress import with_progress
from risk.services.notices.waiting import waiting_for
from risk.services.reporting.listings import annexes_table, streamed

ANNEXES_A_PAGE = 12
MINE_SHOWN = 3
WAITING_SHOWN = 10
DEADLINES_SHOWN = 5
ELSEWHERE_SHOWN = 5
EMPTY_SHOWN = 5


@require_safe
def desk(request):
    """Show the person's own open annexes first, then all those they may see, then the deadlines."""
    reach = reach_of(request.user)
    seen = Annex.objects.visible_to(request.user).with_names().order_by("-plan__first_year")
    seen = seen.select_related("exemption")
    rows = with_progress(seen.order_by("-plan__first_year", "plan__title", "office__folded"))
    if suffix := asked_format(request):
        table = annexes_table(streamed(rows))
        return list_file(request, table, suffix, name="annexes", subject="list registry.annex")
    page = page_of_rows(rows, request.GET, size=ANNEXES_A_PAGE)
    mine = seen.open().filter(office__in=reach.own_offices, exemption__isnull=True)
    deadlines = (
        PlanDeadline.objects.current()
        .filter(plan__administration__in=reach.administrations, due_on__gte=today())
        .select_related("plan__administration")
    )
    elsewhere, waiting = _elsewhere(request.user), waiting_for(request.user)
    context = {
        "page": page,
        "empty_plans": _without_annexes(reach.rpct_of),
        "is_rpct": bool(reach.rpct_of),
        "elsewhere": elsewhere[:ELSEWHERE_SHOWN],
        "more_elsewhere": len(elsewhere) > ELSEWHERE_SHOWN,
        "waiting": waiting[:WAITING_SHOWN],
        "more_waiting": len(waiting[WAITING_SHOWN:]),
        "mine": list(mine[:MINE_SHOWN]),
        "deadlines": deadlines.order_by("due_on")[:DEADLINES_SHOWN],
    }
    return render(request, "risk/desk/page.html", context)


def _without_annexes(bodies) -> list[Plan]:
    """Return the plans of some bodies that no list of annexes leads to yet."""
    plans = Plan.objects.filter(administration__in=bodies, annexes__isnull=True)
    plans = plans.exclude(state__in=ADOPTED_PLAN_STATES).select_related("administration")
    return list(plans.order_by("-first_year", "title")[:EMPTY_SHOWN])


def _elsewhere(user) -> list[Process]:
    """Return the first processes of others the person's offices work on, and one more if any."""
    rows = Process.objects.elsewhere_for(user).in_use()
    rows = rows.exclude(annex__plan__state__in=ADOPTED_PLAN_STATES)
    rows = rows.select_related("annex__office", "annex__plan")
    rows = rows.order_by("-annex__plan__first_year", "annex__office__folded", "position")
    return list(rows[: ELSEWHERE_SHOWN + 1])
