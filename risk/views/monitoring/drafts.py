"""A round is changed: its draft whole, or taken away; of an open one the two terms."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.acts import RuleRefused
from risk.enums import RoundState
from risk.forms.monitoring.round_data import ChangedRoundForm, TermsForm
from risk.services.monitoring.asked import asked_of_removal
from risk.services.monitoring.rounds import remove_round
from risk.views.monitoring.rounds import check_rpct, visible_round


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, uid):
    """Change a round in draft, or the terms of one that is open."""
    row = visible_round(request, uid)
    is_draft = row.state == RoundState.DRAFT
    if not is_draft and not row.is_answering:
        raise Http404
    check_rpct(request, row)
    if not is_draft and "coverage" in request.POST:
        messages.error(request, _("Intanto il monitoraggio è stato aperto: ciò che chiede resta."))
        return redirect("risk:round", uid)
    form = (ChangedRoundForm if is_draft else TermsForm)(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save_row(by=request.user)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            if saved is not None:
                messages.success(request, _("Salvato."))
                return redirect("risk:round", uid)
    context = {
        "plan": row.plan,
        "form": form,
        "title": _("Modifica il monitoraggio") if is_draft else _("Sposta i termini"),
        "note": "" if is_draft else _("Gli uffici leggono i nuovi termini da subito."),
        "act": _("Salva"),
        "back": reverse("risk:round", args=[uid]),
    }
    return render(request, "risk/plans/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, uid):
    """Ask whether a round in draft is to go, or with POST take it away."""
    row = visible_round(request, uid)
    if row.state != RoundState.DRAFT:
        raise Http404
    check_rpct(request, row)
    plan = row.plan
    try:
        if request.method == "POST":
            remove_round(row=row, by=request.user)
            messages.success(request, _("Bozza eliminata."))
            return redirect("risk:plan_rounds", plan.administration.ipa_code, plan.slug)
        asked = asked_of_removal(row=row, by=request.user)
    except RuleRefused as refused:
        messages.error(request, refused.messages[0])
        return redirect("risk:round", uid)
    context = {"round": row, "plan": plan, "asked": asked, "move": asked.move, "under": True}
    return render(request, "risk/monitoring/ask.html", context)
