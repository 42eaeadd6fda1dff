"""How far the steps of a measure are, as its office says in a round of monitoring."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import UidManager, UidModel, history, line
from risk.enums import StepProgress
from risk.models.monitoring import OF_ITEM, RoundItem

LONGEST_NOTE = 250


class StepState(UidModel):
    """How far one step of a measure is, told with its answer; no row where nothing was said."""

    ANNEX_PATHS = OF_ITEM
    EDITS_ANNEX = False
    BODY_PATH = "item__round__plan"

    item = models.ForeignKey(
        RoundItem, on_delete=models.CASCADE, related_name="step_states", verbose_name=_("misura")
    )
    step = models.ForeignKey(
        "risk.ImplementationStep",
        on_delete=models.CASCADE,
        related_name="states",
        verbose_name=_("fase di attuazione"),
    )
    progress = models.CharField(
        _("a che punto è"), max_length=20, choices=StepProgress.choices, blank=True, default=""
    )
    done_on = models.DateField(_("fatta il"), null=True, blank=True)
    note = line(_("nota sulla fase"), LONGEST_NOTE, blank=True, default="")
    history = history(unasked=["step"])

    objects = UidManager()

    class Meta:
        verbose_name = _("stato di una fase")
        verbose_name_plural = _("stati delle fasi")
        ordering = ["item_id", "id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_stepstate_once",
                fields=["item", "step"],
                violation_error_message=_("Della fase è già detto a che punto è."),
            ),
            models.CheckConstraint(
                name="risk_stepstate_done_on_a_day",
                condition=Q(progress="done", done_on__isnull=False)
                | (~Q(progress="done") & Q(done_on__isnull=True)),
                violation_error_message=_(
                    "Di una fase fatta, e solo di quella, si dice il giorno."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.get_progress_display() or '—'}"
