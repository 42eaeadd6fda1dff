"""Forms of the consultation: its address, and what anybody writes there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.forms.days import DayField
from registry.forms.people import ActForm
from registry.validators import validate_printable
from risk.enums import SenderKind
from risk.models.contributions import LONGEST
from risk.services.plans.contribution_rows import Topic


class OpenForm(ActForm):
    """Until when the address takes contributions."""

    ends_on = DayField(
        label=_("Contributi fino al"),
        help_text=_("Dopo quel giorno la bozza si legge ancora, ma il modulo è chiuso."),
    )


class PublicContributionForm(ActForm):
    """A contribution as anybody writes it.

    `site` is a trap for programs: people neither see nor reach it, and leave it empty.
    """

    sender = forms.ChoiceField(label=_("Chi scrive"), choices=SenderKind.choices)
    about = forms.ChoiceField(label=_("Su che cosa"), required=False)
    text = forms.CharField(
        label=_("Contributo"),
        max_length=LONGEST,
        validators=[validate_printable],
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Testo semplice, al massimo 5.000 caratteri. Non scrivere dati di persone."),
    )
    name = forms.CharField(
        label=_("Nome (facoltativo)"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Indirizzo di posta"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Ti mandiamo un collegamento: il contributo arriva quando lo apri."),
    )
    site = forms.CharField(
        label=_("Lascia vuoto questo campo"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, *, topics: Sequence[Topic], about: str = "") -> None:
        super().__init__(data, initial={"about": about})
        self.topics = {row.key: row for row in topics}
        self.fields["about"].choices = [(row.key, row.label) for row in topics]
        self.take_whole("text")
        for name in ("name", "text", "email"):
            self.fields[name].error_messages["null_characters_not_allowed"] = _(
                "C’è un segno che non si può tenere: va tolto."
            )

    def clean_about(self) -> Topic:
        """Return what the contribution speaks of."""
        return self.topics[self.cleaned_data["about"]]

    @property
    def is_trapped(self) -> bool:
        """Whether a program has filled in what people do not see."""
        return bool(self.data.get("site"))

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields people see."""
        return [field for field in self if field.name != "site"]

    def refuse(self, error: ValidationError) -> None:
        """Show why nothing was taken, above what was typed."""
        self.add_error(None, [str(message) for message in error.messages])
