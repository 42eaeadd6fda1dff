"""Forms of the back office: one stale version, one refusal of the database, said in Italian."""

from collections.abc import Iterable, Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.validators import long_word_warning

STALE = _(
    "Un’altra persona ha salvato questa scheda mentre la si compilava: nulla è stato "
    "sovrascritto. Aprire la scheda aggiornata in un’altra finestra, confrontarla con il testo "
    "qui sotto e riportarvi le proprie modifiche."
)


class BackOfficeForm(forms.ModelForm):
    """The form of one row in the admin.

    A form that showed an older version of the row is refused, with the typed text kept. `refusal`
    is what the database answered to the same form a moment ago, shown as an error of the form.
    """

    refusal = None

    def clean(self):
        """Refuse the form when the row has moved on, or when the database refused it."""
        cleaned = super().clean()
        if self.refusal:
            raise ValidationError(self.refusal, code="refused")
        version = self.cleaned_data.get("version")
        if self.instance.pk and version is not None:
            rows = type(self.instance)._base_manager
            if not rows.filter(pk=self.instance.pk, version=version).exists():
                raise ValidationError(STALE, code="stale")
        return cleaned


def long_words_in(saved: Iterable[forms.BaseForm]) -> Iterator[str]:
    """Yield a sentence for each field of saved forms where blanks may have been lost."""
    for form in saved:
        for name in form.changed_data:
            value = form.cleaned_data.get(name)
            if isinstance(value, str) and (warning := long_word_warning(value)):
                yield f"{form.fields[name].label}: {warning}"
