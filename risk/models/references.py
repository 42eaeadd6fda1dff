"""What is kept for texts: references to the law they cite, chapters plans usually have."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import PlanFormat
from registry.models.base import CatalogueManager, CatalogueModel, history, prose
from registry.querysets import CatalogueQuerySet


class LegalReference(CatalogueModel):
    """An article or act as it is cited; national data, so that a repeal is a row and not code.

    `spellings` are the ways texts write it, one a line, without regard to capitals and accents.
    """

    spellings = prose(
        _("modi di scriverlo"),
        blank=False,
        help_text=_("Uno per riga, come si trovano scritti nei testi."),
    )
    in_force_from = models.DateField(_("in vigore dal"), null=True, blank=True)
    repealed_on = models.DateField(_("abrogato dal"), null=True, blank=True)
    advice = prose(_("che cosa citare ora"))
    history = history(excluded_fields=["folded"])

    objects = CatalogueManager.from_queryset(CatalogueQuerySet)()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("riferimento normativo")
        verbose_name_plural = _("riferimenti normativi")


class ChapterTitle(CatalogueModel):
    """A chapter that plans of a kind usually have: its title is the label.

    A plan takes the titles over once and then keeps its own (docs/decisions/0080).
    """

    document = models.CharField(_("forma del piano"), max_length=10, choices=PlanFormat.choices)
    history = history(excluded_fields=["folded"])

    objects = CatalogueManager.from_queryset(CatalogueQuerySet)()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("capitolo di solito")
        verbose_name_plural = _("capitoli di solito")
