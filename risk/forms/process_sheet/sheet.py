"""Forms of the process sheet: one part of the description, one phase, one action, one behaviour."""

import uuid
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import Model
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from registry.acts import RuleRefused, act
from registry.enums import AliasKind, DigitalState
from registry.forms.rows import CHOICE_PREFIX, THEIRS, RowForm
from registry.models import Action, Administration, Phase, Process
from registry.models.processes import TITLE_LENGTH
from registry.services.editing import Saved
from registry.services.lookup import LONGEST, Index, NoMatch
from registry.validators import validate_printable, validate_prose_length
from risk.guards.ex_officio import EX_OFFICIO
from risk.models import RiskBehaviour
from risk.services.mapping.behaviours import may_touch

NOTHING = (*EMPTY_VALUES, DigitalState.UNKNOWN)
"""Values of a field that nobody has filled in."""


class DatalistField(forms.CharField):
    """A row of a list chosen by typing: code, label, printed label or another known spelling.

    The form binds `index` before it is used. The row already saved is kept when its text comes back
    unchanged, also when the list no longer offers it.
    """

    index: Index | None = None
    saved: Model | None = None

    def __init__(self, *, kind: str, datalist: str, **kwargs):
        attrs = {"list": datalist, "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(required=False, **kwargs)
        self.kind = kind

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Model | None:
        text = super().clean(value)
        if not text:
            return None
        if self.saved is not None and text == str(self.saved):
            return self.saved
        if len(text) > LONGEST:
            raise ValidationError(_("Il testo è troppo lungo per una voce dell’elenco."))
        try:
            return self.index.match(self.kind, text)
        except NoMatch as error:
            raise ValidationError(error.message, code="no_match") from error


class SheetForm(RowForm):
    """A row form whose lists are typed and whose constraints are checked once, when it is saved.

    What is `optional` and empty is folded into one line on the sheet, until somebody wants it.
    """

    part: str = ""
    """The part of the sheet whose fields have a line each for what is wrong."""
    optional: frozenset[str] = frozenset()

    def __init__(self, data=None, *args, instance: Model, administration: Administration, **kwargs):
        super().__init__(data, *args, instance=instance, **kwargs)
        index = Index(administration=administration)
        for name, field in self.fields.items():
            if isinstance(field, DatalistField):
                field.index = index
                field.saved = getattr(instance, name)
                self.initial[name] = field.saved
            field.widget.attrs["id"] = f"campo-{instance.uid}-{name}"
            if self.part and not field.widget.use_fieldset:
                field.widget.attrs["aria-describedby"] = f"errore-{self.part}-{name}"

    @cached_property
    def folded(self) -> list[BoundField]:
        """The optional fields with nothing in them and nothing wrong."""
        fields = [self[name] for name in self.fields if name in self.optional]
        return [field for field in fields if field.value() in NOTHING and not field.errors]

    @property
    def unfolded(self) -> list[BoundField]:
        """The fields that stand on the sheet as they are."""
        folded = {field.name for field in self.folded}
        return [field for field in self.visible_fields() if field.name not in folded]

    def _get_validation_exclusions(self) -> set[str]:
        # The service validates what is written; asking here as well would double the queries.
        return {field.name for field in self.instance._meta.fields}

    @property
    def has_settled(self) -> bool:
        """Whether the person has just kept somebody else's version of a field."""
        return any(
            self.data.get(self.add_prefix(CHOICE_PREFIX + name)) == THEIRS for name in self.fields
        )

    def submit(self, *, by: Any) -> Saved | None:
        """Validate and write; None when a field is wrong or somebody else was faster."""
        if not self.is_valid():
            return None
        try:
            return self.save_row(by=by)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)
            return None


def _one_line(text: str) -> str:
    """Return a title on one line: its box grows with the text and lets line breaks in."""
    return " ".join(text.split())


def _grows(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "sheet-grows"})


