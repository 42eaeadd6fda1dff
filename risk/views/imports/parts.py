"""What the pages of an import share: whose it is, which step comes next, reading it once more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from risk.enums import ImportState
from risk.forms.imports.steps import OfficeForm
from risk.models import RegisterImport
from risk.services.imports.map import HEADER_ROW
from risk.services.imports.report import is_read, open_questions, refresh_import
from risk.services.imports.uploads import choose_office, is_long
from risk.tasks import ask_preview

RIGHT = "risk.import_register"
COLUMNS, VALUES, PREVIEW = "import_columns", "import_values", "import_preview"


def import_of(user: Any, uid: UUID) -> RegisterImport:
    """Return the import of an address: for whoever brought the file and for the RPCT, else 404."""
    rows = (
        RegisterImport.objects.visible_to(user)
        .of_registers()
        .select_related("plan__administration", "office", "by")
    )
    upload = get_object_or_404(rows.defer("content", "tables"), uid=uid)
    if not user.has_perm(RIGHT, upload.plan):
        raise PermissionDenied
    return upload


def step_of(upload: RegisterImport) -> str:
    """Return the name of the address where a file on its way has come to."""
    report = upload.report
    no_table = not report.get("tables")
    is_broken = no_table and not report.get("sheets")
    if is_broken:
        return PREVIEW
    if no_table or not (_has_named_columns(upload) or report["is_certain"]):
        return COLUMNS
    return VALUES if open_questions(upload) else PREVIEW


def _has_named_columns(upload: RegisterImport) -> bool:
    return any(set(columns) - {HEADER_ROW} for columns in upload.mapping.values())


def read_on(user: Any, upload: RegisterImport) -> HttpResponse:
    """Read a file that is on its way, as a job when it is long, and lead to where it goes on."""
    if is_long(upload):
        return redirect("registry:job", ask_preview(register_import=upload, by=user).uid)
    refresh_import(register_import=upload, by=user)
    return redirect(f"risk:{step_of(upload)}", upload.uid)


def elsewhere(request: HttpRequest, upload: RegisterImport) -> HttpResponse | None:
    """Return where to go instead of a step: for a file that is not on its way, or not read yet."""
    if upload.state == ImportState.UPLOADED and is_read(upload):
        return None
    if request.method == "POST":
        messages.error(request, _("Il file è già stato importato o scartato."))
    return redirect("risk:import", upload.uid)


def asks_office(upload: RegisterImport) -> bool:
    """Return whether rows of a file may have no office: nobody has said it, and not every table."""
    says_it = (
        "office" in table["said_above"] or any(one["field"] == "office" for one in table["columns"])
        for table in upload.report["tables"]
    )
    return not (upload.office_id or all(says_it))


def office_beside(request: HttpRequest, upload: RegisterImport) -> OfficeForm | None:
    """Return what asks for the office together with other questions, None when it is known."""
    if not asks_office(upload):
        return None
    data = request.POST if request.method == "POST" else None
    return OfficeForm(data, plan=upload.plan, user=request.user, is_beside=True)


def keep_office(upload: RegisterImport, form: OfficeForm | None) -> None:
    """Keep the office a person has named beside other answers; raises `ImportRefusedError`."""
    if form is not None and form.cleaned_data["office"]:
        choose_office(register_import=upload, office=form.cleaned_data["office"])
