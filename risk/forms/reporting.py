"""Filters of the lists of a plan: each list is an address, so a filter can be kept and sent."""

import datetime

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.clock import today
from registry.enums import AnnexState, RiskPresence
from registry.models import Annex, Office, Plan, Process, RiskArea
from registry.normalise import fold
from registry.services.lookup import LONGEST
from risk.content.build_matrix import axes_of
from risk.content.figures import NONE, places_of
from risk.enums import MeasureCharacter, StartState
from risk.models import EventCategory, ImplementationStep, Level
from risk.services.notices.holders import HOLDING
from risk.services.treatment.terms import in_terms

_ANY = ("", _("tutti"))
_EACH = ("", _("tutte"))
"""Of what is feminine in Italian: areas, presences, terms, remarks."""
EXEMPTED = "esonerato"
"""How the filter of the annexes asks for those the edition goes without."""
SOON = datetime.timedelta(days=7)


def _choice(label, choices, *, first=_ANY) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[first, *choices])


class ListFilter(forms.Form):
    """Filters common to all lists: words in the text, and the office."""

    text_column = "folded"
    annex_path = "annex"

    q = forms.CharField(label=_("cerca"), required=False, max_length=200)
    ufficio = forms.CharField(
        label=_("ufficio"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"list": "elenco-uffici", "placeholder": _("tutti")}),
    )

    def __init__(self, data, *, plan: Plan, **kwargs):
        """The office is typed: there may be hundreds (docs/decisions/0046)."""
        self.annexes = _annexes_called(data.get("ufficio", "")[:LONGEST], plan)
        if len(self.annexes) == 1:
            # an address names an office by its code, and shows it by its name
            data = data.copy()
            data["ufficio"] = self.annexes[0].printed_office_name
        super().__init__(data, **kwargs)
        self.plan = plan

    def clean_ufficio(self) -> str:
        """Return the text of one office of the plan. Raises `ValidationError` for any other."""
        text = self.cleaned_data["ufficio"]
        if text and not self.annexes:
            raise forms.ValidationError(_("Nessun ufficio del piano si chiama così."))
        if len(self.annexes) > 1:
            raise forms.ValidationError(_("Più uffici si chiamano così: scrivine il codice."))
        return text

    def apply(self, rows: QuerySet) -> QuerySet:
        """Return the rows that answer to the filters; a value that is no choice filters nothing."""
        self.is_valid()
        values = self.cleaned_data
        for word in fold(values.get("q", "")).split():
            rows = rows.filter(**{f"{self.text_column}__contains": word})
        if values.get("ufficio"):
            rows = rows.filter(**{self.annex_path: self.annexes[0].pk})
        return self.narrow(rows, values)

    def narrow(self, rows: QuerySet, values: dict) -> QuerySet:
        """Apply the filters of one kind of list."""
        raise NotImplementedError


def _annexes_called(text: str, plan: Plan) -> list[Annex]:
    """Return the annexes of a plan whose office is called so: by its code, or as then or now."""
    folded = fold(text)
    if not folded:
        return []
    return [
        row
        for row in plan.annexes.select_related("office")
        if folded in (fold(row.office.code), fold(row.printed_office_name), row.office.folded)
    ]


