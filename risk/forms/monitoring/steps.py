"""The form of what an office says of one step of a measure."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from registry.acts import RuleRefused
from registry.forms.days import TypedDayField
from registry.forms.saving import SavingForm
from registry.services.editing import Saved, StaleRow
from risk.enums import StepProgress
from risk.forms.monitoring.rounds import ANSWERS
from risk.forms.process_sheet.sheet import SheetForm
from risk.models import ImplementationStep, RoundItem, StepState
from risk.services.monitoring.steps import TOLD, save_step, states_of, with_progress, wrong_step


class StepStateForm(SavingForm, SheetForm):
    """How far a step is: a day alone says that it was done on it."""

    kind = "round-answer"
    owner = ANSWERS
    progress = forms.ChoiceField(
        label=_("A che punto è"), choices=[("", "—"), *StepProgress.choices], required=False
    )
    done_on = TypedDayField(label=_("Fatta il"), required=False)

    class Meta:
        model = StepState
        fields = TOLD

    def __init__(self, data=None, *, item: RoundItem, step: ImplementationStep):
        row = states_of(item).get(step.pk) or StepState(item=item, step=step)
        super().__init__(
            data,
            instance=row,
            administration=item.round.plan.administration,
            prefix=f"fase-{step.uid}",
        )
        self.item, self.step = item, step
        for name, field in self.fields.items():
            # a row that is not there yet has no uid to be called by
            field.widget.attrs["id"] = f"campo-{self.prefix}-{name}"

    def clean(self) -> dict[str, Any]:
        """Return what is said, a day alone as of a step that is done."""
        return with_progress(super().clean() or self.cleaned_data)

    def save_row(self, *, by: Any) -> Saved | None:
        """Write what is said of the step, whole or not at all."""
        values = {name: self.cleaned_data[name] for name in TOLD if name in self.cleaned_data}
        if len(values) < len(TOLD):
            return None
        try:
            return save_step(
                item=self.item,
                step=self.step,
                values=values,
                version=self.cleaned_data["version"],
                by=by,
            )
        except StaleRow as stale:
            self.show_stale(stale, by)
            return None
        except RuleRefused as refused:
            raise ValidationError({NON_FIELD_ERRORS: refused}) from refused

    def _save_what_is_right(self, by: Any) -> Saved | None:
        # a step is said whole: of one that is done without its day nothing is written yet
        if self.errors:
            return None
        if wrong := wrong_step(self.item, self.cleaned_data):
            for name, sentence in wrong.items():
                self.add_error(name, sentence)
            return None
        return super()._save_what_is_right(by)


def step_forms(item: RoundItem, data: Any = None) -> Iterator[StepStateForm]:
    """Yield the form of each step of a measure, whose programme and states are read."""
    for step in item.planned_measure.steps.all():
        yield StepStateForm(data, item=item, step=step)
