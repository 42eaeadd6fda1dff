"""Texts that stand on the paper, kept as data (docs/decisions/0028)."""

from concurrency.fields import AutoIncVersionField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import history, line, prose
from risk.enums import Layout, TextSlot
from risk.querysets import TextBlockQuerySet


class TextBlock(models.Model):
    """A text of a layout: national, of an administration, or the copy a plan keeps."""

    ANNEX_PATHS = ()
    """The plan’s or the body’s: all annexes print it, it is the content of none."""

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="text_blocks",
        verbose_name=_("amministrazione"),
        help_text=_("Vuoto per i testi nazionali."),
    )
    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="text_blocks",
        verbose_name=_("piano"),
        help_text=_("Vuoto per il testo da cui i nuovi piani sono copiati."),
    )
    layout = models.CharField(_("modello"), max_length=20, choices=Layout.choices)
    slot = models.CharField(_("posto"), max_length=20, choices=TextSlot.choices)
    text = prose(
        _("testo"),
        help_text=_("Si possono usare campi fra doppie graffe, per esempio {{ufficio}}."),
    )
    source = line(_("fonte"), 300, blank=True, default="")
    version = AutoIncVersionField(_("versione"))
    history = history()

    objects = TextBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("testo del modello")
        verbose_name_plural = _("testi dei modelli")
        ordering = ["administration_id", "plan_id", "layout", "slot"]
        constraints = [
            models.CheckConstraint(
                name="risk_textblock_plan_within_body",
                condition=Q(plan__isnull=True) | Q(administration__isnull=False),
                violation_error_message=_("Il testo di un piano indica anche l’amministrazione."),
            ),
            models.UniqueConstraint(
                name="risk_textblock_national_once",
                fields=["layout", "slot"],
                condition=Q(administration__isnull=True),
                violation_error_message=_("Questo testo nazionale esiste già."),
            ),
            models.UniqueConstraint(
                name="risk_textblock_body_once",
                fields=["administration", "layout", "slot"],
                condition=Q(administration__isnull=False, plan__isnull=True),
                violation_error_message=_("L’amministrazione ha già questo testo."),
            ),
            models.UniqueConstraint(
                name="risk_textblock_plan_once",
                fields=["plan", "layout", "slot"],
                condition=Q(plan__isnull=False),
                violation_error_message=_("Il piano ha già questo testo."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_layout_display()}, {self.get_slot_display()}"
