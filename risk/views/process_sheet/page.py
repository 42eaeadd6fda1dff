"""The page of a process, and who else is on it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from registry import presence
from risk.services.annexes.readings import note_reading
from risk.services.process_sheet.page import process_of
from risk.views.process_sheet.parts import (
    changeable,
    may_change,
    sheet_context,
    standing_context,
)
from risk.views.process_sheet.whole import save_all

STANDING = "riconferma-stato"
"""The part of the page that says how a copy stands to the edition before."""


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, uid):
    """Show the sheet, or save all that is typed in it.

    With htmx only the lists of phases and behaviours are shown, after an act on them, or how the
    process stands to the edition before, after something was saved.
    """
    if request.method == "POST":
        return save_all(request, changeable(request, uid, is_whole=True))
    process = process_of(request.user, uid, to_read=True, is_shown=True)
    if request.htmx.target == STANDING:
        return _standing(request, process)
    context = sheet_context(request, process)
    if request.htmx:
        response = render(request, "risk/process_sheet/_lists.html", context)
        return reswap(retarget(response, "#fasi"), "outerHTML")
    note_reading(process=process, person=request.user)
    return render(request, "risk/process_sheet/page.html", context)


def _standing(request, process):
    """Show how a copy stands to the edition before; nothing where it stands as it did (`era`)."""
    context = standing_context(process)
    if context["standing"] is None or context["era"] == request.GET.get("era"):
        return HttpResponse(status=204)
    context |= {"process": process, "sheet": {"can_change": may_change(request.user, process)}}
    context["again"] = True
    return render(request, "risk/process_sheet/_reconfirm.html", context)


@require_safe
def present(request, uid):
    """Say who else has had the sheet open in the last two minutes; nothing is written."""
    process = process_of(request.user, uid, to_read=True)
    others = presence.note(process.uid, by=request.user)
    return render(
        request, "risk/process_sheet/_presence.html", {"process": process, "others": others}
    )
