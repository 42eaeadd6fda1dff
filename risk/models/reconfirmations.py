"""Who has read again what was copied from the edition before, and found that it still holds."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import MomentField, UidModel, author, history, prose


def labels_of(causes: Mapping[str, Any]) -> list[str]:
    """Return how the causes of a confirmation are called.

    What was kept before there were marks is the label alone.
    """
    return [one if isinstance(one, str) else one["label"] for one in causes.values()]


class CausesField(models.JSONField):
    """The causes of a confirmation; to migrations a `JSONField`."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def told(self, value: Mapping[str, Any]) -> str:
        """Return causes as a person reads them in a history."""
        return ", ".join(labels_of(value))


class Reconfirmation(UidModel):
    """A copied process whose words somebody has read again; it speaks of these `words` alone.

    Whoever changes them has read them, and this says no more; it does again when the change is
    taken back. `causes` are what had moved since and was looked at, by their codes: how each is
    called, and marks of what was seen of it (`risk.services.completeness.causes`). What moves
    later asks for another confirmation, which takes the place of this one.
    """

    ANNEX_PATHS = ("process__annex",)

    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.CASCADE,
        related_name="reconfirmations",
        verbose_name=_("processo"),
    )
    words = models.CharField(_("codice di controllo del testo"), max_length=64)
    in_block = models.BooleanField(_("in blocco"), default=False)
    causes = CausesField(_("cause"), default=dict, blank=True)
    reason = prose(_("che cosa è stato guardato"))
    by = author("reconfirmations")
    at = MomentField(_("quando"))
    history = history()

    class Meta:
        verbose_name = _("riconferma di un processo")
        verbose_name_plural = _("riconferme dei processi")
        ordering = ["process_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_reconfirmation_once",
                fields=["process", "words"],
                violation_error_message=_("Il processo è già riconfermato così com’è."),
            ),
            models.CheckConstraint(
                name="risk_reconfirmation_block_without_reason",
                condition=Q(in_block=False) | Q(reason=""),
                violation_error_message=_("In blocco si riconferma ciò che non ha cause."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process}, {self.by}"

    def has_seen(self, code: str, marks: Collection[str]) -> bool:
        """Tell whether all of this was looked at.

        Of what was kept before there were marks, all of a kind.
        """
        known = self.causes.get(code)
        if known is None or isinstance(known, str):
            return known is not None
        return {*marks} <= {*known["marks"]}
