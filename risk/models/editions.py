"""The way of a plan to its adoption, and what was adopted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import PlanState
from registry.models.base import MomentField, UidManager, UidModel, author, history, line, prose
from risk.enums import PlanVerb
from risk.models.packed import PackedTextField, WrappingPdfField


class PlanTransition(UidModel):
    """One move of a plan, written before its state changes; never changed."""

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="transitions",
        verbose_name=_("piano"),
    )
    verb = models.CharField(_("passo"), max_length=20, choices=PlanVerb.choices)
    from_state = models.CharField(_("da"), max_length=20, choices=PlanState.choices)
    to_state = models.CharField(_("a"), max_length=20, choices=PlanState.choices)
    by = author("plan_transitions")
    at = MomentField(_("quando"), auto_now_add=True)
    reason = prose(_("motivo"))

    class Meta:
        verbose_name = _("passo del piano")
        verbose_name_plural = _("passi dei piani")
        ordering = ["plan_id", "-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_plantransition_back_with_reason",
                condition=~Q(verb="back") | ~Q(reason=""),
                violation_error_message=_("Chi riporta un piano in preparazione scrive il motivo."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.get_to_state_display()}"


class Exemption(UidModel):
    """An office whose annex the edition goes without, and the reason the RPCT gives for it."""

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False
    """The RPCT’s word on the whole annex, none of its content."""

    annex = models.OneToOneField(
        "registry.Annex",
        on_delete=models.CASCADE,
        related_name="exemption",
        verbose_name=_("allegato"),
    )
    reason = prose(_("motivo"), blank=False)
    by = author("exemptions")
    at = MomentField(_("quando"), auto_now_add=True)
    history = history()

    objects = UidManager()

    class Meta:
        verbose_name = _("esonero")
        verbose_name_plural = _("esoneri")
        ordering = ["annex_id"]
        constraints = [
            models.CheckConstraint(
                name="risk_exemption_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Chi esonera un ufficio ne scrive il motivo."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class DeadlineExtension(UidModel):
    """A later day by which one office may still hand in its annex, and the RPCT’s reason for it.

    The last one counts. Those before stay: they say how often the day was moved.
    """

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.CASCADE,
        related_name="extensions",
        verbose_name=_("allegato"),
    )
    due_on = models.DateField(_("entro il"))
    reason = prose(_("motivo"), blank=False)
    by = author("extensions")
    at = models.DateTimeField(_("quando"), auto_now_add=True)
    history = history()

    objects = UidManager()

    class Meta:
        verbose_name = _("proroga")
        verbose_name_plural = _("proroghe")
        ordering = ["annex_id", "-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_deadlineextension_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Chi sposta una scadenza ne scrive il motivo."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d/%m/%Y}"


class PlanIssue(UidModel):
    """An adopted edition: the cover with the act, the contents and the list of what it wraps.

    `data` is the canonical JSON of all that, with the digests of the annexes' issues; `pdf` is
    drawn from it and carries the issued annexes, byte by byte, as attachments
    (docs/decisions/0015), which are kept by their issues alone (docs/decisions/0050). `anchor` is
    the head of the trail before the adoption.
    """

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()
    LEFT_OUT_WHILE_EMPTY: ClassVar[tuple[str, ...]] = ("anchor",)

    plan = models.OneToOneField(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="issue",
        verbose_name=_("piano"),
    )
    issued_at = models.DateTimeField(_("emesso il"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="plan_issues",
        verbose_name=_("emesso da"),
    )
    data = PackedTextField(_("dati"))
    data_digest = models.CharField(_("codice di controllo dei dati"), max_length=64)
    html = PackedTextField(_("pagina"))
    pdf = WrappingPdfField(_("PDF"))
    pdf_digest = models.CharField(_("codice di controllo del PDF"), max_length=64)
    anchor = models.CharField(_("ancora della traccia"), max_length=120, blank=True, default="")
    annex_issues = models.ManyToManyField(
        "risk.AnnexIssue",
        blank=True,
        related_name="plan_issues",
        verbose_name=_("emissioni degli allegati"),
    )

    objects = UidManager()

    class Meta:
        verbose_name = _("emissione del piano")
        verbose_name_plural = _("emissioni dei piani")
        ordering = ["plan_id"]
        # by these a file is found again, without a look at the row, which is as long as its file
        indexes = [
            models.Index(name="risk_planissue_pdf_digest", fields=["pdf_digest", "plan"]),
            models.Index(name="risk_planissue_data_digest", fields=["data_digest", "plan"]),
        ]

    def __str__(self) -> str:
        return str(self.plan)


class Confirmation(UidModel):
    """A year for which a body under 50 staff confirms its plan (PNA 2022).

    The conditions are answered one by one; only an answer of yes to all of them lets it be made.
    """

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="confirmations",
        verbose_name=_("piano"),
    )
    year = models.PositiveSmallIntegerField(_("anno"))
    staff = models.PositiveSmallIntegerField(
        _("dipendenti"), help_text=_("In servizio al 31 dicembre prima del triennio.")
    )
    no_corruption_facts = models.BooleanField(
        _("nessun fatto corruttivo o disfunzione rilevante nell’ultimo anno"), default=False
    )
    no_organisational_change = models.BooleanField(
        _("nessuna modifica organizzativa rilevante"), default=False
    )
    no_strategic_change = models.BooleanField(
        _("nessuna modifica degli obiettivi strategici"), default=False
    )
    no_other_section_change = models.BooleanField(
        _("nessuna modifica significativa delle altre sezioni del PIAO"), default=False
    )
    organ = line(_("organo"), 150)
    act_kind = line(_("tipo di atto"), 100)
    act_number = line(_("numero dell’atto"), 40)
    act_date = models.DateField(_("data dell’atto"))
    act_link = models.URLField(_("collegamento all’atto"), blank=True, default="")
    by = author("confirmations")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("conferma del piano")
        verbose_name_plural = _("conferme dei piani")
        ordering = ["plan_id", "year"]
        constraints = [
            models.UniqueConstraint(
                name="risk_confirmation_once_a_year",
                fields=["plan", "year"],
                violation_error_message=_("Il piano è già confermato per questo anno."),
            ),
            models.CheckConstraint(
                name="risk_confirmation_under_fifty",
                condition=Q(staff__lt=50),
                violation_error_message=_(
                    "Il piano si conferma solo con meno di 50 dipendenti (PNA 2022)."
                ),
            ),
            models.CheckConstraint(
                name="risk_confirmation_every_condition",
                condition=Q(
                    no_corruption_facts=True,
                    no_organisational_change=True,
                    no_strategic_change=True,
                    no_other_section_change=True,
                ),
                violation_error_message=_("Il piano si conferma solo se ricorre ogni condizione."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.year}"
