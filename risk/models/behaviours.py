"""Risk behaviours of a process, what they are like and which phases and actions they cover."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import (
    CatalogueManager,
    CatalogueModel,
    FoldedField,
    OriginModel,
    UidManager,
    UidModel,
    history,
    prose,
)
from registry.querysets import CatalogueQuerySet
from risk.querysets import BehaviourQuerySet

CatalogueRows = CatalogueManager.from_queryset(CatalogueQuerySet)


class EventCategory(CatalogueModel):
    """A category of risk event (ANAC PTPC): improper use of discretion, altered times…"""

    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("categoria di evento rischioso")
        verbose_name_plural = _("categorie di evento rischioso")


class EnablingFactor(CatalogueModel):
    """An enabling factor of risk (PNA 2019, All. 1)."""

    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("fattore abilitante")
        verbose_name_plural = _("fattori abilitanti")


class RiskBehaviour(UidModel, OriginModel):
    """What could go wrong in a process; it covers any set of the process's phases and actions."""

    ANNEX_PATHS = ("process__annex",)

    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.CASCADE,
        related_name="behaviours",
        verbose_name=_("processo"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    text = prose(_("comportamento a rischio"), blank=False)
    folded = FoldedField(source="text")
    categories = models.ManyToManyField(
        EventCategory, blank=True, related_name="behaviours", verbose_name=_("categorie di evento")
    )
    factors = models.ManyToManyField(
        EnablingFactor, blank=True, related_name="behaviours", verbose_name=_("fattori abilitanti")
    )
    is_ex_officio = models.BooleanField(
        _("aggiunto d’ufficio"),
        default=False,
        help_text=_("Individuato dal RPCT e non dall’ufficio."),
    )
    # `folded` stays: leaving a column out costs a question to the database for each list kept
    history = history(m2m_fields=[categories, factors])

    objects = UidManager.from_queryset(BehaviourQuerySet)()

    class Meta:
        verbose_name = _("comportamento a rischio")
        verbose_name_plural = _("comportamenti a rischio")
        ordering = ["process_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_riskbehaviour_position_unique",
                fields=["process", "position"],
                violation_error_message=_("Un altro comportamento ha già questo posto."),
            ),
            models.CheckConstraint(
                name="risk_riskbehaviour_text_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("Un comportamento a rischio va descritto."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Coverage(UidModel):
    """One phase, or one action, that a behaviour covers; always of the behaviour's own process."""

    ANNEX_PATHS = ("behaviour__process__annex",)

    behaviour = models.ForeignKey(
        RiskBehaviour,
        on_delete=models.CASCADE,
        related_name="coverages",
        verbose_name=_("comportamento a rischio"),
    )
    phase = models.ForeignKey(
        "registry.Phase",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="coverages",
        verbose_name=_("fase"),
    )
    action = models.ForeignKey(
        "registry.Action",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="coverages",
        verbose_name=_("azione"),
    )
    history = history(unasked=["phase", "action"])

    class Meta:
        verbose_name = _("fase o azione che il comportamento riguarda")
        verbose_name_plural = _("fasi e azioni che i comportamenti riguardano")
        ordering = ["behaviour_id", "phase__position", "action__position"]
        constraints = [
            models.CheckConstraint(
                name="risk_coverage_phase_or_action",
                condition=Q(phase__isnull=False, action__isnull=True)
                | Q(phase__isnull=True, action__isnull=False),
                violation_error_message=_("Il comportamento riguarda una fase oppure un’azione."),
            ),
            models.UniqueConstraint(
                name="risk_coverage_phase_once",
                fields=["behaviour", "phase"],
                condition=Q(phase__isnull=False),
                violation_error_message=_("Il comportamento riguarda già questa fase."),
            ),
            models.UniqueConstraint(
                name="risk_coverage_action_once",
                fields=["behaviour", "action"],
                condition=Q(action__isnull=False),
                violation_error_message=_("Il comportamento riguarda già questa azione."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.phase or self.action)
