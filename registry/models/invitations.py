"""Roles offered to people of another body, until they answer."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import MembershipRole
from registry.models.base import MomentField, line
from registry.querysets import InvitationQuerySet


class Invitation(models.Model):
    """A role a body offers to somebody who belongs to another; theirs only once they say yes."""

    ANNEX_PATHS = ()
    """It is about a person and a body."""

    uid = models.UUIDField(_("identificativo"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        "registry.User",
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("persona"),
    )
    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("amministrazione"),
    )
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("ufficio"),
    )
    role = models.CharField(_("ruolo"), max_length=20, choices=MembershipRole.choices)
    title = line(_("titolo"), 60, blank=True, default="")
    starts_on = models.DateField(_("dal"))
    by = models.ForeignKey(
        "registry.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("invita")
    )
    made_at = MomentField(_("il"), auto_now_add=True)
    answered_at = models.DateTimeField(_("risposta del"), null=True, blank=True)
    is_accepted = models.BooleanField(_("accettato"), default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invito")
        verbose_name_plural = _("inviti")
        ordering = ["-made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="registry_invitation_open_once",
                fields=["user", "administration"],
                condition=models.Q(answered_at__isnull=True),
                violation_error_message=_("Questa persona ha già un invito a cui non ha risposto."),
            ),
            models.CheckConstraint(
                name="registry_invitation_accepted_is_answered",
                condition=models.Q(is_accepted=False) | models.Q(answered_at__isnull=False),
                violation_error_message=_("Un invito accettato ha il giorno della risposta."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.office or self.administration}"
