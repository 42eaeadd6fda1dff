"""Forms of remarks: what is remarked and answered, and which remarks a page lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.people import ActForm
from registry.validators import validate_printable, validate_prose_length
from risk.models import Remark

OPEN, CLOSED, ALL = "aperte", "chiuse", "tutte"
MINE = "mie"


def _prose(label) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_printable, validate_prose_length],
    )


class RemarkForm(ActForm):
    """A new remark, and the step it stops, if any."""

    text = _prose(_("Osservazione"))
    blocks = forms.ChoiceField(
        label=_("Blocca un passo"),
        required=False,
        help_text=_("Il passo che non si può fare finché l’osservazione è aperta."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        steps = Remark._meta.get_field("blocks").choices
        self.fields["blocks"].choices = [("", _("nessuno: è solo un’osservazione")), *steps]
        self.fields["text"].error_messages["required"] = _("Scrivi l’osservazione.")


class AnswerForm(ActForm):
    """An answer."""

    text = _prose(_("Risposta"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = _("Scrivi la risposta.")


class RemarkFilter(forms.Form):
    """Which remarks of an annex are shown: the open ones unless said, of anybody or one's own."""

    stato = forms.ChoiceField(
        label=_("Stato"),
        required=False,
        choices=[(OPEN, _("aperte")), (CLOSED, _("chiuse")), (ALL, _("tutte"))],
    )
    di = forms.ChoiceField(
        label=_("Di chi"), required=False, choices=[("", _("di tutti")), (MINE, _("le mie"))]
    )

    def apply(self, rows, *, user):
        """Return the remarks the filter lets through; what is not a choice filters nothing."""
        self.is_valid()
        state, whose = self.cleaned_data.get("stato") or OPEN, self.cleaned_data.get("di")
        if state != ALL:
            rows = rows.filter(closed_at__isnull=state == OPEN)
        return rows.filter(by=user) if whose == MINE else rows
