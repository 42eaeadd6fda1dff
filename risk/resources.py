"""The lists of the risk room as files. What a row covers is chosen on the pages, not in a file."""

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from registry.acts import RuleRefused
from registry.enums import PlanFormat, ProcessKind
from registry.models import (
    AnacArea,
    Annex,
    ExecutorRole,
    Macroprocess,
    Office,
    Plan,
    Process,
    RiskArea,
)
from registry.resources.base import UidResource, uid_column
from registry.resources.columns import (
    ByCode,
    ByUid,
    Day,
    ManyByCode,
    ManyPlainCodes,
    OneOf,
    Whole,
    YesOrNo,
    column,
    empty,
)
from registry.resources.lists import NAMES, USE, CatalogueResource, Options, RegisterOptions
from risk.enums import MeasureCharacter, MeasureScope, MonitoringFrequency, StartState
from risk.models import (
    ChapterTitle,
    EnablingFactor,
    EventCategory,
    LegalReference,
    LibraryProcess,
    Measure,
    MeasureTypology,
    PlannedMeasure,
    RiskBehaviour,
)
from risk.services.mapping.behaviours import check_touch


class EventCategoryResource(CatalogueResource):
    class Meta(Options):
        model = EventCategory
        fields = (*NAMES, *USE)


class EnablingFactorResource(CatalogueResource):
    class Meta(Options):
        model = EnablingFactor
        fields = (*NAMES, *USE)


class MeasureTypologyResource(CatalogueResource):
    indicator_examples = column("indicator_examples", "Esempi di indicatori")

    class Meta(Options):
        model = MeasureTypology
        fields = (*NAMES, "indicator_examples", *USE)


class MeasureResource(CatalogueResource):
    prefetched = ("typologies", "event_categories", "enabling_factors", "anac_areas")
    character = column("character", "Carattere", OneOf(MeasureCharacter.choices))
    description = column("description", "Descrizione")
    typologies = column("typologies", "Tipologie", ManyByCode(MeasureTypology))
    event_categories = column("event_categories", "Categorie di evento", ManyByCode(EventCategory))
    enabling_factors = column("enabling_factors", "Fattori abilitanti", ManyByCode(EnablingFactor))
    anac_areas = column("anac_areas", "Aree ANAC", ManyPlainCodes(AnacArea))

    class Meta(Options):
        model = Measure
        fields = (
            *(*NAMES, "character", "description", "typologies"),
            *("event_categories", "enabling_factors", "anac_areas", *USE),
        )


class LegalReferenceResource(CatalogueResource):
    spellings = column("spellings", "Modi di scriverlo", was=("Grafie",))
    in_force_from = column("in_force_from", "In vigore dal", Day())
    repealed_on = column("repealed_on", "Abrogato dal", Day())
    advice = column("advice", "Che cosa citare ora")

    class Meta(Options):
        model = LegalReference
        fields = (*NAMES, "spellings", "in_force_from", "repealed_on", "advice", *USE)


class ChapterTitleResource(CatalogueResource):
    document = column("document", "Forma del piano", OneOf(PlanFormat.choices))

    class Meta(Options):
        model = ChapterTitle
        fields = (*NAMES, "document", *USE)


class LibraryProcessResource(CatalogueResource):
    related = ("administration", "risk_area", "macroprocess")
    kind = column(
        "kind", "Tipo di processo", OneOf(ProcessKind.choices), was=("Primario o di supporto",)
    )
    risk_area = column("risk_area", "Area di rischio", ByCode(RiskArea))
    macroprocess = column("macroprocess", "Macroprocesso", ByCode(Macroprocess))
    objective = column("objective", "Obiettivo")
    description = column("description", "Informazioni principali")
    input = column("input", "Input")
    output = column("output", "Output")
    process_code = column("process_code", "Codice del processo")

    class Meta(Options):
        model = LibraryProcess
        fields = (
            *(*NAMES, "kind", "risk_area", "macroprocess"),
            *("objective", "description", "input", "output", "process_code", *USE),
        )


class BehaviourResource(UidResource):
    parent_field = "process"
    related = ("process",)
    prefetched = ("categories", "factors")
    uid = uid_column()
    process = column("process", "Processo", ByUid(Process))
    process_title = column("process__title", "Denominazione del processo", shown_only=True)
    position = column("position", "Ordine", Whole())
    text = column("text", "Comportamento a rischio")
    categories = column("categories", "Categorie di evento", ManyByCode(EventCategory))
    factors = column("factors", "Fattori abilitanti", ManyByCode(EnablingFactor))
    is_ex_officio = column("is_ex_officio", "Aggiunto d’ufficio", YesOrNo())

    class Meta(RegisterOptions):
        model = RiskBehaviour
        fields = (
            *("uid", "process", "process_title", "position", "text"),
            *("categories", "factors", "is_ex_officio"),
        )

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Refuse the office what the RPCT has added ex officio, and to call its own so."""
        super().validate_instance(instance, import_validation_errors, validate_unique)
        for row in (self._original, instance):
            if row is not None and row.process_id:
                try:
                    check_touch(behaviour=row, by=self.user)
                except RuleRefused as refused:
                    known = self._original if self._original.pk else None
                    raise self.refusal(instance, known, refused.messages[0]) from refused


class ByTitle(Widget):
    """A plan by its title, among those the person may see."""

    user = None

    def clean(self, value, row=None, **kwargs):
        if empty(value):
            return None
        plans = Plan.objects.all() if self.user is None else Plan.objects.visible_to(self.user)
        plans_called = list(plans.filter(title=str(value).strip())[:2])
        if len(plans_called) != 1:
            raise ValueError(_("il piano «%s» non esiste o non è fra i propri.") % value)
        return plans_called[0]

    def render(self, value, obj=None, **kwargs):
        return value.title if value else ""


class PlannedMeasureResource(UidResource):
    """Programmings without their targets and steps; a row without identifier is always new."""

    parent_field = "plan"
    related = ("plan", "annex__office", "measure", "responsible_role", "responsible_office")
    uid = uid_column()
    plan = column("plan", "Piano", ByTitle())
    annex = column("annex", "Allegato", ByUid(Annex))
    office = column("annex__printed_office_name", "Ufficio", shown_only=True)
    measure = column("measure", "Misura", ByCode(Measure))
    measure_label = column("measure__label", "Denominazione della misura", shown_only=True)
    scope = column("scope", "Ambito", OneOf(MeasureScope.choices))
    position = column("position", "Ordine", Whole())
    start_state = column(
        *("start_state", "Stato al 1° gennaio", OneOf(StartState.choices)),
        default=StartState.UNKNOWN,
    )
    notes = column("notes", "Modalità di attuazione")
    responsible_role = column("responsible_role", "Soggetto responsabile", ByCode(ExecutorRole))
    responsible_office = column("responsible_office", "Ufficio responsabile", ByCode(Office))
    monitoring_frequency = column(
        *("monitoring_frequency", "Frequenza del monitoraggio"),
        OneOf(MonitoringFrequency.choices),
        default="",
    )
    monitoring_mode = column("monitoring_mode", "Modalità di monitoraggio")

    class Meta(RegisterOptions):
        model = PlannedMeasure
        fields = (
            *("uid", "plan", "annex", "office", "measure", "measure_label", "scope", "position"),
            *("start_state", "notes", "responsible_role", "responsible_office"),
            *("monitoring_frequency", "monitoring_mode"),
        )

    def get_by_number(self, row):
        """The order of measures is no name of theirs."""
