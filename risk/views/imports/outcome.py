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
from risk.services.imports.files import is_long
from risk.services.imports.showing import is_read
from risk.services.imports.taking import annexes_of, may_undo
from risk.services.reporting.listings import problems_table
from risk.tasks import ask_undo
from risk.views.imports.parts import import_of, step_of

FORMATS = ("xlsx", "csv")


@require_safe
def page(request: HttpRequest, uid) -> HttpResponse:
    """Show what became of a file; one that is on its way leads to where it has come to."""
    found = import_of(request.user, uid)
    if found.state == ImportState.UPLOADED and is_read(found):
        return redirect(f"risk:{step_of(found)}", found.uid)
    is_taken = found.state == ImportState.TAKEN
    context = {
        "found": found,
        "plan": found.plan,
        "report": found.report,
        "annexes": annexes_of(found) if is_taken else [],
        "may_undo": is_taken and may_undo(found, request.user),
    }
    return render(request, "risk/imports/outcome.html", context)


@require_safe
def problems(request: HttpRequest, uid, suffix: str) -> HttpResponse:
    """Give the rows that cannot be taken, each with its reason, as a file."""
    found = import_of(request.user, uid)
    if suffix not in FORMATS or not found.report.get("problems"):
        raise Http404
    table, subject = problems_table(found), f"import {found.uid}"
    return list_file(request, table, suffix, name="problems", subject=subject)


@require_POST
def discard(request: HttpRequest, uid) -> HttpResponse:
    """Set a file aside that was not taken, and go back to where one is chosen."""
    found = import_of(request.user, uid)
    try:
        discard_import(register_import=found, by=request.user)
        messages.success(request, _("Il file è scartato: nel registro non è cambiato nulla."))
    except ImportRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("risk:import", found.uid)
    return redirect("risk:import_start", found.plan.administration.ipa_code, found.plan.slug)


@require_POST
def undo(request: HttpRequest, uid) -> HttpResponse:
    """Take an import back as one act."""
    found = import_of(request.user, uid)
    if is_long(found):
        return redirect("registry:job", ask_undo(register_import=found, by=request.user).uid)
    try:
        undo_import(register_import=found, by=request.user)
        messages.success(
            request, _("L’importazione è annullata: il registro è tornato com’era prima.")
        )
    except (ImportRefusedError, NotUndoable) as refused:
        messages.error(request, str(refused))
    return redirect("risk:import", found.uid)
