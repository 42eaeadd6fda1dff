"""What is said of a chapter on its page: its approval, the remarks made on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from registry.acts import Refused
from risk.forms.plans.chapters import ChapterRemarkForm, ClosingForm
from risk.models import Chapter
from risk.services.plans.chapter_review import (
    add_chapter_remark,
    approve_chapter,
    close_chapter_remark,
    may_close,
    refusal_to_approve,
)
from risk.views.plans.own_rows import refusal_of


def reviewed(request, row: Chapter, form: ChapterRemarkForm | None = None) -> dict[str, Any]:
    """Return what the page says of a chapter that comes with its plan and `with_review`."""
    remarks = list(row.remarks.select_related("by", "closed_by").order_by("pk"))
    for remark in remarks:
        remark.chapter = row
        remark.closable = remark.is_open and may_close(remark, request.user)
    return {
        **approval_of(request, row),
        "remarks": remarks,
        "left_open": _left_open(row),
        "may_remark": request.user.has_perm("risk.remark_chapter", row.plan),
        "remark_form": form or ChapterRemarkForm(),
    }


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


def review_chapter(request, row: Chapter, page: str) -> HttpResponse | ChapterRemarkForm:
    """Do what a button beside a chapter asks; return the way back, or the form that says why not.

    `page` is the address of the chapter. Raises Http404 for an act there is none of.
    """
    acts = {"approva": _approve, "osserva": _remark, "chiudi": _close}
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


def _close(request, row: Chapter) -> None:
    form = ClosingForm(request.POST)
    if not form.is_valid():
        raise ValidationError([str(one) for said in form.errors.values() for one in said])
    remark = get_object_or_404(row.remarks.all(), uid=form.cleaned_data["uid"])
    remark.chapter = row
    close_chapter_remark(remark=remark, reply=form.cleaned_data["reply"], by=request.user)
    messages.success(request, _("Osservazione chiusa."))
