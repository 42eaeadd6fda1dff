"""The form of workbooks that come back: many files at once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from registry.forms.files import sized
from registry.spreadsheets.limits import FILE_BYTES
from risk.forms.monitoring.rounds import FilesField, FilesInput

READ_FORMATS = (".xlsx", ".ods", ".zip")
"""Only what the file dialogue shows first: what a file is, its content says."""


class BooksField(FilesField):
    """Workbooks, at least one; as many as a request takes (`DATA_UPLOAD_MAX_NUMBER_FILES`)."""

    most = 200

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files that were chosen."""
        files = super().clean(data, initial)
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return files


class BooksForm(forms.Form):
    """Workbooks of answers, as many as one likes, or a ZIP of them."""

    fogli = BooksField(
        label=_("Fogli compilati"),
        allow_empty_file=True,  # that it is empty is said like all that is wrong with a file
        help_text=_("Anche molti insieme, o uno ZIP: ciascuno dice da sé di quale ufficio è."),
        widget=FilesInput(
            attrs={"multiple": True, "accept": ",".join(READ_FORMATS), **sized(FILE_BYTES)}
        ),
        error_messages={"required": _("Scegli i file.")},
    )
