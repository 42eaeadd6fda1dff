"""Who has read again what was copied from the edition before, and found that it still holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidModel, author, history, prose


class Reconfirmation(UidModel):
    """A copied process whose words somebody has read again; it speaks of these `words` alone.

    Whoever changes them has read them, and this says no more; it does again when the change is
    taken back. `causes` are what had moved since, each by its code as it is called, and was
    looked at (`risk.services.completeness.causes`).
    """

    ANNEX_PATHS = ("process__annex",)

    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.CASCADE,
        related_name="reconfirmations",
        verbose_name=_("processo"),
    )
    words = models.CharField(_("codice di controllo del testo"), max_length=64)
    in_block = models.BooleanField(_("in blocco"), default=False)
    causes = models.JSONField(_("cause"), default=dict, blank=True)
    reason = prose(_("che cosa è stato guardato"))
    by = author("reconfirmations")
    at = MomentField(_("quando"))
    history = history()

    class Meta:
        verbose_name = _("riconferma di un processo")
        verbose_name_plural = _("riconferme dei processi")
        ordering = ["process_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_reconfirmation_once",
                fields=["process", "words"],
                violation_error_message=_("Il processo è già riconfermato così com’è."),
            ),
            models.CheckConstraint(
                name="risk_reconfirmation_block_without_reason",
                condition=Q(in_block=False) | Q(reason=""),
                violation_error_message=_("In blocco si riconferma ciò che non ha cause."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process}, {self.by}"
