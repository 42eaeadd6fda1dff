"""Catalogues of the map: areas, institutional functions, macroprocesses, executors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import AreaKind
from registry.models.base import (
    CatalogueManager,
    CatalogueModel,
    FoldedField,
    history,
    line,
)
from registry.querysets import CatalogueQuerySet

CatalogueRows = CatalogueManager.from_queryset(CatalogueQuerySet)


class AnacAreaManager(models.Manager):
    def get_by_natural_key(self, code):
        return self.get(code=code)


class AnacArea(models.Model):
    """A risk area as ANAC names it (PNA 2019, All. 1, tab. 3): the common term of all bodies."""

    code = line(_("codice"), 40, unique=True)
    label = line(_("denominazione"), 500)
    folded = FoldedField(source="label")
    kind = models.CharField(_("tipo"), max_length=10, choices=AreaKind.choices)
    body_type = line(_("tipo di ente"), 150, blank=True, default="")
    position = models.PositiveIntegerField(_("ordine"), default=0)
    source = line(_("fonte"), 300, blank=True, default="")

    objects = AnacAreaManager()

    class Meta:
        verbose_name = _("area di rischio ANAC")
        verbose_name_plural = _("aree di rischio ANAC")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label

    def natural_key(self):
        return (self.code,)


class RiskArea(CatalogueModel):
    """A risk area of a body, with its own letter; printed "S) Agenda Digitale … (specifica)"."""

    kind = models.CharField(_("tipo"), max_length=10, choices=AreaKind.choices)
    anac_area = models.ForeignKey(
        AnacArea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="risk_areas",
        verbose_name=_("area ANAC"),
    )
    is_mandatory = models.BooleanField(
        _("obbligatoria"),
        default=False,
        help_text=_("Fra le aree dell’art. 1, comma 16, L. 190/2012."),
    )
    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("area di rischio")
        verbose_name_plural = _("aree di rischio")

    def __str__(self) -> str:
        return self.printed

    @property
    def printed(self) -> str:
        """The one way this area is written, on every page and paper."""
        return f"{self.code}) {self.label} ({self.get_kind_display()})"


class InstitutionalFunction(CatalogueModel):
    """A mission of the harmonised budget (D.Lgs. 118/2011, all. 14), or a body's own function."""

    FROZEN_USES = ("macroprocesses__processes__annex",)

    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("funzione istituzionale")
        verbose_name_plural = _("funzioni istituzionali")


class Macroprocess(CatalogueModel):
    """A group of processes: a programme of the budget, or a body's own grouping."""

    function = models.ForeignKey(
        InstitutionalFunction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="macroprocesses",
        verbose_name=_("funzione istituzionale"),
    )
    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("macroprocesso")
        verbose_name_plural = _("macroprocessi")

    def __str__(self) -> str:
        return self.printed

    @property
    def printed(self) -> str:
        """ "{function}: {label}" where it has a function."""
        return f"{self.function.label}: {self.label}" if self.function_id else self.label


class ExecutorRole(CatalogueModel):
    """Who carries out a phase or an action: Dirigente, RUP, Commissione, soggetto esterno…"""

    history = history(excluded_fields=["folded"])

    objects = CatalogueRows()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("esecutore")
        verbose_name_plural = _("esecutori")
