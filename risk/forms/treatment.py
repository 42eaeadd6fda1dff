"""Forms of the treatment: a measure put on rows, and the rows of its programming."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from registry.enums import AliasKind
from registry.forms.days import TypedDayField
from registry.forms.saving import FieldNote, SavingForm, put_in_form
from registry.models import Administration
from registry.readable import plain
from registry.services.lookup import Index
from risk.enums import MeasureCharacter
from risk.forms.process_sheet.sheet import DatalistField, SheetForm
from risk.models import (
    ImplementationStep,
    Measure,
    Objective,
    PlannedMeasure,
    ProgressIndicator,
)


def _measure_field(datalist: str) -> DatalistField:
    return DatalistField(
        kind=Measure,
        datalist=datalist,
        label=_("Misura"),
        help_text=_("Si sceglie scrivendo il codice o una parte del nome."),
    )


class GeneralMeasureForm(forms.Form):
    """A general measure said once for the whole office."""

    misura = _measure_field("elenco-misure-generali")

    def __init__(self, data=None, *, index: Index, **kwargs):
        super().__init__(data, auto_id="generale-%s", **kwargs)
        self.fields["misura"].index = index

    def clean_misura(self) -> Measure:
        measure = self.cleaned_data["misura"]
        if measure is None:
            raise ValidationError(_("Scegli una misura dall’elenco."), code="required")
        if measure.character != MeasureCharacter.GENERAL:
            raise ValidationError(
                _("«%(measure)s» è una misura specifica: si lega al processo o alle sue parti."),
                code="specific",
                params={"measure": measure},
            )
        return measure


class TargetsField(forms.MultipleChoiceField):
    """Rows of a process ticked by uid; `rows` are those offered, by uid."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        self.rows: dict[str, Model] = {}
        super().__init__(required=False, **kwargs)

    def offer(self, rows: dict[str, tuple[Model, str]]) -> None:
        """Offer rows: uid → row and how it is called."""
        self.rows = {uid: row for uid, (row, _name) in rows.items()}
        self.choices = [(uid, name) for uid, (_row, name) in rows.items()]

    def clean(self, value: Any) -> list[Model]:
        return [self.rows[uid] for uid in dict.fromkeys(super().clean(value))]


class MeasureOnRowsForm(forms.Form):
    """A measure on the process or on parts of it, of one kind."""

    misura = _measure_field("elenco-misure")
    oggetti = TargetsField(
        label=_("A che cosa si applica"),
        error_messages={"invalid_choice": _("Un oggetto scelto non è di questo processo.")},
    )

    def __init__(self, data=None, *, index: Index, offered, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["misura"].index = index
        self.fields["oggetti"].offer(offered)

    def clean_misura(self) -> Measure:
        measure = self.cleaned_data["misura"]
        if measure is None:
            raise ValidationError(_("Scegli una misura dall’elenco."), code="required")
        return measure

    def clean_oggetti(self) -> list[Model]:
        rows = self.cleaned_data["oggetti"]
        if not rows:
            raise ValidationError(_("Scegli almeno un oggetto della misura."), code="required")
        return rows


PROGRAMME = "programma"
"""The id of the one form of the page of a programmed measure."""


class ReachForm(forms.Form):
    """What a measure covers, once it is there.

    `era` are the rows ticked when the page was shown: sent along, only what was ticked or unticked
    since is a change, and what somebody else ticked meanwhile stays.
    """

    oggetti = TargetsField(
        label=_("A che cosa si applica"),
        error_messages={"invalid_choice": _("Un oggetto scelto non è di questo allegato.")},
    )
    era = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, offered, held=(), page=None, **kwargs):
        """Offer rows of which those `held` are covered; `page` tells which of all they are."""
        self.held, self.page = set(held), page
        ticked = [uid for uid in offered if uid in self.held]
        initial = {"oggetti": ticked, "era": " ".join(ticked)}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["oggetti"].offer(offered)
        put_in_form(self.fields.values(), PROGRAMME)

    @property
    def is_whole(self) -> bool:
        """Whether what is ticked is all there is to be covered, as where no `era` was sent."""
        return "era" not in self.data

    def changes(self) -> tuple[list[Model], list[Model]]:
        """Return the rows to cover from now on and those no longer, of the rows that were sent."""
        rows, ticked = self.fields["oggetti"].rows, self.cleaned_data["oggetti"]
        shown, uids = self.cleaned_data["era"].split(), {str(row.uid) for row in ticked}
        added = [row for row in ticked if str(row.uid) not in shown]
        return added, [rows[uid] for uid in shown if uid in rows and uid not in uids]

    @property
    def era_now(self) -> str:
        """The hidden field of what was ticked, as it is from now on: unchanged after a refusal."""
        ticked = self.data["era"] if self.errors else " ".join(self.data.getlist("oggetti"))
        return self["era"].as_widget(attrs={"value": ticked})

    @property
    def field_notes(self) -> list[FieldNote]:
        """What is said beside the boxes, once they were sent."""
        field = self["oggetti"]
        if field.errors:
            return [FieldNote(field)]
        return [FieldNote(field, saved=" ".join(self.data.getlist("oggetti")), is_written=True)]


