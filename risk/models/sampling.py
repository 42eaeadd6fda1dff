"""The draw of the measures a round asks about: announced, then made, each written once.

What is frozen with the announcement is what the seed, known later, is applied to
(`risk.scoring.sampling`).
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidModel, author, line, prose
from risk.models.monitoring import MonitoringRound
from risk.models.packed import PackedTextField


class Sample(UidModel):
    """What will be drawn from, and which seed will decide; the last of a round counts.

    `population` is the file of `risk.scoring.sampling.population_text`, its digest the SHA-256.
    """

    ANNEX_PATHS = ()
    BODY_PATH = "round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    round = models.ForeignKey(
        MonitoringRound,
        on_delete=models.PROTECT,
        related_name="samples",
        verbose_name=_("monitoraggio"),
    )
    percent = models.PositiveSmallIntegerField(
        _("parte da estrarre, in percento"),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    staff = models.PositiveIntegerField(_("dipendenti in servizio"), null=True, blank=True)
    seed_source = line(_("da dove viene il seme"), 250)
    seed_known_on = models.DateField(_("il seme si conosce il"))
    algorithm = models.CharField(_("versione del procedimento"), max_length=10)
    population = PackedTextField(_("popolazione"))
    population_digest = models.CharField(_("codice di controllo della popolazione"), max_length=64)
    size = models.PositiveIntegerField(_("misure nella popolazione"))
    by = author("samples")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("campione")
        verbose_name_plural = _("campioni")
        ordering = ["round_id", "-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_sample_percent",
                condition=Q(percent__gte=1, percent__lte=100),
                violation_error_message=_("Si estrae dall’1 al 100 %."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %, {self.population_digest[:8]}"


class SampleDraw(UidModel):
    """What a seed drew, before whom: `drawn` is a uid a line, in order."""

    ANNEX_PATHS = ()
    BODY_PATH = "sample__round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    sample = models.OneToOneField(
        Sample, on_delete=models.PROTECT, related_name="draw", verbose_name=_("campione")
    )
    seed = line(_("seme"), 200)
    drawn = PackedTextField(_("misure estratte"))
    drawn_digest = models.CharField(_("codice di controllo delle estratte"), max_length=64)
    drawn_size = models.PositiveIntegerField(_("misure estratte, quante"))
    witnesses = prose(
        _("chi ha assistito"),
        blank=False,
        help_text=_("Il ruolo, non il nome: per esempio il segretario e il presidente dell’OIV."),
    )
    minutes = prose(_("verbale"), blank=False)
    by = author("sample_draws")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("estrazione del campione")
        verbose_name_plural = _("estrazioni dei campioni")
        ordering = ["sample_id"]

    def __str__(self) -> str:
        return self.seed
