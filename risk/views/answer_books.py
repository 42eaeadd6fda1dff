"""The answers of a round as workbooks: given out, brought back, taken and taken back."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.acts import Refused
from registry.models import Job, Office
from registry.permissions import is_rpct_of_plan, reach_of
from registry.responses.uploads import takes_files
from registry.services.trail import record_export
from registry.services.undo import NotUndoable
from registry.spreadsheets.workbook import UnreadableFile
from risk.enums import ImportState
from risk.forms.answer_books import BooksForm
from risk.models import MonitoringRound, RegisterImport
from risk.services.answer_books.files import file_name, office_book
from risk.services.answer_books.reading import read_soon
from risk.services.answer_books.uploads import (
    TAKEN,
    TAKEN_BACK,
    brought_by,
    compare_books,
    has_answers,
    is_long,
    may_bring,
    may_undo,
    start_books,
    take_books,
    undo_books,
    uploads_of,
)
from risk.services.imports.report import is_read
from risk.services.imports.uploads import discard_import
from risk.services.monitoring.rounds import subject_of_round
from risk.tasks import ask_books, ask_reading, ask_taking, ask_taking_back
from risk.views.monitoring.answers import visible_office
from risk.views.monitoring.rounds import visible_round
from risk.workbooks.drawing import TooLongError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADS_SHOWN = 20


@require_safe
def office_file(request, uid, office):
    """Give an office the workbook with what a round asks of it."""
    row = visible_round(request, uid)
    answering = visible_office(request, row, office)
    export = {"by": request.user, "subject": subject_of_round(row), "file_format": "xlsx"}
    export["detail"] = {"round": str(row.uid), "office": answering.code}
    try:
        data = office_book(row=row, office=answering)
    except (Refused, TooLongError) as refused:
        sentence = " ".join(getattr(refused, "messages", [str(refused)]))
        record_export(**export, refused_because=sentence)
        messages.error(request, sentence)
        return redirect("risk:round_office", uid, office)
    record_export(**export)
    response = HttpResponse(data, content_type=XLSX)
    name = file_name(row, answering)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _brought_for(request, uid) -> MonitoringRound:
    """Return a round the person brings workbooks of; 403 for who only reads it."""
    row = visible_round(request, uid)
    if not may_bring(request.user, row):
        raise PermissionDenied
    return row


@takes_files(settings.DATA_UPLOAD_MAX_NUMBER_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def books(request, uid):
    """Show how the workbooks of a round go out and come back; with POST read those that came."""
    row = _brought_for(request, uid)
    form = BooksForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = [(one.name, one.read()) for one in form.cleaned_data["fogli"]]
        try:
            upload = start_books(row=row, files=files, by=request.user, reading=read_soon)
        except (UnreadableFile, Refused) as refused:
            form.add_error("fogli", str(refused))
        else:
            return _read_on(request, row, upload)
    user = request.user
    own = Office.objects.filter(round_items__round=row, pk__in=reach_of(user).own_offices)
    context = {
        "round": row,
        "plan": row.plan,
        "form": form if row.is_answering else None,
        "is_rpct": is_rpct_of_plan(user, row.plan),
        "own": own.distinct().order_by("folded", "pk"),
        "uploads": uploads_of(user, row).without_reading().select_related("by")[:UPLOADS_SHOWN],
    }
    return render(request, "risk/answer_books/books.html", context)


@require_POST
def prepare(request, uid):
    """Let all workbooks of a round be put into one ZIP, and lead to where it can be had."""
    row = visible_round(request, uid)
    if not is_rpct_of_plan(request.user, row.plan):
        raise PermissionDenied
    if not row.is_answering:
        messages.error(request, _("Il monitoraggio non ha fogli da compilare."))
        return redirect("risk:round_books", uid)
    return redirect("registry:job", ask_books(row=row, by=request.user).uid)


def _read_on(request, row: MonitoringRound, upload: RegisterImport) -> HttpResponse:
    """Compare what was brought, as a job when it is long, and lead to where that is seen."""
    if is_long(upload):
        return _job(ask_reading(row=row, upload=upload, by=request.user))
    compare_books(row=row, upload=upload, by=request.user)
    return redirect("risk:round_brought", upload.uid)


def _job(job: Job) -> HttpResponse:
    return redirect("registry:job", job.uid)


def _upload(request, uid) -> tuple[MonitoringRound, RegisterImport]:
    """Return what was brought and its round, for whoever brought it and for the RPCT; else 404."""
    found = brought_by(request.user, uid)
    if found is None:
        raise Http404
    if not may_bring(request.user, found[0]):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def brought(request, uid):
    """Show what workbooks would change, or have changed; with POST take them, or set them aside."""
    row, upload = _upload(request, uid)
    if request.method != "POST":
        is_taken = upload.state == ImportState.TAKEN
        context = {
            "round": row,
            "plan": row.plan,
            "upload": upload,
            "report": upload.report,
            "is_read": is_read(upload),
            "may_undo": is_taken
            and row.is_answering
            and has_answers(upload)
            and may_undo(upload, row, request.user),
        }
        return render(request, "risk/answer_books/brought.html", context)
    chosen = _ACTS.get(request.POST.get("atto", ""))
    if chosen is None:
        return redirect("risk:round_brought", uid)
    try:
        return chosen(request, row, upload)
    except (Refused, NotUndoable) as refused:
        messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
        if upload.state == ImportState.UPLOADED and not is_long(upload):
            compare_books(row=row, upload=upload, by=request.user)
    return redirect("risk:round_brought", uid)


def _take(request, row: MonitoringRound, upload: RegisterImport) -> HttpResponse:
    asked = {"row": row, "upload": upload, "by": request.user}
    asked["digest"] = request.POST.get("digest", "")
    if is_long(upload):
        return _job(ask_taking(**asked))
    take_books(**asked)
    messages.success(request, TAKEN)
    return redirect("risk:round_brought", upload.uid)


def _undo(request, row: MonitoringRound, upload: RegisterImport) -> HttpResponse:
    if is_long(upload):
        return _job(ask_taking_back(row=row, upload=upload, by=request.user))
    undo_books(row=row, upload=upload, by=request.user)
    messages.success(request, TAKEN_BACK)
    return redirect("risk:round_brought", upload.uid)


def _set_aside(request, row: MonitoringRound, upload: RegisterImport) -> HttpResponse:
    discard_import(register_import=upload, by=request.user)
    messages.success(request, _("I fogli sono scartati: nel registro non è cambiato nulla."))
    return redirect("risk:round_books", row.uid)


_ACTS = {"leggi": _read_on, "prendi": _take, "annulla": _undo, "scarta": _set_aside}
