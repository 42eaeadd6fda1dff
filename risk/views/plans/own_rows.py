"""What the pages of the rows a plan has of its own, objectives and chapters, do alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from registry.acts import Refused
from registry.models import Plan
from registry.services.editing import StaleRow
from registry.views.undo import say_kept
from risk.views.plans.acts import plan_of_rpct

PLACES = {"su": -1, "giu": 1}
"""How many places further down a row goes, by the word its button sends."""


def open_plan(request, ipa_code, title) -> Plan:
    """Return a plan whose own rows the person may change; else 404, or 403 once it is adopted."""
    plan = plan_of_rpct(request.user, ipa_code, title)
    check_open(request, plan)
    return plan


def check_open(request, plan: Plan) -> None:
    """Raise `PermissionDenied` where the person may not change the own rows of a plan."""
    if not request.user.has_perm("registry.change_plan", plan):
        raise PermissionDenied


def new_row(
    request,
    plan: Plan,
    form: Any,
    *,
    add: Callable[..., Any],
    title: str,
    back: str,
    page: Callable,
) -> HttpResponse:
    """Add a row as the form says, and go on with its own page; `page` says where that is."""
    if request.method == "POST" and form.is_valid():
        try:
            row = add(plan=plan, by=request.user, **form.cleaned_data)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Aggiunto: «%(row)s».") % {"row": row})
            return redirect(page(row))
    context = {"plan": plan, "form": form, "title": title, "act": _("Aggiungi"), "back": back}
    return render(request, "risk/plans/form.html", context)


def kept_row(
    request, row: Any, *, do: Callable[[], None], said: Any, page: str, back: str
) -> HttpResponse:
    """Do what a button of a row asks for, and say how it is taken back; else why it was not."""
    try:
        do()
    except StaleRow:
        messages.error(request, _("Qualcuno l’ha cambiato nel frattempo: rileggi e ripeti."))
        return redirect(page)
    except (Refused, ValidationError) as refused:
        messages.error(request, refusal_of(refused))
        return redirect(page)
    say_kept(request, row.plan.administration, str(said) % {"row": row})
    return redirect(back)


def refusal_of(refused: Exception) -> str:
    """Return why something was refused, in a sentence."""
    return " ".join(getattr(refused, "messages", [str(refused)]))


def sent_version(request) -> int:
    """Return the version of the row a button was beside; Http404 for what is none."""
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise Http404
    return int(version)
