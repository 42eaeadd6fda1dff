"""The form of an office in the back office: a move is told before it is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.forms.backoffice import BackOfficeForm
from registry.services.offices import OfficeMove, move_of, told


class OfficePlaceForm(BackOfficeForm):
    """An office; saved below another, it first says who would reach it from then on, and who not.

    What was told comes back unseen with the form: where it is still so, the same form is saved.
    """

    move_told = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk or "parent" not in self.changed_data or self.errors:
            return cleaned
        stored = type(self.instance).objects.select_related("parent").get(pk=self.instance.pk)
        parent = cleaned.get("parent")
        if stored.pk in stored.above(parent.pk if parent else None):
            # refused by the model, in words of its own
            return cleaned
        move = move_of(stored, parent)
        mark = _mark(move, parent)
        if not move.changes_nothing and cleaned.get("move_told") != mark:
            self.data = self.data.copy()
            self.data[self.add_prefix("move_told")] = mark
            raise ValidationError(
                {"parent": f"{told(move)} {_('Salvare di nuovo per confermare.')}"}, code="move"
            )
        return cleaned


def _mark(move: OfficeMove, parent) -> str:
    gains, loses = (",".join(str(user.pk) for user in some) for some in (move.gains, move.loses))
    return f"{parent.pk if parent else ''}:{gains}:{loses}"
