"""The forms of an office, on the desk and in the back office: a move is told before it is saved."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.forms.backoffice import BackOfficeForm
from registry.forms.people import ActForm
from registry.forms.rows import RowForm
from registry.forms.rows_called import OfficeField
from registry.forms.search import SearchForm
from registry.models import Administration, Office
from registry.services.editing import Saved
from registry.services.office_acts import OFFICE, subject_of_offices
from registry.services.offices import OfficeMove, move_of, told


class OfficePlaceForm(BackOfficeForm):
    """An office; saved below another, it first says who would reach it from then on, and who not.

    What was told comes back unseen with the form: where it is still so, the same form is saved.
    """

    move_told = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        _tell_move(self, cleaned)
        return cleaned


class OfficeSearch(SearchForm):
    """The search in the offices of a body."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = gettext_lazy("cerca per nome o codice")


class OfficeRowForm(RowForm):
    """An office on the desk: its code, its name, and the office it stands under."""

    kind = OFFICE

    parent = OfficeField(
        label=gettext_lazy("Ufficio superiore"),
        required=False,
        empty_label=gettext_lazy("nessuno: sta in cima"),
    )
    move_told = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Office
        fields = ("code", "name", "parent")

    def __init__(self, *args, body: Administration, **kwargs):
        super().__init__(*args, **kwargs)
        # one that stands under an office no longer in use stays there until it is moved
        offered = Q(retired_on=None) | Q(pk=self.instance.parent_id)
        rows = Office.objects.filter(offered, administration=body).exclude(pk=self.instance.pk)
        self.fields["parent"].offer(rows, body=body)

    def clean(self):
        cleaned = super().clean()
        _tell_move(self, cleaned)
        return cleaned

    def save_office(self, *, by: Any) -> Saved | None:
        """Write the office, as one act; None as of `save_row`."""
        with act(OFFICE, by=by, subject=subject_of_offices(self.instance.administration)):
            return self.save_row(by=by)


class OfficesForm(ActForm):
    """Several offices at once, one a line."""

    lines = forms.CharField(
        label=gettext_lazy("Uffici, uno per riga"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        strip=False,
        help_text=gettext_lazy(
            "Codice; denominazione; codice dell’ufficio superiore, se c’è. Si può incollare da un "
            "foglio di calcolo."
        ),
    )


class CloseForm(forms.Form):
    """Why an office is closed."""

    reason = forms.CharField(max_length=2000)
    version = forms.IntegerField(min_value=0)


def _tell_move(form: forms.ModelForm, cleaned: dict[str, Any]) -> None:
    """Refuse a move that has not been told, once; what was told comes back with the form."""
    if not form.instance.pk or "parent" not in form.changed_data or form.errors:
        return
    stored = Office.objects.select_related("parent").get(pk=form.instance.pk)
    parent = cleaned.get("parent")
    if stored.pk in stored.above(parent.pk if parent else None):
        # refused by the model, in words of its own
        return
    move = move_of(stored, parent)
    mark = _mark(move, parent)
    if not move.changes_nothing and cleaned.get("move_told") != mark:
        form.data = form.data.copy()
        form.data[form.add_prefix("move_told")] = mark
        raise ValidationError(
            {"parent": f"{told(move)} {_('Salvare di nuovo per confermare.')}"}, code="move"
        )


def _mark(move: OfficeMove, parent) -> str:
    gains, loses = (",".join(str(user.pk) for user in some) for some in (move.gains, move.loses))
    return f"{parent.pk if parent else ''}:{gains}:{loses}"
