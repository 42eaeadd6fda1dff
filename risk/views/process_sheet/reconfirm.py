"""Saying that a process copied from the edition before still holds as it is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from risk.services.annexes.reconfirmation import confirm_process
from risk.views.annexes.undo import say_done
from risk.views.process_sheet.parts import changeable

UNSEEN = "-"
"""What stands for the digest of a page that sent none: nothing was read, nothing is confirmed."""


@require_POST
def of_process(request, uid):
    """Confirm one process as its sheet showed it; a refusal stands above the sheet."""
    process = changeable(request, uid)
    seen = request.POST.get("seen") or UNSEEN
    reason = " ".join(request.POST.get("reason", "").split())
    try:
        confirm_process(process=process, seen=seen, reason=reason, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        say_done(request, process.annex, _("Fatto: il processo è riconfermato così com’è."))
    return redirect("risk:process_sheet", process.uid)