class AnnexFilter(forms.Form):
    """The annexes of a plan by office, state, who holds them, the day they are awaited by."""

    q = forms.CharField(label=_("ufficio"), required=False, max_length=200)
    stato = forms.ChoiceField(
        label=_("stato"),
        required=False,
        choices=[_ANY, *AnnexState.choices, (EXEMPTED, _("esonerato"))],
    )
    tocca = forms.ChoiceField(
        label=_("a chi tocca"),
        required=False,
        choices=[
            _ANY,
            ("ufficio", _("all’ufficio")),
            ("responsabile", _("al responsabile")),
            ("rpct", _("al RPCT")),
        ],
    )
    scadenza = forms.ChoiceField(
        label=_("scadenza"),
        required=False,
        choices=[
            _EACH,
            ("passata", _("passata")),
            ("vicina", _("entro sette giorni")),
            ("prorogata", _("spostata per l’ufficio")),
        ],
    )
    osservazioni = forms.ChoiceField(
        label=_("osservazioni"), required=False, choices=[_EACH, ("aperte", _("aperte"))]
    )

    @property
    def values(self) -> dict[str, str]:
        """The filters that narrow the list; a value that is no choice filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, rows: QuerySet) -> QuerySet:
        """Return the annexes that answer to the filters; they come from `annexes_of_room`."""
        for word in self.words:
            rows = rows.filter(office__folded__contains=word)
        values = self.values
        state = values.get("stato")
        if state == EXEMPTED:
            rows = rows.filter(exemption__isnull=False)
        elif state:
            rows = rows.filter(state=state, exemption__isnull=True)
        if holder := values.get("tocca"):
            held = [state for state, (name, _word, _roles) in HOLDING.items() if name == holder]
            rows = rows.filter(state__in=held, exemption__isnull=True)
        if values.get("osservazioni"):
            rows = rows.filter(open_remarks__gt=0)
        return self._by_day(rows, values.get("scadenza"))

    def _by_day(self, rows: QuerySet, wanted: str | None) -> QuerySet:
        if wanted == "passata":
            return rows.filter(due_on__lt=today())
        if wanted == "vicina":
            return rows.filter(due_on__range=(today(), today() + SOON))
        if wanted == "prorogata":
            return rows.filter(extended_to__isnull=False)
        return rows

    @property
    def words(self) -> list[str]:
        """The words an office is looked for by, folded."""
        return fold(self.values.get("q", "")).split()


class ProcessFilter(ListFilter):
    """Processes by area, level and presence of the risk."""

    def __init__(self, data, *, plan: Plan, levels: list[Level], **kwargs):
        super().__init__(data, plan=plan, **kwargs)
        self.levels = levels
        self.axes = axes_of(levels[0].method if levels else None)
        areas = RiskArea.objects.filter(processes__annex__plan=plan).distinct()
        self.fields["area"] = _choice(
            _("area di rischio"),
            [*((area.code, area.printed) for area in areas), (NONE, _("nessuna"))],
            first=_EACH,
        )
        self.fields["livello"] = _choice(
            _("livello"), [*((row.code, row.label) for row in levels), (NONE, _("non valutati"))]
        )
        self.fields["presenza"] = _choice(
            _("presenza del rischio"), RiskPresence.choices, first=_EACH
        )
        if self.axes:
            for name, label, side in (
                ("probabilita", _("probabilità"), self.axes.probability),
                ("impatto", _("impatto"), self.axes.impact),
            ):
                first = _EACH if name == "probabilita" else _ANY
                grades = [(row.code, row.label) for row in side]
                self.fields[name] = _choice(label, grades, first=first)

    def narrow(self, rows: QuerySet, values: dict) -> QuerySet:
        area, level = values.get("area"), values.get("livello")
        if area == NONE:
            rows = rows.filter(risk_area__isnull=True)
        elif area:
            rows = rows.filter(risk_area__code=area)
        if level == NONE:
            rows = rows.filter(level_id__isnull=True).exclude(risk_presence=RiskPresence.ABSENT)
        elif level:
            rows = rows.filter(level_id__in=[row.pk for row in self.levels if row.code == level])
        if values.get("presenza"):
            rows = rows.filter(risk_presence=values["presenza"])
        return self._between(rows, values)

    def _between(self, rows: QuerySet, values: dict) -> QuerySet:
        """Keep what stands at a probability, at an impact, or where they meet."""
        codes = (values.get("probabilita", ""), values.get("impatto", ""))
        if not self.axes or not any(codes):
            return rows
        sides = (self.axes.probability, self.axes.impact)
        ordinals = [
            {row.ordinal for row in side if code in ("", row.code)}
            for side, code in zip(sides, codes, strict=True)
        ]
        processes = Process.objects.in_use().filter(annex__plan=self.plan)
        places = places_of(processes, self.axes)
        kept = [
            key
            for key, place in places.items()
            if place[0] in ordinals[0] and place[1] in ordinals[1]
        ]
        return rows.filter(pk__in=kept)


class BehaviourFilter(ListFilter):
    """Behaviours by category of event."""

    annex_path = "process__annex"

    def __init__(self, data, *, plan: Plan, **kwargs):
        super().__init__(data, plan=plan, **kwargs)
        categories = EventCategory.objects.offered_to(plan.administration)
        self.fields["categoria"] = _choice(
            _("categoria di evento"),
            [*categories.values_list("code", "label"), (NONE, _("nessuna"))],
            first=_EACH,
        )

    def narrow(self, rows: QuerySet, values: dict) -> QuerySet:
        category = values.get("categoria")
        if category == NONE:
            return rows.filter(categories__isnull=True)
        return rows.filter(categories__code=category).distinct() if category else rows


TERMS = [
    ("vicina", _("entro trenta giorni")),
    ("oltre", _("oltre trenta giorni")),
    ("nessuna", _("nessuna")),
]


class MeasureFilter(ListFilter):
    """Planned measures by character, state at the start, next term, and who answers for them."""

    text_column = "measure__folded"

    def __init__(self, data, *, plan: Plan, **kwargs):
        super().__init__(data, plan=plan, **kwargs)
        self.fields["carattere"] = _choice(_("carattere"), MeasureCharacter.choices)
        self.fields["stato"] = _choice(_("stato al 1° gennaio"), StartState.choices)
        self.fields["risponde"] = forms.CharField(
            label=_("ufficio responsabile"),
            required=False,
            max_length=LONGEST,
            widget=forms.TextInput(attrs={"list": "elenco-uffici", "placeholder": _("tutti")}),
        )
        self.fields["scadenza"] = _choice(_("prossima scadenza"), TERMS, first=_EACH)

    def clean_risponde(self) -> str:
        """Return the text of one office of the body. Raises `ValidationError` for any other."""
        text = self.cleaned_data["risponde"]
        offices = Office.objects.filter(administration=self.plan.administration_id)
        self.answering = list(offices.answering_to(text)) if text else []
        if text and len(self.answering) != 1:
            raise forms.ValidationError(_("Nessun ufficio, o più d’uno, si chiama così."))
        return text

    def narrow(self, rows: QuerySet, values: dict) -> QuerySet:
        condition = Q()
        if values.get("carattere"):
            condition &= Q(measure__character=values["carattere"])
        if values.get("stato"):
            condition &= Q(start_state=values["stato"])
        if values.get("risponde"):
            office = self.answering[0].pk
            in_part = ImplementationStep.objects.filter(responsible_office=office)
            condition &= Q(responsible_office=office) | Q(pk__in=in_part.values("planned_measure"))
        return in_terms(rows.filter(condition), values.get("scadenza", ""))


class AnsweredFilter(forms.Form):
    """The measures of one’s offices by their words and their next term."""

    q = forms.CharField(label=_("cerca"), required=False, max_length=200)
    scadenza = _choice(_("prossima scadenza"), TERMS, first=_EACH)

    def apply(self, rows: QuerySet) -> QuerySet:
        """Return the rows that answer to the filters; a value that is no choice filters nothing."""
        self.is_valid()
        for word in fold(self.cleaned_data.get("q", "")).split():
            rows = rows.filter(measure__folded__contains=word)
        return in_terms(rows, self.cleaned_data.get("scadenza", ""))
