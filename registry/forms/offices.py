"""The form of an office in the back office: a move is told before it is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.forms.backoffice import BackOfficeForm
from registry.services.offices import OfficeMove, move_of


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
        told = _mark(move, parent)
        if not move.changes_nothing and cleaned.get("move_told") != told:
            self.data = self.data.copy()
            self.data[self.add_prefix("move_told")] = told
            raise ValidationError({"parent": _sentence(move)}, code="move")
        return cleaned


def _mark(move: OfficeMove, parent) -> str:
    gains, loses = (",".join(str(user.pk) for user in some) for some in (move.gains, move.loses))
    return f"{parent.pk if parent else ''}:{gains}:{loses}"


def _sentence(move: OfficeMove) -> str:
    nobody = _("nessuno")
    return _(
        "Lo spostamento cambia chi vede l’ufficio e quelli che gli stanno sotto. Da allora li "
        "vede anche: %(gains)s. Non li vede più: %(loses)s. Salvare di nuovo per confermare."
    ) % {
        "gains": ", ".join(map(str, move.gains)) or nobody,
        "loses": ", ".join(map(str, move.loses)) or nobody,
    }
