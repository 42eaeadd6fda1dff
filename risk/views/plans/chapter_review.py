"""What is said of a chapter on its page: its approval, the remarks made on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from registry.acts import Refused
from risk.forms.plans.chapters import ChapterRemarkForm, ChapterReplyForm
from risk.models import Chapter, ChapterRemarkAnswer
from risk.services.plans.chapter_review import (
    add_chapter_remark,
    answer_chapter_remark,
    approve_chapter,
    close_chapter_remark,
    may_close,
    refusal_to_approve,
)
from risk.views.plans.own_rows import refusal_of


def reviewed(
    request, row: Chapter, form: ChapterRemarkForm | ChapterReplyForm | None = None
) -> dict[str, Any]:
    """Return what the page says of a chapter that comes with its plan and `with_review`.

    `form` is what was typed and refused.
    """
    answers = Prefetch("answers", ChapterRemarkAnswer.objects.select_related("by"))
    remarks = row.remarks.select_related("by", "closed_by").prefetch_related(answers)
    remarks = list(remarks.order_by("pk"))
    typed = form if isinstance(form, ChapterReplyForm) else None
    for remark in remarks:
        remark.chapter = row
        remark.closable = remark.is_open and may_close(remark, request.user)
        remark.form = _form_of(remark, typed)
    return {
        **approval_of(request, row),
        "remarks": remarks,
        "left_open": _left_open(row),
        "may_remark": request.user.has_perm("risk.remark_chapter", row.plan),
        "remark_form": form if form and not typed else _new_form(remarks, typed),
    }


def _new_form(remarks, typed: ChapterReplyForm | None) -> ChapterRemarkForm:
    """Return the form of a new remark; what came too late for a closed one can be said there."""
    is_late = typed and typed.cleaned_data["uid"] in {row.uid for row in remarks if row.closed_at}
    return ChapterRemarkForm(initial={"text": typed.cleaned_data["reply"]} if is_late else None)


def _form_of(remark, typed: ChapterReplyForm | None) -> ChapterReplyForm:
    """Return the form to answer a remark, with what was typed there and refused."""
    if typed is not None and typed.cleaned_data["uid"] == remark.uid:
        typed.auto_id = f"id_{remark.uid}_%s"
        return typed
    form = ChapterReplyForm(initial={"uid": remark.uid}, auto_id=f"id_{remark.uid}_%s")
    if not remark.closable:
        form.fields["reply"].label = _("Risposta")
    return form


def approval_of(request, row: Chapter) -> dict[str, Any]:
    """Return what the page says of the approval of a chapter."""
    given = row.approvals.select_related("by") if row.approved_digest else row.approvals.none()
    return {
        "row": row,
        "plan": row.plan,
        "approval": given.first(),
        "refusal": refusal_to_approve(row, request.user),
    }


def _left_open(row: Chapter) -> list:
    """Return the remarks that are still open on the chapter this one was copied from."""
    if not row.had_open_remarks:
        return []
    return list(row.origin.remarks.filter(closed_at__isnull=True).select_related("by"))


def review_chapter(
    request, row: Chapter, page: str
) -> HttpResponse | ChapterRemarkForm | ChapterReplyForm:
    """Do what a button beside a chapter asks; return the way back, or the form that says why not.

    `page` is the address of the chapter. Raises Http404 for an act there is none of.
    """
    acts = {"approva": _approve, "osserva": _remark}
    acts |= {"rispondi": _reply, "chiudi": _reply}
    asked = request.POST.get("atto", "")
    if asked not in acts:
        raise Http404
    right = "approve" if asked == "approva" else "remark"
    if not request.user.has_perm(f"risk.{right}_chapter", row.plan):
        raise PermissionDenied
    try:
        refused = acts[asked](request, row)
    except (Refused, ValidationError) as error:
        messages.error(request, refusal_of(error))
        refused = None
    return refused or redirect(page)


def _approve(request, row: Chapter) -> None:
    approve_chapter(row=row, seen=request.POST.get("visto", ""), by=request.user)
    messages.success(request, _("Approvato: «%(row)s».") % {"row": row})


def _remark(request, row: Chapter) -> ChapterRemarkForm | None:
    form = ChapterRemarkForm(request.POST)
    if not form.is_valid():
        return form
    add_chapter_remark(row=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("Osservazione aggiunta."))
    return None


def _reply(request, row: Chapter) -> ChapterReplyForm | None:
    """Answer a remark, or close it, with what was typed."""
    form = ChapterReplyForm(request.POST)
    form.full_clean()
    if "uid" in form.errors:
        raise Http404
    remark = get_object_or_404(row.remarks.all(), uid=form.cleaned_data["uid"])
    remark.chapter = row
    is_answer = request.POST["atto"] == "rispondi"
    if is_answer and not request.POST.get("reply", "").strip():
        form.add_error("reply", _("Scrivi la risposta."))
    if not form.is_valid():
        return form
    try:
        if is_answer:
            answer_chapter_remark(remark=remark, text=form.cleaned_data["reply"], by=request.user)
        else:
            reply = form.cleaned_data["reply"]
            close_chapter_remark(remark=remark, reply=reply, by=request.user)
    except (Refused, ValidationError) as refused:
        messages.error(request, refusal_of(refused))
        # shown again where it can still be said, so that nothing typed is lost
        return form if form.cleaned_data["reply"] else None
    messages.success(request, _("Risposta aggiunta.") if is_answer else _("Osservazione chiusa."))
    return None
