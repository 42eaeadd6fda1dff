"""Forms of a plan's way: the act that adopts it, the act that confirms it, its next edition,
acts on several of its annexes, its days.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.acts import act
from registry.enums import DeadlineKind, PlanFormat, PlanKind
from registry.forms.days import DayField
from registry.forms.people import ActForm
from registry.forms.rows import RowForm
from registry.models import Plan, User
from registry.services.editing import Saved
from risk.models import Confirmation, Method
from risk.services.assessment.methods import method_key
from risk.services.desk.several import ActWords, SeveralAsked
from risk.services.plans.deadlines import DAY_PASSED
from risk.services.plans.editions import YEARS
from risk.services.plans.issues import AdoptionAct
from risk.services.plans.making import PLAN_DATA
from risk.services.plans.moves import CONDITIONS, subject_of

LONGEST_REASON = 2000
LONGEST_OFFICES = 60_000
"""Letters of the changes of 300 offices, each with its processes and its reason."""


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
    act_effective_on = DayField(label=_("Esecutivo dal (facoltativo)"), required=False)
    act_link = forms.URLField(
        label=_("Collegamento all’atto (facoltativo)"), required=False, assume_scheme="https"
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
        label=_("Collegamento all’atto (facoltativo)"), required=False, assume_scheme="https"
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

    def refuse(self, error: ValidationError) -> None:
        """Show each refusal beside what it is about: the year, the staff, a condition not met."""
        for name, errors in error.update_error_dict({}).items():
            for one in errors:
                for field in self._places(name, one.messages[0]):
                    self.add_error(field, one)

    def _places(self, name: str, sentence: str) -> list[str | None]:
        known = Confirmation._meta.constraints
        rules = {str(rule.violation_error_message): rule.name for rule in known}
        places = {
            "risk_confirmation_once_a_year": ["year"],
            "risk_confirmation_under_fifty": ["staff"],
            "risk_confirmation_every_condition": [
                condition for condition in CONDITIONS if not self.cleaned_data.get(condition)
            ],
        }
        return [name] if name in self.fields else places.get(rules.get(sentence, ""), [None])

    @property
    def conditions(self) -> dict[str, bool]:
        return {name: self.cleaned_data[name] for name in CONDITIONS}

    @property
    def act_values(self) -> dict:
        names = ("organ", "act_kind", "act_number", "act_date", "act_link")
        return {name: self.cleaned_data[name] for name in names}


class MethodsForm(ActForm):
    """The methods a plan assesses by, and the one proposed first."""

    methods = forms.MultipleChoiceField(
        label=_("Metodi del piano"),
        error_messages={"required": _("Un piano ha almeno un metodo.")},
    )
    default_method = forms.ChoiceField(
        label=_("Metodo predefinito"),
        error_messages={"required": _("Indica quale metodo si propone per primo.")},
    )

    def __init__(self, *args, offered: Collection[Method], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {method_key(method): method for method in offered}
        for name in ("methods", "default_method"):
            self.fields[name].choices = [(key, str(row)) for key, row in self.offered.items()]

    @property
    def rows(self) -> list[tuple[str, Method, bool, bool]]:
        """Each method with its key, whether the plan uses it, and whether it comes first."""
        used, default = self["methods"].value() or [], self["default_method"].value()
        return [(key, row, key in used, key == default) for key, row in self.offered.items()]

    @property
    def chosen(self) -> dict:
        """What was chosen, as `choose_methods` takes it; the form is valid."""
        return {
            "methods": [self.offered[key] for key in self.cleaned_data["methods"]],
            "default_method": self.offered[self.cleaned_data["default_method"]],
        }


class FirstPlanForm(ActForm):
    """A plan that is copied from no other: what it is, its method, its first days."""

    title = forms.CharField(label=_("Titolo"), max_length=120)
    document = forms.ChoiceField(label=_("Documento"), choices=PlanFormat.choices)
    kind = forms.ChoiceField(label=_("Tipo"), choices=PlanKind.choices)
    first_year = forms.IntegerField(label=_("Primo anno"), min_value=YEARS[0], max_value=YEARS[-1])
    last_year = forms.IntegerField(label=_("Ultimo anno"), min_value=YEARS[0], max_value=YEARS[-1])
    method = forms.ChoiceField(
        label=_("Metodo di valutazione predefinito"),
        help_text=_("Altri metodi si aggiungono dopo, dalla pagina del piano."),
    )
    transmission = DayField(
        label=_("Gli uffici trasmettono gli allegati entro il (facoltativo)"), required=False
    )
    adoption = DayField(label=_("Il piano è adottato entro il (facoltativo)"), required=False)

    def __init__(self, *args, offered: Collection[Method], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {method_key(method): method for method in offered}
        self.fields["method"].choices = [(key, str(row)) for key, row in self.offered.items()]

    @property
    def asked(self) -> dict[str, Any]:
        """What was filled in, as `create_plan` takes it; the form is valid."""
        values = dict(self.cleaned_data)
        method = self.offered[values.pop("method")]
        kinds = {"transmission": DeadlineKind.TRANSMISSION, "adoption": DeadlineKind.ADOPTION}
        days = {kind: day for name, kind in kinds.items() if (day := values.pop(name))}
        return {**values, "methods": [method], "default_method": method, "days": days}


class PlanDataForm(RowForm):
    """What a plan says of itself, while it is prepared."""

    kind = PLAN_DATA

    class Meta:
        model = Plan
        fields = ("title", "first_year", "last_year", "adopting_organ")

    def save_data(self, *, by: User) -> Saved | None:
        """Write it, as one act; None as of `save_row`."""
        with act(PLAN_DATA, by=by, subject=subject_of(self.instance)):
            return self.save_row(by=by)


class CopyPlanForm(ActForm):
    """The edition that starts from an adopted one."""

    kind = forms.ChoiceField(label=_("Tipo"), choices=PlanKind.choices)
    title = forms.CharField(label=_("Titolo"), max_length=120)
    first_year = forms.IntegerField(label=_("Primo anno"), min_value=YEARS[0], max_value=YEARS[-1])
    last_year = forms.IntegerField(label=_("Ultimo anno"), min_value=YEARS[0], max_value=YEARS[-1])
    offices = forms.CharField(required=False, max_length=LONGEST_OFFICES, widget=forms.HiddenInput)
    """The changes of offices, as lines (`risk.services.plans.office_lines`)."""


class AllOfficesForm(ActForm):
    """Whether the annexes of all offices that have none are to be opened, and that it was asked."""

    ALL, CONFIRMED = "tutti", "tutti conferma"

    offices = forms.ChoiceField(
        choices=[(ALL, ALL), (CONFIRMED, CONFIRMED)], widget=forms.HiddenInput
    )


class SeveralForm(ActForm):
    """What an act on several annexes asks besides them: a reason, or words, and a day."""

    def __init__(self, *args, act: ActWords, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if act.asks_day:
            self.fields["due_on"] = DayField(label=_("Nuova scadenza"))
        if act.asks_reason:
            self.fields["reason"] = forms.CharField(
                label=act.asks_reason,
                required=act.needs_reason,
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean_due_on(self) -> datetime.date:
        """Return the day asked for. Raises `ValidationError` for one that has passed."""
        day: datetime.date = self.cleaned_data["due_on"]
        if day < clock.today():
            raise ValidationError(DAY_PASSED)
        return day

    @property
    def asked(self) -> SeveralAsked:
        """What was asked; the form is valid."""
        values = self.cleaned_data
        return SeveralAsked(reason=values.get("reason", ""), due_on=values.get("due_on"))


class DeadlineForm(ActForm):
    """The new day of a date of the plan, and why."""

    due_on = DayField(label=_("Nuovo giorno"))
    reason = forms.CharField(
        label=_("Motivo"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
