"""Forms of the workflow: the protocol of an issue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.days import DayField
from registry.forms.people import ActForm


class ProtocolForm(ActForm):
    """Number and day an issue was registered under; both empty to take them away."""

    protocol_number = forms.CharField(
        label=_("Numero di protocollo"), max_length=60, required=False
    )
    protocol_date = DayField(label=_("Data di protocollo"), required=False)
