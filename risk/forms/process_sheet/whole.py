"""The forms of a sheet that is one form, as it is without scripts: told apart by their prefix."""

from registry.forms.saving import SavingForm
from registry.forms.whole_page import OfWhole
from risk.forms.process_sheet.sheet import (
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


class OfSheet(OfWhole):
    """A form whose fields belong to the one of the whole sheet."""

    owner = WHOLE


class WholeIdentity(OfSheet, SavingForm, IdentityForm):
    """What the process is."""


class WholeFlow(OfSheet, SavingForm, FlowForm):
    """Where the process starts, what it produces, in what time."""


class WholeConditions(OfSheet, SavingForm, ConditionsForm):
    """What binds the process, what it needs, what it meets."""


class WholePresence(OfSheet, SavingForm, PresenceForm):
    """Whether there is a risk of corruption, and why."""


class WholePhase(OfSheet, SavingForm, PhaseForm):
    """One phase."""


class WholeAction(OfSheet, SavingForm, ActionForm):
    """One action of a phase."""


class WholeBehaviour(OfSheet, BehaviourForm):
    """The text of one behaviour: one field, saved or refused as it is."""


class WholeNewStep(OfSheet, NewStepForm):
    """A new phase or action."""


class WholeNewBehaviour(OfSheet, NewBehaviourForm):
    """A new behaviour."""
