"""“Da approvare”: the head reads one process after the other, and decides where they read."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.enums import AnnexState
from registry.models import Annex, Process
from risk.content.canonical import UnknownFormatError
from risk.enums import RowKind
from risk.forms.annexes.remarks import RemarkForm
from risk.models import Remark
from risk.services.annexes.approvals import approve_process
from risk.services.annexes.lookup import visible_annex
from risk.services.annexes.moves import MoveRefusedError
from risk.services.annexes.readings import note_reading
from risk.services.annexes.remarks import add_remark, may_remark
from risk.services.annexes.review import (
    asked_of_return,
    remarked_since_submission,
    return_annex,
    review_of,
)
from risk.views.annexes.approvals import UNSEEN


@dataclass(frozen=True)
class Undone:
    """What was not done and why; what was typed for it is not lost."""

    act: str
    reasons: list[str]
    text: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid):
    """Show the process a head reads now; with POST do what they decided of it."""
    annex = visible_annex(request.user, uid)
    if request.method != "POST":
        return _shown(request, annex, request.GET.get("processo", ""))
    does = ACTS.get(request.POST.get("act", ""))
    if does is None:
        raise Http404
    process = get_object_or_404(Process.objects.filter(annex=annex), uid=_uid(request))
    try:
        return redirect(does(request, annex, process))
    except MoveRefusedError as error:
        refused = error.reasons
    except ValidationError as error:
        refused = error.messages
    text = request.POST.get("text", "")
    what = Undone(request.POST["act"], refused, text)
    annex = Annex.objects.with_names().get(pk=annex.pk)
    return _shown(request, annex, str(process.uid), what)


@require_POST
def ask(request, uid):
    """Ask, with numbers, before an annex is sent back from its review; refused as the act itself.

    What was written goes on with the answer.
    """
    annex = visible_annex(request.user, uid)
    process = get_object_or_404(Process.objects.filter(annex=annex), uid=_uid(request))
    text, remarks = request.POST.get("text", ""), _chosen_remarks(request, annex)
    try:
        asked = asked_of_return(
            annex=annex, by=request.user, reason=text, process=process, remarks=remarks
        )
    except MoveRefusedError as error:
        return _shown(request, annex, str(process.uid), Undone("return", error.reasons, text))
    context = {
        "annex": annex,
        "asked": asked,
        "move": asked.move,
        "process": process,
        "after": request.POST.get("after", ""),
        "back": f"{reverse('risk:review', args=[annex.uid])}?processo={process.uid}",
        "text": text,
        "remarks": remarks,
    }
    return render(request, "risk/annexes/review/ask.html", context)


def _uid(request) -> str:
    uid = request.POST.get("process", "")
    try:
        return str(Process._meta.get_field("uid").to_python(uid) or "")
    except ValidationError as error:
        raise Http404 from error


def _shown(request, annex: Annex, at: str, refused: Undone | None = None) -> HttpResponse:
    try:
        review = review_of(annex=annex, user=request.user, at=at)
    except UnknownFormatError as unknown:
        messages.error(request, str(unknown))
        return redirect("risk:workflow", annex.uid)
    if not review.changes.approves and refused is None:
        # who does not approve now reads what changed, and why they do not
        return redirect("risk:changes", annex.uid)
    if review.row is not None:
        note_reading(process=review.row.status.process, person=request.user)
    context = {
        "annex": annex,
        "review": review,
        "page": review.changes,
        "row": review.row,
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "risk/annexes/review/page.html", context, status=status)


def _approve(request, annex: Annex, process: Process) -> str:
    seen = request.POST.get("seen") or UNSEEN
    texts = request.POST.get("texts") or UNSEEN
    approve_process(process=process, by=request.user, seen=seen, texts=texts)
    state = Annex.objects.values_list("state", flat=True).get(pk=annex.pk)
    if state == AnnexState.APPROVED:
        messages.success(request, _("Fatto: era l’ultimo processo, e l’allegato è approvato."))
        return reverse("risk:workflow", args=[annex.uid])
    sentence = _("Fatto: «%(process)s» è approvato.") % {"process": process.printed}
    messages.success(request, sentence)
    return _next(request, annex)


def _remark(request, annex: Annex, process: Process) -> str:
    if not may_remark(annex=annex, process=process, by=request.user):
        raise PermissionDenied
    form = RemarkForm({"text": request.POST.get("text", "")})
    if not form.is_valid():
        raise ValidationError([one for errors in form.errors.values() for one in errors])
    about = {"row": process, "kind": RowKind.PROCESS, "process": process}
    add_remark(annex=annex, text=form.cleaned_data["text"], by=request.user, **about)
    sentence = _("Osservazione aggiunta a «%(process)s».") % {"process": process.printed}
    messages.success(request, sentence)
    return _next(request, annex)


def _return(request, annex: Annex, process: Process) -> str:
    remarks = _chosen_remarks(request, annex)
    reason = request.POST.get("text", "")
    return_annex(annex=annex, by=request.user, reason=reason, process=process, remarks=remarks)
    messages.success(request, _("Fatto: l’allegato è restituito all’ufficio."))
    return reverse("risk:workflow", args=[annex.uid])


def _chosen_remarks(request, annex: Annex) -> list[Remark]:
    """Return, of what a person remarked while reading, what they send the annex back for."""
    chosen = set(request.POST.getlist("remark"))
    made = remarked_since_submission(annex, by=request.user)
    return [row for row in made if str(row.uid) in chosen]


ACTS = {"approve": _approve, "remark": _remark, "return": _return}
"""What a head decides of a process, by the word its button sends."""


def _next(request, annex: Annex) -> str:
    """Return where the reading goes on: the process the page had as the next one."""
    address = reverse("risk:review", args=[annex.uid])
    after = request.POST.get("after", "")
    return f"{address}?processo={after}" if after else address
