"""How a body has its plan written as one document: which parts it has, and what is on its cover."""

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


class EmblemImage(models.Model):
    """An image that is the emblem of a body, or of several, by its digest; never changed."""

    digest = models.CharField(_("codice di controllo"), max_length=64, unique=True)
    kind = models.CharField(_("tipo"), max_length=20)
    content = models.BinaryField(_("immagine"))

    class Meta:
        verbose_name = _("immagine di un emblema")
        verbose_name_plural = _("immagini degli emblemi")
        ordering = ["digest"]

    def __str__(self) -> str:
        return self.digest


class Emblem(UidModel):
    """The emblem of a body, with what is read in its place by who does not see it."""

    ANNEX_PATHS = ()
    """The body’s: it stands on the cover of its documents."""

    administration = models.OneToOneField(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="emblem",
        verbose_name=_("amministrazione"),
    )
    image = models.ForeignKey(
        EmblemImage,
        on_delete=models.PROTECT,
        related_name="emblems",
        verbose_name=_("immagine"),
    )
    alternative = line(_("testo al posto dell’emblema"), 200)
    history = history()

    class Meta:
        verbose_name = _("emblema")
        verbose_name_plural = _("emblemi")
        ordering = ["administration_id"]

    def __str__(self) -> str:
        return self.alternative
