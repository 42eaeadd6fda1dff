"""The facts of a plan: listed, recorded, corrected, put on rows of the map. For the RPCT alone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.acts import RuleRefused
from registry.permissions import is_rpct_of_plan
from registry.services.row_pages import page_of_rows
from risk.forms.monitoring.facts import FactForm, FactSearchForm
from risk.models import Fact
from risk.services.monitoring.facts import (
    change_rows,
    facts_of,
    record_fact,
    rows_like,
    rows_named,
    without_behaviour,
)
from risk.services.monitoring.rounds import is_in_force
from risk.views.plans.acts import plan_of_rpct

ROWS_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request, ipa_code, title):
    """List the facts of a plan, or with POST record one."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    form = FactForm(request.POST or None, plan=plan) if is_in_force(plan) else None
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Si registrano fatti su un piano adottato."))
            return redirect("risk:plan_facts", ipa_code, title)
        if form.is_valid():
            try:
                row = record_fact(plan=plan, by=request.user, **form.cleaned_data)
            except (RuleRefused, ValidationError, IntegrityError) as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("Registrato: ora di’ quali righe riguarda."))
                return redirect("risk:fact", row.uid)
    page = page_of_rows(facts_of(plan), request.GET, size=ROWS_A_PAGE)
    unforeseen = without_behaviour(plan, page.object_list)
    for row in page.object_list:
        row.is_unforeseen = row.pk in unforeseen
    context = {"plan": plan, "page": page, "form": form}
    return render(request, "risk/monitoring/facts.html", context)


def _fact(request, uid) -> Fact:
    """Return a fact as it is now, to the RPCT of its body; else Http404."""
    rows = Fact.objects.select_related("plan__administration", "area", "by")
    row = get_object_or_404(rows, uid=uid)
    if not is_rpct_of_plan(request.user, row.plan):
        raise Http404
    while (later := rows.filter(replaces=row).first()) is not None:
        row = later
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def fact(request, uid):
    """Show a fact, or with POST correct it or say which rows of the map it is about."""
    row = _fact(request, uid)
    if request.method != "POST":
        return _shown(request, row)
    if str(row.uid) != str(uid):
        messages.error(request, _("Un’altra persona l’ha corretto ora: rileggilo."))
        return redirect("risk:fact", row.uid)
    if "righe" in request.POST:
        return _put_on_rows(request, row)
    form = FactForm(request.POST, plan=row.plan)
    if form.is_valid():
        try:
            new = record_fact(plan=row.plan, by=request.user, replaces=row, **form.cleaned_data)
        except (RuleRefused, ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Corretto."))
            return redirect("risk:fact", new.uid)
    return _shown(request, row, form)


def _put_on_rows(request, row: Fact) -> HttpResponse:
    """Add the rows that were ticked, and keep of those named before the ones still ticked."""
    try:
        new = change_rows(fact=row, uids=request.POST.getlist("riga"), by=request.user)
    except (RuleRefused, ValidationError) as refused:
        messages.error(request, refused.messages[0])
        return redirect("risk:fact", row.uid)
    messages.success(request, _("Scritto."))
    return redirect("risk:fact", new.uid)


def _shown(request, row: Fact, form: FactForm | None = None) -> HttpResponse:
    search = FactSearchForm(request.GET or None)
    words = search.cleaned_data["cerca"] if search.is_bound and search.is_valid() else ""
    names = ("kind", "year", "count", "area", "was_measure", "outcome")
    can_edit = is_in_force(row.plan)
    initial = {name: getattr(row, name) for name in names}
    context = {
        "plan": row.plan,
        "row": row,
        "named": rows_named(row.plan, row.uids),
        "unforeseen": bool(without_behaviour(row.plan, [row])),
        "search": search,
        "words": words,
        "offered": rows_like(row.plan, words) if words else None,
        "form": (form or FactForm(initial=initial, plan=row.plan)) if can_edit else None,
    }
    return render(request, "risk/monitoring/fact.html", context)
