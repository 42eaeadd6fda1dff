"""What people say of the draft of a plan while it is open to them, and what has become of it."""

import uuid
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import AddressField, UidManager, UidModel, history, line, prose
from registry.validators import validate_printable
from risk.enums import ContributionOutcome, ContributionSubject, ContributionWay, SenderKind

LONGEST = 5_000
"""Characters of a contribution: two pages."""
MOST_CHANGED = 40


class ChangedRow(NamedTuple):
    """A row that a contribution has changed: a `ContributionSubject`, its uid, how it is called."""

    kind: str
    uid: str
    label: str


def check_changed(value: Any) -> None:
    """Refuse what is no list of `ChangedRow`."""
    rows = value if isinstance(value, list) else [None]
    if len(rows) > MOST_CHANGED or not all(map(_is_row, rows)):
        raise ValidationError(_("Le righe cambiate non sono scritte come si deve."))


def _is_row(row: Any) -> bool:
    if not (isinstance(row, list) and len(row) == len(ChangedRow._fields)):
        return False
    kind, uid, label = row
    if kind not in ContributionSubject.values or not isinstance(label, str):
        return False
    try:
        return str(uuid.UUID(uid)) == uid
    except (AttributeError, TypeError, ValueError):
        return False


class Contribution(UidModel):
    """A contribution to the consultation of a plan, without who sent it (`ContributionSender`).

    What it speaks of is named by its uid, and called as it was then: the row may go. `annex_uid` is
    that of the annex whose office reads it, None where it speaks of the plan or of a chapter.
    `published` is what is printed in place of the `text`, where that must not be published as it
    is.
    """

    ANNEX_PATHS = ()
    """It is the plan’s: no annex prints it."""
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        related_name="contributions",
        verbose_name=_("piano"),
    )
    number = models.PositiveIntegerField(_("numero"))
    sender = models.CharField(_("da chi"), max_length=12, choices=SenderKind.choices)
    way = models.CharField(_("come è arrivato"), max_length=10, choices=ContributionWay.choices)
    received_on = models.DateField(_("ricevuto il"))
    about = models.CharField(
        _("su che cosa"),
        max_length=10,
        choices=ContributionSubject.choices,
        default=ContributionSubject.PLAN,
    )
    about_uid = models.UUIDField(_("identificativo di ciò di cui parla"), null=True, blank=True)
    about_label = line(_("come si chiama"), 700, blank=True, default="")
    annex_uid = models.UUIDField(_("allegato"), null=True, blank=True)
    text = models.TextField(
        _("testo"), validators=[validate_printable, MaxLengthValidator(LONGEST)]
    )
    published = prose(_("testo da pubblicare"))
    outcome = models.CharField(
        _("esito"), max_length=12, choices=ContributionOutcome.choices, blank=True, default=""
    )
    reason = prose(_("motivo"))
    changed = models.JSONField(
        _("righe cambiate"), default=list, blank=True, validators=[check_changed]
    )
    decided_on = models.DateField(_("deciso il"), null=True, blank=True)
    history = history()

    objects = UidManager()

    class Meta:
        verbose_name = _("contributo alla consultazione")
        verbose_name_plural = _("contributi alla consultazione")
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(
                name="risk_contribution_number_unique",
                fields=["plan", "number"],
                violation_error_message=_("Un altro contributo ha già questo numero."),
            ),
            models.CheckConstraint(
                name="risk_contribution_outcome_with_reason",
                condition=models.Q(outcome="", decided_on__isnull=True)
                | ~models.Q(outcome="") & ~models.Q(reason="") & models.Q(decided_on__isnull=False),
                violation_error_message=_("Un contributo deciso dice quando e perché."),
            ),
            models.CheckConstraint(
                name="risk_contribution_about_something",
                condition=models.Q(about="plan", about_uid__isnull=True)
                | ~models.Q(about="plan") & models.Q(about_uid__isnull=False),
                violation_error_message=_("Il contributo parla di qualcosa che non è indicato."),
            ),
        ]

    def __str__(self) -> str:
        return f"n. {self.number}, {self.get_sender_display()}"

    @property
    def subject(self) -> str:
        """What it speaks of, as it was called."""
        return self.about_label or self.get_about_display()

    @property
    def changed_rows(self) -> list[ChangedRow]:
        """The rows that changed because of it."""
        return [ChangedRow(*row) for row in self.changed]


class ContributionSender(models.Model):
    """Who sent a contribution, kept apart so that it can be forgotten.

    It has no history and is on no trail: what stands there stays for ever (docs/decisions/0084).
    """

    ANNEX_PATHS = ()
    BODY_PATH = "contribution__plan"

    contribution = models.OneToOneField(
        Contribution,
        on_delete=models.CASCADE,
        related_name="who",
        verbose_name=_("contributo"),
    )
    name = line(_("nome"), 200, blank=True, default="")
    email = AddressField(_("indirizzo di posta"), blank=True, default="")

    class Meta:
        verbose_name = _("mittente di un contributo")
        verbose_name_plural = _("mittenti dei contributi")

    def __str__(self) -> str:
        return self.name or self.email
