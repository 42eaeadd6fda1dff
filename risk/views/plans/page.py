"""Pages of a plan: way, lists and figures. A plan is named by its body and its title."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.enums import PlanState
from registry.models import Annex, Office, Plan, Process
from registry.permissions import is_rpct_of_plan
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import SORTED, Sorting
from registry.spreadsheets.tables import Table
from registry.trail.subjects import annex_subject
from risk.content.adopted_names import name_as_adopted
from risk.content.figures import annex_figures, plan_figures
from risk.content.levels import default_levels, with_level
from risk.enums import PlanVerb
from risk.forms.reporting import AnnexFilter, BehaviourFilter, MeasureFilter, ProcessFilter
from risk.models import PlanIssue, PlannedMeasure, RiskBehaviour
from risk.services.annexes.drawn_figures import drawn_figures
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.moves import MoveRefusedError
from risk.services.annexes.reconfirmation import reread_of
from risk.services.completeness.plan_loading import load_plan
from risk.services.completeness.plan_points import first_points, offices_without_annex, plan_page
from risk.services.desk.control_room import annexes_of_room, room_rows, totals_of
from risk.services.desk.list_heads import room_sorting
from risk.services.desk.several import ACTS, SeveralAct
from risk.services.plans.asked import asked_of_plan
from risk.services.plans.deadlines import deadlines_of, first_days
from risk.services.plans.discarding import may_be_discarded
from risk.services.plans.moves import move_plan, open_plan_moves, subject_of
from risk.services.plans.office_table import told_of
from risk.services.reporting import listings
from risk.services.reporting.list_heads import (
    BEHAVIOURS,
    MEASURES,
    PLAN_TRANSITIONS,
    process_heads,
)
from risk.services.treatment.terms import with_programme, with_terms
from risk.tasks import ask_open_data
from risk.workbooks.books import LAYOUTS

ROWS_A_PAGE = 50
OFFICES_A_PAGE = 20
"""Rows of the control room, which say more each than those of other lists."""
OFFICES_SHOWN = 25
"""Offices without an annex on the page of a plan; the others are found by their name."""


def visible_plan(user, ipa_code: str, title: str) -> Plan:
    """Return the plan a person may see whose title, as an address, is `title`; else 404."""
    return plan_called(Plan.objects.visible_to(user), ipa_code, title)


def plan_called(plans, ipa_code: str, title: str) -> Plan:
    """Return the plan among `plans` an address means, by its body and its title; else 404."""
    rows = plans.filter(administration__ipa_code=ipa_code).select_related("administration")
    for plan in rows:
        if plan.slug == title:
            return plan
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, ipa_code, title):
    """Show where a plan is, its annexes and what it misses; with POST make one move."""
    plan = visible_plan(request.user, ipa_code, title)
    if request.method == "POST":
        try:
            return redirect(_make(request, plan))
        except (MoveRefusedError, ValidationError) as refused:
            return _shown(request, plan, refusals_of(refused))
    return _shown(request, plan)


@require_POST
def ask(request, ipa_code, title):
    """Ask, with numbers, before an act on the whole plan is done; refused as the act itself."""
    plan = visible_plan(request.user, ipa_code, title)
    verb, reason = _verb(request), request.POST.get("reason", "").strip()
    link = request.POST.get("publication_link", "").strip()
    try:
        asked = asked_of_plan(
            plan=plan, verb=verb, by=request.user, reason=reason, publication_link=link
        )
    except (MoveRefusedError, ValidationError) as refused:
        return _shown(request, plan, refusals_of(refused))
    context = {
        "plan": plan,
        "asked": asked,
        "move": asked.move,
        "posted": {"verb": verb, "reason": reason, "publication_link": link},
    }
    return render(request, "risk/plans/ask.html", context)


def refusals_of(refused: MoveRefusedError | ValidationError) -> list[str]:
    """Return why an act was not done, a sentence each."""
    return refused.reasons if isinstance(refused, MoveRefusedError) else refused.messages


def _shown(request, plan: Plan, refusals: Sequence[str] = ()) -> HttpResponse:
    form, calendar = AnnexFilter(request.GET), deadlines_of(plan)
    visible = Annex.objects.visible_to(request.user).filter(plan=plan)
    room = annexes_of_room(visible, first_days(day.row for day in calendar))
    annexes = form.apply(room)
    sorting = room_sorting(request.GET, annexes)
    annexes = sorting.apply(annexes)
    moved = Sorting(request.GET, PLAN_TRANSITIONS, name=f"{SORTED}-iter")
    transitions = moved.apply(plan.transitions.select_related("by"))
    if file := _page_as_file(request, plan, annexes, transitions):
        return file
    is_rpct = is_rpct_of_plan(request.user, plan)
    issues = PlanIssue.objects.filter(plan=plan).defer("data", "html", "pdf")
    context = {
        "plan": plan,
        "is_rpct": is_rpct,
        "may_be_discarded": may_be_discarded(plan),
        "form": form,
        "calendar": calendar,
        "sorting": sorting,
        "moved": moved,
        **_room(request, room, annexes),
        "way": [state for state in PlanState if state != PlanState.CONFIRMED],
        "moves": open_plan_moves(plan=plan, user=request.user),
        "refusals": refusals,
        "posted": request.POST,
        **(_to_do(plan, form) if is_rpct else {}),
        "workbooks": LAYOUTS,
        "issue": issues.select_related("by").first(),
        "transitions": transitions,
        "confirmations": plan.confirmations.select_related("by"),
        "offices_told": _offices_told(request, plan),
    }
    return render(request, "risk/plans/page.html", context, status=409 if refusals else 200)


def _offices_told(request, plan: Plan) -> Page:
    """Return a page of what became of the offices of before when this edition was opened."""
    told = Paginator(told_of(plan), OFFICES_SHOWN).get_page(request.GET.get("cambi"))
    if told.has_previous():
        told.back = f"cambi={told.previous_page_number()}"
    if told.has_next():
        told.onwards = f"cambi={told.next_page_number()}"
    return told


def _page_as_file(request, plan: Plan, annexes: QuerySet, transitions: QuerySet):
    """Return the list of the page that is asked for as a file, None where the page is."""
    if suffix := asked_format(request):
        table = listings.plan_annexes_table(plan, listings.streamed(annexes))
        return _file(request, plan, table, suffix, "annexes")
    if suffix := asked_format(request, "iter") or asked_format(request, "passaggi"):
        table = listings.transitions_table(plan.title, transitions)
        return _file(request, plan, table, suffix, "transitions")
    return None


def _to_do(plan: Plan, form: AnnexFilter) -> dict[str, Any]:
    """Return what is shown to the RPCT alone: what the plan misses, offices without an annex."""
    loaded = load_plan(plan)
    every = offices_without_annex(loaded)
    without_annex = _offices_called(form, every)
    return {
        "points": [] if plan.is_adopted else first_points(loaded),
        "without_annex": without_annex[:OFFICES_SHOWN],
        "without_count": len(every),
        "without_more": len(without_annex) - OFFICES_SHOWN,
    }


def _offices_called(form: AnnexFilter, offices: list[Office]) -> list[Office]:
    """Return the offices whose name has the words looked for; all without any."""
    return [row for row in offices if all(word in row.folded for word in form.words)]


def _room(request, room: QuerySet, annexes: QuerySet) -> dict[str, Any]:
    """Return what the control room shows: a page of its offices, and how the plan stands."""
    page = page_of_rows(annexes, request.GET, size=OFFICES_A_PAGE)
    page.object_list = room_rows(list(page.object_list))
    return {
        "page": page,
        "totals": totals_of(room),
        "acts": [(act.value, ACTS[act].label) for act in SeveralAct],
    }


def _make(request, plan: Plan) -> str:
    """Make the move the person asked for and return where to go on."""
    verb = _verb(request)
    moved = move_plan(
        plan=plan,
        verb=verb,
        by=request.user,
        reason=request.POST.get("reason", ""),
        publication_link=request.POST.get("publication_link", ""),
    )
    if verb == PlanVerb.PUBLISH:
        # long for a large body, and none of what the move does: the first who fetches would wait
        ask_open_data(plan=plan, by=request.user)
    state = moved.get_to_state_display()
    messages.success(request, _("Fatto: il piano è %(state)s.") % {"state": state})
    return plan_page(plan)


def _verb(request) -> PlanVerb:
    try:
        return PlanVerb(request.POST.get("verb", ""))
    except ValueError as error:
        raise Http404 from error


def _file(request, plan: Plan, table: Table, suffix: str, name: str):
    return list_file(request, table, suffix, name=name, subject=subject_of(plan))


def _page(request, rows):
    return page_of_rows(rows, request.GET, size=ROWS_A_PAGE)


def _list(request, template: str, **context):
    return render(request, template, context)


@require_safe
def processes(request, ipa_code, title):
    """List the processes of a plan, over all the annexes the person may see."""
    plan = visible_plan(request.user, ipa_code, title)
    levels = default_levels(plan)
    method = levels[0].method if levels else None
    form = ProcessFilter(request.GET, plan=plan, levels=levels)
    rows = Process.objects.visible_to(request.user).in_use().filter(annex__plan=plan)
    rows = form.apply(with_level(rows, method)).order_by("annex__office__folded", "position")
    sorting = Sorting(request.GET, process_heads(levels))
    rows = sorting.apply(rows)
    names = ("annex__office", "annex__plan", "risk_area", "macroprocess__function")
    if suffix := asked_format(request):
        all_rows = listings.streamed(rows.select_related(*names))
        table = listings.processes_table(plan, all_rows, levels)
        return _file(request, plan, table, suffix, "processes")
    # levels and names are asked for the rows of the page only, not for all that are sorted
    page = _page(request, rows.values_list("pk", flat=True))
    shown = with_level(Process.objects.filter(pk__in=list(page)), method).select_related(*names)
    found = {process.pk: process for process in shown.order_by()}
    page.object_list = [found[key] for key in page if key in found]
    by_key = {level.pk: level for level in levels}
    for process in page:
        process.level = by_key.get(process.level_id)
    return _list(
        request,
        "risk/plans/lists/processes.html",
        plan=plan,
        form=form,
        page=page,
        sorting=sorting,
        here=_("Processi"),
    )


@require_safe
def behaviours(request, ipa_code, title):
    """List the risk behaviours of a plan."""
    plan = visible_plan(request.user, ipa_code, title)
    form = BehaviourFilter(request.GET, plan=plan)
    rows = RiskBehaviour.objects.visible_to(request.user).filter(
        process__annex__plan=plan, process__retired_on__isnull=True
    )
    rows = form.apply(rows).select_related("process__annex__office")
    rows = rows.prefetch_related("categories")
    rows = rows.order_by("process__annex__office__folded", "process__position", "position")
    sorting = Sorting(request.GET, BEHAVIOURS)
    rows = sorting.apply(rows)
    if suffix := asked_format(request):
        table = listings.behaviours_table(plan, listings.streamed(rows))
        return _file(request, plan, table, suffix, "behaviours")
    page = _page(request, rows)
    return _list(
        request,
        "risk/plans/lists/behaviours.html",
        plan=plan,
        form=form,
        page=page,
        sorting=sorting,
        here=_("Comportamenti a rischio"),
    )


@require_safe
def measures(request, ipa_code, title):
    """List the measures programmed in a plan."""
    plan = visible_plan(request.user, ipa_code, title)
    form = MeasureFilter(request.GET, plan=plan)
    rows = with_terms(PlannedMeasure.objects.readable_by(request.user).filter(plan=plan))
    rows = form.apply(rows).order_by("measure__folded", "pk")
    sorting = Sorting(request.GET, MEASURES)
    rows = sorting.apply(rows)
    if suffix := asked_format(request):
        all_rows = listings.streamed(with_programme(rows))
        table = listings.measures_table(plan, all_rows)
        return _file(request, plan, table, suffix, "measures")
    page = _page(request, with_programme(rows))
    name_as_adopted(plan, [row.responsible_office for row in page])
    return _list(
        request,
        "risk/plans/lists/measures.html",
        plan=plan,
        form=form,
        page=page,
        sorting=sorting,
        here=_("Misure"),
    )


@require_safe
def figures(request, ipa_code, title):
    """Show the heat map and the figures of a plan, over the annexes the person may see."""
    plan = visible_plan(request.user, ipa_code, title)
    annexes = Annex.objects.visible_to(request.user).filter(plan=plan)
    shown_figures = plan_figures(plan, annexes)
    if suffix := asked_format(request):
        table = listings.figures_table(plan.title, shown_figures)
        return _file(request, plan, table, suffix, "figures")
    context = {
        "plan": plan,
        "figures": shown_figures,
        "office_filter": "",
        "here": _("Quadro"),
    }
    return render(request, "risk/plans/figures/plan.html", context)


@require_safe
def figures_of_annex(request, uid):
    """Show the heat map and the figures of one annex."""
    annex = visible_annex(request.user, uid)
    if suffix := asked_format(request):
        table = listings.figures_table(annex.printed_office_name, annex_figures(annex))
        return list_file(request, table, suffix, name="figures", subject=annex_subject(annex))
    context = {
        "annex": annex,
        "plan": annex.plan,
        "tables": drawn_figures(annex),
        "reread": reread_of(annex),
        "reads_all": request.user.has_perm("risk.read_whole_plan", annex.plan),
    }
    return render(request, "risk/plans/figures/annex.html", context)
