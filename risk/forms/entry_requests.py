"""Forms of a request for an entry of a list: what is asked, and what is decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import AreaKind
from registry.models import Annex, InstitutionalFunction, Process
from registry.models.base import CatalogueModel
from registry.validators import validate_printable, validate_prose_length
from risk.enums import MeasureCharacter, RequestedList
from risk.models import ListEntryRequest
from risk.services.entry_requests.asking import WORDS
from risk.services.entry_requests.lists import entries_of, near_entries

LABEL_LENGTH = 500
_PROSE = [validate_printable, validate_prose_length]


class AskEntryForm(forms.Form):
    """What is missed, in which list, and for which part of the process it was missed at."""

    elenco = forms.ChoiceField(label=gettext_lazy("In quale elenco"), choices=RequestedList.choices)
    voce = forms.CharField(
        label=gettext_lazy("La voce che manca"),
        max_length=LABEL_LENGTH,
        validators=[validate_printable],
    )
    perche = forms.CharField(
        label=gettext_lazy("Perché serve (facoltativo)"),
        required=False,
        validators=_PROSE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fase = forms.ModelChoiceField(
        label=gettext_lazy("Per quale fase (solo per un esecutore)"),
        queryset=None,
        to_field_name="uid",
        required=False,
        empty_label=gettext_lazy("nessuna"),
    )

    comportamento = forms.ModelChoiceField(
        label=gettext_lazy("Per quale comportamento (solo per una categoria o un fattore)"),
        queryset=None,
        to_field_name="uid",
        required=False,
        empty_label=gettext_lazy("nessuno"),
    )

    def __init__(self, *args, process: Process | None, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("fase", "phases"), ("comportamento", "behaviours")):
            if process is None:
                del self.fields[name]
            else:
                parts = getattr(process, rows).order_by("position")
                self.fields[name].queryset = parts.select_related("process__annex")

    def asked(self) -> dict[str, Any]:
        """Return what `ask_entry` wants to know of it."""
        values = self.cleaned_data
        kind = values["elenco"]
        phase = values.get("fase") if kind == RequestedList.EXECUTOR_ROLE else None
        behaviour = values.get("comportamento") if kind in WORDS else None
        told = {"kind": kind, "text": values["voce"], "reason": values["perche"]}
        return told | {"phase": phase, "behaviour": behaviour}


class AcceptForm(forms.Form):
    """The entry as it goes into the list: its name, its code, and what its kind must say."""

    denominazione = forms.CharField(
        label=gettext_lazy("Denominazione"),
        max_length=LABEL_LENGTH,
        validators=[validate_printable],
    )
    codice = forms.CharField(
        label=gettext_lazy("Codice"),
        max_length=40,
        required=False,
        validators=[validate_printable],
        help_text=gettext_lazy("Vuoto: è fatto delle parole della voce."),
    )

    def __init__(self, *args, request: ListEntryRequest, **kwargs):
        super().__init__(*args, initial={"denominazione": request.text}, **kwargs)
        self.more: dict[str, str] = {}
        if request.kind == RequestedList.RISK_AREA:
            choices = forms.ChoiceField(
                label=_("Tipo di area"), choices=AreaKind.choices, initial=AreaKind.SPECIFIC
            )
            self._ask("tipo", "kind", choices)
        elif request.kind == RequestedList.MEASURE:
            choices = forms.ChoiceField(
                label=_("Carattere"),
                choices=MeasureCharacter.choices,
                initial=MeasureCharacter.SPECIFIC,
            )
            self._ask("carattere", "character", choices)
        elif request.kind == RequestedList.MACROPROCESS:
            body = request.annex.plan.administration
            functions = InstitutionalFunction.objects.offered_to(body)
            choice = forms.ModelChoiceField(
                label=_("Funzione istituzionale"), queryset=functions, required=False
            )
            self._ask("funzione", "function", choice)

    def _ask(self, name: str, column: str, field: forms.Field) -> None:
        self.fields[name] = field
        self.more[name] = column

    def decided(self) -> dict[str, Any]:
        """Return what `accept_request` wants to know of it."""
        values = self.cleaned_data
        told = {"label": values["denominazione"], "code": values["codice"]}
        return told | {"more": {column: values[name] for name, column in self.more.items()}}


class MapForm(forms.Form):
    """The entry of the list that is what was asked for: a near one, or another by its name."""

    vicina = forms.ChoiceField(
        label=gettext_lazy("Le voci che somigliano"), required=False, widget=forms.RadioSelect
    )
    altra = forms.CharField(
        label=gettext_lazy("Un’altra voce, per denominazione o codice"),
        max_length=LABEL_LENGTH,
        required=False,
    )

    def __init__(self, *args, request: ListEntryRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        body = request.annex.plan.administration
        self.entries = entries_of(request.kind, body)
        self.near = near_entries(request.kind, body, request.text)
        self.fields["vicina"].choices = [(str(entry.pk), str(entry)) for entry in self.near]

    def clean(self):
        values = super().clean()
        values["entry"] = self._entry(values)
        return values

    def _entry(self, values) -> CatalogueModel:
        if other := values.get("altra", "").strip():
            return self._called(other)
        near = {str(entry.pk): entry for entry in self.near}
        if (entry := near.get(values.get("vicina", ""))) is None:
            raise ValidationError(_("Scegli una voce, o scrivine il nome."))
        return entry

    def _called(self, text: str) -> CatalogueModel:
        wanted = " ".join(text.split()).casefold()
        for entry in self.entries:
            if wanted in {entry.code.casefold(), entry.label.casefold(), str(entry).casefold()}:
                return entry
        raise ValidationError(_("«%(text)s» non è in elenco.") % {"text": text[:80]})


class RefuseForm(forms.Form):
    """Why the entry does not go into the list."""

    motivo = forms.CharField(
        label=gettext_lazy("Motivo"), validators=_PROSE, widget=forms.Textarea(attrs={"rows": 2})
    )


def process_of(annex: Annex, uid: str) -> Process | None:
    """Return the process of an annex that an address names, None where it names none."""
    try:
        return annex.processes.filter(uid=uid).first() if uid else None
    except ValidationError:
        return None
