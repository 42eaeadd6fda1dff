"""What a plan says in its own words: its chapters (docs/decisions/0080)."""

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import PlanKind
from registry.models.base import (
    MomentField,
    OriginModel,
    UidManager,
    UidModel,
    author,
    history,
    line,
    prose,
)
from risk.formatted.tree import check_blocks
from risk.formatted.typed import typed
from risk.querysets import ChapterQuerySet


class BlocksField(models.JSONField):
    """A formatted text as a tree of blocks; to migrations a `JSONField`."""

    default_validators = [check_blocks]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def told(self, value: Any) -> str:
        """Return a text as a person reads it in a history: as it is typed."""
        return typed(value)


class Chapter(UidModel, OriginModel):
    """A chapter of a plan; one without a text is not printed."""

    ANNEX_PATHS = ()
    """It is the plan’s: no annex prints it."""
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        related_name="chapters",
        verbose_name=_("piano"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    title = line(_("titolo"), 250)
    blocks = BlocksField(_("testo"), default=list, blank=True)
    reread_on = models.DateField(_("riletto il"), null=True, blank=True, editable=False)
    history = history()

    objects = UidManager.from_queryset(ChapterQuerySet)()

    class Meta:
        verbose_name = _("capitolo del piano")
        verbose_name_plural = _("capitoli del piano")
        ordering = ["plan_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_chapter_position_unique",
                fields=["plan", "position"],
                violation_error_message=_("Un altro capitolo ha già questo posto."),
            ),
            models.UniqueConstraint(
                name="risk_chapter_title_unique",
                fields=["plan", "title"],
                violation_error_message=_("Un altro capitolo del piano ha già questo titolo."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_to_reread(self) -> bool:
        """Whether it says what the edition before said, and nobody has confirmed that it holds.

        An update asks nothing of what it does not touch. Read with the plan and the origin.
        """
        if self.origin_id is None or self.reread_on is not None or not self.blocks:
            return False
        return self.plan.kind != PlanKind.UPDATE and self.origin.blocks == self.blocks

    @property
    def is_as_adopted(self) -> bool:
        """Whether an update has left it as it stands in the plan that is updated, its title too."""
        if self.origin_id is None or self.plan.kind != PlanKind.UPDATE:
            return False
        return self.origin.content_digest == self.content_digest

    @property
    def content_digest(self) -> str:
        """The digest of what the chapter says, by which an approval knows it: 64 hexadecimals."""
        said = json.dumps([self.title, self.blocks], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def is_approved(self) -> bool:
        """Whether the last approval is of these words; read with `ChapterQuerySet.with_review`.

        What an update has left as it was adopted needs none.
        """
        if not self.blocks:
            return False
        if self.approved_digest is None:
            return self.is_as_adopted
        return self.approved_digest == self.content_digest


class ChapterApproval(UidModel):
    """The approval of a chapter as it was read, by somebody who did not write it; never changed.

    It holds while the chapter still has this `digest` (`Chapter.content_digest`)
    and no later one is of other words (docs/decisions/0091).
    """

    ANNEX_PATHS = ()
    """It is the plan’s: no annex prints it."""
    BODY_PATH = "chapter__plan"

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    chapter = models.ForeignKey(
        Chapter, on_delete=models.PROTECT, related_name="approvals", verbose_name=_("capitolo")
    )
    digest = models.CharField(_("codice di controllo del contenuto"), max_length=64)
    by = author("chapter_approvals")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("approvazione del capitolo")
        verbose_name_plural = _("approvazioni dei capitoli")
        ordering = ["chapter_id", "-id"]

    def __str__(self) -> str:
        return f"{self.chapter}, {self.by}"


class ChapterRemark(UidModel):
    """A remark on a chapter, closed with what became of it; open, it may stop the adoption."""

    ANNEX_PATHS = ()
    """It is the plan’s: no annex prints it."""
    BODY_PATH = "chapter__plan"

    chapter = models.ForeignKey(
        Chapter, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("capitolo")
    )
    text = prose(_("osservazione"), blank=False)
    blocks = models.BooleanField(_("ferma l’adozione finché è aperta"), default=False)
    by = author("chapter_remarks")
    at = MomentField(_("quando"), auto_now_add=True)
    reply = prose(_("che cosa ne è stato"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="chapter_remarks_closed",
        verbose_name=_("chiusa da"),
    )
    closed_at = models.DateTimeField(_("chiusa il"), null=True, blank=True)
    history = history()

    class Meta:
        verbose_name = _("osservazione su un capitolo")
        verbose_name_plural = _("osservazioni sui capitoli")
        ordering = ["chapter_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_chapterremark_text_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("Scrivi l’osservazione."),
            ),
            models.CheckConstraint(
                name="risk_chapterremark_closed_by_somebody",
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


class ChapterRemarkAnswer(UidModel):
    """One answer to a remark on a chapter, in the order they were given; never changed."""

    ANNEX_PATHS = ()
    """It is the plan’s: no annex prints it."""
    BODY_PATH = "remark__chapter__plan"

    WRITTEN_ONCE_BUT_FOR: ClassVar[tuple[str, ...]] = ()

    remark = models.ForeignKey(
        ChapterRemark,
        on_delete=models.PROTECT,
        related_name="answers",
        verbose_name=_("osservazione"),
    )
    text = prose(_("risposta"), blank=False)
    by = author("chapter_remark_answers")
    at = MomentField(_("quando"), auto_now_add=True)

    class Meta:
        verbose_name = _("risposta a un’osservazione su un capitolo")
        verbose_name_plural = _("risposte alle osservazioni sui capitoli")
        ordering = ["remark_id", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_chapterremarkanswer_text_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("Scrivi la risposta."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
