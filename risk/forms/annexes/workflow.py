"""Forms of the workflow: a file to verify, and the protocol of an issue."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.forms.people import ActForm, DayField

MOST_BYTES = 64 * 1024 * 1024


class VerifyForm(forms.Form):
    """A file somebody holds and wants to compare with what was issued."""

    file = forms.FileField(
        label=_("documento da verificare"),
        help_text=_(
            "Il PDF così come ricevuto, anche firmato (.pdf o .p7m). Non viene conservato."
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("Il file supera i 64 MB: non può essere un’emissione."))
        return file


class ProtocolForm(ActForm):
    """Number and day an issue was registered under; both empty to take them away."""

    protocol_number = forms.CharField(
        label=_("Numero di protocollo"), max_length=60, required=False
    )
    protocol_date = DayField(label=_("Data di protocollo"), required=False)
