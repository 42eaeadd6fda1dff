"""The steps of a file on its way in: its columns, its values, what taking it would do."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from risk.enums import ImportState
from risk.forms.imports.answers import AnswersForm, given
from risk.forms.imports.steps import ColumnsForm, OfficeForm
from risk.models import RegisterImport
from risk.services.imports import ImportRefusedError, apply_import
from risk.services.imports.ledger import QuestionKind
from risk.services.imports.report import ShownProcesses, open_questions, refresh_import
from risk.services.imports.uploads import (
    answer_questions,
    choose_columns,
    choose_office,
    forget_answer,
    forget_answers,
    is_long,
    remember_answers,
)
from risk.tasks import ask_import
from risk.views.annexes.undo import say_imported
from risk.views.imports.parts import (
    asks_office,
    elsewhere,
    import_of,
    keep_office,
    office_beside,
    read_on,
)

PROCESSES_A_PAGE = 50
PROBLEMS_SHOWN = 200
"""The rest is in the file of problems."""


@require_POST
def read_again(request: HttpRequest, uid) -> HttpResponse:
    """Read the file and compare it with the register as it is now."""
    upload = import_of(request.user, uid)
    if upload.state != ImportState.UPLOADED:
        return redirect("risk:import", upload.uid)
    return read_on(request.user, upload)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, uid) -> HttpResponse:
    """Show the columns of the file beside our fields; with POST keep what a person says of them."""
    upload = import_of(request.user, uid)
    if other := elsewhere(request, upload):
        return other
    is_post = request.method == "POST"
    form = ColumnsForm(
        request.POST if is_post else None,
        report=upload.report,
        plan=upload.plan,
        initial={"layout": upload.layout},
    )
    office_form = office_beside(request, upload)
    # other rows of heads have other columns: what is chosen for these does not count
    is_found_anew = "rileggi" in request.POST
    is_said = form.is_valid() and (office_form is None or office_form.is_valid())
    if is_post and (is_said or (is_found_anew and not form.row_errors())):
        try:
            choose_columns(
                register_import=upload,
                layout=form.cleaned_data.get("layout") or upload.layout,
                mapping=form.said_rows() if is_found_anew else form.mapping(upload.mapping),
                heads={} if is_found_anew else form.heads(),
                by=request.user,
                places={} if is_found_anew else form.said_places(),
            )
            if is_said:
                keep_office(upload, office_form)
        except ImportRefusedError as refused:
            messages.error(request, str(refused))
            return redirect("risk:import", upload.uid)
        answer = read_on(request.user, upload)
        return redirect("risk:import_columns", upload.uid) if is_found_anew else answer
    context = {
        "upload": upload,
        "plan": upload.plan,
        "report": upload.report,
        "form": form,
        "office_form": office_form,
    }
    return render(request, "risk/imports/columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def values(request: HttpRequest, uid) -> HttpResponse:
    """Ask for what stands for nothing known, once each; with POST keep the answers."""
    upload = import_of(request.user, uid)
    if other := elsewhere(request, upload):
        return other
    if "ricomincia" in request.POST:
        return _answered(request, upload, None)
    if "valore" in request.POST:
        return _forgotten(request, upload)
    questions = open_questions(upload)
    is_post = request.method == "POST"
    form = AnswersForm(request.POST if is_post else None, questions=questions, plan=upload.plan)
    office_form = office_beside(request, upload)
    if is_post and form.is_valid() and (office_form is None or office_form.is_valid()):
        return _answered(request, upload, form.answers(), office_form)
    context = {
        "upload": upload,
        "plan": upload.plan,
        "form": form,
        "office_form": office_form,
        "count": len(questions),
        "given": given(upload.answers, upload.plan),
    }
    return render(request, "risk/imports/values.html", context)


def _answered(
    request: HttpRequest,
    upload: RegisterImport,
    answers: dict | None,
    office_form: OfficeForm | None = None,
) -> HttpResponse:
    """Keep answers, or with None forget all; read the file again once none is missing."""
    try:
        if answers is None:
            forget_answers(register_import=upload)
        else:
            answer_questions(register_import=upload, answers=answers)
            remember_answers(register_import=upload, answers=answers, by=request.user)
            keep_office(upload, office_form)
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("risk:import", upload.uid)
    if answers is not None and open_questions(upload):
        return redirect("risk:import_values", upload.uid)
    return read_on(request.user, upload)


def _forgotten(request: HttpRequest, upload: RegisterImport) -> HttpResponse:
    """Take one answer back and ask it again."""
    kind, value = request.POST.get("tipo", ""), request.POST["valore"]
    try:
        forget_answer(register_import=upload, kind=kind, value=value)
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("risk:import", upload.uid)
    return read_on(request.user, upload)


@require_POST
def office(request: HttpRequest, uid) -> HttpResponse:
    """Keep the office of the rows that name none, and read the file again."""
    upload = import_of(request.user, uid)
    if other := elsewhere(request, upload):
        return other
    form = OfficeForm(request.POST, plan=upload.plan, user=request.user)
    if not form.is_valid():
        messages.error(request, form.errors["office"][0])
        return redirect("risk:import_preview", upload.uid)
    try:
        choose_office(register_import=upload, office=form.cleaned_data["office"])
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("risk:import", upload.uid)
    return read_on(request.user, upload)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, uid) -> HttpResponse:
    """Show what taking the file would do; with POST settle the conflicts, or take it."""
    upload = import_of(request.user, uid)
    if other := elsewhere(request, upload):
        return other
    refusal = ""
    if request.method == "POST" and "digest" in request.POST:
        try:
            return _take(request, upload)
        except ImportRefusedError as refused:
            refusal = str(refused)
        upload = import_of(request.user, uid)
        if upload.state != ImportState.UPLOADED:
            messages.error(request, refusal)
            return redirect("risk:import", upload.uid)
        if not is_long(upload):
            refresh_import(register_import=upload, by=request.user)
    conflicts = _conflicts(request, upload)
    if conflicts.is_bound and conflicts.is_valid():
        return _answered(request, upload, conflicts.answers())
    report = upload.report
    processes = Paginator(ShownProcesses(upload), PROCESSES_A_PAGE)
    context = {
        "upload": upload,
        "plan": upload.plan,
        "report": report,
        "refusal": refusal,
        "at": parse_datetime(report["at"]),
        "problems": report["problems"][:PROBLEMS_SHOWN],
        "problems_left": max(0, len(report["problems"]) - PROBLEMS_SHOWN),
        "questions": open_questions(upload),
        "conflicts": conflicts,
        "office_form": _office_form(request, upload),
        "page": processes.get_page(request.GET.get("pagina")),
    }
    return render(request, "risk/imports/preview.html", context, status=409 if refusal else 200)


def _conflicts(request: HttpRequest, upload: RegisterImport) -> AnswersForm:
    sides = {one["key"]: one for one in upload.report["conflicts"]}
    questions = [
        {**question, **sides.get(question["value"], {})}
        for question in upload.report["questions"]
        if question["kind"] == QuestionKind.CONFLICT
    ]
    is_post = request.method == "POST" and "digest" not in request.POST
    return AnswersForm(request.POST if is_post else None, questions=questions, plan=upload.plan)


def _take(request: HttpRequest, upload: RegisterImport) -> HttpResponse:
    """Take the file as it was shown and lead to what was done; raises `ImportRefusedError`."""
    digest = request.POST["digest"]
    if is_long(upload):
        job = ask_import(register_import=upload, digest=digest, by=request.user)
        return redirect("registry:job", job.uid)
    apply_import(register_import=upload, digest=digest, by=request.user)
    upload = import_of(request.user, upload.uid)
    say_imported(request, upload)
    return redirect("risk:import", upload.uid)


def _office_form(request: HttpRequest, upload: RegisterImport) -> OfficeForm | None:
    """Return what asks for the office, where rows may be refused because the file has none."""
    if not (upload.report["problems"] and asks_office(upload)):
        return None
    return OfficeForm(plan=upload.plan, user=request.user)
