"""What a plan says in its own words: its chapters (docs/decisions/0080)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import OriginModel, UidModel, history, line
from risk.formatted.tree import check_blocks
from risk.formatted.typed import typed


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
        """Whether it says what the edition before said, and nobody has confirmed that it holds."""
        if self.origin_id is None or self.reread_on is not None or not self.blocks:
            return False
        return self.origin.blocks == self.blocks
