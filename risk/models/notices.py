"""Mail sent to people about what waits for them: one a day at most."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One mail to one person on one day. Its words are not kept: they are drawn from rights."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("persona"),
    )
    on = models.DateField(_("giorno"))
    digest = models.CharField(_("impronta del contenuto"), max_length=64)
    sent_at = models.DateTimeField(_("inviato il"), null=True, blank=True)

    class Meta:
        verbose_name = _("avviso")
        verbose_name_plural = _("avvisi")
        ordering = ["-on", "user_id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_notice_one_a_day",
                fields=["user", "on"],
                violation_error_message=_("La persona ha già ricevuto l’avviso di questo giorno."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.on}"
