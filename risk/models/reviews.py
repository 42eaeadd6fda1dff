"""What the year of a plan comes to: its review, written once a year by the RPCT."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, author, prose, replaced_row
from risk.models.suitabilities import year_field, year_known


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
    year = year_field()
    conclusions = prose(
        _("conclusioni"),
        blank=False,
        help_text=_("Se il sistema ha funzionato nell’anno: misure, monitoraggi, fatti, persone."),
    )
    changes = prose(
        _("che cosa cambia nella prossima edizione"),
        help_text=_("Si legge fra le proposte della prossima edizione. Vuoto se non cambia nulla."),
    )
    replaces = replaced_row()
    by = author("yearly_reviews")
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
            year_known("risk_yearlyreview_year_known"),
            models.CheckConstraint(
                name="risk_yearlyreview_with_conclusions",
                condition=~Q(conclusions=""),
                violation_error_message=_("Un riesame ha le sue conclusioni."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)
