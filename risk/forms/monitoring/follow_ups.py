"""Forms of what follows a round: what is still to be done, the reply, what closes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.days import ComingDayField
from registry.forms.people import ActForm
from registry.models import Office
from risk.models import Evidence, FollowUp, MonitoringRound
from risk.services.monitoring.follow_ups import proofs_for


def _prose(model: Any, name: str, label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
        validators=model._meta.get_field(name).validators,
    )


class FollowUpForm(ActForm):
    """What an office is asked to do, and by when."""

    office = forms.ModelChoiceField(
        Office.objects.none(), label=_("Ufficio"), empty_label=_("(scegli)")
    )
    asked = _prose(FollowUp, "asked", _("Che cosa resta da fare"))
    due_on = ComingDayField(label=_("Entro il"))

    def __init__(self, *args, row: MonitoringRound, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offices = Office.objects.filter(round_items__round=row).order_by("folded", "pk")
        self.fields["office"].queryset = offices.distinct()


class AfterCheckForm(ActForm):
    """What is still to be done of the measure that was checked, and by when."""

    resta = _prose(FollowUp, "asked", _("Che cosa resta da fare"))
    due_on = ComingDayField(label=_("Entro il"))


class ReplyForm(ActForm):
    """What the office did, and where its proof is found."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    reply = _prose(FollowUp, "reply", _("Che cosa è stato fatto"))
    reference = FollowUp._meta.get_field("reference").formfield(
        label=_("Atto, protocollo o indirizzo che lo prova")
    )


class FollowUpCloseForm(ActForm):
    """What proves that it was done: something of its measure, or where it is found."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    evidence = forms.ModelChoiceField(
        Evidence.objects.none(),
        label=_("Prova della misura"),
        required=False,
        to_field_name="uid",
        empty_label=_("(nessuna)"),
    )
    reference = FollowUp._meta.get_field("reference").formfield(
        label=_("Oppure atto, protocollo o indirizzo")
    )

    def __init__(self, *args, row: FollowUp, **kwargs) -> None:
        super().__init__(*args, auto_id="chiusura-%s", **kwargs)
        self.fields["evidence"].queryset = proofs_for(row)
        self.initial |= {"reference": row.reference, "version": row.version}