def _role(**kwargs: Any) -> DatalistField:
    return DatalistField(
        kind=AliasKind.EXECUTOR_ROLE,
        datalist="elenco-ruoli",
        label=_("Soggetto responsabile"),
        **kwargs,
    )


def _office(**kwargs: Any) -> DatalistField:
    return DatalistField(
        kind=AliasKind.OFFICE, datalist="elenco-uffici", label=_("Ufficio responsabile"), **kwargs
    )


def number_field(label) -> forms.DecimalField:
    """Return the field of a value of an indicator, as people write numbers."""
    return forms.DecimalField(
        label=label, required=False, localize=True, max_digits=14, decimal_places=3
    )


class ReadOnlyRows:
    """A row of a programming, also as those read it who may not change it."""

    owner = PROGRAMME

    def _get_validation_exclusions(self) -> set[str]:
        # the service that saves validates the row; twice would be twice the queries
        return {field.name for field in self._meta.model._meta.fields}

    @property
    def read_only_rows(self) -> list[tuple[str, str]]:
        return [
            (str(field.label), self._text(name, getattr(self.instance, name)))
            for name, field in self.fields.items()
            if name in self._meta.fields
        ]


class ProgrammeForm(ReadOnlyRows, SavingForm, SheetForm):
    """How a measure stands at the start of the plan, how it is carried out and by whom."""

    kind = "programme"

    responsible_role = _role(
        help_text=_("Chi risponde dell’attuazione (PNA 2019, All. 1: responsabilità connesse).")
    )
    responsible_office = _office()
    objective = forms.ModelChoiceField(
        Objective.objects.none(),
        label=_("Obiettivo del piano"),
        required=False,
        to_field_name="uid",
        empty_label=_("(nessuno)"),
        help_text=_("Quello che la misura serve; gli obiettivi li scrive il RPCT."),
    )

    class Meta:
        model = PlannedMeasure
        fields = [
            *("start_state", "notes", "responsible_role", "responsible_office"),
            *("objective", "monitoring_frequency", "monitoring_mode"),
        ]
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 3}),
            "monitoring_mode": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(
        self, data=None, *args, instance: PlannedMeasure, administration: Administration, **kwargs
    ):
        super().__init__(data, *args, instance=instance, administration=administration, **kwargs)
        serves = instance.objective
        if serves is None and not getattr(instance, "has_objectives", False):
            del self.fields["objective"]
            return
        rows = Objective.objects.filter(plan=instance.plan_id)
        own = Q(pk=serves.pk) if serves else Q()
        self.fields["objective"].queryset = rows.filter(Q(retired_on=None) | own)
        self.initial["objective"] = serves

    def as_shown(self, value: Any) -> Any:
        """Return an objective as its field tells it, by its uid."""
        return value.uid if isinstance(value, Objective) else value


NEW = "nuova"
"""What stands for the uid in the names of the row to add."""


class ProgrammeRowForm(ReadOnlyRows, SavingForm, SheetForm):
    """A row of a programming: of a row not yet saved, its uid is sent along."""

    kind = "programme"
    row_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    word = ""

    def __init__(self, data=None, *args, instance: Model, administration: Administration, **kwargs):
        prefix = f"{self.word}-{instance.uid if instance.pk else NEW}"
        super().__init__(
            data, *args, instance=instance, administration=administration, prefix=prefix, **kwargs
        )
        self.initial["row_uid"] = instance.uid

    @property
    def is_filled(self) -> bool:
        """Whether something was typed in the row to add."""
        return any(name in self._meta.fields for name in self.changed_data)

    @property
    def values(self) -> dict[str, Any]:
        """The typed values of the row's own columns."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class StepForm(ProgrammeRowForm):
    """A step of implementation."""

    word = "fasi"
    due_on = TypedDayField(label=_("Entro il"), required=False)
    responsible_role = _role()
    responsible_office = _office()

    class Meta:
        model = ImplementationStep
        fields = ["description", "timing", "due_on", "responsible_role", "responsible_office"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"description": {"required": _("Descrivi la fase di attuazione.")}}


class IndicatorForm(ProgrammeRowForm):
    """A progress indicator with its baseline and its target."""

    word = "indicatori"
    baseline = number_field(_("Valore di partenza"))
    baseline_on = TypedDayField(label=_("Rilevato il"), required=False)
    target = number_field(_("Valore atteso"))
    target_on = TypedDayField(label=_("Atteso entro il"), required=False)

    class Meta:
        model = ProgressIndicator
        fields = [
            "label",
            "kind",
            "unit",
            "baseline",
            "baseline_on",
            "target",
            "target_on",
            "is_master",
        ]
        error_messages = {"label": {"required": _("Scrivi che cosa si misura.")}}

    def __init__(self, data=None, *args, instance: Model, administration: Administration, **kwargs):
        super().__init__(data, *args, instance=instance, administration=administration, **kwargs)
        for name in ("baseline", "target"):
            self.initial[name] = self.as_shown(getattr(instance, name))

    def as_shown(self, value: Any) -> Any:
        """Return a number as a person writes it: 22 and not 22,000."""
        return plain(value) if isinstance(value, Decimal) else value


def blank(model: type[Model], planned: PlannedMeasure, uid: Any = None) -> Model:
    """Return the row an empty form stands for, with the uid it will be saved under."""
    return model(planned_measure=planned, uid=uid or uuid.uuid4(), version=0)
