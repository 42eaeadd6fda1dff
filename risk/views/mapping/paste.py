"""Pasting a block copied from a spreadsheet: the text, its preview, its confirmation.

Nothing is kept between the two steps: the preview sends the text and its digest again.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.guards import refusal_of
from registry.models import Annex, Process
from risk.services.mapping.paste.blocks import PasteRefused
from risk.services.mapping.paste.phases import preview_phases, take_phases
from risk.services.mapping.paste.processes import preview_processes, take_processes


@require_http_methods(["GET", "HEAD", "POST"])
def processes(request, uid):
    """Paste processes into the map of an annex."""
    annex = get_object_or_404(Annex.objects.visible_to(request.user).with_names(), uid=uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    options = {"annex": annex, "follow_on": bool(request.POST.get("di_seguito"))}
    context = {"annex": annex, "follow_on": options["follow_on"], "of_processes": True}
    address = reverse("risk:mapping", args=[annex.uid])
    return _paste(request, context, options, preview_processes, take_processes, address)


@require_http_methods(["GET", "HEAD", "POST"])
def phases(request, uid):
    """Paste phases into a process."""
    rows = Process.objects.visible_to(request.user).select_related(
        "annex__plan__administration", "annex__office__administration"
    )
    process = get_object_or_404(rows, uid=uid)
    if not request.user.has_perm("registry.change_annex", process):
        raise PermissionDenied
    context = {"annex": process.annex, "process": process}
    return _paste(
        request, context, {"process": process}, preview_phases, take_phases, _sheet(process)
    )


def _sheet(process: Process) -> str:
    try:
        return reverse("risk:process_sheet", args=[process.uid])
    except NoReverseMatch:
        return reverse("risk:mapping", args=[process.annex.uid])


def _paste(request, context: dict[str, Any], options: dict[str, Any], preview, take, address: str):
    """Show the text area; with a text, its preview; with a digest, take what was previewed."""
    text, digest = request.POST.get("testo", ""), request.POST.get("digest", "")
    context |= {"text": text, "address": address}
    if request.method != "POST":
        return render(request, "risk/mapping/paste.html", context)
    try:
        if digest and "conferma" in request.POST:
            taken = take(**options, text=text, digest=digest, by=request.user)
            messages.success(request, _("Righe aggiunte: %(count)d.") % {"count": len(taken)})
            return redirect(address)
    except PasteRefused as refused:
        context["refusal"] = str(refused)
    except ValidationError as error:
        context["refusal"] = " ".join(error.messages)
    except IntegrityError as error:
        context["refusal"] = refusal_of(error)
    try:
        context["preview"] = preview(**options, text=text)
    except PasteRefused as refused:
        context["refusal"] = str(refused)
    return render(request, "risk/mapping/paste.html", context)
