"""What is still to be done after a round: listed, asked, replied to, closed by a proof."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.acts import RuleRefused
from registry.forms.people import ActForm
from registry.permissions import is_rpct_of_plan, reach_of
from registry.services.row_pages import page_of_rows
from risk.enums import RoundState
from risk.forms.monitoring.follow_ups import FollowUpCloseForm, FollowUpForm, ReplyForm
from risk.models import FollowUp
from risk.services.monitoring.follow_ups import (
    add_follow_up,
    close_follow_up,
    days_overdue,
    follow_ups_of,
    proofs_for,
    reply_to_follow_up,
)
from risk.views.monitoring.rounds import visible_round

ROWS_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def follow_ups(request, uid):
    """List what a round carries on, or with POST ask an office for something."""
    row = visible_round(request, uid)
    is_rpct = is_rpct_of_plan(request.user, row.plan)
    may_ask = is_rpct and row.state != RoundState.DRAFT
    if request.method == "POST" and not is_rpct:
        raise PermissionDenied
    form = FollowUpForm(request.POST or None, row=row) if may_ask else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            add_follow_up(row=row, by=request.user, **form.cleaned_data)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Scritto."))
            return redirect("risk:round_follow_ups", uid)
    page = page_of_rows(follow_ups_of(row, request.user), request.GET, size=ROWS_A_PAGE)
    for one in page.object_list:
        one.late = days_overdue(one)
    context = {"round": row, "plan": row.plan, "page": page, "form": form}
    return render(request, "risk/monitoring/follow_ups.html", context)


def _follow_up(request, uid) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user).select_related(
        "round__plan__administration", "office", "item__planned_measure__measure", "evidence"
    )
    return get_object_or_404(rows, uid=uid)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request, uid):
    """Show a follow-up, or with POST reply to it, or close it."""
    row = _follow_up(request, uid)
    if request.method != "POST":
        return _shown(request, row)
    closes = "chiudi" in request.POST
    is_rpct = is_rpct_of_plan(request.user, row.round.plan)
    if not (is_rpct if closes else row.office_id in reach_of(request.user).own_offices):
        raise PermissionDenied
    form = FollowUpCloseForm(request.POST, row=row) if closes else ReplyForm(request.POST)
    if form.is_valid():
        act = close_follow_up if closes else reply_to_follow_up
        try:
            act(row=row, by=request.user, **form.cleaned_data)
        except RuleRefused as refused:
            messages.error(request, refused.messages[0])
            return redirect("risk:follow_up", uid)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Chiuso.") if closes else _("Risposta scritta."))
            return redirect("risk:follow_up", uid)
    return _shown(request, row, form)


def _shown(request, row: FollowUp, sent: ActForm | None = None) -> HttpResponse:
    is_open = row.closed_on is None
    answers = row.office_id in reach_of(request.user).own_offices
    is_rpct = is_rpct_of_plan(request.user, row.round.plan)
    written = {"reply": row.reply, "reference": row.reference, "version": row.version}
    replying = sent if isinstance(sent, ReplyForm) else ReplyForm(initial=written)
    closing = sent if isinstance(sent, FollowUpCloseForm) else FollowUpCloseForm(row=row)
    context = {
        "row": row,
        "round": row.round,
        "plan": row.round.plan,
        "late": days_overdue(row),
        "replying": replying if is_open and answers else None,
        "closing": closing if is_open and is_rpct else None,
        "proofs": proofs_for(row) if is_open and is_rpct else [],
    }
    return render(request, "risk/monitoring/follow_up.html", context)
