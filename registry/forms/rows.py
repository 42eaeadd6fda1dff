"""The form of one row that two people may have open at once."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Manager, Model, QuerySet
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _

from registry.guards import refusal_of
from registry.readable import readable
from registry.services.editing import Saved, StaleRow, save_fields

CHOICE_PREFIX = "tieni-"
"""Name of the radio buttons that settle a clash: "tieni-title" is "mio" or "suo"."""
MINE, THEIRS = "mio", "suo"


@dataclass(frozen=True)
class ShownClash:
    """One clash as people read it; `name` is that of its radio buttons."""

    name: str
    label: str
    shown: str
    typed: str
    saved: str


def show_refusal(form: forms.BaseForm, refused: ValidationError | IntegrityError) -> None:
    """Say on a form why what it asks for was refused, beside the fields the reasons are about."""
    if isinstance(refused, IntegrityError):
        refused = ValidationError(refusal_of(refused))
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class RowForm(forms.ModelForm):
    """A model form that knows which version of the row it showed.

    Use: `form = SomeRowForm(request.POST, instance=row)`; when valid, `form.save_row(by=user)`
    gives what was saved, or None when somebody else changed the same fields: then `form.clashes`
    and `form.stale` say what, the form shows both and posts again with the choices made.
    """

    kind = "edit"
    """The word the act has in the history."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *args, instance: Model, prefix: str | None = None, **kwargs):
        self.stale: StaleRow | None = None
        self.is_own_clash = False
        self.clashes: list[ShownClash] = []
        super().__init__(data, *args, instance=instance, prefix=prefix, **kwargs)
        self.initial["version"] = instance.version
        if data is not None:
            self.data = self._settled(instance)

    def _settled(self, row: Model):
        """Return the data with the clashes a person has settled in favour of the other's value."""
        data = self.data.copy()
        for name in self._meta.fields or ():
            if data.get(self.add_prefix(CHOICE_PREFIX + name)) == THEIRS:
                value = self.fields[name].prepare_value(getattr(row, name))
                data[self.add_prefix(name)] = getattr(value, "pk", value)
        return data

    def save_row(self, *, by: Any) -> Saved | None:
        """Write the row; None when it has moved on and the person has to choose. One act."""
        values = {name: self.cleaned_data[name] for name in self._plain_fields()}
        try:
            return save_fields(
                row=self.instance,
                values=values,
                version=self.cleaned_data["version"],
                kind=self.kind,
                by=by,
            )
        except StaleRow as stale:
            self.show_stale(stale, by)
            return None

    def show_stale(self, stale: StaleRow, by: Any) -> None:
        """Show what somebody else has changed meanwhile, to choose from."""
        self.stale = stale
        self.is_own_clash = stale.by == by
        self.clashes = [self._shown(clash) for clash in stale.clashes]
        # what the person sees from now on is the row as saved meanwhile
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = stale.row.version

    def refuse(self, refused: ValidationError | IntegrityError) -> None:
        """Show why it was not saved."""
        show_refusal(self, refused)

    def _plain_fields(self) -> list[str]:
        model_fields = {field.name for field in self.instance._meta.concrete_fields}
        return [name for name in self.cleaned_data if name in model_fields and name != "version"]

    def _shown(self, clash) -> ShownClash:
        field = self.fields.get(clash.field)
        label = field.label if field is not None and field.label else pretty_name(clash.field)
        return ShownClash(
            name=self.add_prefix(CHOICE_PREFIX + clash.field),
            label=str(label),
            shown=self._text(clash.field, clash.shown),
            typed=self._text(clash.field, clash.typed),
            saved=self._text(clash.field, clash.saved),
        )

    def _text(self, name: str, value: Any) -> str:
        """Return a field's value as a person reads it."""
        if value in (None, ""):
            return _("(vuoto)")
        if isinstance(value, Model):
            return str(value)
        if isinstance(value, QuerySet | Manager | list | tuple):
            return ", ".join(str(item) for item in value)
        choices = dict(self.instance._meta.get_field(name).flatchoices)
        return str(choices.get(value) or readable(value))