_AREA = DatalistField(
    kind=AliasKind.RISK_AREA,
    datalist="elenco-aree",
    label=_("area di rischio"),
    help_text=_(
        "L’area a cui il processo appartiene, generale o specifica (PNA 2019, All. 1, tab. 3). "
        "Si sceglie scrivendo la lettera o una parte del nome."
    ),
)
_MACROPROCESS = DatalistField(
    kind=AliasKind.MACROPROCESS,
    datalist="elenco-macroprocessi",
    label=_("macroprocesso"),
    help_text=_(
        "Il gruppo di processi, con la sua funzione istituzionale "
        "(missione e programma del bilancio, D.Lgs. 118/2011)."
    ),
)


class IdentityForm(SheetForm):
    """What the process is."""

    kind = "describe"
    part = "identita"
    optional = frozenset({"code", "objective", "description", "responsible"})
    macroprocess = _MACROPROCESS
    risk_area = _AREA

    class Meta:
        model = Process
        fields = [
            "title",
            "kind",
            "macroprocess",
            "risk_area",
            "code",
            "responsible",
            "objective",
            "description",
        ]
        widgets = {"title": _grows(1), "objective": _grows(), "description": _grows()}
        help_texts = {
            "title": _("Il nome del processo come va stampato, dopo il numero."),
            "kind": _(
                "Primario se serve gli utenti dell’amministrazione, di supporto se serve gli "
                "uffici."
            ),
            "objective": _("A che cosa serve il processo: il risultato che l’ufficio vuole."),
        }

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"])


class FlowForm(SheetForm):
    """Where the process starts, what it produces, in what time."""

    kind = "describe"
    part = "svolgimento"
    optional = frozenset({"input", "output", "times", "is_procedure", "digital_state"})

    class Meta:
        model = Process
        fields = ["input", "output", "times", "is_procedure", "digital_state"]
        widgets = {"input": _grows(), "output": _grows(), "times": _grows()}
        help_texts = {
            "times": _(
                "Tempi di svolgimento del processo e delle sue attività (PNA 2019, All. 1)."
            ),
            "is_procedure": _("Se si conclude con un provvedimento (L. 241/1990)."),
            "digital_state": _("Quanto del processo si svolge con strumenti informatici."),
        }


class ConditionsForm(SheetForm):
    """What binds the process, what it needs, what it meets."""

    kind = "describe"
    part = "condizioni"
    optional = frozenset({"constraints", "resources", "interrelations", "criticalities"})

    class Meta:
        model = Process
        fields = ["constraints", "resources", "interrelations", "criticalities"]
        widgets = {name: _grows() for name in fields}
        help_texts = {
            "resources": _("Risorse finanziarie e umane, se allocabili (PNA 2019, All. 1)."),
            "interrelations": _(
                "Legami con altri processi dell’amministrazione (PNA 2019, All. 1)."
            ),
            "criticalities": _("Che cosa oggi non funziona nel processo (PNA 2019, All. 1)."),
        }


class PresenceForm(SheetForm):
    """The outcome of the analysis: whether there is a risk of corruption, and why."""

    kind = "describe"
    part = "presenza"

    class Meta:
        model = Process
        fields = ["risk_presence", "risk_presence_reason"]
        widgets = {"risk_presence": forms.RadioSelect, "risk_presence_reason": _grows()}


class PhaseOrActionForm(SheetForm):
    """What phases and actions have in common."""

    kind = "step"
    executor_role = DatalistField(kind=AliasKind.EXECUTOR_ROLE, datalist="elenco-esecutori")
    executor_office = DatalistField(kind=AliasKind.OFFICE, datalist="elenco-uffici")

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"])


class PhaseForm(PhaseOrActionForm):
    """One phase."""

    class Meta:
        model = Phase
        fields = ["title", "description", "executor_role", "executor_office"]


class ActionForm(PhaseOrActionForm):
    """One action of a phase."""

    class Meta:
        model = Action
        fields = ["title", "description", "executor_role", "executor_office"]


