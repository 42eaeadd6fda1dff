"""Forms of the facts of a year: what was known, and the rows of the map it concerns."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.people import ActForm
from registry.models import Plan, RiskArea
from risk.models import Fact
from risk.services.monitoring.suitability import years_of


class FactForm(ActForm):
    """How many facts of a kind, in which year and area, and how they ended."""

    kind = Fact._meta.get_field("kind").formfield(label=_("Tipo"))
    year = forms.TypedChoiceField(label=_("Anno"), coerce=int)
    count = Fact._meta.get_field("count").formfield(label=_("Quanti"))
    area = forms.ModelChoiceField(
        RiskArea.objects.none(),
        label=_("Area di rischio"),
        required=False,
        empty_label=_("(nessuna)"),
    )
    was_measure = Fact._meta.get_field("was_measure").formfield(
        label=_("C’era una misura del piano")
    )
    outcome = Fact._meta.get_field("outcome").formfield(
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}), max_length=1000
    )

    def __init__(self, *args, plan: Plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years_of(plan)]
        areas = RiskArea.objects.filter(administration=plan.administration_id)
        self.fields["area"].queryset = areas.order_by("position", "code")


class FactSearchForm(forms.Form):
    """Words of a process or of a behaviour."""

    cerca = forms.CharField(
        label=_("Cerca un processo o un comportamento a rischio"), max_length=120, required=False
    )
