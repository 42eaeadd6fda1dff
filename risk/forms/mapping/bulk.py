"""What to do with the ticked rows of an annex, and to which."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.enums import AliasKind, ProcessKind, RiskPresence
from registry.forms.hints import scripted_hint
from registry.forms.rows_called import TypedRow
from registry.models import Administration, Annex, Phase, RiskArea
from registry.normalise import fold, uids_in
from registry.services.lookup import Index
from registry.validators import validate_printable, validate_prose_length
from risk.content.levels import default_method, overall_levels
from risk.enums import MeasureScope, Moment
from risk.forms.assessment.copying import JUDGED_HELP, JudgedField
from risk.forms.mapping import copied
from risk.forms.mapping.rows import MatchedField
from risk.models import Assessment, Measure, RiskBehaviour
from risk.services.annexes.reconfirmation import annex_standings
from risk.services.assessment.copying import refuse_nothing_to_copy, source_of

ROWS_A_PAGE = 50
AREA, LEVEL, MEASURE = "area", "livello", "misura"
MACROPROCESS, KIND, PRESENCE, EXECUTOR = "macroprocesso", "tipo", "presenza", "esecutore"
JUDGEMENT, RECONFIRM = "giudizio", "riconferma"
"""The acts, as a form sends them."""

SCOPES = {
    "processi": MeasureScope.PROCESSES,
    "fasi": MeasureScope.PHASES,
    "comportamenti": MeasureScope.BEHAVIOURS,
}
"""The three lists rows are ticked in, and what a measure on them covers."""

ACTS = {
    "processi": [
        (AREA, _("assegna un’area")),
        (MACROPROCESS, _("assegna un macroprocesso")),
        (KIND, _("scrivi il tipo di processo")),
        (PRESENCE, _("accerta la presenza del rischio")),
        (LEVEL, _("valuta")),
        (JUDGEMENT, _("copia il giudizio di un’altra riga")),
        (MEASURE, _("prevedi una misura")),
        (RECONFIRM, _("riconferma senza modifiche")),
    ],
    "fasi": [(EXECUTOR, _("assegna un esecutore")), (MEASURE, _("prevedi una misura"))],
    "comportamenti": [
        (LEVEL, _("valuta")),
        (JUDGEMENT, _("copia il giudizio di un’altra riga")),
        (MEASURE, _("prevedi una misura")),
    ],
}
FIELDS = {
    AREA: ("area",),
    MACROPROCESS: ("macroprocesso",),
    KIND: ("tipo",),
    PRESENCE: ("presenza", "motivo"),
    EXECUTOR: ("ruolo", "ufficio"),
    LEVEL: ("livello", "motivazione"),
    JUDGEMENT: ("come",),
    MEASURE: ("misura",),
    RECONFIRM: (),
}
"""What each act is told besides the rows."""
LONGEST_SEARCH = 200
ONLY: dict[str, dict[str, tuple[Any, Any]]] = {
    "processi": {
        "senza-area": (_("senza area di rischio"), Q(risk_area__isnull=True)),
        "senza-macroprocesso": (_("senza macroprocesso"), Q(macroprocess__isnull=True)),
        "senza-tipo": (_("senza tipo di processo"), Q(kind="")),
        "da-accertare": (_("rischio da accertare"), Q(risk_presence=RiskPresence.TO_ASSESS)),
        "presente": (_("rischio presente"), Q(risk_presence=RiskPresence.PRESENT)),
        "assente": (_("rischio assente"), Q(risk_presence=RiskPresence.ABSENT)),
    },
    "fasi": {
        "senza-esecutore": (
            _("senza esecutore"),
            Q(executor_role__isnull=True, executor_office__isnull=True),
        ),
    },
    "comportamenti": {
        "non-valutati": (
            _("non valutati"),
            ~Exists(Assessment.objects.filter(behaviour=OuterRef("pk"), level__isnull=False)),
        ),
        "presente": (
            _("di processi con rischio presente"),
            Q(process__risk_presence=RiskPresence.PRESENT),
        ),
    },
}
"""By what the rows of a list are narrowed, besides words: how it is called, what it asks."""
SHOWN, FOUND, NONE = "mostrate", "trovate", "nessuna"
"""Which rows one button ticks."""
_NEEDED = {**FIELDS, PRESENCE: ("presenza",), EXECUTOR: ()}


def _measures_of(body: Administration):
    """Return the measures a body may choose; its own stands for the national one of that code."""
    own = Measure.objects.filter(administration=body)
    return Measure.objects.offered_to(body).exclude(
        administration__isnull=True, code__in=own.values("code")
    )


def rows_of(annex: Annex, kind: str):
    """Return the rows of one of the three lists of an annex, in their order."""
    if kind == "processi":
        rows = annex.processes.in_use().select_related("risk_area", "macroprocess__function")
        return rows.order_by("position")
    executors = ("executor_role", "executor_office") if kind == "fasi" else ()
    model = Phase if kind == "fasi" else RiskBehaviour
    rows = model.objects.filter(process__annex=annex, process__retired_on__isnull=True)
    return rows.select_related("process", *executors).order_by("process__position", "position")


def _found(rows: QuerySet, kind: str, typed: str, only: str) -> QuerySet:
    """Return the rows that hold all the words typed, or are of a process that does."""
    for word in fold(typed[:LONGEST_SEARCH]).split():
        condition = Q(folded__contains=word)
        code = "code" if kind == "processi" else "process__code"
        condition |= Q(**{f"{code}__icontains": word})
        if kind != "processi":
            condition |= Q(process__folded__contains=word)
        if word.isdecimal() and len(word) < 6:
            number = "number" if kind == "processi" else "process__number"
            condition |= Q(**{number: int(word)})
        rows = rows.filter(condition)
    chosen = ONLY[kind].get(only)
    return rows.filter(chosen[1]) if chosen else rows


def _prose(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_printable, validate_prose_length],
        help_text=help_text,
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("scegli")), *choices])


class BulkForm(forms.Form):
    """The rows, the act and what the act needs; rows are named by uid."""

    righe = forms.MultipleChoiceField(
        label=_("righe"), error_messages={"required": _("Spunta almeno una riga.")}
    )
    cerca = forms.CharField(
        label=_("cerca fra le righe"), required=False, max_length=LONGEST_SEARCH
    )
    solo = forms.ChoiceField(label=_("mostra"), required=False)
    atto = forms.ChoiceField(
        label=_("che cosa fare"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli che cosa fare.")},
    )
    area = forms.ModelChoiceField(
        label=_("area di rischio"), queryset=RiskArea.objects.none(), required=False
    )
    macroprocesso = MatchedField(
        AliasKind.MACROPROCESS,
        label=_("macroprocesso"),
        help_text=scripted_hint(
            _("Si scrive una parte del nome."), _("Mentre si scrive le voci vengono proposte.")
        ),
    )
    tipo = _choice(_("tipo di processo"), ProcessKind.choices)
    presenza = _choice(_("presenza del rischio"), RiskPresence.choices)
    motivo = _prose(
        _("motivo dell’accertamento"),
        _(
            "Lo stesso per tutte le righe: vale solo se è vero per ciascuna. Serve se il rischio è "
            "assente."
        ),
    )
    ruolo = MatchedField(
        AliasKind.EXECUTOR_ROLE,
        label=_("esecutore"),
        help_text=_("Ciò che resta vuoto, qui o nell’ufficio, non cambia."),
        widget=forms.TextInput(attrs={"list": "elenco-esecutori", "autocomplete": "off"}),
    )
    ufficio = MatchedField(AliasKind.OFFICE, label=_("ufficio esecutore"))
    livello = forms.ModelChoiceField(label=_("livello"), queryset=None, required=False)
    motivazione = _prose(
        _("motivazione"), _("La stessa per tutte le righe: vale solo se è vera per ciascuna.")
    )
    come = JudgedField(label=_("copia giudizio da"), required=False, help_text=JUDGED_HELP)
    misura = forms.ModelChoiceField(
        label=_("misura"), queryset=Measure.objects.none(), required=False
    )

    def __init__(
        self, data=None, *, annex: Annex, kind: str, page: Any = 1, tick: str = "", **kwargs
    ):
        """`page` is the number of the page of rows that is shown, `tick` what a button ticks."""
        super().__init__(data, **kwargs)
        self.standings = annex_standings(annex) if kind == "processi" else []
        self.fields["solo"].choices = self._narrowings(kind)
        rows = rows_of(annex, kind)
        only = self["solo"].value() or ""
        found = _found(rows, kind, self["cerca"].value() or "", only)
        if self.standings and only in copied.WORDS:
            found = found.filter(pk__in=copied.keys_of(only, self.standings, annex=annex))
        self.page = Paginator(found, ROWS_A_PAGE).get_page(page)
        ticked = data.getlist("righe") if data is not None else self.initial.get("righe", ())
        self.ticked = self._ticked(rows, found, uids_in(ticked), tick)
        self.fields["righe"].choices = [(str(row.uid), str(row)) for row in self.ticked]
        self.fields["atto"].choices = [
            (act, label) for act, label in ACTS[kind] if act != RECONFIRM or self.standings
        ]
        self._keep_fields_of(kind)
        self._offer(annex)

    def _ticked(self, rows: QuerySet, found: QuerySet, uids: list, tick: str) -> list:
        """Return the rows ticked so far, and those that a button ticks; one statement."""
        if tick == NONE:
            return []
        condition = Q(uid__in=uids)
        if tick == SHOWN:
            condition |= Q(pk__in=[row.pk for row in self.page])
        elif tick == FOUND:
            condition |= Q(pk__in=found.order_by().values("pk"))
        return list(rows.filter(condition)) if uids or tick else []

    def _narrowings(self, kind: str) -> list[tuple[str, Any]]:
        known = [(value, label) for value, (label, _asked) in ONLY[kind].items()]
        standing = list(copied.WORDS.items()) if self.standings else []
        return [("", _("tutte le righe")), *known, *standing]

    @property
    def narrowing(self) -> tuple[forms.BoundField, ...]:
        """The fields by which rows are found."""
        return self["cerca"], self["solo"]

    @property
    def is_narrowed(self) -> bool:
        """Whether not all rows are found."""
        return bool(self["cerca"].value() or self["solo"].value())

    def _keep_fields_of(self, kind: str) -> None:
        """Leave out what no act on these rows asks for."""
        kept = {name for act, _label in ACTS[kind] for name in FIELDS[act]}
        for names in FIELDS.values():
            for name in set(names) - kept:
                self.fields.pop(name, None)

    def _offer(self, annex: Annex) -> None:
        """Give each list what the body of the annex may choose."""
        body = annex.plan.administration
        self.index = Index(administration=body)
        if "area" in self.fields:
            areas = RiskArea.objects.offered_to(body).filter(administration=body)
            self.fields["area"].queryset = areas
        self.method = default_method(annex.plan) if "livello" in self.fields else None
        if "livello" in self.fields:
            levels = [level.pk for level in overall_levels(self.method)]
            none = Measure.objects.none()
            rows = self.method.levels.filter(pk__in=levels) if self.method else none
            self.fields["livello"].queryset = rows
        self.fields["misura"].queryset = _measures_of(body)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.to_field_name = "code"
                field.empty_label = _("scegli")
            elif isinstance(field, MatchedField):
                field.index = self.index
        if "come" in self.fields:
            self.fields["come"].bind(annex)
        for name, offered in (("macroprocesso", "macroprocessi"), ("ufficio", "uffici")):
            if name in self.fields:
                source = reverse("registry:suggestions", args=[body.ipa_code, offered])
                self.fields[name].widget = TypedRow(source)

    @property
    def roles(self) -> tuple[Any, ...]:
        """The roles a phase may be carried out by, in the order of their list."""
        return self.index.rows(AliasKind.EXECUTOR_ROLE) if "ruolo" in self.fields else ()

    @property
    def told(self) -> list[tuple[forms.BoundField, str]]:
        """The fields of the acts, each with the classes of the acts that ask for it."""
        acts = {name: f"for-{act}" for act, names in FIELDS.items() for name in names}
        return [(field, acts[field.name]) for field in self if field.name in acts]

    def clean(self):
        cleaned = super().clean()
        act = cleaned.get("atto")
        for name in _NEEDED.get(act, ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Serve per ciò che hai scelto di fare."))
        if act == PRESENCE and cleaned.get("presenza") == RiskPresence.ABSENT:
            self._want_reason(cleaned)
        if act == EXECUTOR and not any(cleaned.get(name) for name in FIELDS[EXECUTOR]):
            self._want_executor()
        if act == JUDGEMENT and cleaned.get("come"):
            self._want_level(cleaned)
        return cleaned

    def _want_level(self, cleaned: dict[str, Any]) -> None:
        cleaned["metodo"], source = self.method, cleaned["come"]
        if self.method is None:
            self.add_error("come", _("Il piano non ha un metodo di valutazione."))
            return
        found = source_of(source, method=self.method, moment=Moment.INHERENT)
        try:
            refuse_nothing_to_copy(found, source)
        except forms.ValidationError as nothing:
            self.add_error("come", nothing)

    def _want_reason(self, cleaned: dict[str, Any]) -> None:
        if "motivo" in cleaned and not cleaned["motivo"].strip():
            self.add_error("motivo", _("Scrivi perché il rischio è assente."))

    def _want_executor(self) -> None:
        if not set(FIELDS[EXECUTOR]) & set(self.errors):
            self.add_error("ruolo", _("Scrivi un esecutore, un ufficio o tutti e due."))

    def chosen(self) -> list:
        """Return the ticked rows, in the order of the list."""
        return self.ticked

    @property
    def ticked_elsewhere(self) -> list:
        """The ticked rows that are on other pages."""
        shown = {row.pk for row in self.page}
        return [row for row in self.ticked if row.pk not in shown]

    @property
    def ticked_uids(self) -> set[str]:
        return {str(row.uid) for row in self.ticked}
