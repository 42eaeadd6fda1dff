"""The form of one assessment: a grade with its reasons for each question, then the judgement.

Its fields come from the method, which is data. It stands over several rows, so it brings its own
three versions of a clash instead of `registry.forms.rows.RowForm`, and shows them the same way.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.forms.days import TypedDayField
from registry.forms.rows import CHOICE_PREFIX, THEIRS, ShownClash
from registry.forms.saving import FieldNote, control_text
from registry.readable import readable as read_out
from registry.services.editing import StaleRow
from registry.validators import validate_printable, validate_prose_length
from risk.forms.assessment.copying import CopyForm
from risk.models import Assessment, Rating
from risk.services.assessment.assessments import (
    drafts_in,
    grades_in,
    ratings_of,
    readable,
    save_assessment,
    stored_values,
)
from risk.services.assessment.methods import MethodQuestion, MethodSheet
from risk.services.assessment.page import AssessmentPage
from risk.services.assessment.proposals import Proposal


def _prose(model, name: str, *, rows: int) -> forms.CharField:
    field = model._meta.get_field(name)
    return forms.CharField(
        label=str(field.verbose_name).capitalize(),
        help_text=field.help_text,
        required=False,
        validators=[validate_printable, validate_prose_length],
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _shared_field() -> forms.CharField:
    field = _prose(Rating, "motivation", rows=2)
    field.label = _("Motivazione comune")
    field.help_text = _(
        "Scritta una volta, vale per ogni indicatore e per il giudizio complessivo, dove c’è un "
        "livello e nessuna motivazione propria: si ritrova in ciascuno, e lì si corregge."
    )
    return field


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its three fields, as the page draws it."""

    question: MethodQuestion
    grade: forms.BoundField
    motivation: forms.BoundField
    evidence: forms.BoundField
    missing: str = ""


SHARED = "shared"
"""The words that hold for every level chosen without a motivation of its own: stored with each."""


class GradesForm(forms.Form):
    """Only the grades of a method: enough for a proposal."""

    def __init__(self, *args, sheet: MethodSheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for question in sheet.questions:
            self.fields[f"{question.key}-grade"] = _grade_field(question)

    def grades(self) -> dict[str, Any]:
        """Return the grades that can be read, whatever else is wrong with the form."""
        self.is_valid()
        return grades_in(self.sheet, self.cleaned_data)


def _grade_field(question: MethodQuestion) -> forms.Field:
    label = question.indicator.label
    if not question.grades:
        return _number_field(question, label)
    choices = [("", _("non misurato"))]
    choices += [(value, grade.label) for value, grade in question.grades.items()]
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)


def _number_field(question: MethodQuestion, label: str) -> forms.Field:
    limited: dict[str, Any] = {}
    if question.bounds:
        low, high = question.bounds
        ends = {"low": read_out(low), "high": read_out(high)}
        refused = _("Il punteggio va da %(low)s a %(high)s.") % ends
        # the library’s own sentences print the ends with a point
        limits = (MinValueValidator(low, message=refused), MaxValueValidator(high, message=refused))
        help_text = _("Da %(low)s a %(high)s, anche con la virgola: per esempio 3,33.") % ends
        limited = {"validators": limits, "help_text": help_text}
    return forms.DecimalField(
        label=label,
        required=False,
        localize=True,
        max_digits=7,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
        **limited,
    )


