"""What an issued round says, for ever, and what was found to be otherwise later.

Both are written once (docs/decisions/0085).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidModel, author, prose
from risk.enums import DerivedOutcome
from risk.models.monitoring import MonitoringRound, RoundItem
from risk.models.packed import PackedBinaryField, PackedTextField


class RoundIssue(UidModel):
    """The report of a round as it was issued: `data` is canonical JSON, the paper is made of it.

    Each time there are two: that of the body and the public one, which says less. After a
    correction both are issued anew, with all corrections; `earlier` counts the issues before.
    Rounds issued before there was a paper have none.
    """

    ANNEX_PATHS = ()
    BODY_PATH = "round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()
    LEFT_OUT_WHILE_EMPTY: ClassVar[tuple[str, ...]] = (
        *("earlier", "is_public", "pdf", "pdf_digest", "anchor"),
    )

    round = models.ForeignKey(
        MonitoringRound,
        on_delete=models.PROTECT,
        related_name="issues",
        verbose_name=_("monitoraggio"),
    )
    earlier = models.PositiveSmallIntegerField(_("emissioni precedenti"), default=0)
    is_public = models.BooleanField(_("è la versione pubblica"), default=False)
    issued_at = models.DateTimeField(_("emesso il"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="round_issues",
        verbose_name=_("emesso da"),
    )
    data = PackedTextField(_("dati"))
    data_digest = models.CharField(_("codice di controllo dei dati"), max_length=64)
    pdf = PackedBinaryField(_("PDF"), null=True, blank=True)
    pdf_digest = models.CharField(
        _("codice di controllo del PDF"), max_length=64, blank=True, default=""
    )
    anchor = models.CharField(_("ancora della traccia"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("emissione del monitoraggio")
        verbose_name_plural = _("emissioni dei monitoraggi")
        ordering = ["round_id", "is_public", "-earlier"]
        indexes = [
            models.Index(name="risk_roundissue_pdf_digest", fields=["pdf_digest", "round"]),
            models.Index(name="risk_roundissue_data_digest", fields=["data_digest", "round"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="risk_roundissue_once",
                fields=["round", "earlier", "is_public"],
                violation_error_message=_("Il monitoraggio è già emesso così."),
            ),
        ]

    def __str__(self) -> str:
        return gettext_now("Emissione n. %(number)d") % {"number": self.number}

    @property
    def number(self) -> int:
        """Which issue of its round it is, from 1."""
        return self.earlier + 1


class RoundCorrection(UidModel):
    """What was found, after a round was issued, to be otherwise: beside what it says, with why."""

    ANNEX_PATHS = ("item__planned_measure__annex",)
    EDITS_ANNEX = False
    BODY_PATH = "round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    round = models.ForeignKey(
        MonitoringRound,
        on_delete=models.PROTECT,
        related_name="corrections",
        verbose_name=_("monitoraggio"),
    )
    item = models.ForeignKey(
        RoundItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("misura"),
    )
    outcome = models.CharField(
        _("esito rettificato"),
        max_length=20,
        choices=DerivedOutcome.choices,
        blank=True,
        default="",
    )
    said = prose(_("che cosa risulta"), blank=False)
    reason = prose(_("motivo della rettifica"), blank=False)
    by = author("round_corrections")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("rettifica di un monitoraggio")
        verbose_name_plural = _("rettifiche dei monitoraggi")
        ordering = ["round_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_roundcorrection_with_reason",
                condition=~Q(said="") & ~Q(reason=""),
                violation_error_message=_("Una rettifica dice che cosa risulta e perché."),
            ),
            models.CheckConstraint(
                name="risk_roundcorrection_outcome_of_a_measure",
                condition=Q(outcome="") | Q(item__isnull=False),
                violation_error_message=_("Un esito è di una misura: scegli quale."),
            ),
        ]

    def __str__(self) -> str:
        return self.said
