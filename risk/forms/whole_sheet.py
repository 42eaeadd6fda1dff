"""The forms of a sheet that is one form, as it is without scripts: told apart by their prefix."""

from typing import Any

from registry.forms.saving import SavingForm, put_in_form
from risk.forms.process_sheet import (
    ActionForm,
    BehaviourForm,
    ConditionsForm,
    FlowForm,
    IdentityForm,
    NewBehaviourForm,
    NewStepForm,
    PhaseForm,
    PresenceForm,
)

WHOLE = "matrice"
"""The id of the form all fields of the sheet belong to without scripts.

It is that of the matrix, whose many boxes need not say so; the script gives the fields back to the
forms they stand in, under their names (`risk/static/risk/process_sheet-rows.js`).
"""


class OfWhole:
    """A form whose fields belong to the one of the whole sheet."""

    owner = WHOLE
    prefix: str | None
    fields: dict[str, Any]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        put_in_form(self.fields.values(), self.owner)

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field: the key of a row may itself have a hyphen in it."""
        return f"{self.prefix}:{field_name}"


class WholeIdentity(OfWhole, SavingForm, IdentityForm):
    """What the process is."""


class WholeFlow(OfWhole, SavingForm, FlowForm):
    """Where the process starts, what it produces, in what time."""


class WholeConditions(OfWhole, SavingForm, ConditionsForm):
    """What binds the process, what it needs, what it meets."""


class WholePresence(OfWhole, SavingForm, PresenceForm):
    """Whether there is a risk of corruption, and why."""


class WholePhase(OfWhole, SavingForm, PhaseForm):
    """One phase."""


class WholeAction(OfWhole, SavingForm, ActionForm):
    """One action of a phase."""


class WholeBehaviour(OfWhole, BehaviourForm):
    """The text of one behaviour: one field, saved or refused as it is."""


class WholeNewStep(OfWhole, NewStepForm):
    """A new phase or action."""


class WholeNewBehaviour(OfWhole, NewBehaviourForm):
    """A new behaviour."""
