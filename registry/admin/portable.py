"""Import and export of a list, behind the same rights as its page."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm, ImportForm

from registry import trail
from registry.acts import RuleRefused, act, current_act
from registry.admin.base import RegisterAdmin
from registry.admin.limited_formats import LongFileError, limited
from registry.admin.long_lists import FORMER_JOB, JOB, LongLists, NeedsJobError
from registry.guards import is_guarded, refusal_of
from registry.normalise import fold
from registry.readable import all_grouped, grouped
from registry.services.jobs import is_in_job
from registry.services.trail import record_export, record_refusal
from registry.spreadsheets import TextCSV, TextJSON, TextODS, TextXLSX, UnreadableFile
from registry.tasks import PREVIEW, TAKING

KINDS = {
    "new": gettext_lazy("Righe nuove"),
    "update": gettext_lazy("Righe modificate"),
    "skip": gettext_lazy("Righe invariate"),
    "delete": gettext_lazy("Righe eliminate"),
}


IMPORT = "import"


class ImportUndoneError(Exception):
    """A file was refused after its rows began to be written: all of them go back."""


@dataclass(frozen=True)
class Refusal:
    """One thing wrong with a file: which row and column, the value that stands there, and why."""

    row: int | None
    column: str
    value: str
    text: str


class UploadForm(ImportForm):
    """The file and its kind."""

    import_file = forms.FileField(
        label=gettext_lazy("File da importare"),
        help_text=gettext_lazy(
            "XLSX, ODS o CSV con i titoli nella prima riga, oppure JSON; al più 10 MB."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].label = gettext_lazy("Formato del file")

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > 10 * 1024 * 1024:
            raise forms.ValidationError(_("Il file è più grande di 10 MB."))
        return file

    @property
    def media(self):
        # The guess of the format needs jQuery, which the page of the admin already has.
        return forms.Media(js=("admin/js/jquery.init.js", "import_export/guess_format.js"))


class DownloadForm(ExportForm):
    """The kind of file."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].label = gettext_lazy("Formato del file")


