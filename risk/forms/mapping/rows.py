"""The row of the process map as a form, and the filters of the page."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.enums import AliasKind, ProcessKind, RiskPresence
from registry.forms.rows import RowForm
from registry.models import Macroprocess, Process
from registry.models.processes import TITLE_LENGTH
from registry.normalise import fold
from registry.services.lookup import LONGEST, Index, NoMatch
from risk.forms.mapping import copied
from risk.models import Level

HIGHEST_NUMBER = 99_999
NONE = "nessuno"
"""Value of a filter that looks for what is not filled in."""


def typed_as(value: Any) -> str:
    """Return a value as it stands in its input: of a macroprocess the label alone.

    Its function has a column of its own beside it.
    """
    if isinstance(value, Macroprocess):
        return value.label
    return "" if value is None else str(value)


class MatchedField(forms.CharField):
    """A row of a list, chosen by typing its code, its label or another spelling.

    The form gives it an `index` before it is cleaned, and the row chosen `current`ly, which
    needs no looking up.
    """

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        self.index: Index | None = None
        self.current: Model | None = None
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Model | None:
        text = super().to_python(value)
        if not text:
            return None
        if self.current is not None and text in (str(self.current), typed_as(self.current)):
            return self.current
        try:
            return self.index.match(self.kind, text)
        except NoMatch as error:
            raise ValidationError(error.message, code="no_match") from error

    def run_validators(self, value: Any) -> None:
        """A row that was found needs no check of its text."""

    def prepare_value(self, value: Any) -> Any:
        return typed_as(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return typed_as(initial) != str(data or "")


class OneLineField(forms.CharField):
    """A text of one line, whatever blanks and breaks it was typed or pasted with."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


def _number(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("numero"), min_value=1, max_value=HIGHEST_NUMBER, widget=forms.TextInput, **kwargs
    )


class ProcessFields(forms.Form):
    """The fields of a row that are typed otherwise than the model would ask for them."""

    title = OneLineField(
        label=_("processo"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Scrivi che cosa fa il processo.")},
    )
    macroprocess = MatchedField(AliasKind.MACROPROCESS, label=_("macroprocesso"))
    risk_area = MatchedField(AliasKind.RISK_AREA, label=_("area di rischio"))

    def give_index(self, index: Index, process: Process | None = None) -> None:
        """Let the chosen-by-typing fields look rows up."""
        for name in ("macroprocess", "risk_area"):
            field = self.fields[name]
            field.index = index
            field.current = getattr(process, name) if process is not None else None


class ProcessRowForm(ProcessFields, RowForm):
    """A row of the map: only the fields that were sent are saved."""

    number = _number()

    class Meta:
        model = Process
        fields = ["number", "kind", "title", "macroprocess", "risk_area", "risk_presence"]

    def __init__(self, data=None, *args, instance: Process, index: Index, **kwargs):
        super().__init__(data, *args, instance=instance, **kwargs)
        self.give_index(index, instance)
        for name in ("macroprocess", "risk_area"):
            self.initial[name] = getattr(instance, name)

    def _get_validation_exclusions(self):
        # the save validates what changed, under its lock: asking here too would double the queries
        return {field.name for field in Process._meta.fields}

    def refuse(self, error: ValidationError) -> None:
        """Show what the save refused, beside its field where the row has one."""
        try:
            refuse_taken_number(
                self.instance.annex_id, self.cleaned_data["number"], apart_from=self.instance.pk
            )
        except ValidationError as taken:
            self.add_error("number", taken)
            return
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)


