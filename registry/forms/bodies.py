"""What a body says of itself: its RPCT changes five things, the installation the others too."""

from typing import Any

from django import forms

from registry.forms.rows import RowForm
from registry.models import Administration
from registry.services.administrations import settings_act
from registry.services.editing import Saved

RPCT_SETTINGS = (
    *("is_one_person", "heads_have_second_factor"),
    *("open_data_contact", "measures_limit", "measures_limit_person"),
)
KEPT_SETTINGS = ("name", "tax_code", "adopting_organ", *RPCT_SETTINGS, "keeps_people_years")
"""What whoever keeps the installation changes; the IPA code is chosen once."""


class SettingsForm(RowForm):
    """The settings of a body, as far as whoever has the page may change them."""

    kind = "administration"

    def save_settings(self, *, by: Any) -> Saved | None:
        """Write them, as one act; None as of `save_row`."""
        is_one_person = self.cleaned_data["is_one_person"]
        told = {"changed": self.changed_data, "is_one_person": is_one_person}
        with settings_act(self.instance, **told, by=by):
            return self.save_row(by=by)


def settings_form(*, keeps_all: bool) -> type[SettingsForm]:
    """Return the form of the RPCT, or with `keeps_all` that of the installation."""
    fields = KEPT_SETTINGS if keeps_all else RPCT_SETTINGS
    return forms.modelform_factory(Administration, form=SettingsForm, fields=fields)
