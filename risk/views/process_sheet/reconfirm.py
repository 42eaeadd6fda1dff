"""Saying that a process copied from the edition before still holds as it is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.models import Process
from risk.services.annexes.reconfirmation import confirm_process
from risk.services.process_sheet.page import process_of
from risk.views.annexes.undo import say_done
from risk.views.process_sheet.parts import changeable, sheet_context

UNSEEN = "-"
"""What stands for the digest of a page that sent none: nothing was read, nothing is confirmed."""


@require_POST
def of_process(request, uid):
    """Confirm one process as its sheet showed it; a refusal stands above the sheet.

    What was typed stays with it.
    """
    process = changeable(request, uid)
    seen = request.POST.get("seen") or UNSEEN
    reason = " ".join(request.POST.get("reason", "").split())
    try:
        confirm_process(process=process, seen=seen, reason=reason, by=request.user)
    except ValidationError as error:
        told = " ".join(error.messages)
        if reason:
            return _with_reason(request, process, told, reason)
        messages.error(request, told)
    else:
        say_done(request, process.annex, _("Fatto: il processo è riconfermato così com’è."))
    return redirect("risk:process_sheet", process.uid)


def _with_reason(request, process: Process, refusal: str, reason: str) -> HttpResponse:
    """Show the sheet as it is by now, with a refusal and the reason that was typed.

    It stands in its field, and where there is nothing to confirm any more in the message.
    """
    process = process_of(request.user, process.uid, is_shown=True)
    context = {**sheet_context(request, process), "reason": reason}
    standing = context["standing"]
    if standing is None or not standing.is_open or standing.needs_change:
        refusal = _("%(refusal)s Avevi scritto: «%(reason)s».") % {
            "refusal": refusal,
            "reason": reason,
        }
    messages.error(request, refusal)
    return render(request, "risk/process_sheet/page.html", context)