class NewProcessForm(ProcessFields, forms.ModelForm):
    """The empty row at the end of the map; without a number the process takes the next one."""

    number = _number(required=False)

    class Meta:
        model = Process
        fields = ["number", "kind", "title", "macroprocess", "risk_area", "risk_presence"]

    def __init__(self, data=None, *args, index: Index, annex=None, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.give_index(index)
        self.annex = annex
        self.fields["risk_presence"].required = False

    def _get_validation_exclusions(self):
        # the service validates the whole row, once it knows its number and place
        return {field.name for field in Process._meta.fields}

    def clean_number(self) -> int | None:
        number = self.cleaned_data["number"]
        if number is not None and self.annex is not None:
            refuse_taken_number(self.annex.pk, number)
        return number


def refuse_taken_number(annex_id: int, number: int, *, apart_from: int | None = None) -> None:
    """Raise `ValidationError` with the title of the process that has the number already."""
    rows = Process.objects.filter(annex=annex_id, number=number).exclude(pk=apart_from)
    holder = rows.only("title", "retired_on").first()
    if holder is None:
        return
    where = _(" (in archivio)") if holder.is_retired else ""
    raise ValidationError(
        _("Il numero %(number)s è già di «%(title)s»%(where)s."),
        code="taken",
        params={"number": number, "title": holder.title[:80], "where": where},
    )


class MapFilter(forms.Form):
    """Filters of the map, kept in the address."""

    q = forms.CharField(label=_("cerca"), required=False, max_length=200)
    area = forms.ChoiceField(label=_("area di rischio"), required=False)
    macroprocesso = forms.CharField(
        label=_("macroprocesso"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"list": "elenco-macroprocessi", "placeholder": _("tutti, o «nessuno»")}
        ),
    )
    tipo = forms.ChoiceField(label=_("tipo di processo"), required=False)
    presenza = forms.ChoiceField(label=_("presenza del rischio"), required=False)
    livello = forms.ChoiceField(label=_("livello"), required=False)
    riconferma = forms.ChoiceField(label=_("edizione precedente"), required=False)
    testo = forms.ChoiceField(label=_("testo dell’edizione"), required=False)
    manca = forms.BooleanField(label=_("manca ancora qualcosa"), required=False)
    archivio = forms.BooleanField(label=_("in archivio"), required=False)

    def __init__(
        self,
        data,
        *,
        index: Index,
        levels: list[Level],
        editions: Collection[tuple[str, str]] = (),
        **kwargs,
    ):
        """`editions` are those whose words are still there, where there are copies to be read."""
        super().__init__(data, **kwargs)
        self.index = index
        self.macroprocess: Model | None = None
        empty = (NONE, _("non indicato"))
        areas = [(row.code, _short(str(row))) for row in index.rows(AliasKind.RISK_AREA)]
        self.fields["area"].choices = [("", _("tutte")), *areas, empty]
        self.fields["tipo"].choices = [("", _("tutti")), *ProcessKind.choices, empty]
        self.fields["presenza"].choices = [("", _("tutte")), *RiskPresence.choices]
        self.levels = {level.code: level for level in levels}
        names = [(level.code, level.label) for level in levels]
        self.fields["livello"].choices = [("", _("tutti")), *names, (NONE, _("non valutati"))]
        if editions:
            self.fields["riconferma"].choices = [("", _("tutti")), *copied.WORDS.items()]
            self.fields["testo"].choices = [("", _("tutte")), *editions, (NONE, _("non si sa"))]
        else:
            del self.fields["riconferma"], self.fields["testo"]
        self.is_valid()

    def clean_macroprocesso(self) -> str:
        """Find the row that is meant, by its code, its label or another spelling."""
        text = self.cleaned_data["macroprocesso"]
        if text and fold(text) != NONE:
            try:
                self.macroprocess = self.index.match(AliasKind.MACROPROCESS, text)
            except NoMatch as error:
                raise ValidationError(error.message, code="no_match") from error
        return text

    @property
    def values(self) -> dict[str, Any]:
        """The filters that narrow the map; a value that is no choice filters nothing."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, rows: QuerySet) -> QuerySet:
        """Return the processes that answer to the filters of what stands in their rows.

        Those are all but `manca`, `riconferma` and `testo`.
        """
        values = self.values
        rows = rows.filter(retired_on__isnull="archivio" not in values)
        for word in fold(values.get("q", "")).split():
            rows = rows.filter(_says(word))
        if values.get("area") == NONE:
            rows = rows.filter(risk_area__isnull=True)
        elif "area" in values:
            rows = rows.filter(risk_area__code=values["area"])
        if self.macroprocess is not None:
            rows = rows.filter(macroprocess__code=self.macroprocess.code)
        elif "macroprocesso" in values:
            rows = rows.filter(macroprocess__isnull=True)
        if "tipo" in values:
            rows = rows.filter(kind="" if values["tipo"] == NONE else values["tipo"])
        if "presenza" in values:
            rows = rows.filter(risk_presence=values["presenza"])
        if values.get("livello") == NONE:
            rows = rows.filter(level_id__isnull=True)
        elif "livello" in values:
            rows = rows.filter(level_id=self.levels[values["livello"]].pk)
        return rows


def _says(word: str) -> Q:
    """Return rows that hold a folded word in one of the columns of the map."""
    condition = Q(folded__contains=word) | Q(macroprocess__folded__contains=word)
    condition |= Q(risk_area__folded__contains=word) | Q(
        macroprocess__function__folded__contains=word
    )
    condition |= Q(code__icontains=word)
    return condition | Q(number=int(word)) if word.isdecimal() and len(word) < 6 else condition


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:89]}…"
