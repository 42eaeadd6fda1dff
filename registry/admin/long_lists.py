"""Lists of the back office that take longer than a page waits: they go on as a job.

The job asks the same address for the same thing, as the same person (`registry.tasks`); what a page
would have shown is kept for it and shown when it is asked for again.
"""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from registry.admin.lists import query_of
from registry.enums import JobState
from registry.models import Job
from registry.responses.list_files import asked_format, list_file
from registry.services.jobs import JobRefusedError, job_files
from registry.services.list_files import READY_UP_TO
from registry.spreadsheets.tables import Table
from registry.tasks import PREVIEW, NoListError, ask_list_import, preview_file

JOB, FORMER_JOB = "operazione", "lavoro"
"""What an address says to show what came of a job, and what it said before version 0.3.1."""
STORED, FILE_NAME = "import_file_name", "original_file_name"
"""Fields of the form that confirms a file: its name in the store, and to whom brought it."""


class NeedsJobError(Exception):
    """A file that was brought takes longer than a page waits; `fields` name it and its format."""

    def __init__(self, fields: dict[str, str], reason: str) -> None:
        super().__init__(reason)
        self.fields = fields


class LongLists:
    """Lets a long list go in and out by a job; before the library's own pages."""

    # --- out -----------------------------------------------------------------------------------

    def export_action(self, request):
        """Show the form, or answer with the list, which an address that names a format asks for."""
        suffix = asked_format(request)
        if not suffix:
            return super().export_action(request)
        if not self.has_export_permission(request):
            raise PermissionDenied
        kinds = {kind.suffix: kind for kind in self.export_formats}
        if suffix not in kinds:
            raise Http404
        # the format is no filter: the list would not know it
        request.GET = query_of(request)
        table = self._export_table(request, is_native=kinds[suffix].reads_native_values)
        return list_file(request, table, suffix, name="back office", subject=self._subject)

    def _do_file_export(self, file_format, request, queryset, export_form=None):
        if queryset.count() > READY_UP_TO:
            query = query_of(request, file_format.get_extension())
            return redirect(f"{request.path}?{query.urlencode()}")
        return super()._do_file_export(file_format, request, queryset, export_form=export_form)

    def _export_table(self, request, *, is_native: bool) -> Table:
        (kind,) = self.get_export_resource_classes(request)
        resource = kind(**self.get_export_resource_kwargs(request))
        rows = resource.filter_export(self.get_export_queryset(request))
        cells = (
            resource.export_resource(row, force_native_type=is_native)
            for row in resource.iter_queryset(rows)
        )
        title = str(capfirst(self.opts.verbose_name_plural))
        return Table(title, tuple(resource.get_export_headers()), cells, rows.count)

    # --- in ------------------------------------------------------------------------------------

    def go_on_as_job(self, request, kind: str, needs: NeedsJobError) -> HttpResponse:
        """Ask for a job and lead to its page; whoever has no jobs is told what is too much."""
        try:
            job = ask_list_import(
                kind=kind,
                address=request.path,
                fields=needs.fields,
                subject=self._subject,
                title=f"{capfirst(self.opts.verbose_name_plural)}, {needs.fields[FILE_NAME]}",
                by=request.user,
            )
        except NoListError:
            messages.error(request, str(needs))
        except JobRefusedError as refused:
            messages.error(request, str(refused))
        else:
            return redirect("registry:job", job.uid)
        return redirect(self._address("import"))

    def bring_again(self, request) -> None:
        """Put the file a job is about into its request, as the person had put it."""
        fields = request.POST
        try:
            content = self.get_tmp_storage_class()(name=fields[STORED]).read()
        except FileNotFoundError as gone:
            raise Http404 from gone
        request.FILES["import_file"] = SimpleUploadedFile(fields[FILE_NAME], content)

    def kept_preview(self, request, response) -> HttpResponse:
        """Return what a page would have shown, for `shown_again`; an error of the form is said."""
        context = response.context_data
        errors = [text for texts in context["form"].errors.values() for text in texts]
        for text in errors:
            messages.error(request, text)
        confirm = context.get("confirm_form")
        kept = {"confirm": confirm.initial if confirm else None}
        if "result" in context:
            kept["result"] = _plain(context["result"])
            kept["refusals"] = [vars(refusal) for refusal in context["refusals"]]
            kept["counts"] = [(str(label), n) for label, n in context["counts"]]
        return JsonResponse(kept)

    def shown_again(self, request: HttpRequest) -> HttpResponse:
        """Show what a job has found that this person has asked for on this page, while it is kept.

        Anybody else's, or one that has found nothing, is not there.
        """
        if not self.has_import_permission(request):
            raise PermissionDenied
        own = Job.objects.visible_to(request.user).filter(by=request.user, kind=PREVIEW)
        job = get_object_or_404(own, uid=_uid(request), state=JobState.DONE)
        if job.arguments["address"] != request.path or not job_files().exists(preview_file(job)):
            raise Http404
        with job_files().open(preview_file(job)) as file:
            kept = json.load(file)
        form = self.create_import_form(request)
        context = {
            **self.admin_site.each_context(request),
            **kept,
            "form": form,
            "opts": self.opts,
            "media": self.media + form.media,
        }
        if kept["confirm"]:
            context["confirm_form"] = self.get_confirm_form_class(request)(initial=kept["confirm"])
        request.current_app = self.admin_site.name
        return TemplateResponse(request, [self.import_template_name], context)


def _uid(request: HttpRequest) -> str:
    try:
        return str(UUID(request.GET.get(JOB) or request.GET[FORMER_JOB]))
    except ValueError as error:
        raise Http404 from error


def _plain(result: Any) -> dict[str, Any]:
    """Return of the outcome of a file what its page shows."""
    return {
        "totals": result.totals,
        "diff_headers": result.diff_headers,
        "valid_rows": [
            {
                "is_new": row.is_new(),
                "is_update": row.is_update(),
                "diff": row.diff if row.is_new() or row.is_update() else [],
            }
            for row in result.valid_rows()
        ],
    }
