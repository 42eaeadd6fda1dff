"""The rounds of a plan: listed, written, opened, watched by office, closed, issued."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.acts import RuleRefused
from registry.permissions import is_rpct_of_plan, manned_offices, reach_of
from registry.readable import grouped
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from risk.enums import RoundCoverage, RoundState, RoundVerb
from risk.forms.monitoring.round_data import RoundForm
from risk.forms.monitoring.rounds import AssignForm
from risk.models import MonitoringRound
from risk.scoring.outcomes import REASONED_OUTCOMES
from risk.services.monitoring.asked import AFTERWARDS, asked_of_round
from risk.services.monitoring.closing import close_round, outcome_counts
from risk.services.monitoring.evidence_room import evidence_room
from risk.services.monitoring.follow_ups import follow_ups_of
from risk.services.monitoring.opening import (
    assign_office,
    faults_of,
    hindrance_of,
    open_round,
    unassigned,
)
from risk.services.monitoring.page import OF_ROUND, board_of, outcome_lists, rounds_of, steps_of
from risk.services.monitoring.report import issues_of
from risk.services.monitoring.rounds import (
    create_round,
    is_in_force,
    move_round,
    subject_of_round,
)
from risk.services.monitoring.sampling import sample_of
from risk.services.reporting.list_heads import ROUND
from risk.services.reporting.listings import board_table
from risk.tasks import ask_round_issue
from risk.views.plans.acts import plan_of_rpct
from risk.views.plans.page import visible_plan
from risk.workflow import round_move_from

OFFICES_A_PAGE = 50
FAULTS_SHOWN = 50
NOT_DONE_SHOWN = 50

_MOVES = {RoundVerb.OPEN: partial(open_round, in_time=True), RoundVerb.CLOSE: close_round}


@require_safe
def rounds(request, ipa_code, title):
    """List the rounds of a plan, the last first."""
    plan = visible_plan(request.user, ipa_code, title)
    is_rpct = is_rpct_of_plan(request.user, plan)
    context = {
        "plan": plan,
        "rows": rounds_of(plan, request.user),
        "may_open": is_rpct and is_in_force(plan),
        "room": evidence_room(plan.administration) if is_rpct else None,
    }
    return render(request, "risk/monitoring/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, ipa_code, title):
    """Write a round, in draft, and go on with its page."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if not is_in_force(plan):
        raise Http404
    form = RoundForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        try:
            row = create_round(plan=plan, by=request.user, **form.cleaned_data)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Scritto: ora leggi che cosa chiederà, e aprilo."))
            return redirect("risk:round", row.uid)
    context = {
        "plan": plan,
        "form": form,
        "title": _("Nuovo monitoraggio"),
        "act": _("Scrivi in bozza"),
        "back": reverse("risk:plan_rounds", args=[ipa_code, title]),
    }
    return render(request, "risk/plans/form.html", context)


def visible_round(request, uid) -> MonitoringRound:
    """Return a round the person may see, with its plan and body; else Http404."""
    rows = MonitoringRound.objects.visible_to(request.user).select_related(*OF_ROUND)
    return get_object_or_404(rows, uid=uid)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid):
    """Show a round by office, or with POST make its next move."""
    row = visible_round(request, uid)
    if request.method != "POST":
        return _shown(request, row)
    check_rpct(request, row)
    verb = request.POST.get("verb", "")
    if verb not in RoundVerb.values:
        raise Http404
    move = _MOVES.get(RoundVerb(verb))
    try:
        if verb == RoundVerb.ISSUE:
            return redirect("registry:job", ask_round_issue(row=row, by=request.user).uid)
        if move is None:
            move_round(row=row, verb=RoundVerb(verb), by=request.user)
        else:
            move(row=row, by=request.user)
    except RuleRefused as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("Fatto: %(what)s.") % {"what": RoundVerb(verb).label})
    return redirect("risk:round", uid)