class AssessmentForm(GradesForm):
    """The assessment open on its page, saved field by field as it is typed.

    `save(by=…)` writes what is right and keeps the rest as typed, each with its reason. A level
    without motivation is saved as well: what is missing is said beside the field.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, page: AssessmentPage, **kwargs):
        self.page = page
        self.stale: StaleRow | None = None
        self.is_own_clash = False
        self.clashes: list[ShownClash] = []
        self.saved: dict[str, Any] | None = None
        self.is_shared_out = False
        version = page.assessment.version if page.assessment else 0
        initial = page.values | {"version": version}
        super().__init__(data, sheet=page.sheet, initial=initial, **kwargs)
        self._add_fields(page.sheet)
        if data is not None:
            self.data = self._settled()

    def _add_fields(self, sheet: MethodSheet) -> None:
        for question in sheet.questions:
            self.fields[f"{question.key}-motivation"] = _prose(Rating, "motivation", rows=2)
            self.fields[f"{question.key}-evidence"] = _prose(Rating, "evidence", rows=2)
        if any(question.by_level for question in sheet.questions):
            self.fields[SHARED] = _shared_field()
        self.fields["level"] = forms.ChoiceField(
            label=_("Livello di rischio"),
            required=False,
            choices=[("", _("non ancora deciso"))]
            + [(level.code, level.label) for level in sheet.overall],
            widget=forms.RadioSelect,
        )
        self.fields["motivation"] = _prose(Assessment, "motivation", rows=4)
        self.fields["assessed_on"] = TypedDayField(
            label=_("Data della valutazione"),
            required=False,
            help_text=_("Per esempio 31/01/2027. Vuota: la data di oggi, se si decide un livello."),
        )

    def _settled(self):
        """Return the data with the clashes a person has settled in favour of the saved value."""
        data = self.data.copy()
        for name, value in self.page.values.items():
            if data.get(CHOICE_PREFIX + name) == THEIRS:
                data[name] = self.fields[name].prepare_value(value)
        return data

    @property
    def asked(self) -> list[AskedQuestion]:
        """The questions in their order, each with its fields."""
        notes = self.notes
        return [
            AskedQuestion(
                question,
                self[f"{question.key}-grade"],
                self[f"{question.key}-motivation"],
                self[f"{question.key}-evidence"],
                notes.get(f"{question.key}-motivation", ""),
            )
            for question in self.sheet.questions
        ]

    @property
    def shared(self) -> forms.BoundField | None:
        """The field of the shared motivation, None where no level asks for one."""
        return self[SHARED] if SHARED in self.fields else None

    @property
    def proposal(self) -> Proposal:
        """What the method proposes for the grades typed, or saved when nothing is typed."""
        typed = self.grades() if self.is_bound else grades_in(self.sheet, self.page.values)
        return self.page.proposal_for(typed)

    def clean(self):
        values = super().clean()
        self._share(values)
        if values.get("level") and "assessed_on" in values and not values["assessed_on"]:
            values["assessed_on"] = self.page.values["assessed_on"] or timezone.localdate()
        return values

    def _share(self, values: dict[str, Any]) -> None:
        """Give the shared words to every level that has been chosen and has none of its own."""
        shared = values.get(SHARED, "")
        if not shared.strip():
            return
        levels = self._motivated
        bare = [name for name, chosen in levels.items() if values.get(chosen) and name in values]
        bare = [name for name in bare if not values[name].strip()]
        values.update(dict.fromkeys(bare, shared))
        self.is_shared_out = all(values.get(chosen) for chosen in levels.values())
        if not bare:
            refused = _(
                "Resta qui: vale per i livelli scelti che non hanno ancora una motivazione, "
                "e finora non ce ne sono."
            )
            self.add_error(SHARED, refused)

    @property
    def _motivated(self) -> dict[str, str]:
        """Each field of a motivation that a level needs, with the field of the level."""
        keys = [question.key for question in self.sheet.questions if question.by_level]
        return {f"{key}-motivation": f"{key}-grade" for key in keys} | {"motivation": "level"}

    @property
    def _values(self) -> dict[str, Any]:
        """What is on the page: saved, typed where it was sent and is right."""
        self.is_valid()
        typed = self.cleaned_data if self.is_bound else {}
        return self.page.values | {n: v for n, v in typed.items() if n in self.page.values}

    @property
    def missing(self) -> dict[str, str]:
        """What is still to be written, by field: the motivations of the levels chosen."""
        values, found = self._values, {}
        if values["level"] and not values["motivation"].strip():
            found["motivation"] = self._reason_wanted(values)
        for question in self.sheet.questions:
            name = f"{question.key}-motivation"
            if question.by_level and values[f"{question.key}-grade"] and not values[name].strip():
                found[name] = _("Manca: scrivi perché. Un livello va motivato.")
        return found

    def _reason_wanted(self, values) -> str:
        """Return what to write beside an empty motivation; a lower choice than proposed says so."""
        level = self.sheet.overall_level(values["level"])
        proposed = self.page.proposal_for(grades_in(self.sheet, values)).level
        if proposed is not None and level.ordinal < proposed.ordinal:
            return _(
                "Manca: il livello scelto («%(level)s») è più basso di quello proposto "
                "(«%(proposed)s»), e per il criterio di prudenza va motivato."
            ) % {"level": level.label, "proposed": proposed.label}
        return _("Manca: scrivi perché. Un livello va motivato.")

    @property
    def drafts(self) -> dict[str, str]:
        """The motivations that are still as they were copied, with what is to be done with them."""
        values, page = self._values, self.page
        copied = drafts_in(page.sheet, page.assessment, page.ratings)
        kept = [name for name in copied if values[name] == page.values[name]]
        return dict.fromkeys(kept, _("Copiata: rileggila, poi correggila o confermala."))

    @property
    def notes(self) -> dict[str, str]:
        """What is still to be done, by field: motivations to be written, and drafts to be read."""
        return self.drafts | self.missing

    def save(self, *, by: Any, is_read: bool = False) -> bool:
        """Write the fields that are right; False when one is not, the assessment has moved on and
        the person has to choose, or the annex has been closed meanwhile. `is_read` says that all
        that was copied has been read."""
        self.is_valid()
        if "version" not in self.cleaned_data:
            return False
        try:
            row = save_assessment(
                subject=self.page.subject,
                sheet=self.sheet,
                moment=self.page.moment,
                values=self._values,
                version=self.cleaned_data["version"],
                by=by,
                known=(self.page.assessment, self.page.ratings),
                is_read=is_read,
            )
        except StaleRow as stale:
            self.is_own_clash = stale.by == by
            self._show(stale)
            return False
        except ValidationError as closed:
            self.add_error(None, closed.messages)
            return False
        self._note_saved(row)
        return not self.errors

    def _note_saved(self, row: Assessment | None) -> None:
        before = self.page.assessment.version if self.page.assessment else 0
        is_merged = self.cleaned_data["version"] != before
        values = stored_values(self.sheet, row, ratings_of(row)) if is_merged else self._values
        self.saved = values
        # what the person sees from now on is the assessment as saved
        self.data = self.data.copy()
        self.data["version"] = row.version if row else 0

    @property
    def field_notes(self) -> list[FieldNote]:
        """What is said beside each field, once `save` was called."""
        notes = self.notes
        return [self._field_note(field, notes) for field in self.visible_fields()]

    def _field_note(self, field: forms.BoundField, missing: dict[str, str]) -> FieldNote:
        name = field.name
        if self.saved is None or field.errors:
            return FieldNote(field, missing=missing.get(name, ""))
        if name == SHARED:
            # it stands in the fields by now, and here as long as a level may still want it
            return FieldNote(field, saved="" if self.is_shared_out else None)
        value = self.saved[name]
        return FieldNote(
            field,
            saved=control_text(field.field, value),
            is_written=value != self.page.values[name],
            missing=missing.get(name, ""),
        )

    def _show(self, stale: StaleRow) -> None:
        self.stale = stale
        self.clashes = [
            ShownClash(
                name=CHOICE_PREFIX + clash.field,
                label=clash.label,
                shown=clash.shown,
                typed=clash.typed,
                saved=clash.saved,
            )
            for clash in stale.clashes
        ]
        # what the person sees from now on is the assessment as saved meanwhile
        self.data = self.data.copy()
        self.data["version"] = stale.row.version

    @property
    def copy(self) -> CopyForm:
        """What asks for the judgement of another row, sent with this form."""
        if not hasattr(self, "_copy"):
            self._copy = CopyForm(page=self.page)
        return self._copy

    @copy.setter
    def copy(self, form: CopyForm) -> None:
        self._copy = form

    @property
    def read_only_rows(self) -> list[tuple[str, str, list[str]]]:
        """What is saved, as those read it who may not change it: name, value, reasons."""
        values = self.page.values
        lines = []
        for question in self.sheet.questions:
            texts = [values[f"{question.key}-motivation"], values[f"{question.key}-evidence"]]
            grade = readable(self.sheet, f"{question.key}-grade", values[f"{question.key}-grade"])
            lines.append((question.indicator.label, grade, list(filter(None, texts))))
        if self.sheet.method.scoring.printed and self.proposal.reason:
            lines.append((_("Calcolo del metodo"), self.proposal.reason, []))
        level = readable(self.sheet, "level", values["level"])
        lines.append((str(self.fields["level"].label), level, [values["motivation"] or "—"]))
        return lines
