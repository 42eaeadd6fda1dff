"""What is typed of the entries of the lists an RPCT keeps."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from registry.acts import act
from registry.enums import ADOPTED_PLAN_STATES, AliasKind, MembershipRole
from registry.forms.days import DayField
from registry.forms.people import ActForm
from registry.forms.rows import RowForm
from registry.forms.rows_called import OfficeField
from registry.models import Administration, DirectoryRule, Office, PlanDeadline
from registry.models.bodies import Alias
from registry.services.editing import Saved
from risk.services.catalogues.entries import LIST_ENTRY, subject_of_list
from risk.services.catalogues.lists import CatalogueList

SHOWN = "era-"
"""Of a list of choices, the name of the field that says which were ticked on the page."""


class EntryForm(RowForm):
    """An entry of a list of a body; of the lists it has itself only what was ticked is changed."""

    kind = LIST_ENTRY

    def __init__(self, *args, body: Administration, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
        self.lists = [
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.ModelMultipleChoiceField)
        ]
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self._offered(name, field, body)
        for name in self.lists:
            keys = " ".join(str(row.pk) for row in self.initial.get(name, ()))
            hidden = forms.CharField(required=False, widget=forms.HiddenInput, initial=keys)
            self.fields[SHOWN + name] = hidden

    def _offered(self, name: str, field: forms.ModelChoiceField, body: Administration):
        """Return entries of the body and national ones, in use or chosen already."""
        rows, names = field.queryset, {one.name for one in field.queryset.model._meta.fields}
        if "administration" not in names:
            return rows
        key = self.initial.get(name)
        chosen = [row.pk for row in key or ()] if name in self.lists else [key]
        own = Q(administration=body) | Q(administration=None)
        return rows.filter(own & (Q(retired_on=None) | Q(pk__in=[k for k in chosen if k])))

    def visible_fields(self):
        """Return the fields that are shown one under the other; lists are folded after them."""
        return [field for field in super().visible_fields() if field.name not in self.lists]

    @property
    def choices_shown(self) -> list[forms.BoundField]:
        """Return the lists an entry has itself."""
        return [self[name] for name in self.lists]

    @property
    def chosen(self) -> Mapping[str, list[Model]]:
        """Return the lists of a new entry."""
        return {name: list(self.cleaned_data[name]) for name in self.lists}

    def save_entry(self, *, listed: CatalogueList, body: Administration, by: Any) -> Saved | None:
        """Write the entry and what was ticked, as one act; None as of `save_row`."""
        with act(LIST_ENTRY, by=by, subject=subject_of_list(listed, body)):
            saved = self.save_row(by=by)
            for name in self.lists if saved else ():
                shown = set(self.cleaned_data[SHOWN + name].split())
                now = {str(row.pk): row for row in self.cleaned_data[name]}
                rows = getattr(saved.row, name)
                rows.add(*(row for key, row in now.items() if key not in shown))
                rows.remove(*rows.filter(pk__in=shown - set(now)))
            return saved

    def clean(self):
        """Refuse keys nobody was shown."""
        values = super().clean()
        for name in self.lists:
            if not all(key.isdecimal() for key in values.get(SHOWN + name, "").split()):
                raise ValidationError(_("La pagina non è più valida: ricaricala e riprova."))
        return values


def entry_form(listed: CatalogueList, *, is_new: bool) -> type[EntryForm]:
    """Return the form of the entries of a list; of a text, its place is chosen once."""
    fields = listed.fields
    if listed.word == "testi" and not is_new:
        fields = ("text", "source")
    lists = {one.name for one in listed.model._meta.many_to_many}
    widgets = {name: forms.CheckboxSelectMultiple for name in fields if name in lists}
    days = {"in_force_from": DayField, "repealed_on": DayField}
    return forms.modelform_factory(
        listed.model,
        form=EntryForm,
        fields=fields,
        widgets=widgets,
        field_classes={name: days[name] for name in fields if name in days},
    )


class AliasForm(ActForm):
    """Another spelling, and the entry it stands for, as anybody names it."""

    kind = forms.ChoiceField(label=_("Tipo"), choices=AliasKind.choices)
    text = Alias._meta.get_field("text").formfield(label=_("Come è scritto nei file"))
    target = forms.CharField(
        label=_("La voce che indica"),
        max_length=500,
        help_text=_("Il codice o la denominazione, come nell’elenco."),
    )
    note = Alias._meta.get_field("note").formfield(label=_("Nota"), required=False)


class DayForm(ActForm):
    """A day of the calendar of a plan that is prepared."""

    plan = forms.ModelChoiceField(label=_("Piano"), queryset=None)
    kind = PlanDeadline._meta.get_field("kind").formfield(label=_("Tipo"))
    due_on = DayField(label=_("Entro il"))
    label = PlanDeadline._meta.get_field("label").formfield(label=_("Scadenza"))
    source = PlanDeadline._meta.get_field("source").formfield(label=_("Fonte"), required=False)

    def __init__(self, *args, body: Administration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        plans = body.plans.exclude(state__in=ADOPTED_PLAN_STATES)
        self.fields["plan"].queryset = plans.order_by("-first_year", "title")


class GroupForm(ActForm):
    """A group of the directory of a body, and the role it gives."""

    group = DirectoryRule._meta.get_field("group").formfield(label=_("Gruppo"))
    role = forms.ChoiceField(label=_("Ruolo"))
    office = OfficeField(
        label=_("Ufficio"),
        required=False,
        empty_label=_("Tutta l’amministrazione"),
        help_text=_("Per referenti e responsabili; RPCT e organismo di valutazione non ne hanno."),
    )

    def __init__(self, *args, body: Administration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (value, capfirst(label)) for value, label in MembershipRole.choices
        ]
        offices = Office.objects.in_use().filter(administration=body)
        self.fields["office"].offer(offices, body=body)


class RetireForm(forms.Form):
    """Why an entry is no longer used."""

    reason = forms.CharField(
        label=_("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