@require_POST
def ask(request, uid):
    """Ask, with numbers, before a move nothing takes back; refused as the move itself."""
    row = visible_round(request, uid)
    check_rpct(request, row)
    verb = request.POST.get("verb", "")
    if verb not in AFTERWARDS:
        raise Http404
    try:
        asked = asked_of_round(row=row, verb=RoundVerb(verb), by=request.user)
    except RuleRefused as refused:
        messages.error(request, refused.messages[0])
        return redirect("risk:round", uid)
    context = {"round": row, "plan": row.plan, "asked": asked, "move": asked.move, "under": True}
    return render(request, "risk/monitoring/ask.html", context)


def check_rpct(request, row: MonitoringRound) -> None:
    """Raise `PermissionDenied` for who is not the RPCT of the body of a round."""
    if not is_rpct_of_plan(request.user, row.plan):
        raise PermissionDenied


def _shown(request, row: MonitoringRound, assigning: AssignForm | None = None) -> HttpResponse:
    sorting = Sorting(request.GET, ROUND)
    offices = sorting.apply(board_of(row, request.user))
    if suffix := asked_format(request):
        table, subject = board_table(offices), subject_of_round(row)
        return list_file(request, table, suffix, name="monitoring", subject=subject)
    is_rpct, state = is_rpct_of_plan(request.user, row.plan), RoundState(row.state)
    context = {
        "round": row,
        "plan": row.plan,
        "way": RoundState,
        "is_rpct": is_rpct,
        "brings": is_rpct or bool(reach_of(request.user).own_offices),
        "move": round_move_from(state) if is_rpct else None,
        "asks_first": AFTERWARDS,
        "sorting": sorting,
        "page": page_of_rows(offices, request.GET, size=OFFICES_A_PAGE),
        "steps": steps_of(row),
    }
    if row.is_answering:
        context["manned"] = manned_offices(row.plan.administration_id)
    if row.coverage == RoundCoverage.SAMPLE:
        context["sample"] = sample_of(row, with_lists=False)
    if state != RoundState.DRAFT:
        open_ones = follow_ups_of(row, request.user).filter(closed_on=None)
        context["left"] = open_ones.count()
    if state == RoundState.DRAFT:
        context |= _before_opening(row, assigning)
    if state in (RoundState.CLOSED, RoundState.ISSUED):
        context |= _after_closing(request, row)
    return render(request, "risk/monitoring/round.html", context)


def _before_opening(row: MonitoringRound, assigning: AssignForm | None) -> dict:
    faults = faults_of(row)
    blocking = [fault for fault in faults if fault.blocks]
    others = [fault for fault in faults if not fault.blocks]
    body = row.plan.administration
    return {
        "hindrance": hindrance_of(row),
        "blocking": blocking[:FAULTS_SHOWN],
        "faults": others[:FAULTS_SHOWN],
        "more_faults": len(others[FAULTS_SHOWN:]) + len(blocking[FAULTS_SHOWN:]),
        "assigning": (assigning or AssignForm(body=body)) if blocking else None,
    }


def _after_closing(request, row: MonitoringRound) -> dict:
    return {
        "outcomes": outcome_counts(row, request.user),
        "lists": outcome_lists(row, request.user, most=NOT_DONE_SHOWN),
        "reasoned": REASONED_OUTCOMES,
        "issues": issues_of(row),
        "reads_whole": request.user.has_perm("risk.read_whole_plan", row.plan),
    }


@require_POST
def assign(request, uid):
    """Say which office answers for measures nobody answers for."""
    row = visible_round(request, uid)
    check_rpct(request, row)
    form = AssignForm(request.POST, body=row.plan.administration)
    if not form.is_valid():
        return _shown(request, row, form)
    ticked = set(request.POST.getlist("misura"))
    chosen = [one for one in unassigned(row) if str(one.uid) in ticked]
    office = form.cleaned_data["ufficio"]
    try:
        for measure in chosen:
            assign_office(row=row, measure=measure, office=office, by=request.user)
    except (RuleRefused, ValidationError) as refused:
        messages.error(request, refused.messages[0])
    else:
        said = ngettext(
            "Scelto chi risponde di %(n)s misura.",
            "Scelto chi risponde di %(n)s misure.",
            len(chosen),
        )
        messages.success(request, said % {"n": grouped(len(chosen))})
    return redirect("risk:round", uid)
