"""Forms of a plan's way: the act that adopts it, the act that confirms it, its next edition."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.enums import PlanKind
from registry.forms.people import ActForm, DayField
from registry.models import Plan
from risk.models import Confirmation
from risk.services.plan_issues import AdoptionAct
from risk.services.plan_moves import CONDITIONS


class AdoptForm(ActForm):
    """The act of the organ, as it goes on the cover."""

    adopting_organ = forms.CharField(
        label=_("Organo che adotta"),
        max_length=150,
        help_text=_("Per esempio Giunta comunale, Consiglio di amministrazione."),
    )
    act_kind = forms.CharField(
        label=_("Tipo di atto"), max_length=100, help_text=_("Per esempio Deliberazione.")
    )
    act_number = forms.CharField(label=_("Numero dell’atto"), max_length=40)
    act_date = DayField(label=_("Data dell’atto"))
    act_effective_on = DayField(label=_("Esecutivo dal"), required=False)
    act_link = forms.URLField(
        label=_("Collegamento all’atto"), required=False, assume_scheme="https"
    )

    def act(self) -> AdoptionAct:
        """Return the act that was filled in; the form is valid."""
        return AdoptionAct(**self.cleaned_data)


class ConfirmForm(ActForm):
    """The year, the staff, the checklist of PNA 2022, and the act that confirms."""

    year = forms.TypedChoiceField(label=_("Anno che si conferma"), coerce=int)
    staff = forms.IntegerField(
        label=_("Dipendenti"),
        min_value=0,
        help_text=_("In servizio al 31 dicembre prima del triennio: meno di 50."),
    )
    organ = forms.CharField(label=_("Organo che conferma"), max_length=150)
    act_kind = forms.CharField(label=_("Tipo di atto"), max_length=100)
    act_number = forms.CharField(label=_("Numero dell’atto"), max_length=40)
    act_date = DayField(label=_("Data dell’atto"))
    act_link = forms.URLField(
        label=_("Collegamento all’atto"), required=False, assume_scheme="https"
    )

    def __init__(self, *args, plan: Plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        years = range(plan.first_year + 1, plan.last_year + 1)
        self.fields["year"].choices = [(year, str(year)) for year in years]
        for name in CONDITIONS:
            label = str(Confirmation._meta.get_field(name).verbose_name)
            self.fields[name] = forms.BooleanField(
                label=label[:1].upper() + label[1:], required=False
            )

    @property
    def conditions(self) -> dict[str, bool]:
        return {name: self.cleaned_data[name] for name in CONDITIONS}

    @property
    def act_values(self) -> dict:
        names = ("organ", "act_kind", "act_number", "act_date", "act_link")
        return {name: self.cleaned_data[name] for name in names}


class CopyForm(ActForm):
    """The edition that starts from an adopted one."""

    kind = forms.ChoiceField(label=_("Tipo"), choices=PlanKind.choices)
    title = forms.CharField(label=_("Titolo"), max_length=120)
    first_year = forms.IntegerField(label=_("Primo anno"), min_value=2012, max_value=2200)
    last_year = forms.IntegerField(label=_("Ultimo anno"), min_value=2012, max_value=2200)
