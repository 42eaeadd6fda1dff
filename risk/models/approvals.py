"""What a head of office approved, and the remarks made on the way."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidManager, UidModel, author, history, line, prose
from risk.enums import RowKind, Verb
from risk.models.packed import PackedTextField
from risk.querysets import RemarkQuerySet


class Approval(UidModel):
    """A head's approval of one process as it was seen; never changed (docs/decisions/0017).

    It holds while the process still has this `digest` (`risk.content.canonical`);
    `data`, the canonical JSON that was approved, tells later what has changed since.
    """

    ANNEX_PATHS = ("process__annex",)
    EDITS_ANNEX = False

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.PROTECT,
        related_name="approvals",
        verbose_name=_("processo"),
    )
    digest = models.CharField(_("codice di controllo del contenuto"), max_length=64)
    data = PackedTextField(_("contenuto approvato"))
    by = author("approvals")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("approvazione del processo")
        verbose_name_plural = _("approvazioni dei processi")
        ordering = ["process_id", "-id"]

    def __str__(self) -> str:
        return f"{self.process}, {self.by}"


class Remark(UidModel):
    """A remark on a row of an annex, answered and closed; open, it blocks the step named.

    The row is named by its kind and uid, and by the words it had, because it may be gone before
    the remark is.
    """

    ANNEX_PATHS = ("annex",)
    EDITS_ANNEX = False
    """What is said about the content is not content: it goes on when the annex is closed."""

    annex = models.ForeignKey(
        "registry.Annex",
        on_delete=models.CASCADE,
        related_name="remarks",
        verbose_name=_("allegato"),
    )
    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="remarks",
        verbose_name=_("processo"),
    )
    row_kind = models.CharField(_("su che cosa"), max_length=20, choices=RowKind.choices)
    row_uid = models.UUIDField(_("identificativo della riga"))
    row_label = line(_("riga"), 300, blank=True, default="")
    text = prose(_("osservazione"), blank=False)
    blocks = models.CharField(
        _("blocca"),
        max_length=20,
        choices=[(verb.value, verb.label) for verb in Verb if verb not in ("return", "reopen")],
        blank=True,
        default="",
        help_text=_("Il passo che non si può fare finché l’osservazione è aperta."),
    )
    by = author("remarks")
    at = MomentField(_("quando"), auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remarks_closed",
        verbose_name=_("chiusa da"),
    )
    closed_at = models.DateTimeField(_("chiusa il"), null=True, blank=True)
    history = history()

    objects = UidManager.from_queryset(RemarkQuerySet)()

    class Meta:
        verbose_name = _("osservazione")
        verbose_name_plural = _("osservazioni")
        ordering = ["annex_id", "-id"]
        constraints = [
            models.CheckConstraint(
                name="risk_remark_text_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("Scrivi l’osservazione."),
            ),
            models.CheckConstraint(
                name="risk_remark_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message=_("Un’osservazione chiusa dice chi l’ha chiusa e quando."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class RemarkAnswer(UidModel):
    """One answer to a remark, in the order they were given; never changed."""

    ANNEX_PATHS = ("remark__annex",)
    EDITS_ANNEX = False

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()
    MAY_GO = True
    """With the annex it was made on, as long as that has never moved."""

    remark = models.ForeignKey(
        Remark, on_delete=models.CASCADE, related_name="answers", verbose_name=_("osservazione")
    )
    text = prose(_("risposta"), blank=False)
    by = author("remark_answers")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("risposta a un’osservazione")
        verbose_name_plural = _("risposte alle osservazioni")
        ordering = ["remark_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_remarkanswer_text_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("Scrivi la risposta."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
