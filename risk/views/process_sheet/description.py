"""Saving one part of the description."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from registry.forms.whole_page import as_of_whole
from risk.services.completeness.missing import Page
from risk.services.completeness.points import sheet_notes
from risk.services.process_sheet.unsaved import UnsavedSheet
from risk.views.process_sheet.parts import (
    DESCRIPTION,
    SAVED_EVENT,
    changeable,
    form_of_part,
    whole_page,
)


@require_POST
def part(request, uid, part):
    """Save one part of the description; a refusal shows beside its field, the text stays."""
    if part not in DESCRIPTION:
        raise Http404
    process = changeable(request, uid)
    presence_before = process.risk_presence
    is_whole = not request.htmx
    data = as_of_whole(request.POST, part) if is_whole else request.POST
    form = form_of_part(part, process, data, is_whole=is_whole)
    saved = form.submit(by=request.user)
    if not request.htmx:
        if saved is None or form.errors:
            return whole_page(request, process, unsaved=UnsavedSheet(parts={part: form}))
        messages.success(request, _("Salvato."))
        return redirect(f"{reverse('risk:process_sheet', args=[uid])}#{part}")
    context = {"process": process, "form": form, "part": part, "saved": saved}
    if saved is None:
        return render(request, "risk/process_sheet/_part_outcome.html", context)
    saved.row.annex = process.annex
    context["process"] = saved.row
    if saved.merged or form.has_settled:
        # Somebody else's words are in the row now: the fields on the page must show them.
        context["form"] = form_of_part(part, saved.row)
    context["notes"] = sheet_notes(saved.row, {Page.DESCRIPTION})
    if context["form"] is form:
        response = render(request, "risk/process_sheet/_part_saved.html", context)
    else:
        response = render(request, "risk/process_sheet/_part_again.html", context)
        response = reswap(retarget(response, f"#{part}"), "outerHTML")
    if saved.row.risk_presence != presence_before:
        response = trigger_client_event(response, "sheet-refresh")
    return trigger_client_event(response, SAVED_EVENT)
