"""The approvals of a head of office: of one process, or of all that is left of the annex."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.enums import AnnexState
from registry.models import Annex, Process
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.moves import MoveRefusedError
from risk.views.annexes.changes import render_changes

UNSEEN = "-"
"""What stands for the digest of a page that sent none: nothing was read, nothing is approved."""


@require_POST
def of_process(request, uid):
    """Approve one process as the page showed it; a refusal stands beside its button."""
    process = get_object_or_404(Process.objects.visible_to(request.user), uid=uid)
    seen = request.POST.get("seen") or UNSEEN
    texts = request.POST.get("texts") or UNSEEN
    try:
        approve_process(process=process, by=request.user, seen=seen, texts=texts)
    except MoveRefusedError as refused:
        annex = _annex(process.annex_id)
        return render_changes(request, annex, refusals=refused.reasons, refused=process.uid)
    annex = _annex(process.annex_id)
    if annex.state == AnnexState.APPROVED:
        messages.success(request, _("Fatto: era l’ultimo processo, e l’allegato è approvato."))
    else:
        sentence = _("Fatto: «%(process)s» è approvato.") % {"process": process.printed}
        messages.success(request, sentence)
    place = f"processo={process.uid}#p-{process.uid}"
    return redirect(f"{reverse('risk:changes', args=[annex.uid])}?{place}")


@require_POST
def of_annex(request, uid):
    """Approve the whole annex as the page showed it."""
    annex = visible_annex(request.user, uid)
    seen = request.POST.get("seen") or UNSEEN
    try:
        approve_annex(annex=annex, by=request.user, seen=seen)
    except MoveRefusedError as refused:
        return render_changes(request, annex, refusals=refused.reasons)
    messages.success(request, _("Fatto: l’allegato è approvato."))
    return redirect("risk:workflow", annex.uid)


def _annex(key: int) -> Annex:
    return Annex.objects.with_names().get(pk=key)
