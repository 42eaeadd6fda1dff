"""Forms whose fields save themselves when they are left: what is right is saved, the rest stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from registry.forms.rows import RowForm
from registry.services.editing import Saved


@dataclass(frozen=True)
class FieldNote:
    """What is said beside one field after a save.

    `saved` is the text that is saved now, as the field shows it; None where what was typed is not.
    """

    field: forms.BoundField
    saved: str | None = None
    is_written: bool = False
    missing: str = ""


def control_text(field: forms.Field, value: Any) -> str:
    """Return what a browser tells of a control that shows `value`: "on" or "" of a box to tick."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "on" if widget.check_test(value) else ""
    shown = widget.format_value(field.prepare_value(value))
    if isinstance(shown, list | tuple):
        return " ".join(map(str, shown))
    return "" if shown is None else str(shown)


def put_in_form(fields: Iterable[forms.Field], owner: str) -> None:
    """Make controls part of the form with the id `owner`, wherever they stand on the page."""
    for field in fields:
        field.widget.attrs["form"] = owner


class SavingForm(RowForm):
    """A row on a page of many rows that has one form, `owner`; with a script each saves itself.

    `submit` writes the fields that are right and keeps the others as typed, each with its reason:
    `errors` may then say something though a row came back.
    """

    owner = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved: Saved | None = None
        put_in_form(self.fields.values(), self.owner)

    def submit(self, *, by: Any) -> Saved | None:
        """Write what is right; None when nothing can be, or somebody else was faster."""
        self.is_valid()
        if "version" in self.cleaned_data:
            self.saved = self._save_what_is_right(by)
        if self.saved is not None:
            # what the person sees from now on is the row as saved
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = self.saved.row.version
        return self.saved

    def _save_what_is_right(self, by: Any) -> Saved | None:
        try:
            return self.save_row(by=by)
        except ValidationError as error:
            wrong = error.message_dict
        rest = set(self.cleaned_data) - set(wrong)
        is_of_fields = set(wrong) <= set(self.cleaned_data)
        for name, messages in wrong.items():
            self.add_error(name if name in self.fields else None, messages)
        return self._save_what_is_right(by) if is_of_fields and rest else None

    @property
    def field_notes(self) -> list[FieldNote]:
        """What is said beside each field, once the form was submitted."""
        return [self._note(field) for field in self.visible_fields()]

    def _note(self, field: forms.BoundField) -> FieldNote:
        if self.saved is None or field.errors:
            return FieldNote(field)
        name = field.name
        is_merged = name in self.saved.merged
        value = getattr(self.saved.row, name) if is_merged else self.cleaned_data[name]
        return FieldNote(
            field,
            saved=control_text(field.field, self.as_shown(value)),
            is_written=name in self.saved.written,
        )

    def as_shown(self, value: Any) -> Any:
        """Return a saved value as the page shows it."""
        return value
