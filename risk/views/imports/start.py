"""The first step of an import: the file; and the files that were brought before."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from registry.models import Plan
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from registry.spreadsheets import UnreadableFile
from risk.forms.imports.steps import FileForm
from risk.models import RegisterImport
from risk.services.imports import ImportRefusedError, start_import
from risk.services.imports.read import read_soon
from risk.services.imports.recognise.descriptions import AUTO
from risk.services.plans.moves import subject_of
from risk.services.reporting.list_heads import IMPORTS
from risk.services.reporting.listings import imports_table
from risk.views.imports.parts import RIGHT, read_on
from risk.views.plans.page import visible_plan
from risk.workbooks.books import LAYOUTS

IMPORTS_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, ipa_code, title):
    """Ask for a file and list those brought before; with POST read it by its content."""
    plan = visible_plan(request.user, ipa_code, title)
    if not request.user.has_perm(RIGHT, plan):
        raise PermissionDenied
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        plan=plan,
        user=request.user,
        office=request.GET.get("ufficio", ""),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return read_on(request.user, _start(request, plan, form))
        except (UnreadableFile, ImportRefusedError) as refused:
            form.add_error("file", str(refused))
    earlier = (
        RegisterImport.objects.visible_to(request.user)
        .of_registers()
        .filter(plan=plan)
        .without_bytes()
    )
    sorting = Sorting(request.GET, IMPORTS)
    earlier = sorting.apply(earlier.select_related("by", "office"))
    if suffix := asked_format(request):
        table, subject = imports_table(plan, earlier), subject_of(plan)
        return list_file(request, table, suffix, name="imports", subject=subject)
    context = {
        "plan": plan,
        "form": form,
        "layouts": LAYOUTS,
        "sorting": sorting,
        "page": page_of_rows(earlier, request.GET, size=IMPORTS_A_PAGE),
    }
    return render(request, "risk/imports/start.html", context)


def _start(request, plan: Plan, form: FileForm) -> RegisterImport:
    file = form.cleaned_data["file"]
    return start_import(
        plan=plan,
        office=form.cleaned_data["office"],
        filename=file.name,
        content=file.read(),
        layout=AUTO,
        by=request.user,
        reading=read_soon,
    )
