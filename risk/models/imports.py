"""Files on their way into the register, and what was learnt from earlier ones."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import (
    FoldedField,
    MomentField,
    UidManager,
    UidModel,
    author,
    history,
    line,
)
from risk.enums import ImportState, RiskAliasKind
from risk.querysets import ImportQuerySet


class RegisterImport(UidModel):
    """One file a person takes in: its bytes, what was answered about it, what became of it.

    `tables` is the file as it was read when it came (`registry.spreadsheets.serialising`), while
    it is on its way: no step after the first reads it again.
    `mapping` names the field of each column of the file, `answers` what was decided about values
    that match nothing, `report` is the object the command writes too, with what the pages show
    beside (`risk.services.imports.report`). `act_uid` is the act of the taking, by which it is
    undone.
    """

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        related_name="imports",
        verbose_name=_("piano"),
    )
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("ufficio"),
        help_text=_("Vuoto: lo dice il file, riga per riga."),
    )
    by = author("imports")
    at = MomentField(_("quando"), auto_now_add=True)
    filename = line(_("file"), 255)
    content = models.BinaryField(_("contenuto"))
    tables = models.BinaryField(_("tabelle lette"), default=b"")
    digest = models.CharField(_("codice di controllo"), max_length=64)
    layout = line(_("tracciato"), 20, default="auto")
    mapping = models.JSONField(_("colonne"), default=dict, blank=True)
    answers = models.JSONField(_("risposte"), default=dict, blank=True)
    report = models.JSONField(_("esito"), default=dict, blank=True)
    state = models.CharField(
        _("stato"), max_length=20, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    act_uid = models.UUIDField(_("atto"), null=True, blank=True)
    taken_at = models.DateTimeField(_("importato il"), null=True, blank=True)

    objects = UidManager.from_queryset(ImportQuerySet)()

    class Meta:
        verbose_name = _("importazione")
        verbose_name_plural = _("importazioni")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_registerimport_taken_by_an_act",
                condition=~Q(state__in=["taken", "undone"]) | Q(act_uid__isnull=False),
                violation_error_message=_("Un’importazione eseguita indica il suo atto."),
            ),
        ]

    def __str__(self) -> str:
        return self.filename


class ColumnMapping(models.Model):
    """The field a body's files mean by a heading, remembered for the next file."""

    ANNEX_PATHS = ()
    """Read by imports, printed nowhere."""

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.CASCADE,
        related_name="column_mappings",
        verbose_name=_("amministrazione"),
    )
    layout = line(_("tracciato"), 20)
    heading = line(_("intestazione"), 500)
    folded = FoldedField(source="heading")
    field = line(_("campo"), 60, blank=True, default="")
    history = history(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("colonna riconosciuta")
        verbose_name_plural = _("colonne riconosciute")
        ordering = ["administration_id", "layout", "folded"]
        constraints = [
            models.UniqueConstraint(
                name="risk_columnmapping_heading_once",
                fields=["administration", "layout", "folded"],
                violation_error_message=_("Questa intestazione è già riconosciuta."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class RiskAlias(models.Model):
    """Another spelling of a level or a measure met in a body's files (docs/decisions/0024)."""

    ANNEX_PATHS = ()
    """Read by imports, printed nowhere."""

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.CASCADE,
        related_name="risk_aliases",
        verbose_name=_("amministrazione"),
    )
    kind = models.CharField(_("tipo"), max_length=20, choices=RiskAliasKind.choices)
    text = line(_("altro modo di scriverlo"), 500)
    folded = FoldedField(source="text")
    level = models.ForeignKey(
        "risk.Level",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("livello"),
    )
    measure = models.ForeignKey(
        "risk.Measure",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("misura"),
    )
    history = history(excluded_fields=["folded"])

    class Meta:
        verbose_name = _("altro modo di scrivere livelli e misure")
        verbose_name_plural = _("altri modi di scrivere livelli e misure")
        ordering = ["administration_id", "kind", "folded"]
        constraints = [
            models.UniqueConstraint(
                name="risk_riskalias_text_unique",
                fields=["administration", "kind", "folded", "level"],
                violation_error_message=_("Questo modo di scriverlo è già associato a una voce."),
            ),
            models.CheckConstraint(
                name="risk_riskalias_one_target_of_its_kind",
                condition=Q(kind="level", level__isnull=False, measure__isnull=True)
                | Q(kind="measure", measure__isnull=False, level__isnull=True),
                violation_error_message=_(
                    "Un altro modo di scriverlo indica una sola voce, del suo tipo."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text
