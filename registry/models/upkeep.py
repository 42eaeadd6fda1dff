"""What has to happen by itself, and when it last did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import Upkeep
from registry.models.base import prose


class LastRun(models.Model):
    """When something that nobody asks for was last done, and what went wrong: one row a kind.

    Written over each time: it reports on the installation and is no record of what was done.
    """

    kind = models.CharField(_("che cosa"), max_length=40, choices=Upkeep.choices, unique=True)
    at = models.DateTimeField(_("quando"))
    failure = prose(_("che cosa non è riuscito"))

    class Meta:
        verbose_name = _("ultima esecuzione")
        verbose_name_plural = _("ultime esecuzioni")
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at}"
