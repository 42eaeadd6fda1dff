"""What is still to be done after a check or a round; it goes on until a proof closes it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import UidManager, UidModel, history, line, prose
from risk.models.monitored import Evidence
from risk.models.monitoring import OF_ITEM, MonitoringRound, RoundItem
from risk.querysets import FollowUpQuerySet


class FollowUp(UidModel):
    """What the RPCT asks an office to do by a day: replied to, and closed by what proves it.

    It outlives its round, which may be issued meanwhile.
    """

    ANNEX_PATHS = OF_ITEM
    EDITS_ANNEX = False
    BODY_PATH = "round__plan"

    round = models.ForeignKey(
        MonitoringRound,
        on_delete=models.CASCADE,
        related_name="follow_ups",
        verbose_name=_("monitoraggio"),
    )
    item = models.ForeignKey(
        RoundItem,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("misura"),
    )
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("ufficio"),
    )
    asked = prose(_("che cosa resta da fare"), blank=False)
    due_on = models.DateField(_("entro il"))
    reply = prose(_("che cosa risponde l’ufficio"))
    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("prova"),
    )
    reference = line(_("atto, protocollo o indirizzo"), 250, blank=True, default="")
    closed_on = models.DateField(_("chiuso il"), null=True, blank=True)
    history = history(unasked=["round", "item", "office", "evidence"])

    objects = UidManager.from_queryset(FollowUpQuerySet)()

    class Meta:
        verbose_name = _("seguito")
        verbose_name_plural = _("seguiti")
        ordering = ["due_on", "id"]
        indexes = [models.Index(name="risk_followup_of_office", fields=["office", "closed_on"])]
        constraints = [
            models.CheckConstraint(
                name="risk_followup_closed_with_proof",
                condition=Q(closed_on__isnull=True) | Q(evidence__isnull=False) | ~Q(reference=""),
                violation_error_message=_("Un seguito si chiude con una prova."),
            ),
        ]

    @property
    def standing(self) -> str:
        """How far it is, in a word or two."""
        if self.closed_on is not None:
            return _("chiuso")
        return _("con risposta") if self.reply else _("da fare")

    def __str__(self) -> str:
        return self.asked[:80]
