"""What a plan wants to reach: its objectives, with what shows how far they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import (
    OriginModel,
    RetirableModel,
    UidModel,
    history,
    line,
    prose,
)


class Objective(UidModel, OriginModel, RetirableModel):
    """An objective of a plan, which measures serve."""

    ANNEX_PATHS = ()
    """It is the plan’s: annexes print which one a measure serves."""
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        related_name="objectives",
        verbose_name=_("piano"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    code = line(_("codice"), 50)
    name = line(_("denominazione"), 250)
    description = prose(_("descrizione"))
    performance = line(
        _("obiettivo di performance"),
        250,
        blank=True,
        default="",
        help_text=_("Come si chiama nel piano della performance, se è legato a uno di quelli."),
    )
    history = history()

    class Meta:
        verbose_name = _("obiettivo del piano")
        verbose_name_plural = _("obiettivi del piano")
        ordering = ["plan_id", "position"]
        constraints = [
            *RetirableModel.Meta.constraints,
            models.UniqueConstraint(
                name="risk_objective_position_unique",
                fields=["plan", "position"],
                violation_error_message=_("Un altro obiettivo ha già questo posto."),
            ),
            models.UniqueConstraint(
                name="risk_objective_code_unique",
                fields=["plan", "code"],
                violation_error_message=_("Un altro obiettivo del piano ha già questo codice."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ObjectiveIndicator(UidModel):
    """What shows whether an objective is reached: where it starts, what each year is to bring."""

    ANNEX_PATHS = ()
    BODY_PATH = "objective__plan"

    TARGETS = ("first_target", "second_target", "third_target")
    """What is expected in the years of a plan, the first one first."""

    objective = models.ForeignKey(
        Objective,
        on_delete=models.CASCADE,
        related_name="indicators",
        verbose_name=_("obiettivo"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    label = line(_("indicatore"), 250)
    unit = line(_("unità"), 60, blank=True, default="")
    formula = line(_("formula"), 250, blank=True, default="")
    source = line(_("fonte"), 100, blank=True, default="")
    baseline = models.DecimalField(
        _("valore di partenza"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    first_target = models.DecimalField(
        _("valore atteso nel primo anno"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    second_target = models.DecimalField(
        _("valore atteso nel secondo anno"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    third_target = models.DecimalField(
        _("valore atteso nel terzo anno"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    history = history()

    class Meta:
        verbose_name = _("indicatore dell’obiettivo")
        verbose_name_plural = _("indicatori dell’obiettivo")
        ordering = ["objective_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_objectiveindicator_position_unique",
                fields=["objective", "position"],
                violation_error_message=_("Un altro indicatore ha già questo posto."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
