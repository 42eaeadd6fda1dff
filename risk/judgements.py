"""The choices of what is judged once a year (beside `risk.enums`): how fit measures are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SuitabilityJudgement(models.TextChoices):
    """How fit a measure is to lessen its risk, whether or not it was carried out."""

    FIT = "fit", _("idonea")
    STRENGTHEN = "strengthen", _("da rafforzare")
    SIMPLIFY = "simplify", _("da semplificare")
    REMOVE = "remove", _("da togliere")
    UNKNOWN = "unknown", _("non valutabile")


class FactorStanding(models.TextChoices):
    """Whether what makes the risk possible (the enabling factor) is still there."""

    PRESENT = "present", _("c’è ancora")
    LESS = "less", _("è ridotto")
    GONE = "gone", _("non c’è più")
    UNKNOWN = "unknown", _("non si sa")


PROPOSING = (
    SuitabilityJudgement.STRENGTHEN,
    SuitabilityJudgement.SIMPLIFY,
    SuitabilityJudgement.REMOVE,
)
"""Judgements that propose something to the next edition."""


class FactKind(models.TextChoices):
    """What kind of fact was known of in a year: of each only how many there were."""

    DISCIPLINARY = "disciplinary", _("disciplinare")
    CRIMINAL = "criminal", _("penale")
    ACCOUNTING = "accounting", _("contabile")
    LITIGATION = "litigation", _("contenzioso")
    EXTERNAL = "external", _("esterna")


class MeasureThere(models.TextChoices):
    """Whether a measure of the plan was meant for what happened."""

    YES = "yes", _("sì")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("non si sa")
