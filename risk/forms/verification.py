"""The form of a file somebody wants to compare with what was issued."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.forms.files import sized
from risk.services.verification.unpacking import MOST_BYTES


class VerifyForm(forms.Form):
    """A file, and the signature that came apart from it."""

    file = forms.FileField(
        label=_("documento da verificare"),
        help_text=_(
            "Il file così come ricevuto: il PDF, anche con firme, la busta (.p7m, .tsd, ASiC, "
            "S/MIME) o l’archivio ZIP. Non viene conservato."
        ),
        widget=forms.FileInput(attrs=sized(MOST_BYTES)),
    )
    signature = forms.FileField(
        label=_("firma separata"),
        required=False,
        help_text=_("Il .p7s o .p7m, solo se la firma è in un file a parte."),
        widget=forms.FileInput(attrs=sized(MOST_BYTES)),
    )

    def clean(self):
        """Refuse files too large to be an issue."""
        cleaned = super().clean()
        for name in self.fields:
            file = cleaned.get(name)
            if file and file.size > MOST_BYTES:
                self.add_error(
                    name,
                    ValidationError(_("Il file supera i 64 MB: non può essere un’emissione.")),
                )
        return cleaned
