"""The annexes as workbooks: one annex, a whole plan, and empty ones to fill in."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.models import Annex, Plan
from registry.services.trail import record_export
from registry.trail.subjects import annex_subject
from risk.enums import Layout
from risk.services.annexes.lookup import visible_annex
from risk.services.plans.moves import subject_of
from risk.services.workbooks import files as annex_files
from risk.tasks import ask_plan_workbook, ask_workbook
from risk.views.plans.page import visible_plan
from risk.workbooks.books import LAYOUTS
from risk.workbooks.drawing import TooLongError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def annex_workbook(request, uid, layout):
    """Give an annex as a workbook; a long one is made outside the page."""
    annex = _annex(request.user, uid, layout)
    context = {
        "annex": annex,
        "subject": annex.printed_office_name,
        "prepare": reverse("risk:prepare_workbook", args=[annex.uid, layout]),
    }
    if annex_files.is_long_workbook([annex]):
        return render(request, "risk/workbooks/page.html", context)
    write = partial(annex_files.annex_workbook, annex=annex, layout=layout)
    return _given(request, write, layout, annex_subject(annex), context)


@require_POST
def prepare_workbook(request, uid, layout):
    """Let the workbook of an annex be made outside the page, and lead to where it can be had."""
    annex = _annex(request.user, uid, layout)
    job = ask_workbook(annex=annex, layout=layout, by=request.user)
    return redirect("registry:job", job.uid)


@require_safe
def plan_workbook(request, ipa_code, title, layout):
    """Give the annexes of a plan a person reads as one workbook, a sheet for each."""
    plan = _plan(request.user, ipa_code, title, layout)
    annexes = annex_files.annexes_of(plan=plan, user=request.user)
    if not annexes:
        raise Http404
    place = [plan.administration.ipa_code, plan.slug, layout]
    context = {
        "plan": plan,
        "subject": plan.title,
        "prepare": reverse("risk:prepare_plan_workbook", args=place),
    }
    if annex_files.is_long_workbook(annexes):
        return render(request, "risk/workbooks/page.html", context)
    write = partial(annex_files.plan_workbook, plan=plan, layout=layout, annexes=annexes)
    return _given(request, write, layout, subject_of(plan), context)


@require_POST
def prepare_plan_workbook(request, ipa_code, title, layout):
    """Let the workbook of a plan be made outside the page, and lead to where it can be had."""
    plan = _plan(request.user, ipa_code, title, layout)
    job = ask_plan_workbook(plan=plan, layout=layout, by=request.user)
    return redirect("registry:job", job.uid)


@require_safe
def empty_workbook(request, ipa_code, title, layout):
    """Give an empty workbook of a layout, with the lists of the body in its drop-downs."""
    plan = _plan(request.user, ipa_code, title, layout)
    data = annex_files.empty_workbook(plan=plan, layout=layout)
    detail = {"layout": str(layout), "form": True}
    record_export(by=request.user, subject=subject_of(plan), file_format="xlsx", detail=detail)
    return _file(data, annex_files.file_name(subject=_("vuoto"), layout=layout))


def _annex(user, uid, layout: Layout) -> Annex:
    if layout not in LAYOUTS:
        raise Http404
    return visible_annex(user, uid)


def _plan(user, ipa_code: str, title: str, layout: Layout) -> Plan:
    if layout not in LAYOUTS:
        raise Http404
    return visible_plan(user, ipa_code, title)


def _given(request, write, layout: Layout, subject: str, context) -> HttpResponse:
    """Answer a workbook, or a page that says why it cannot be; both go on the trail."""
    export = {"by": request.user, "subject": subject, "file_format": "xlsx"}
    export["detail"] = {"layout": str(layout)}
    try:
        data = write()
    except TooLongError as error:
        record_export(**export, refused_because=str(error))
        context |= {"refusal": str(error)}
        return render(request, "risk/workbooks/page.html", context, status=409)
    record_export(**export)
    return _file(data, annex_files.file_name(subject=context["subject"], layout=layout))


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
