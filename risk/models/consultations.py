"""Where the draft of a plan is open to everybody, and what was sent there and waits."""

import secrets

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.base import AddressField, MomentField, UidManager, UidModel, history, line
from registry.validators import validate_printable
from risk.enums import ContributionSubject, SenderKind
from risk.models.contributions import LONGEST


def new_token() -> str:
    """Return a word nobody guesses, for an address."""
    return secrets.token_urlsafe(24)


class Consultation(UidModel):
    """An address at which the draft of a plan is read by everybody, until it is withdrawn."""

    ANNEX_PATHS = ()
    """It is the plan’s: no annex prints it."""
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan",
        on_delete=models.CASCADE,
        related_name="consultations",
        verbose_name=_("piano"),
    )
    token = models.CharField(
        _("parola dell’indirizzo"), max_length=64, unique=True, default=new_token, editable=False
    )
    opened_at = MomentField(_("aperta il"), auto_now_add=True)
    ends_on = models.DateField(_("contributi fino al"))
    withdrawn_at = models.DateTimeField(_("indirizzo ritirato il"), null=True, blank=True)
    # the word opens a door: it stands on its own row alone
    history = history(excluded_fields=["token"])

    objects = UidManager()

    class Meta:
        verbose_name = _("consultazione su un piano")
        verbose_name_plural = _("consultazioni sui piani")
        ordering = ["plan_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="risk_consultation_one_address",
                fields=["plan"],
                condition=models.Q(withdrawn_at__isnull=True),
                violation_error_message=_("Il piano ha già un indirizzo di consultazione."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.plan)


class ConsultationPaper(models.Model):
    """The draft that is read at an address, as a PDF of a moment; the last one takes its place."""

    ANNEX_PATHS = ()
    BODY_PATH = "consultation__plan"

    consultation = models.OneToOneField(
        Consultation,
        on_delete=models.CASCADE,
        related_name="paper",
        verbose_name=_("consultazione"),
    )
    content = models.BinaryField(_("PDF"))
    drawn_at = models.DateTimeField(_("disegnato il"))

    class Meta:
        verbose_name = _("bozza in consultazione")
        verbose_name_plural = _("bozze in consultazione")

    def __str__(self) -> str:
        return f"{self.drawn_at:%d/%m/%Y}"


class PendingContribution(models.Model):
    """A contribution that was sent by the public form and waits for its sender to confirm it.

    It has no history and is on no trail: strangers would fill both. It is deleted when it is
    confirmed, or after two days.
    """

    ANNEX_PATHS = ()
    BODY_PATH = "consultation__plan"

    uid = models.UUIDField(_("identificativo"), unique=True, editable=False)
    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.CASCADE,
        related_name="pending",
        verbose_name=_("consultazione"),
    )
    sender = models.CharField(_("da chi"), max_length=12, choices=SenderKind.choices)
    about = models.CharField(_("su che cosa"), max_length=10, choices=ContributionSubject.choices)
    about_uid = models.UUIDField(_("identificativo di ciò di cui parla"), null=True, blank=True)
    text = models.TextField(
        _("testo"), validators=[validate_printable, MaxLengthValidator(LONGEST)]
    )
    name = line(_("nome"), 200, blank=True, default="")
    email = AddressField(_("indirizzo di posta"))
    sent_at = MomentField(_("mandato il"), auto_now_add=True)

    class Meta:
        verbose_name = _("contributo da confermare")
        verbose_name_plural = _("contributi da confermare")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.uid)
