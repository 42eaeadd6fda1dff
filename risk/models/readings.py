"""Which processes of an annex whoever is to approve it has opened, while it waits for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProcessReading(models.Model):
    """That a person who may approve a process has opened it since its annex was submitted.

    No moment, no count: it answers how many they never opened, and nothing else. It is erased when
    the annex leaves their hands (docs/decisions/0060).
    """

    ANNEX_PATHS = ("process__annex",)
    EDITS_ANNEX = False

    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.CASCADE,
        related_name="readings",
        verbose_name=_("processo"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="readings",
        verbose_name=_("chi"),
    )

    class Meta:
        verbose_name = _("lettura di un processo")
        verbose_name_plural = _("letture dei processi")
        ordering = ["process_id", "person_id"]
        constraints = [
            models.UniqueConstraint(fields=["process", "person"], name="risk_reading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.process}, {self.person}"
