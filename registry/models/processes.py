"""The map of an office: processes, their phases, the actions of a phase."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import DigitalState, ProcessKind, RiskPresence, YesNo
from registry.models.base import (
    FoldedField,
    OriginModel,
    RetirableModel,
    UidManager,
    UidModel,
    history,
    line,
    prose,
)
from registry.querysets import ActionQuerySet, PhaseQuerySet, ProcessQuerySet
from registry.readable import named

TITLE_LENGTH = 1000
CODE_LENGTH = 40


class Process(UidModel, OriginModel, RetirableModel):
    """A process of an office (in some bodies "attività"), described as PNA 2019, All. 1 asks."""

    ANNEX_PATHS = ("annex",)

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.PROTECT,
        related_name="processes",
        verbose_name=_("allegato"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    number = models.PositiveIntegerField(_("numero"), help_text=_("Come stampato: n. 1, n. 2…"))
    code = line(
        _("codice"),
        CODE_LENGTH,
        blank=True,
        default="",
        help_text=_(
            "Come l’amministrazione chiama il processo, accanto al numero: A1, 1.1, 4 bis."
        ),
    )
    title = line(_("processo"), TITLE_LENGTH)
    folded = FoldedField(source="title")
    kind = models.CharField(
        _("tipo di processo"),
        max_length=10,
        choices=ProcessKind.choices,
        blank=True,
        default="",
    )
    macroprocess = models.ForeignKey(
        "registry.Macroprocess",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name=_("macroprocesso"),
    )
    risk_area = models.ForeignKey(
        "registry.RiskArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name=_("area di rischio"),
    )
    objective = prose(_("obiettivo"))
    description = prose(
        _("informazioni principali sul processo"),
        help_text=_("Che cos’è e che finalità ha il processo (PNA 2019, All. 1)."),
    )
    input = prose(
        _("input"),
        help_text=_("Elementi in ingresso che innescano il processo (PNA 2019, All. 1)."),
    )
    output = prose(_("output"), help_text=_("Risultato atteso del processo (PNA 2019, All. 1)."))
    times = prose(_("tempi di svolgimento del processo e delle sue attività"))
    constraints = prose(
        _("vincoli del processo"),
        help_text=_("Condizioni da rispettare per legge o regolamento (PNA 2019, All. 1)."),
    )
    resources = prose(_("risorse del processo"))
    interrelations = prose(_("interrelazioni tra i processi"))
    criticalities = prose(_("criticità del processo"))
    responsible = line(
        _("responsabile del processo"),
        250,
        blank=True,
        default="",
        help_text=_("Soggetto responsabile della corretta realizzazione del processo."),
    )
    is_procedure = models.CharField(
        _("è un procedimento amministrativo"),
        max_length=10,
        choices=YesNo.choices,
        default=YesNo.UNKNOWN,
    )
    digital_state = models.CharField(
        _("stato di digitalizzazione"),
        max_length=20,
        choices=DigitalState.choices,
        default=DigitalState.UNKNOWN,
    )
    risk_presence = models.CharField(
        _("presenza del rischio"),
        max_length=10,
        choices=RiskPresence.choices,
        default=RiskPresence.TO_ASSESS,
    )
    risk_presence_reason = prose(
        _("motivo dell’accertamento"),
        help_text=_("Perché il rischio è presente o assente: va scritto quando è assente."),
    )
    history = history(excluded_fields=["folded"])

    objects = UidManager.from_queryset(ProcessQuerySet)()

    class Meta(RetirableModel.Meta):
        verbose_name = _("processo")
        verbose_name_plural = _("processi")
        ordering = ["annex_id", "position"]
        constraints = [
            *RetirableModel.Meta.constraints,
            models.UniqueConstraint(
                name="registry_process_number_unique",
                fields=["annex", "number"],
                violation_error_message=_("Un altro processo dell’allegato ha già questo numero."),
            ),
            models.UniqueConstraint(
                name="registry_process_position_unique",
                fields=["annex", "position"],
                violation_error_message=_("Un altro processo dell’allegato ha già questo posto."),
            ),
            models.CheckConstraint(
                name="registry_process_number_from_one",
                condition=Q(number__gte=1),
                violation_error_message=_("I processi si numerano da 1."),
            ),
            models.CheckConstraint(
                name="registry_process_title_not_blank",
                condition=~Q(title=""),
                violation_error_message=_("Un processo ha una denominazione."),
            ),
        ]

    def __str__(self) -> str:
        return self.printed

    @property
    def printed(self) -> str:
        """Number, code and title as annexes are printed: "n. 1 (A1) Gestione S.I. e rete: …"."""
        return named(self.number, self.code, self.title)


class ExecutedModel(models.Model):
    """Who carries a step out: a role, an office of the same body, or both (docs/decisions/0023)."""

    executor_role = models.ForeignKey(
        "registry.ExecutorRole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("esecutore"),
    )
    executor_office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="executed_%(class)ss",
        verbose_name=_("ufficio esecutore"),
    )

    class Meta:
        abstract = True

    @property
    def printed_executor(self) -> str:
        """Role and office as printed, empty when neither is known."""
        parts = (self.executor_role, self.executor_office)
        return ", ".join(str(part) for part in parts if part is not None)


class Phase(UidModel, OriginModel, ExecutedModel):
    """A phase of a process; its number on paper is its position."""

    ANNEX_PATHS = ("process__annex",)

    process = models.ForeignKey(
        Process, on_delete=models.CASCADE, related_name="phases", verbose_name=_("processo")
    )
    position = models.PositiveIntegerField(_("numero"))
    title = line(_("fase"), TITLE_LENGTH)
    folded = FoldedField(source="title")
    description = prose(_("descrizione"))
    history = history(excluded_fields=["folded"])

    objects = UidManager.from_queryset(PhaseQuerySet)()

    class Meta:
        verbose_name = _("fase")
        verbose_name_plural = _("fasi")
        ordering = ["process_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="registry_phase_position_unique",
                fields=["process", "position"],
                violation_error_message=_("Un’altra fase del processo ha già questo numero."),
            ),
            models.CheckConstraint(
                name="registry_phase_title_not_blank",
                condition=~Q(title=""),
                violation_error_message=_("Una fase ha una denominazione."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Action(UidModel, OriginModel, ExecutedModel):
    """A single action of a phase (ANAC: "scomponendo … ciascuna fase in singole azioni")."""

    ANNEX_PATHS = ("phase__process__annex",)

    phase = models.ForeignKey(
        Phase, on_delete=models.CASCADE, related_name="actions", verbose_name=_("fase")
    )
    position = models.PositiveIntegerField(_("numero"))
    title = line(_("azione"), TITLE_LENGTH)
    folded = FoldedField(source="title")
    description = prose(_("descrizione"))
    history = history(excluded_fields=["folded"])

    objects = UidManager.from_queryset(ActionQuerySet)()

    class Meta:
        verbose_name = _("azione")
        verbose_name_plural = _("azioni")
        ordering = ["phase_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="registry_action_position_unique",
                fields=["phase", "position"],
                violation_error_message=_("Un’altra azione della fase ha già questo numero."),
            ),
            models.CheckConstraint(
                name="registry_action_title_not_blank",
                condition=~Q(title=""),
                violation_error_message=_("Un’azione ha una denominazione."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
