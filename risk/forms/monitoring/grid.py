"""Measuring and proving in the row of a measure, in the grid of an office."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from registry.forms.days import TypedDayField
from registry.forms.saving import FieldNote, control_text, put_in_form
from registry.models import User
from registry.readable import plain
from risk.forms.monitoring.rounds import ANSWERS, EvidenceForm, MeasurementForm
from risk.models import Measurement, ProgressIndicator, RoundItem
from risk.services.monitoring.answers import add_measurement
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.evidence_files import BroughtFile
from risk.services.monitoring.progress import measured_in
from risk.services.monitoring.rounds import last_day

_VALUES = ("value", "numerator", "denominator")
_TAKEN = (*_VALUES, "measured_on", "source")


class OfGrid:
    """A form of the one page whose blocks each save themselves; nobody else has its row."""

    owner = ANSWERS
    version = ""
    clashes = ()


class RowMeasurementForm(OfGrid, MeasurementForm):
    """The value of an indicator, as it was measured last; written once its row is complete."""

    def __init__(
        self,
        data=None,
        *,
        item: RoundItem,
        indicator: ProgressIndicator,
        last: Measurement | None,
    ):
        super().__init__(
            data, indicator=indicator, is_correction=True, day=last_day(item.round), of_row=True
        )
        self.item, self.last = item, last
        self.is_first = False
        """Whether what was just written is the first of the round."""
        self.is_taken = self.was_written = False
        self.missing: dict[str, str] = {}
        self.fields["measured_on"] = TypedDayField(label=self.fields["measured_on"].label)
        if last is not None:
            said = {name: getattr(last, name) for name in _TAKEN if name in self.fields}
            self.initial |= {name: _shown(value) for name, value in said.items()}
        for field in self.fields.values():
            field.required = False
        put_in_form(self.fields.values(), self.owner)

    def submit(self, *, by: User, is_final: bool = False) -> bool:
        """Write what was measured; tell whether nothing is left to be typed or mended.

        What is not complete is said as missing, or as wrong where nothing more comes (`is_final`).
        """
        if not self.is_valid():
            return False
        values = self._values()
        told = [values[name] for name in self._numbers]
        if self._is_as_before(values) or not (values["source"] or any_given(told)):
            self.is_taken = True
            return True
        self.missing = self._missing_of(values)
        if self.missing:
            if is_final:
                for name, sentence in self.missing.items():
                    self.add_error(name, sentence)
            return False
        try:
            written = add_measurement(item=self.item, indicator=self.indicator, by=by, **values)
        except (ValidationError, IntegrityError) as refused:
            self.refuse(refused)
            return False
        self.is_first, self.last = self.last is None, written
        self.is_taken = self.was_written = True
        return True

    @property
    def asks_value(self) -> bool:
        """Whether the outcome is waiting for it: it decides, and the round has no value of it."""
        return self.last is None and self.indicator.is_master

    @property
    def _numbers(self) -> list[str]:
        return [name for name in _VALUES if name in self.fields]

    def _values(self) -> dict[str, Any]:
        values = {name: value if value != "" else None for name, value in self.cleaned_data.items()}
        values["measured_on"] = values.get("measured_on") or last_day(self.item.round)
        return {**values, "source": values.get("source") or "", **self._reason()}

    def _reason(self) -> dict[str, str]:
        return {"correction_reason": self.cleaned_data.get("correction_reason") or ""}

    def _is_as_before(self, values: dict[str, Any]) -> bool:
        names = (*self._numbers, "measured_on", "source")
        return self.last is not None and all(
            getattr(self.last, name) == values[name] for name in names
        )

    def _missing_of(self, values: dict[str, Any]) -> dict[str, str]:
        missing = {name: _("Manca il numero.") for name in self._numbers if values[name] is None}
        if not values["source"]:
            missing["source"] = _("Scrivi anche da dove viene il numero.")
        return missing

    @property
    def field_notes(self) -> Iterator[FieldNote]:
        """What is said beside each field, once the row was sent."""
        for field in self.visible_fields():
            if not self.is_taken or field.errors:
                yield FieldNote(field, missing=self.missing.get(field.name, ""))
                continue
            value = None if field.name == "correction_reason" else self.cleaned_data[field.name]
            saved = control_text(field.field, value)
            yield FieldNote(field, saved=saved, is_written=field.name in self._numbers)

    @property
    def first_fields(self) -> list[Any]:
        """Its fields, but for the reason of a correction."""
        return [field for field in self.visible_fields() if field.name != "correction_reason"]


def _shown(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value


def any_given(values: list[Any]) -> bool:
    """Tell whether any of some values is there; zero is."""
    return any(value is not None for value in values)


class RowProofForm(OfGrid, EvidenceForm):
    """A proof, of a measure of the grid: written by its button, as it is never taken away."""

    def __init__(self, data=None, files=None, *, item: RoundItem):
        super().__init__(data, files, prefix=f"prova-{item.uid}", auto_id="campo-%s")
        self.item = item
        self.order_fields(["reference", "files", "proves", "has_personal_data"])
        self.fields["proves"].required = False
        # it comes first here: typed more often than a file is brought
        self.fields["reference"].label = _("Prova: atto, protocollo o indirizzo")
        self.fields["files"].label = _("Oppure file")
        put_in_form(self.fields.values(), self.owner)

    def submit(self, *, by: User, is_final: bool = False) -> bool:
        """Write the proof; tell whether nothing is left to be mended. One that is empty is none."""
        if not self.is_valid():
            return False
        values = dict(self.cleaned_data)
        files = [BroughtFile(one.name or "", one) for one in values.pop("files")]
        if not (files or values["reference"] or values["proves"]):
            return True
        if not values["proves"]:
            self.add_error("proves", _("Scrivi che cosa prova."))
            return False
        try:
            add_evidence(item=self.item, files=files, by=by, **values)
        except (ValidationError, IntegrityError) as refused:
            self.refuse(refused)
            return False
        return True

    @property
    def said_fields(self) -> list[Any]:
        """Its fields, but for the tick beside the button."""
        return [field for field in self.visible_fields() if field.name != "has_personal_data"]

    @property
    def field_notes(self) -> Iterator[FieldNote]:
        """What is wrong beside each field."""
        return (FieldNote(field) for field in self.visible_fields())


def measurement_forms(item: RoundItem, data: Any = None) -> Iterator[RowMeasurementForm]:
    """Yield the form of each indicator of a measure, as `page.office_items` reads them."""
    measure: Any = item.planned_measure
    last = measured_in(item)
    for one in measure.progress_indicators.all():
        yield RowMeasurementForm(data, item=item, indicator=one, last=last.get(one.pk))
