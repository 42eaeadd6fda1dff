"""How fit each measure is, judged once a year, and what the next edition made of it.

Both are written once: a later judgement names the one it replaces, a later decision comes after the
earlier (docs/decisions/0093).
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, author, prose, replaced_row
from risk.judgements import PROPOSING, FactorStanding, SuitabilityJudgement
from risk.models.measures import PlannedMeasure

FIRST_YEAR, LAST_YEAR = 2000, 2100


def year_field() -> models.PositiveSmallIntegerField:
    """Return the year something is judged or told of."""
    return models.PositiveSmallIntegerField(
        _("anno"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )


def year_known(name: str) -> models.CheckConstraint:
    """Return what keeps other years out of a table, past the application too."""
    return models.CheckConstraint(
        name=name,
        condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
        violation_error_message=_("Anno sconosciuto."),
    )


class Suitability(UidModel):
    """What the RPCT judges of a measure for a year; the last one of the year counts."""

    ANNEX_PATHS = ("planned_measure__annex",)
    EDITS_ANNEX = False
    BODY_PATH = "planned_measure__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    planned_measure = models.ForeignKey(
        PlannedMeasure,
        on_delete=models.PROTECT,
        related_name="suitabilities",
        verbose_name=_("misura programmata"),
    )
    year = year_field()
    judgement = models.CharField(_("giudizio"), max_length=20, choices=SuitabilityJudgement.choices)
    factor = models.CharField(
        _("il fattore abilitante"), max_length=20, choices=FactorStanding.choices
    )
    motivation = prose(
        _("motivazione"),
        blank=False,
        help_text=_("Perché, e che cosa dovrebbe cambiare: si legge nella prossima edizione."),
    )
    replaces = replaced_row()
    by = author("suitabilities")
    at = MomentField(_("quando"), auto_now_add=True)

    objects = UidManager()

    class Meta:
        verbose_name = _("giudizio di idoneità")
        verbose_name_plural = _("giudizi di idoneità")
        ordering = ["planned_measure_id", "-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_suitability_first_of_year",
                fields=["planned_measure", "year"],
                condition=Q(replaces__isnull=True),
                violation_error_message=_("La misura è già giudicata per quest’anno: rileggila."),
            ),
            year_known("risk_suitability_year_known"),
            models.CheckConstraint(
                name="risk_suitability_judgement_known",
                condition=Q(judgement__in=SuitabilityJudgement.values),
                violation_error_message=_("Giudizio sconosciuto."),
            ),
            models.CheckConstraint(
                name="risk_suitability_factor_known",
                condition=Q(factor__in=FactorStanding.values),
                violation_error_message=_("Stato del fattore abilitante sconosciuto."),
            ),
            models.CheckConstraint(
                name="risk_suitability_with_motivation",
                condition=~Q(motivation=""),
                violation_error_message=_("Un giudizio di idoneità si motiva."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.get_judgement_display()}"

    @property
    def proposes(self) -> bool:
        """Whether the next edition is to do something about the measure."""
        return self.judgement in PROPOSING


class EditionProposal(UidModel):
    """What an edition made of what was proposed to it: taken or not, and why; the last counts."""

    ANNEX_PATHS = ("suitability__planned_measure__annex",)
    EDITS_ANNEX = False
    BODY_PATH = "plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()
    LEFT_OUT_WHILE_EMPTY: ClassVar[tuple[str, ...]] = ("review",)

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="edition_proposals",
        verbose_name=_("piano che decide"),
    )
    suitability = models.ForeignKey(
        Suitability,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="edition_proposals",
        verbose_name=_("giudizio di idoneità"),
    )
    review = models.ForeignKey(
        "risk.YearlyReview",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="edition_proposals",
        verbose_name=_("riesame dell’anno"),
    )
    is_taken = models.BooleanField(_("accolta"))
    reason = prose(
        _("motivo"), blank=False, help_text=_("Che cosa si è cambiato, o perché non si cambia.")
    )
    by = author("edition_proposals")
    at = MomentField(_("quando"), auto_now_add=True)

    objects = UidManager()

    class Meta:
        verbose_name = _("proposta per un’edizione")
        verbose_name_plural = _("proposte per un’edizione")
        ordering = ["plan_id", "suitability_id", "-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_editionproposal_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Di una proposta accolta o no si dice il motivo."),
            ),
            models.CheckConstraint(
                name="risk_editionproposal_of_one",
                condition=Q(suitability__isnull=False, review=None)
                | Q(suitability=None, review__isnull=False),
                violation_error_message=_("Una proposta viene da un giudizio o da un riesame."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("accolta") if self.is_taken else _("non accolta"))
