"""What all hosts of an installation have in common, as the first of them has found it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import line


class Installation(models.Model):
    """One row, by which a host knows whether it is like the others (docs/decisions/0089).

    Of the key a mark that tells nothing of it. Written over at each upgrade, and by whoever changes
    one of these on purpose: no record of anything.
    """

    version = line(_("versione"), 120)
    key_mark = line(_("segno della chiave"), 64)
    time_zone = line(_("fuso orario"), 60)
    cache = line(_("memoria comune"), 300)
    files = line(_("posto dei file"), 300)
    upgrading_since = models.DateTimeField(_("in aggiornamento dal"), null=True, blank=True)

    class Meta:
        verbose_name = _("installazione")
        verbose_name_plural = _("installazioni")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="registry_installation_is_one",
                condition=models.Q(pk=1),
                violation_error_message=_("L’installazione è una sola."),
            ),
        ]

    def __str__(self) -> str:
        return self.version
