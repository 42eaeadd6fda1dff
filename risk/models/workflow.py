"""The way of an annex through the workflow, and what was issued at the end of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import AnnexState
from registry.models.base import MomentField, UidManager, UidModel, author, line, prose
from risk.enums import Verb
from risk.models.packed import PackedBinaryField, PackedTextField
from risk.querysets import AnnexIssueQuerySet


class Transition(UidModel):
    """One move of an annex, written before its state changes; never changed.

    `digest` is that of the content the move was made on, and says by its beginning how it was
    reckoned (`risk.content.canonical`).
    """

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.PROTECT,
        related_name="transitions",
        verbose_name=_("allegato"),
    )
    verb = models.CharField(_("passo"), max_length=20, choices=Verb.choices)
    from_state = models.CharField(_("da"), max_length=20, choices=AnnexState.choices)
    to_state = models.CharField(_("a"), max_length=20, choices=AnnexState.choices)
    by = author("transitions")
    at = MomentField(_("quando"), auto_now_add=True)
    reason = prose(_("motivo"))
    digest = models.CharField(_("codice di controllo del contenuto"), max_length=66)
    is_one_person = models.BooleanField(
        _("una sola persona"),
        default=False,
        help_text=_("Approvato da chi aveva modificato per ultimo: l’ente opera con una persona."),
    )

    class Meta:
        verbose_name = _("passo dell’allegato")
        verbose_name_plural = _("passi degli allegati")
        ordering = ["annex_id", "-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_transition_goes_somewhere",
                condition=~Q(from_state=models.F("to_state")),
                violation_error_message=_("Un passo cambia lo stato."),
            ),
            models.CheckConstraint(
                name="risk_transition_back_with_reason",
                condition=~Q(verb__in=["return", "reopen"]) | ~Q(reason=""),
                violation_error_message=_("Chi rimanda indietro un allegato ne scrive il motivo."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.get_to_state_display()}"


class AnnexIssue(UidModel):
    """An issued annex: data, page and paper as they were, for ever (docs/decisions/0030).

    `data` is the canonical JSON all else was made from; its digest is printed on the paper, beside
    `anchor`, the head of the trail before the issue was made (`registry.trail.anchors`). The same
    content issued again is the same issue. What is long is kept packed (docs/decisions/0050).
    """

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = (
        "protocol_number",
        "protocol_date",
        "version",
    )
    LEFT_OUT_WHILE_EMPTY: ClassVar[tuple[str, ...]] = ("anchor", "content_digest")

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.PROTECT,
        related_name="issues",
        verbose_name=_("allegato"),
    )
    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.PROTECT,
        related_name="annex_issues",
        verbose_name=_("piano"),
    )
    number = models.PositiveIntegerField(_("numero"))
    issued_at = models.DateTimeField(_("emesso il"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="annex_issues",
        verbose_name=_("emesso da"),
    )
    data = PackedTextField(_("dati"))
    data_digest = models.CharField(_("codice di controllo dei dati"), max_length=64)
    content_digest = models.CharField(
        _("codice di controllo del contenuto"),
        max_length=66,
        blank=True,
        default="",
        help_text=_("Dice, senza rileggere l’allegato, se è ancora com’è stato emesso."),
    )
    html = PackedTextField(_("pagina"))
    pdf = PackedBinaryField(_("PDF"))
    pdf_digest = models.CharField(_("codice di controllo del PDF"), max_length=64)
    anchor = models.CharField(_("ancora della traccia"), max_length=120, blank=True, default="")
    protocol_number = line(_("numero di protocollo"), 60, blank=True, default="")
    protocol_date = models.DateField(_("data di protocollo"), null=True, blank=True)

    objects = UidManager.from_queryset(AnnexIssueQuerySet)()

    class Meta:
        verbose_name = _("emissione dell’allegato")
        verbose_name_plural = _("emissioni degli allegati")
        ordering = ["plan_id", "-number"]
        # by these a file is found again, without a look at the row, which is as long as its file
        indexes = [
            models.Index(name="risk_annexissue_of_annex", fields=["annex", "number"]),
            models.Index(name="risk_annexissue_pdf_digest", fields=["pdf_digest", "annex", "plan"]),
            models.Index(
                name="risk_annexissue_data_digest", fields=["data_digest", "annex", "plan"]
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="risk_annexissue_number_unique",
                fields=["plan", "number"],
                violation_error_message=_("Questo numero è già di un’altra emissione."),
            ),
            models.UniqueConstraint(
                name="risk_annexissue_content_once",
                fields=["annex", "data_digest"],
                violation_error_message=_("Questo contenuto è già stato emesso."),
            ),
        ]

    def __str__(self) -> str:
        return _("Emissione n. %(number)d") % {"number": self.number}
