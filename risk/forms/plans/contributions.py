"""Forms of the contributions to the consultation of a plan: typed in, answered."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.forms.days import DayField
from registry.forms.hints import scripted_hint
from registry.forms.people import ActForm
from registry.forms.rows_called import TypedRow
from registry.models import Plan
from risk.enums import ContributionOutcome, ContributionWay, SenderKind
from risk.models import Contribution
from risk.models.contributions import LONGEST, ChangedRow
from risk.services.plans.contribution_rows import (
    Topic,
    changed_called,
    office_topic,
    process_called,
    process_topic,
    topic_called,
    typed_again,
)

LONGEST_CHANGED = 20_000
LONGEST_REASON = 4_000


class ContributionForm(ActForm):
    """A contribution that came in by another way than the public form."""

    sender = forms.ChoiceField(label=_("Da chi"), choices=SenderKind.choices)
    way = forms.ChoiceField(
        label=_("Come è arrivato"),
        choices=[one for one in ContributionWay.choices if one[0] != ContributionWay.FORM],
    )
    received_on = DayField(label=_("Ricevuto il"))
    about = forms.ChoiceField(label=_("Su che cosa"), required=False)
    office = forms.CharField(
        label=_("Ufficio (facoltativo)"),
        required=False,
        max_length=700,
        help_text=_("Il nome o il codice, se il contributo parla di un solo ufficio."),
    )
    process = forms.CharField(
        label=_("Processo (facoltativo)"),
        required=False,
        max_length=700,
        help_text=_("Il codice o il titolo, se il contributo parla di un solo processo."),
    )
    text = forms.CharField(
        label=_("Testo"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Come è arrivato, senza i dati di chi lo ha mandato: 5.000 caratteri."),
    )
    name = forms.CharField(
        label=_("Nome di chi lo ha mandato (facoltativo)"),
        required=False,
        max_length=200,
        help_text=_("Lo vede soltanto chi tiene il piano, e si cancella dopo l’adozione."),
    )
    email = forms.EmailField(label=_("Indirizzo di posta (facoltativo)"), required=False)

    def __init__(self, data: Any = None, *, plan: Plan, topics: Sequence[Topic]) -> None:
        super().__init__(data, initial={"received_on": clock.today()})
        self.plan = plan
        body = plan.administration.ipa_code
        offices = reverse("registry:suggestions", args=[body, "uffici"])
        self.fields["office"].widget = TypedRow(offices)
        self.fields["process"].widget = TypedRow(offered_at(plan, "processi"), is_short=True)
        self.fields["about"].choices = [(row.key, row.label) for row in topics]
        self.take_whole("text")

    def clean(self) -> dict[str, Any]:
        """Put what the contribution speaks of in place of the two fields that tell it."""
        cleaned = super().clean()
        told = {name: cleaned.pop(name, "") for name in ("process", "office", "about")}
        find: dict[str, Callable[[], Topic | None]] = {
            "process": lambda: process_topic(process_called(self.plan, told["process"])),
            "office": lambda: office_topic(self.plan, told["office"]),
            "about": lambda: topic_called(self.plan, told["about"]),
        }
        # the narrowest that was filled in
        name = next((name for name in ("process", "office") if told[name]), "about")
        try:
            cleaned["topic"] = find[name]()
        except ValidationError as error:
            self.add_error(name, error)
        return cleaned


def offered_at(plan: Plan, kind: str) -> str:
    """Return the address that offers rows of a plan as one types: "tutte" or "processi"."""
    names = [plan.administration.ipa_code, plan.slug, kind]
    return reverse("risk:plan_contribution_rows", args=names)


def _put_below(data: Any) -> Any:
    """Return what was sent with the row that was looked for among the changed ones."""
    if not data or not data.get("more", "").strip():
        return data
    sent = data.copy()
    lines = [sent.get("changed", "").rstrip(), sent["more"].strip()]
    sent["changed"], sent["more"] = "\n".join(filter(None, lines)), ""
    return sent


class OutcomeForm(ActForm):
    """What has become of a contribution."""

    outcome = forms.ChoiceField(
        label=_("Esito"),
        choices=[("", _("in esame")), *ContributionOutcome.choices],
        required=False,
    )
    reason = forms.CharField(
        label=_("Motivo"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Si pubblica con l’esito."),
    )
    more = forms.CharField(
        label=_("Cerca una cosa cambiata da aggiungere (facoltativo)"),
        required=False,
        max_length=700,
        help_text=scripted_hint(
            _("Processo, capitolo o misura: «Aggiungi alle cose cambiate» lo mette sotto."),
            _("Mentre si scrive vengono proposti."),
        ),
    )
    changed = forms.CharField(
        label=_("Che cosa è cambiato nel piano (facoltativo)"),
        required=False,
        max_length=LONGEST_CHANGED,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Una riga per ogni cosa cambiata: il codice o il titolo di un processo, il titolo di "
            "un capitolo, la denominazione di una misura."
        ),
    )
    published = forms.CharField(
        label=_("Testo da pubblicare (facoltativo)"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Se il testo arrivato dice nomi o dati di persone, scrivi qui quello che si pubblica "
            "al suo posto. Vuoto: si pubblica il testo arrivato."
        ),
    )

    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        shown = {name: getattr(row, name) for name in ("outcome", "reason", "published")}
        shown["changed"] = typed_again(row.changed_rows, row.plan)
        super().__init__(_put_below(data), initial=shown)
        self.row = row
        self.fields["more"].widget = TypedRow(offered_at(row.plan, "tutte"), is_short=True)
        self.take_whole("reason", "changed", "published")

    def keep_only_changed(self) -> None:
        """Say of the lines alone what is wrong: the rest is not being saved."""
        self.is_valid()
        for name in [*self.errors]:
            if name != "changed":
                del self.errors[name]

    def clean_changed(self) -> list[ChangedRow]:
        """Return the rows the lines name."""
        return changed_called(self.row.plan, self.cleaned_data["changed"])

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of an outcome."""
        cleaned = super().clean()
        cleaned.pop("more", None)
        if cleaned.get("outcome") and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Chi decide un contributo ne scrive il motivo."))
        return cleaned
