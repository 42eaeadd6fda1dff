"""Mail sent to people about what waits for them: one a day at most, and one an office is sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import UidManager, UidModel, author, history, prose


class Notice(models.Model):
    """One mail to one person on one day. Its words are not kept: they are drawn from rights."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("persona"),
    )
    on = models.DateField(_("giorno"))
    digest = models.CharField(_("codice di controllo del contenuto"), max_length=64)
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


class Reminder(UidModel):
    """A mail by which the RPCT reminds an office of its annex: one a day at most."""

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.CASCADE,
        related_name="reminders",
        verbose_name=_("allegato"),
    )
    on = models.DateField(_("giorno"))
    words = prose(_("parole di chi sollecita"))
    people = models.PositiveSmallIntegerField(_("persone a cui è scritto"))
    by = author("reminders")
    at = models.DateTimeField(_("quando"), auto_now_add=True)
    history = history()

    objects = UidManager()

    class Meta:
        verbose_name = _("sollecito")
        verbose_name_plural = _("solleciti")
        ordering = ["annex_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_reminder_one_a_day",
                fields=["annex", "on"],
                violation_error_message=_("L’ufficio è già stato sollecitato oggi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"
