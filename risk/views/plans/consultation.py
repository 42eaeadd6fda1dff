"""The address of a consultation: opened and withdrawn by the RPCT."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.acts import Refused
from registry.services.editing import StaleRow
from risk.forms.plans.consultation import OpenForm
from risk.services.plans.consultation import (
    open_consultation,
    proposed_end,
    running_consultation,
    withdraw_consultation,
)
from risk.tasks import ask_draft
from risk.views.plans.own_rows import open_plan, refusal_of, sent_version


@require_http_methods(["GET", "HEAD", "POST"])
def open_address(request, ipa_code, title):
    """Open an address at which everybody reads the draft."""
    plan = open_plan(request, ipa_code, title)
    back = reverse("risk:plan_contributions", args=[ipa_code, title])
    form = OpenForm(request.POST or None, initial={"ends_on": proposed_end(plan)})
    if request.method == "POST" and form.is_valid():
        try:
            open_consultation(plan=plan, by=request.user, **form.cleaned_data)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("La bozza si legge all’indirizzo qui sotto."))
            return redirect(back)
    context = {
        "plan": plan,
        "form": form,
        "title": _("Apri la bozza a tutti"),
        "note": _(
            "Chi ha l’indirizzo legge la bozza com’è in quel momento, senza i nomi delle persone, "
            "e può mandare un contributo. Nessuno lo indovina, e i motori di ricerca non lo "
            "trovano: pubblicalo dove serve. Si ritira quando vuoi."
        ),
        "act": _("Apri l’indirizzo"),
        "back": back,
    }
    return render(request, "risk/plans/form.html", context)


@require_POST
def draw(request, ipa_code, title):
    """Let the draft be drawn as a PDF for who reads it at the address."""
    plan = open_plan(request, ipa_code, title)
    if running_consultation(plan) is None:
        raise Http404
    return redirect("registry:job", ask_draft(plan=plan, by=request.user).uid)


@require_POST
def withdraw(request, ipa_code, title):
    """Withdraw the address: it opens nothing any more."""
    plan = open_plan(request, ipa_code, title)
    row = running_consultation(plan)
    if row is None:
        raise Http404
    row.plan = plan
    try:
        withdraw_consultation(row=row, version=sent_version(request), by=request.user)
    except StaleRow:
        messages.error(request, _("Qualcuno l’ha cambiato nel frattempo: rileggi e ripeti."))
    except (Refused, ValidationError) as refused:
        messages.error(request, refusal_of(refused))
    else:
        messages.success(request, _("L’indirizzo è ritirato: non apre più niente."))
    return redirect(reverse("risk:plan_contributions", args=[ipa_code, title]))
