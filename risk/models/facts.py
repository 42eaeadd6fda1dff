"""What happened: how many facts of a kind a year had, and what of the map they are about.

Written once, as judgements are (docs/decisions/0094).
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, author, prose, replaced_row
from risk.judgements import FactKind, MeasureThere
from risk.models.suitabilities import year_field, year_known


class Fact(UidModel):
    """Facts of one kind in a year, counted, never told; none of them names a person.

    `named_rows` are the uids of processes and behaviours, a line each: what a draft deletes later
    is no longer found by them. One that counts nothing was written by mistake, and taken back.
    """

    ANNEX_PATHS = ()
    BODY_PATH = "plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="facts",
        verbose_name=_("piano"),
    )
    kind = models.CharField(_("tipo"), max_length=20, choices=FactKind.choices)
    year = year_field()
    count = models.PositiveSmallIntegerField(
        _("quanti"),
        default=1,
        validators=[MaxValueValidator(999)],
        help_text=_("Quanti fatti di questo tipo. 0 se la riga è stata scritta per errore."),
    )
    area = models.ForeignKey(
        "registry.RiskArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        verbose_name=_("area di rischio"),
    )
    named_rows = models.TextField(_("processi e comportamenti"), blank=True, default="")
    was_measure = models.CharField(
        _("c’era una misura"), max_length=20, choices=MeasureThere.choices
    )
    outcome = prose(
        _("com’è finita"),
        help_text=_(
            "In breve, senza nomi di persone né ciò che le fa riconoscere. Le segnalazioni di "
            "illeciti non si scrivono qui."
        ),
    )
    replaces = replaced_row()
    by = author("facts")
    at = MomentField(_("quando"), auto_now_add=True)

    objects = UidManager()

    class Meta:
        verbose_name = _("fatto")
        verbose_name_plural = _("fatti")
        ordering = ["plan_id", "-year", "-id"]
        constraints = [
            year_known("risk_fact_year_known"),
            models.CheckConstraint(
                name="risk_fact_kind_known",
                condition=Q(kind__in=FactKind.values),
                violation_error_message=_("Tipo di fatto sconosciuto."),
            ),
            models.CheckConstraint(
                name="risk_fact_measure_known",
                condition=Q(was_measure__in=MeasureThere.values),
                violation_error_message=_("Non si capisce se c’era una misura."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.year}"

    @property
    def uids(self) -> list[str]:
        """The rows it is about, by uid."""
        return self.named_rows.split()
