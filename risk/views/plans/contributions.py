"""The contributions to the consultation of a plan: typed in, read, answered."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.enums import PlanState
from registry.models import Plan
from registry.responses.list_files import asked_format, list_file
from registry.services.editing import StaleRow
from risk.forms.plans.contributions import ContributionForm, OutcomeForm
from risk.models import Contribution
from risk.services.plans.consultation import address_of, running_consultation
from risk.services.plans.contribution_rows import addresses_of, rows_with, topics_but_offices
from risk.services.plans.contributions import (
    KEPT_DAYS,
    add_contribution,
    answer_contribution,
    contributions_seen_by,
)
from risk.services.plans.moves import subject_of
from risk.services.reporting.listings import contributions_table
from risk.views.plans.acts import plan_of_rpct
from risk.views.plans.own_rows import check_open, open_plan, refusal_of, sent_version
from risk.views.plans.page import visible_plan


@require_safe
def contributions(request, ipa_code, title):
    """List the contributions to a plan that the person may read."""
    plan = visible_plan(request.user, ipa_code, title)
    rows = list(contributions_seen_by(request.user, plan))
    if suffix := asked_format(request):
        table = contributions_table(plan, rows)
        return list_file(request, table, suffix, name="contributions", subject=subject_of(plan))
    running = running_consultation(plan) if plan.state == PlanState.CONSULTATION else None
    context = {
        "plan": plan,
        "consultation": running,
        "address": address_of(running) if running else "",
        "rows": rows,
        "waiting": sum(not row.outcome for row in rows),
        "can_edit": request.user.has_perm("registry.change_plan", plan),
    }
    return render(request, "risk/plans/contributions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, ipa_code, title):
    """Take down a contribution that came in by protocol, mail or in a meeting."""
    plan = open_plan(request, ipa_code, title)
    form = ContributionForm(request.POST or None, plan=plan, topics=topics_but_offices(plan))
    if request.method == "POST" and form.is_valid():
        try:
            row = add_contribution(plan=plan, by=request.user, **form.cleaned_data)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Registrato: contributo n. %(n)s.") % {"n": row.number})
            return redirect(_page(plan, row))
    context = {
        "plan": plan,
        "form": form,
        "title": _("Contributo arrivato per altra via"),
        "act": _("Registra"),
        "back": _list(plan),
    }
    return render(request, "risk/plans/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contribution(request, ipa_code, title, uid):
    """Show a contribution with its outcome; with POST the RPCT writes that."""
    plan = visible_plan(request.user, ipa_code, title)
    rows = contributions_seen_by(request.user, plan)
    row = get_object_or_404(rows.select_related("who"), uid=uid)
    row.plan = plan
    if request.method != "POST":
        return _shown(request, row, OutcomeForm(row=row))
    check_open(request, plan)
    form = OutcomeForm(request.POST, row=row)
    version = sent_version(request)
    if "aggiungi" in request.POST:
        form.keep_only_changed()
        return _shown(request, row, form)
    if form.is_valid():
        try:
            values = form.cleaned_data
            answer_contribution(row=row, version=version, by=request.user, **values)
        except StaleRow:
            said = _("Qualcuno ha scritto un altro esito nel frattempo: eccolo, sopra al tuo.")
            form.add_error(None, said)
            now = get_object_or_404(rows.select_related("who"), uid=uid)
            now.plan = plan
            return _shown(request, now, form)
        except (ValidationError, IntegrityError) as refused:
            form.add_error(None, refusal_of(refused))
        else:
            messages.success(request, _("Salvato."))
            return redirect(_page(plan, row))
    return _shown(request, row, form)


@require_safe
def rows(request, ipa_code, title, kind):
    """Give the first rows of a plan that have the words typed (`q`): all kinds, or processes."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    if kind not in ("tutte", "processi"):
        raise Http404
    typed = request.GET.get("q", "")
    found = rows_with(plan, typed, only_processes=kind == "processi")
    return JsonResponse({"rows": [one._asdict() for one in found], "count": len(found)})


def _shown(request, row: Contribution, form: OutcomeForm) -> HttpResponse:
    may_answer = request.user.has_perm("registry.change_plan", row.plan)
    context = {
        "plan": row.plan,
        "row": row,
        "form": form,
        "can_edit": may_answer,
        "sender": getattr(row, "who", None) if may_answer else None,
        "changed": list(addresses_of(row.plan, row.changed_rows)),
        "kept_days": KEPT_DAYS,
    }
    return render(request, "risk/plans/contributions/page.html", context)


def _page(plan: Plan, row: Contribution) -> str:
    names = [plan.administration.ipa_code, plan.slug, row.uid]
    return reverse("risk:plan_contribution", args=names)


def _list(plan: Plan) -> str:
    return reverse("risk:plan_contributions", args=[plan.administration.ipa_code, plan.slug])
