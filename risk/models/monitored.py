"""What is measured, proved and found in a round of monitoring.

All of it is written once (docs/decisions/0085).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidModel, author, line, prose, replaced_row
from risk.enums import CheckOutcome
from risk.models.monitoring import OF_ITEM, RoundItem


class Measurement(UidModel):
    """A value of an indicator on a day, written once; a correction names the one it replaces."""

    ANNEX_PATHS = OF_ITEM
    EDITS_ANNEX = False
    BODY_PATH = "item__round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    item = models.ForeignKey(
        RoundItem,
        on_delete=models.CASCADE,
        related_name="measurements",
        verbose_name=_("misura"),
    )
    indicator = models.ForeignKey(
        "risk.ProgressIndicator",
        on_delete=models.CASCADE,
        related_name="measurements",
        verbose_name=_("indicatore"),
    )
    measured_on = models.DateField(_("rilevata il"))
    value = models.DecimalField(_("valore"), max_digits=14, decimal_places=3, null=True, blank=True)
    numerator = models.DecimalField(
        _("numeratore"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    denominator = models.DecimalField(
        _("denominatore"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    source = line(_("da dove viene il numero"), 250)
    replaces = replaced_row()
    correction_reason = prose(_("motivo della correzione"))
    by = author("measurements")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("misurazione")
        verbose_name_plural = _("misurazioni")
        ordering = ["item_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_measurement_value_or_parts",
                condition=Q(value__isnull=False, numerator=None, denominator=None)
                | Q(value=None, numerator__isnull=False, denominator__isnull=False),
                violation_error_message=_("Serve un valore, o numeratore e denominatore."),
            ),
            models.CheckConstraint(
                name="risk_measurement_denominator_positive",
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                violation_error_message=_("Il denominatore è maggiore di zero."),
            ),
            models.CheckConstraint(
                name="risk_measurement_at_most_whole",
                condition=Q(denominator__isnull=True)
                | Q(numerator__gte=0, numerator__lte=models.F("denominator")),
                violation_error_message=_("Il numeratore va da zero al denominatore."),
            ),
            models.CheckConstraint(
                name="risk_measurement_correction_with_reason",
                condition=Q(replaces__isnull=True) | ~Q(correction_reason=""),
                violation_error_message=_("Di una correzione si dice il motivo."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.measured_on:%d/%m/%Y}"


class Evidence(UidModel):
    """What proves an answer: a file, or where it is found (an act, a protocol number, an address).

    The file itself is kept once by its SHA-256, whoever brought it
    (`risk.services.monitoring.evidence_files`).
    """

    ANNEX_PATHS = OF_ITEM
    EDITS_ANNEX = False
    BODY_PATH = "item__round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()
    LEFT_OUT_WHILE_EMPTY: ClassVar[tuple[str, ...]] = (
        *("file_digest", "file_name", "file_kind", "file_size"),
    )

    item = models.ForeignKey(
        RoundItem, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("misura")
    )
    reference = line(
        _("atto, protocollo o indirizzo"),
        250,
        blank=True,
        help_text=_("Dove si trova: tipo, numero e data dell’atto, protocollo, pagina del sito."),
    )
    proves = line(_("che cosa prova"), 250)
    has_personal_data = models.BooleanField(
        _("contiene dati personali"),
        default=False,
        help_text=_("Allora non esce mai dall’amministrazione."),
    )
    file_digest = models.CharField(
        _("codice di controllo del file"), max_length=64, blank=True, default=""
    )
    file_name = line(_("nome del file"), 255, blank=True, default="")
    file_kind = models.CharField(_("tipo del file"), max_length=100, blank=True, default="")
    file_size = models.PositiveBigIntegerField(_("byte del file"), null=True, blank=True)
    by = author("evidence")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("prova")
        verbose_name_plural = _("prove")
        ordering = ["item_id", "id"]
        indexes = [models.Index(name="risk_evidence_by_file", fields=["file_digest"])]
        constraints = [
            models.CheckConstraint(
                name="risk_evidence_file_or_reference",
                condition=Q(file_digest="") & ~Q(reference="") | ~Q(file_digest=""),
                violation_error_message=_("Scegli un file, o scrivi dove si trova la prova."),
            ),
            models.CheckConstraint(
                name="risk_evidence_file_whole",
                condition=Q(file_digest="", file_name="", file_kind="", file_size=None)
                | ~Q(file_digest="")
                & ~Q(file_name="")
                & ~Q(file_kind="")
                & Q(file_size__isnull=False),
                violation_error_message=_("Di un file si tengono nome, tipo e grandezza."),
            ),
            models.UniqueConstraint(
                name="risk_evidence_file_once",
                fields=["item", "file_digest"],
                condition=~Q(file_digest=""),
                violation_error_message=_("Questo file è già fra le prove della misura."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.file_name


class RoundCheck(UidModel):
    """What the RPCT found in one answer; the last one counts, none is changed."""

    ANNEX_PATHS = OF_ITEM
    EDITS_ANNEX = False
    BODY_PATH = "item__round__plan"
    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    item = models.ForeignKey(
        RoundItem, on_delete=models.CASCADE, related_name="checks", verbose_name=_("misura")
    )
    outcome = models.CharField(
        _("esito della verifica"), max_length=20, choices=CheckOutcome.choices, blank=True
    )
    looked_at = prose(_("che cosa è stato guardato"))
    finding = prose(_("che cosa si è trovato"))
    request = prose(_("che cosa si chiede all’ufficio"))
    request_by = models.DateField(_("entro il"), null=True, blank=True)
    by = author("round_checks")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("verifica di una risposta")
        verbose_name_plural = _("verifiche delle risposte")
        ordering = ["item_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_roundcheck_outcome_or_request",
                condition=Q(request="") & ~Q(outcome="") & ~Q(looked_at="")
                | ~Q(request="") & Q(outcome=""),
                violation_error_message=_(
                    "Una verifica dice l’esito e che cosa è stato guardato, o chiede altro."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display() or self.request
