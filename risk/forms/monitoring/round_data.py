"""Forms of what a round says of itself: a new one, one in draft, the terms of one that is open."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.days import DayField
from registry.forms.people import ActForm
from registry.forms.rows import RowForm
from registry.models import Plan
from registry.services.editing import Saved
from risk.enums import RoundCoverage, RoundKind, Scale
from risk.models import Level, MonitoringRound
from risk.models.monitoring import LONGEST_ANSWER
from risk.services.monitoring.rounds import CHANGED, TERMS, changing_round

_CRITERIA = MonitoringRound._meta.get_field("criteria")


class RoundFields(forms.Form):
    """When a round is, of which measures, by which criteria."""

    label = forms.CharField(
        label=_("Denominazione"),
        max_length=120,
        help_text=_("Per esempio: Monitoraggio intermedio 2027."),
    )
    kind = forms.ChoiceField(label=_("Tipo"), choices=RoundKind.choices)
    situation_on = DayField(
        label=_("Situazione al"), help_text=_("Il giorno di cui gli uffici dicono la situazione.")
    )
    answers_by = DayField(label=_("Risposte entro il"))
    checks_by = DayField(label=_("Verifica entro il"))
    coverage = forms.ChoiceField(label=_("Misure chieste"), choices=RoundCoverage.choices)
    level = forms.ModelChoiceField(
        Level.objects.none(),
        label=_("Dal livello (se si chiede da un livello in su)"),
        required=False,
        to_field_name="code",
        empty_label=_("(nessuno)"),
    )
    criteria = forms.CharField(
        label=_CRITERIA.verbose_name.capitalize(),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_ANSWER}),
        help_text=_CRITERIA.help_text,
    )


def _offer_levels(fields: Mapping[str, Any], plan: Plan) -> None:
    levels = Level.objects.filter(
        method__plan_methods__plan=plan,
        method__plan_methods__is_default=True,
        scale=Scale.OVERALL,
    )
    fields["level"].queryset = levels.order_by("ordinal")


def _ask_level(form: forms.BaseForm) -> None:
    """Ask for the level where one is needed: the model says only where it may stand."""
    values = form.cleaned_data
    wants = values.get("coverage") == RoundCoverage.LEVEL and "level" not in form.errors
    if wants and not values.get("level"):
        form.add_error("level", _("Scegli il livello."))


class RoundForm(RoundFields, ActForm):
    """A round that is new."""

    def __init__(self, *args, plan: Plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _offer_levels(self.fields, plan)

    def clean(self) -> None:
        """Check what the fields say together."""
        super().clean()
        _ask_level(self)


class ChangingForm(RowForm):
    """A round that two people may have open, changed as far as its state lets it."""

    kind = CHANGED

    def save_row(self, *, by: Any) -> Saved | None:
        """Write it, as one act; None as of any row. Raises as `changing_round`."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        with changing_round(self.instance, values, by=by):
            return super().save_row(by=by)


class ChangedRoundForm(ChangingForm, RoundFields):
    """A round in draft."""

    class Meta:
        model = MonitoringRound
        fields = (*("label", "kind", "situation_on", *TERMS), *("coverage", "level", "criteria"))

    def __init__(self, data=None, *args, instance: MonitoringRound, **kwargs) -> None:
        super().__init__(data, *args, instance=instance, **kwargs)
        _offer_levels(self.fields, instance.plan)
        self.initial["level"] = instance.level

    def clean(self) -> None:
        """Check what the fields say together."""
        super().clean()
        _ask_level(self)


class TermsForm(ChangingForm):
    """The two terms of a round that is open."""

    answers_by = RoundFields.base_fields["answers_by"]
    checks_by = RoundFields.base_fields["checks_by"]

    class Meta:
        model = MonitoringRound
        fields = TERMS
