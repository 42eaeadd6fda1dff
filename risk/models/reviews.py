"""What the year of a plan comes to: its review, written once a year by the RPCT."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, prose
from risk.models.suitabilities import FIRST_YEAR, LAST_YEAR


class YearlyReview(UidModel):
    """The review of a year of a plan; the last one of the year counts."""

    ANNEX_PATHS = ()
    BODY_PATH = "plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="yearly_reviews",
        verbose_name=_("piano"),
    )
    year = models.PositiveSmallIntegerField(
        _("anno"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    conclusions = prose(
        _("conclusioni"),
        blank=False,
        help_text=_("Se il sistema ha funzionato nell’anno: misure, monitoraggi, fatti, persone."),
    )
    changes = prose(
        _("che cosa cambia nella prossima edizione"),
        help_text=_("Si legge fra le proposte della prossima edizione. Vuoto se non cambia nulla."),
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("sostituisce"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="yearly_reviews",
        verbose_name=_("chi"),
    )
    at = MomentField(_("quando"), auto_now_add=True)

    objects = UidManager()

    class Meta:
        verbose_name = _("riesame dell’anno")
        verbose_name_plural = _("riesami dell’anno")
        ordering = ["plan_id", "-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_yearlyreview_first_of_year",
                fields=["plan", "year"],
                condition=Q(replaces__isnull=True),
                violation_error_message=_("Il riesame dell’anno è già scritto: rileggilo."),
            ),
            models.CheckConstraint(
                name="risk_yearlyreview_year_known",
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                violation_error_message=_("Anno sconosciuto."),
            ),
            models.CheckConstraint(
                name="risk_yearlyreview_with_conclusions",
                condition=~Q(conclusions=""),
                violation_error_message=_("Un riesame ha le sue conclusioni."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)