class PortableAdmin(LongLists, ImportExportMixin, RegisterAdmin):
    """A list that can be brought in from a file and taken out as one."""

    import_form_class = UploadForm
    export_form_class = DownloadForm
    gives_list = False
    # The rows keep their history; the admin's own log would say the same in English.
    skip_admin_log = True
    export_formats = (TextXLSX, TextCSV, TextODS, TextJSON)
    import_formats = tuple(map(limited, export_formats))

    def has_import_permission(self, request):
        return self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    # --- in ------------------------------------------------------------------------------------

    def get_import_data_kwargs(self, request, *args, **kwargs):
        return {"rollback_on_validation_errors": True}

    def import_action(self, request, **kwargs):
        """Show the form, then what the file would do, or what is wrong with it.

        A long file goes on as a job, which comes here again.
        """
        if {JOB, FORMER_JOB} & request.GET.keys():
            return self.shown_again(request)
        if is_in_job():
            self.bring_again(request)
        try:
            response = super().import_action(request, **kwargs)
        except NeedsJobError as needs:
            return self.go_on_as_job(request, PREVIEW, needs)
        context = getattr(response, "context_data", None)
        if context is not None and "result" in context:
            result, resource = context["result"], self._resource(request)
            context["refusals"] = refusals_of(result, resource)
            if context["refusals"]:
                self._record_refusal(request, context["refusals"])
            context["notes"] = getattr(result, "notes", [])
            context["counts"] = [
                (KINDS[name], n) for name, n in result.totals.items() if name in KINDS
            ]
        return self.kept_preview(request, response) if is_in_job() else response

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Write the file that was shown; what has changed since is refused like any error."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        if not form.is_valid():
            return super().process_import(request, **kwargs)
        try:
            return self._written(request, form)
        except LongFileError as long:
            return self.go_on_as_job(request, TAKING, NeedsJobError(form.cleaned_data, str(long)))
        except ImportUndoneError as undone:
            (refusals,) = undone.args
            self._record_refusal(request, refusals)
            for refusal in refusals[:10]:
                messages.error(request, sentence_of(refusal))
        except IntegrityError as error:
            messages.error(request, refusal_of(error))
            if not is_guarded(error):
                self._record_refusal(request, [Refusal(None, "", "", refusal_of(error))])
        except RuleRefused as error:
            # the act it has undone is on the trail
            messages.error(request, error.messages[0])
        except ValidationError as error:
            messages.error(request, error.messages[0])
            self._record_refusal(request, [Refusal(None, "", "", error.messages[0])])
        except UnreadableFile as error:
            messages.error(request, str(error))
        except FileNotFoundError:
            messages.error(request, _("Il file non c’è più: caricarlo di nuovo."))
        return HttpResponseRedirect(self._address("import"))

    def _written(self, request, form):
        """Write a file as one act with one record, also when every row was already as in it.

        It is read before the act: nobody waits for that.
        """
        kind = self.get_import_formats()[int(form.cleaned_data["format"])]
        store = self.get_tmp_storage_class()(name=form.cleaned_data["import_file_name"])
        dataset = kind().create_dataset(store.read())
        with act(IMPORT, by=request.user, subject=self._subject) as opened:
            response = self.process_result(self.process_dataset(dataset, form, request), request)
        if not opened.has_touched and opened.detail:
            trail.write(kind=IMPORT, by=request.user, subject=self._subject, detail=opened.detail)
        store.remove()
        return response

    def process_result(self, result, request):
        """Say what was written; nothing was, when a single row was refused."""
        if result.has_errors() or result.has_validation_errors():
            raise ImportUndoneError(refusals_of(result, self._resource(request)))
        current_act().detail.update({name: result.totals[name] for name in KINDS})
        return super().process_result(result, request)

    def _record_refusal(self, request, refusals):
        """Write the refused file on the trail: how much was wrong with it, and what came first."""
        reason = _("%(n)s cose da correggere. %(first)s") % {
            "n": grouped(len(refusals)),
            "first": sentence_of(refusals[0]),
        }
        record_refusal(kind=IMPORT, by=request.user, subject=self._subject, reason=reason)

    @property
    def _subject(self):
        return f"list {self.opts.label_lower}"

    def add_success_message(self, result, request):
        counts = _("%(new)s nuove, %(update)s modificate, %(skip)s invariate")
        messages.success(
            request, _("Importazione conclusa, righe: %s.") % (counts % all_grouped(result.totals))
        )

    def add_data_read_fail_error_to_form(self, form, e):
        if isinstance(e, LongFileError):
            raise NeedsJobError(self.get_confirm_form_initial(None, form), str(e)) from e
        known = isinstance(e, UnreadableFile)
        text = str(e) if known else _("Il file non si legge: controllare il formato scelto.")
        form.add_error("import_file", text)

    # --- out -----------------------------------------------------------------------------------

    def get_export_data(self, file_format, request, queryset, **kwargs):
        """Return the bytes of the file, with numbers and dates as such where the file has them."""
        kwargs.pop("encoding", None)
        data = self.get_data_for_export(
            request, queryset, force_native_type=file_format.reads_native_values, **kwargs
        )
        record_export(
            by=request.user,
            subject=self._subject,
            file_format=file_format.get_extension(),
            rows=len(data),
        )
        return file_format.export_data(data)

    def get_export_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def get_export_filename(self, request, queryset, file_format):
        name = fold(str(self.opts.verbose_name_plural)).replace(" ", "-").replace("'", "-")
        return f"{name}.{file_format.get_extension()}"

    def _resource(self, request):
        return self.get_import_resource_classes(request)[0](user=request.user)

    def _address(self, act):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{act}")


def sentence_of(refusal: Refusal) -> str:
    """Return a refusal as one sentence."""
    where = _("Riga %d") % refusal.row if refusal.row else _("File")
    column = f", {refusal.column}" if refusal.column else ""
    return f"{where}{column}: {refusal.text}"


def refusals_of(result, resource) -> list[Refusal]:
    """Return what is wrong with a file, row by row; the row is counted as the spreadsheet does."""
    if result.base_errors:
        # What is wrong with the columns is wrong in every row: said once.
        return [Refusal(None, "", "", str(error.error)) for error in result.base_errors]
    refusals = []
    for invalid in result.invalid_rows:
        values = dict(zip(result.diff_headers, invalid.values, strict=False))
        for name, texts in invalid.error_dict.items():
            title = resource.title_of(name)
            value = str(values.get(title) or "")
            refusals += [Refusal(invalid.number + 1, title, value, text) for text in texts]
    for number, errors in result.row_errors():
        for error in errors:
            known = isinstance(error.error, IntegrityError)
            text = refusal_of(error.error) if known else _("La riga non si legge.")
            refusals.append(Refusal(number + 1, "", "", text))
    return sorted(refusals, key=lambda refusal: refusal.row)
