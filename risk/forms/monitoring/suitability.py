"""Forms of what is judged of a measure, and of what the next edition makes of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.people import ActForm
from risk.models import EditionProposal, Suitability


def _prose(model: Any, name: str) -> forms.CharField:
    field = model._meta.get_field(name)
    widget = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})
    return field.formfield(widget=widget, max_length=2000)


class SuitabilityForm(ActForm):
    """How fit a measure was in a year, and why."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    judgement = Suitability._meta.get_field("judgement").formfield(label=_("La misura è"))
    factor = Suitability._meta.get_field("factor").formfield(
        label=_("Il fattore abilitante"),
        help_text=_("Ciò che rende possibile il rischio e che la misura doveva togliere."),
    )
    motivation = _prose(Suitability, "motivation")


class ProposalForm(ActForm):
    """Whether an edition takes what was proposed to it, and why."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    is_taken = forms.TypedChoiceField(
        label=_("La proposta"),
        choices=(("", _("(scegli)")), ("si", _("è accolta")), ("no", _("non è accolta"))),
        coerce=lambda value: value == "si",
    )
    reason = _prose(EditionProposal, "reason")
