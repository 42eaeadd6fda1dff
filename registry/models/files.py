"""Files that jobs prepare and people bring, where the database keeps them (docs/decisions/0088)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, line


class FilePiece(models.Model):
    """A piece of a file: those of one store and name, by number, are the file.

    The first knows the bytes of the whole. No record of anything: what nobody needs after a day is
    deleted.
    """

    store = line(_("deposito"), 30)
    name = line(_("nome"), 200)
    number = models.PositiveIntegerField(_("numero"))
    size = models.PositiveBigIntegerField(_("byte del file intero"), default=0)
    content = models.BinaryField(_("contenuto"))
    created_at = MomentField(_("scritto il"), auto_now_add=True)

    class Meta:
        verbose_name = _("pezzo di un file")
        verbose_name_plural = _("pezzi di file")
        ordering = ["store", "name", "number"]
        constraints = [
            models.UniqueConstraint(
                name="registry_filepiece_one_of_each_number",
                fields=["store", "name", "number"],
                violation_error_message=_("Un file con questo nome c’è già."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store}/{self.name} {self.number}"
