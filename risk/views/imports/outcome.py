"""What became of a file: taken, taken back, set aside; and its problems as a file to work on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.responses.list_files import list_file
from registry.services.undo import NotUndoable
from risk.enums import ImportState
from risk.services.imports import ImportRefusedError, discard_import, undo_import
from risk.services.imports.apply import annexes_of, may_undo
from risk.services.imports.report import is_read
from risk.services.imports.subjects import import_subject
from risk.services.imports.uploads import is_long
from risk.services.reporting.listings import problems_table
from risk.tasks import ask_undo
from risk.views.imports.parts import import_of, step_of

FORMATS = ("xlsx", "csv")


@require_safe
def page(request: HttpRequest, uid) -> HttpResponse:
    """Show what became of a file; one that is on its way leads to where it has come to."""
    upload = import_of(request.user, uid)
    if upload.state == ImportState.UPLOADED and is_read(upload):
        return redirect(f"risk:{step_of(upload)}", upload.uid)
    is_taken = upload.state == ImportState.TAKEN
    context = {
        "upload": upload,
        "plan": upload.plan,
        "report": upload.report,
        "annexes": annexes_of(upload) if is_taken else [],
        "may_undo": is_taken and may_undo(upload, request.user),
    }
    return render(request, "risk/imports/outcome.html", context)


@require_safe
def problems(request: HttpRequest, uid, suffix: str) -> HttpResponse:
    """Give the rows that cannot be taken, each with its reason, as a file."""
    upload = import_of(request.user, uid)
    if suffix not in FORMATS or not upload.report.get("problems"):
        raise Http404
    table, subject = problems_table(upload), import_subject(upload)
    return list_file(request, table, suffix, name="problems", subject=subject)


@require_POST
def discard(request: HttpRequest, uid) -> HttpResponse:
    """Set a file aside that was not taken, and go back to where one is chosen."""
    upload = import_of(request.user, uid)
    try:
        discard_import(register_import=upload, by=request.user)
        messages.success(request, _("Il file è scartato: nel registro non è cambiato nulla."))
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("risk:import", upload.uid)
    return redirect("risk:import_start", upload.plan.administration.ipa_code, upload.plan.slug)


@require_POST
def undo(request: HttpRequest, uid) -> HttpResponse:
    """Take an import back as one act."""
    upload = import_of(request.user, uid)
    if is_long(upload):
        return redirect("registry:job", ask_undo(register_import=upload, by=request.user).uid)
    try:
        undo_import(register_import=upload, by=request.user)
        messages.success(
            request, _("L’importazione è annullata: il registro è tornato com’era prima.")
        )
    except (ImportRefusedError, NotUndoable) as refused:
        messages.error(request, str(refused))
    return redirect("risk:import", upload.uid)