class BehaviourForm(SheetForm):
    """The text of one behaviour; its categories and factors are ticks, saved one by one."""

    kind = "behaviour"

    class Meta:
        model = RiskBehaviour
        fields = ["text"]

    def save_row(self, *, by: Any) -> Saved | None:
        """Save the text; the office is refused what the RPCT has added ex officio."""
        with act(self.kind, by=by):
            if not may_touch(behaviour=self.instance, by=by):
                raise RuleRefused({"text": [EX_OFFICIO]})
            return super().save_row(by=by)


class NewStepForm(forms.Form):
    """A new phase or action. `uid` is given by the page: a second click makes no second row."""

    uid = forms.UUIDField()
    title = forms.CharField(
        label=_("Denominazione"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Scrivi la denominazione.")},
    )

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"])


class NewBehaviourForm(forms.Form):
    """A new behaviour; `uid` as for a step."""

    uid = forms.UUIDField()
    text = forms.CharField(
        label=_("Comportamento a rischio"),
        validators=[validate_printable, validate_prose_length],
        error_messages={"required": _("Descrivi il comportamento a rischio.")},
    )


class PlaceForm(forms.Form):
    """Where a row goes: its new place, so that a second click changes nothing more."""

    posto = forms.IntegerField(min_value=1)


class SplitForm(forms.Form):
    """A phase cut in two: both titles, both descriptions, the first action of the second half."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    second_uid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("prima parte"), max_length=TITLE_LENGTH, widget=_grows(1))
    description = forms.CharField(
        label=_("descrizione della prima parte"),
        required=False,
        widget=_grows(),
        validators=[validate_printable, validate_prose_length],
    )
    second_title = forms.CharField(
        label=_("seconda parte"), max_length=TITLE_LENGTH, widget=_grows(1)
    )
    second_description = forms.CharField(
        label=_("descrizione della seconda parte"),
        required=False,
        widget=_grows(),
        validators=[validate_printable, validate_prose_length],
    )
    actions_from = forms.TypedChoiceField(
        label=_("azioni che passano alla seconda parte"), coerce=int, required=False, empty_value=0
    )

    def __init__(self, data=None, *, phase: Phase, cut: int | None = None, **kwargs):
        first, second = _cut(phase.title, cut)
        initial = {
            "version": phase.version,
            "second_uid": uuid.uuid4(),
            "title": first,
            "second_title": second,
            "description": phase.description,
        }
        super().__init__(data, initial=initial, auto_id=f"domanda-{phase.uid}-%s", **kwargs)
        self.fields["actions_from"].choices = [
            ("", _("nessuna")),
            *(
                (action.position, _("dalla n. %(n)d: %(title)s") % {"n": place, "title": action})
                for place, action in enumerate(phase.actions.all(), start=1)
            ),
        ]

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"])

    def clean_second_title(self) -> str:
        return _one_line(self.cleaned_data["second_title"])


class MergeForm(forms.Form):
    """Two neighbouring phases made one: the texts joined, as the person then mends them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    following = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("fase"), max_length=TITLE_LENGTH, widget=_grows(1))
    description = forms.CharField(
        label=_("descrizione"),
        required=False,
        widget=_grows(),
        validators=[validate_printable, validate_prose_length],
    )

    def __init__(self, data=None, *, phase: Phase, following: Phase, **kwargs):
        texts = (phase.description, following.description)
        initial = {
            "version": phase.version,
            "following": following.uid,
            "title": f"{phase.title}; {following.title}",
            "description": "\n\n".join(text for text in texts if text),
        }
        super().__init__(data, initial=initial, auto_id=f"domanda-{phase.uid}-%s", **kwargs)

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"])


def _cut(title: str, at: int | None) -> tuple[str, str]:
    """Return the two halves of a title cut at a character, without the mark between them."""
    if not at or at >= len(title):
        return title, ""
    marks = " \t,;:–-"
    return title[:at].rstrip(marks), title[at:].lstrip(marks)
