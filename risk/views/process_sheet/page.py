"""The page of a process, and who else is on it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from registry import presence
from risk.services.annexes.readings import note_reading
from risk.services.process_sheet.page import process_of
from risk.views.process_sheet.parts import sheet_context


@require_safe
def sheet(request, uid):
    """Show the sheet; with htmx only the lists of phases and behaviours, after an act on them."""
    process = process_of(request.user, uid, to_read=True, is_shown=True)
    context = sheet_context(request, process)
    context["opened"] = request.GET.get("aperta", "")
    if request.htmx:
        response = render(request, "risk/process_sheet/_lists.html", context)
        return reswap(retarget(response, "#fasi"), "outerHTML")
    note_reading(process=process, person=request.user)
    return render(request, "risk/process_sheet/page.html", context)


@require_safe
def present(request, uid):
    """Say who else has had the sheet open in the last two minutes; nothing is written."""
    process = process_of(request.user, uid, to_read=True)
    others = presence.note(process.uid, by=request.user)
    return render(
        request, "risk/process_sheet/_presence.html", {"process": process, "others": others}
    )
