"""How a body has its plan written as one document: which parts, in which order, under a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import UidModel, history, line


class DocumentChoice(UidModel):
    """Which parts a document of the plan has, in their order, and which columns it goes without.

    The words are those of `risk.content.plan_parts`, one after the other, with a comma between.
    """

    ANNEX_PATHS = ()
    """The body’s: every plan can be written by it."""

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="document_choices",
        verbose_name=_("amministrazione"),
    )
    name = line(_("nome"), 60, help_text=_("Per che cosa serve, per esempio «per la Giunta»."))
    parts = line(_("parti"), 300)
    left_out = line(_("colonne tolte"), 300, blank=True, default="")
    history = history()

    class Meta:
        verbose_name = _("scelta delle parti")
        verbose_name_plural = _("scelte delle parti")
        ordering = ["administration_id", "name"]
        constraints = [
            models.UniqueConstraint(
                name="risk_documentchoice_name_once",
                fields=["administration", "name"],
                violation_error_message=_("C’è già una scelta con questo nome."),
            ),
            models.CheckConstraint(
                name="risk_documentchoice_with_parts",
                condition=~models.Q(parts=""),
                violation_error_message=_("Un documento ha almeno una parte: scegline una."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
