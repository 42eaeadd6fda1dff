"""Rounds of monitoring: what was asked of which office, and what it answered.

They hang on rows that adoption has frozen and stay writable because the plan is in force; a round
that is issued changes no more (docs/decisions/0085).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, author, history, line, prose
from risk.enums import (
    DeclaredOutcome,
    DelayCause,
    DerivedOutcome,
    ItemState,
    RoundCoverage,
    RoundKind,
    RoundState,
    RoundVerb,
)
from risk.querysets import RoundItemQuerySet, RoundQuerySet

LONGEST_ANSWER = 2000
OF_ITEM = ("item__planned_measure__annex",)
"""By which way what is said of a measure hangs on its annex, where it has one."""


class MonitoringRound(UidModel):
    """One round of monitoring over the plan in force: when, of what, by which criteria."""

    ANNEX_PATHS = ()
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        related_name="monitoring_rounds",
        verbose_name=_("piano"),
    )
    label = line(_("denominazione"), 120)
    kind = models.CharField(
        _("tipo"), max_length=20, choices=RoundKind.choices, default=RoundKind.INTERIM
    )
    situation_on = models.DateField(_("situazione al"))
    answers_by = models.DateField(_("risposte entro il"))
    checks_by = models.DateField(_("verifica entro il"))
    coverage = models.CharField(
        _("misure chieste"),
        max_length=20,
        choices=RoundCoverage.choices,
        default=RoundCoverage.ALL,
    )
    level = models.ForeignKey(
        "risk.Level",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="monitoring_rounds",
        verbose_name=_("dal livello"),
    )
    criteria = prose(
        _("criteri"),
        blank=False,
        help_text=_("Perché queste misure e non altre: si stampa nella relazione."),
    )
    state = models.CharField(
        _("stato"), max_length=20, choices=RoundState.choices, default=RoundState.DRAFT
    )
    history = history(unasked=["level"])

    objects = UidManager.from_queryset(RoundQuerySet)()

    class Meta:
        verbose_name = _("monitoraggio")
        verbose_name_plural = _("monitoraggi")
        ordering = ["plan_id", "-situation_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_monitoringround_label_unique",
                fields=["plan", "label"],
                violation_error_message=_("Un altro monitoraggio del piano si chiama già così."),
            ),
            models.CheckConstraint(
                name="risk_monitoringround_days_in_order",
                condition=Q(checks_by__gte=models.F("answers_by")),
                violation_error_message=_("La verifica non finisce prima delle risposte."),
            ),
            models.CheckConstraint(
                name="risk_monitoringround_level_with_coverage",
                condition=Q(coverage="level", level__isnull=False)
                | (~Q(coverage="level") & Q(level__isnull=True)),
                violation_error_message=_(
                    "Il livello si sceglie quando si chiedono le misure da un livello in su."
                ),
            ),
            models.CheckConstraint(
                name="risk_monitoringround_state_known",
                condition=Q(state__in=RoundState.values),
                violation_error_message=_("Stato del monitoraggio sconosciuto."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_answering(self) -> bool:
        """Whether offices still answer; those that are sent back do so during the check too."""
        return self.state in (RoundState.OPEN, RoundState.CHECKING)


class RoundTransition(UidModel):
    """One move of a round, written before its state changes; never changed."""

    ANNEX_PATHS = ()
    BODY_PATH = "round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    round = models.ForeignKey(
        MonitoringRound,
        on_delete=models.PROTECT,
        related_name="transitions",
        verbose_name=_("monitoraggio"),
    )
    verb = models.CharField(_("passo"), max_length=20, choices=RoundVerb.choices)
    from_state = models.CharField(_("da"), max_length=20, choices=RoundState.choices)
    to_state = models.CharField(_("a"), max_length=20, choices=RoundState.choices)
    by = author("round_transitions")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("passo del monitoraggio")
        verbose_name_plural = _("passi dei monitoraggi")
        ordering = ["round_id", "-id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.get_to_state_display()}"


class RoundItem(UidModel):
    """One measure asked of one office in a round; `asked` is the digest of what was asked."""

    ANNEX_PATHS = ("planned_measure__annex",)
    EDITS_ANNEX = False
    BODY_PATH = "round__plan"

    round = models.ForeignKey(
        MonitoringRound,
        on_delete=models.CASCADE,
        related_name="items",
        verbose_name=_("monitoraggio"),
    )
    planned_measure = models.ForeignKey(
        "risk.PlannedMeasure",
        on_delete=models.CASCADE,
        related_name="round_items",
        verbose_name=_("misura programmata"),
    )
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        related_name="round_items",
        verbose_name=_("ufficio che risponde"),
    )
    asked = models.CharField(
        _("codice di controllo di ciò che è stato chiesto"), max_length=64, blank=True, default=""
    )
    state = models.CharField(
        _("stato"), max_length=20, choices=ItemState.choices, default=ItemState.TO_ANSWER
    )
    not_due_reason = prose(_("perché non è dovuta"))
    outcome = models.CharField(
        _("esito"), max_length=20, choices=DerivedOutcome.choices, blank=True, default=""
    )
    outcome_reason = prose(_("motivo dell’esito"))
    late_days = models.PositiveIntegerField(
        _("giorni di ritardo delle fasi"), null=True, blank=True
    )
    history = history(unasked=["office"])

    objects = UidManager.from_queryset(RoundItemQuerySet)()

    class Meta:
        verbose_name = _("misura di un monitoraggio")
        verbose_name_plural = _("misure di un monitoraggio")
        ordering = ["round_id", "id"]
        indexes = [models.Index(name="risk_rounditem_of_office", fields=["round", "office"])]
        constraints = [
            models.UniqueConstraint(
                name="risk_rounditem_once",
                fields=["round", "planned_measure"],
                violation_error_message=_("La misura è già in questo monitoraggio."),
            ),
            models.CheckConstraint(
                name="risk_rounditem_state_known",
                condition=Q(state__in=ItemState.values),
                violation_error_message=_("Stato della risposta sconosciuto."),
            ),
            models.CheckConstraint(
                name="risk_rounditem_not_due_with_reason",
                condition=~Q(state="not_due") | ~Q(not_due_reason=""),
                violation_error_message=_("Di una misura non dovuta si dice il motivo."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.planned_measure)


class RoundAnswer(UidModel):
    """What an office says of one measure; who wrote it last, its history says, confirms it not."""

    ANNEX_PATHS = OF_ITEM
    EDITS_ANNEX = False
    BODY_PATH = "item__round__plan"
    SAVES_PLAINLY = True
    """Whether its columns are written as they are given: none is made from others on saving."""

    item = models.OneToOneField(
        RoundItem, on_delete=models.CASCADE, related_name="answer", verbose_name=_("misura")
    )
    declared = models.CharField(
        _("esito dichiarato"),
        max_length=20,
        choices=DeclaredOutcome.choices,
        blank=True,
        default="",
    )
    done = prose(_("che cosa è stato fatto"))
    cause = models.CharField(
        _("causa"), max_length=20, choices=DelayCause.choices, blank=True, default=""
    )
    reason = prose(_("motivo del ritardo o della mancata attuazione"))
    proposed_on = models.DateField(_("nuova data proposta"), null=True, blank=True)
    judgement = prose(_("quanto è stata efficace"))
    difficulty = prose(_("che cosa è stato difficile"))
    improvement = prose(_("che cosa la migliorerebbe"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_answers",
        verbose_name=_("confermata da"),
    )
    confirmed_at = models.DateTimeField(_("confermata il"), null=True, blank=True)
    history = history(unasked=["confirmed_by"])

    objects = UidManager()

    class Meta:
        verbose_name = _("risposta di un monitoraggio")
        verbose_name_plural = _("risposte di un monitoraggio")
        ordering = ["item_id"]

    def __str__(self) -> str:
        return self.get_declared_display() or str(self.item)
