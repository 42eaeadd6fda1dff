"""Forms of the objectives of a plan; their fields save themselves when they are left."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.acts import act
from registry.forms.people import ActForm
from registry.forms.saving import SavingForm
from registry.models import Administration
from registry.readable import plain
from registry.services.editing import Saved
from risk.forms.process_sheet.sheet import SheetForm
from risk.forms.treatment import ProgrammeRowForm, ReadOnlyRows, number_field
from risk.models import Objective, ObjectiveIndicator
from risk.services.plans.moves import subject_of
from risk.services.plans.objectives import KIND, years_of

OBJECTIVE = "obiettivo"
"""The id of the one form of the page of an objective."""


class NewObjectiveForm(ActForm):
    """What an objective begins with; the rest is written on its own page."""

    code = Objective._meta.get_field("code").formfield(
        help_text=_("Breve, per esempio OB.1: è quello che resta da un’edizione all’altra.")
    )
    name = Objective._meta.get_field("name").formfield()


class ObjectiveForm(ReadOnlyRows, SavingForm, SheetForm):
    """An objective: how it is called, what it means, which of performance it is tied to."""

    kind = KIND
    owner = OBJECTIVE

    class Meta:
        model = Objective
        fields = ["code", "name", "description", "performance"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3, "maxlength": 2000})}

    def save_row(self, *, by: Any) -> Saved | None:
        """Write the row, as an act on its plan."""
        with act(self.kind, by=by, subject=subject_of(self.instance.plan)):
            return super().save_row(by=by)


class ObjectiveIndicatorForm(ProgrammeRowForm):
    """What shows whether an objective is reached: where it starts, what each year is to bring."""

    kind = KIND
    owner = OBJECTIVE
    word = "indicatori"
    baseline = number_field(_("Valore di partenza"))
    first_target = number_field("")
    second_target = number_field("")
    third_target = number_field("")

    class Meta:
        model = ObjectiveIndicator
        fields = ["label", "unit", "formula", "source", "baseline", *ObjectiveIndicator.TARGETS]
        error_messages = {"label": {"required": _("Scrivi che cosa si misura.")}}

    def __init__(
        self, data=None, *args, instance: ObjectiveIndicator, administration: Administration, **kw
    ):
        super().__init__(data, *args, instance=instance, administration=administration, **kw)
        years = years_of(instance.objective.plan)
        for name, year in zip(ObjectiveIndicator.TARGETS, years, strict=True):
            self.fields[name].label = _("Valore atteso nel %(year)s") % {"year": year}
        for name in ("baseline", *ObjectiveIndicator.TARGETS):
            self.initial[name] = self.as_shown(getattr(instance, name))

    def as_shown(self, value: Any) -> Any:
        """Return a number as a person writes it: 22 and not 22,000."""
        return plain(value) if isinstance(value, Decimal) else value

    def save_row(self, *, by: Any) -> Saved | None:
        """Write the row, as an act on its plan."""
        with act(self.kind, by=by, subject=subject_of(self.instance.objective.plan)):
            return super().save_row(by=by)


def blank_indicator(objective: Objective, uid: Any = None) -> ObjectiveIndicator:
    """Return the indicator an empty form stands for, with the uid it will be saved under."""
    return ObjectiveIndicator(objective=objective, uid=uid or uuid.uuid4(), version=0)
