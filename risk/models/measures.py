"""Measures of the catalogue and their programming in a plan."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import (
    CatalogueManager,
    CatalogueModel,
    OriginModel,
    UidManager,
    UidModel,
    history,
    line,
    prose,
)
from registry.querysets import CatalogueQuerySet
from risk.enums import (
    MeasureCharacter,
    MeasureScope,
    MonitoringFrequency,
    ProgressKind,
    StartState,
)
from risk.querysets import PlannedMeasureQuerySet

CatalogueRows = CatalogueManager.from_queryset(CatalogueQuerySet)


class MeasureTypology(CatalogueModel):
    """A typology of measures (PNA 2019): controllo, trasparenza, rotazione…"""

    FROZEN_USES = ("measures__planned_measures__annex",)

    indicator_examples = prose(_("esempi di indicatori"))
    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("tipologia di misura")
        verbose_name_plural = _("tipologie di misura")


class Measure(CatalogueModel):
    """A measure of the catalogue, general (for the whole body) or specific (for a process)."""

    character = models.CharField(_("carattere"), max_length=10, choices=MeasureCharacter.choices)
    description = prose(_("descrizione"))
    typologies = models.ManyToManyField(
        MeasureTypology, blank=True, related_name="measures", verbose_name=_("tipologie")
    )
    event_categories = models.ManyToManyField(
        "risk.EventCategory",
        blank=True,
        related_name="suggested_measures",
        verbose_name=_("consigliata per le categorie di evento"),
    )
    enabling_factors = models.ManyToManyField(
        "risk.EnablingFactor",
        blank=True,
        related_name="suggested_measures",
        verbose_name=_("consigliata per i fattori abilitanti"),
    )
    anac_areas = models.ManyToManyField(
        "registry.AnacArea",
        blank=True,
        related_name="suggested_measures",
        verbose_name=_("consigliata per le aree ANAC"),
    )
    history = history(
        excluded_fields=["folded"],
        m2m_fields=[typologies, event_categories, enabling_factors, anac_areas],
    )

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("misura")
        verbose_name_plural = _("misure")


class ResponsibleModel(models.Model):
    """Who answers for a measure or a step: an office, a role, or both."""

    responsible_office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responsible_%(class)ss",
        verbose_name=_("ufficio responsabile"),
    )
    responsible_role = models.ForeignKey(
        "registry.ExecutorRole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responsible_%(class)ss",
        verbose_name=_("soggetto responsabile"),
    )

    class Meta:
        abstract = True

    @property
    def printed_responsible(self) -> str:
        """Role and office as printed, empty when neither is known."""
        parts = (self.responsible_role, self.responsible_office)
        return ", ".join(str(part) for part in parts if part is not None)


class PlannedMeasure(UidModel, OriginModel, ResponsibleModel):
    """One programming of a measure and what it covers (docs/decisions/0022)."""

    ANNEX_PATHS = ("annex",)
    """A measure of the whole plan is the RPCT’s: annexes print it, it is the content of none."""
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="planned_measures",
        verbose_name=_("piano"),
    )
    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_measures",
        verbose_name=_("allegato"),
        help_text=_("Vuoto quando la misura vale per tutto il piano."),
    )
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        related_name="planned_measures",
        verbose_name=_("misura"),
    )
    scope = models.CharField(_("ambito"), max_length=20, choices=MeasureScope.choices)
    position = models.PositiveIntegerField(_("ordine"), default=0)
    start_state = models.CharField(
        _("stato di attuazione al 1° gennaio"),
        max_length=20,
        choices=StartState.choices,
        default=StartState.UNKNOWN,
    )
    notes = prose(_("modalità di attuazione"))
    monitoring_mode = line(
        _("modalità di monitoraggio"),
        500,
        blank=True,
        default="",
        help_text=_("Che cosa si guarda, e chi lo fa."),
    )
    monitoring_frequency = models.CharField(
        _("frequenza del monitoraggio"),
        max_length=20,
        choices=MonitoringFrequency.choices,
        blank=True,
        default="",
    )
    objective = models.ForeignKey(
        "risk.Objective",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_measures",
        verbose_name=_("obiettivo"),
    )
    history = history(unasked=["objective"])

    objects = UidManager.from_queryset(PlannedMeasureQuerySet)()

    class Meta:
        verbose_name = _("misura programmata")
        verbose_name_plural = _("misure programmate")
        ordering = ["plan_id", "annex_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_plannedmeasure_annex_fits_scope",
                condition=Q(scope="plan", annex__isnull=True)
                | (~Q(scope="plan") & Q(annex__isnull=False)),
                violation_error_message=_(
                    "Una misura di tutto il piano non ha allegato; le altre ne hanno uno."
                ),
            ),
            models.CheckConstraint(
                name="risk_plannedmeasure_scope_known",
                condition=Q(scope__in=MeasureScope.values),
                violation_error_message=_("Ambito della misura sconosciuto."),
            ),
            models.CheckConstraint(
                name="risk_plannedmeasure_frequency_known",
                condition=Q(monitoring_frequency__in=["", *MonitoringFrequency.values]),
                violation_error_message=_("Frequenza del monitoraggio sconosciuta."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.measure)


class MeasureTarget(UidModel):
    """One process, phase, action or behaviour a planned measure covers."""

    ANNEX_PATHS = ("planned_measure__annex",)
    BODY_PATH = "planned_measure__plan"

    COLUMNS = {
        MeasureScope.PROCESSES: "process",
        MeasureScope.PHASES: "phase",
        MeasureScope.ACTIONS: "action",
        MeasureScope.BEHAVIOURS: "behaviour",
    }
    PROCESS_PATHS = ("process", "phase__process", "action__phase__process", "behaviour__process")
    """Each way to the process of what it covers."""
    ON_LIVING = {f"{way}__retired_on": None for way in PROCESS_PATHS}
    """The filter of those on processes that are not archived: one way leads to a process."""

    planned_measure = models.ForeignKey(
        PlannedMeasure,
        on_delete=models.CASCADE,
        related_name="targets",
        verbose_name=_("misura programmata"),
    )
    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measure_targets",
        verbose_name=_("processo"),
    )
    phase = models.ForeignKey(
        "registry.Phase",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measure_targets",
        verbose_name=_("fase"),
    )
    action = models.ForeignKey(
        "registry.Action",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measure_targets",
        verbose_name=_("azione"),
    )
    behaviour = models.ForeignKey(
        "risk.RiskBehaviour",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="measure_targets",
        verbose_name=_("comportamento a rischio"),
    )
    history = history(unasked=["process", "phase", "action", "behaviour"])

    class Meta:
        verbose_name = _("oggetto della misura")
        verbose_name_plural = _("oggetti della misura")
        ordering = ["planned_measure_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_measuretarget_exactly_one",
                condition=Q(process__isnull=False, phase=None, action=None, behaviour=None)
                | Q(process=None, phase__isnull=False, action=None, behaviour=None)
                | Q(process=None, phase=None, action__isnull=False, behaviour=None)
                | Q(process=None, phase=None, action=None, behaviour__isnull=False),
                violation_error_message=_(
                    "Un oggetto è un solo processo, fase, azione o comportamento."
                ),
            ),
            *(
                models.UniqueConstraint(
                    name=f"risk_measuretarget_{column}_once",
                    fields=["planned_measure", column],
                    condition=Q(**{f"{column}__isnull": False}),
                    violation_error_message=_("La misura riguarda già questo oggetto."),
                )
                for column in ("process", "phase", "action", "behaviour")
            ),
        ]

    def __str__(self) -> str:
        return str(self.process or self.phase or self.action or self.behaviour)


class ImplementationStep(UidModel, ResponsibleModel):
    """A step of implementation ("fase di attuazione") with its time and who answers for it."""

    ANNEX_PATHS = ("planned_measure__annex",)
    BODY_PATH = "planned_measure__plan"

    planned_measure = models.ForeignKey(
        PlannedMeasure,
        on_delete=models.CASCADE,
        related_name="steps",
        verbose_name=_("misura programmata"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    description = prose(_("fase di attuazione"), blank=False)
    timing = line(
        _("tempi"),
        250,
        blank=True,
        default="",
        help_text=_("In parole, per esempio: ogni semestre."),
    )
    due_on = models.DateField(_("entro il"), null=True, blank=True)
    history = history()

    class Meta:
        verbose_name = _("fase di attuazione")
        verbose_name_plural = _("fasi di attuazione")
        ordering = ["planned_measure_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_implementationstep_position_unique",
                fields=["planned_measure", "position"],
                violation_error_message=_("Un’altra fase di attuazione ha già questo posto."),
            ),
            models.CheckConstraint(
                name="risk_implementationstep_not_blank",
                condition=~Q(description=""),
                violation_error_message=_("Una fase di attuazione va descritta."),
            ),
        ]

    def __str__(self) -> str:
        return self.description


class ProgressIndicator(UidModel):
    """Measures implementation, with baseline and target (not the `Indicator` of a method)."""

    ANNEX_PATHS = ("planned_measure__annex",)
    BODY_PATH = "planned_measure__plan"

    planned_measure = models.ForeignKey(
        PlannedMeasure,
        on_delete=models.CASCADE,
        related_name="progress_indicators",
        verbose_name=_("misura programmata"),
    )
    step = models.ForeignKey(
        ImplementationStep,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="progress_indicators",
        verbose_name=_("fase di attuazione"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    label = line(_("indicatore di attuazione"), 500)
    kind = models.CharField(_("tipo"), max_length=20, choices=ProgressKind.choices)
    unit = line(_("unità"), 60, blank=True, default="")
    baseline = models.DecimalField(
        _("valore di partenza"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    baseline_on = models.DateField(_("rilevato il"), null=True, blank=True)
    target = models.DecimalField(
        _("valore atteso"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    target_on = models.DateField(_("atteso entro il"), null=True, blank=True)
    is_master = models.BooleanField(
        _("principale"), default=True, help_text=_("L’indicatore che decide l’esito della misura.")
    )
    history = history()

    class Meta:
        verbose_name = _("indicatore di attuazione")
        verbose_name_plural = _("indicatori di attuazione")
        ordering = ["planned_measure_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_progressindicator_position_unique",
                fields=["planned_measure", "position"],
                violation_error_message=_("Un altro indicatore ha già questo posto."),
            ),
            models.UniqueConstraint(
                name="risk_progressindicator_one_master",
                fields=["planned_measure"],
                condition=Q(is_master=True),
                violation_error_message=_("La misura ha già un indicatore principale."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
