"""People and what they are to an administration."""

import secrets
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from registry.enums import MembershipRole
from registry.models.base import AddressField, history, line
from registry.querysets import MembershipQuerySet
from registry.roles import OF_BODY, OF_OFFICE, RoleRights, in_order, rights_of


def new_salt() -> str:
    """Return what makes the digest of a name one that nobody can try names against."""
    return secrets.token_hex(16)


class User(AbstractUser):
    """A person who signs in. Rights come from memberships only (docs/decisions/0023)."""

    # as Django calls them, whose catalogue has the Italian; every sign of them is seen
    first_name = line(_("first name"), 150, blank=True)
    last_name = line(_("last name"), 150, blank=True)
    email = AddressField(_("email address"), blank=True)
    trail_token = models.UUIDField(
        _("sigla nelle registrazioni"), default=uuid.uuid4, editable=False
    )
    name_salt = models.CharField(
        _("sale del nome"), max_length=32, default=new_salt, blank=True, editable=False
    )
    wants_notices = models.BooleanField(
        _("riceve gli avvisi"),
        default=True,
        help_text=_("Al massimo un messaggio di posta al giorno, solo se qualcosa attende."),
    )
    pseudonymised_on = models.DateField(
        _("nome sostituito il"), null=True, blank=True, editable=False
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("persona")
        verbose_name_plural = _("persone")
        ordering = ["last_name", "first_name", "username"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="registry_user_email_once",
                # one signs in by it: two people with one address would be nobody
                condition=~models.Q(email=""),
                violation_error_message=_("Un’altra persona ha già questo indirizzo di posta."),
            ),
            models.UniqueConstraint(
                name="registry_user_trail_token_unique",
                fields=["trail_token"],
                violation_error_message=_("Un’altra persona ha già questa sigla."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def clean(self) -> None:
        super().clean()
        # addresses are looked up as they are stored
        self.email = self.email.lower()


class Membership(models.Model):
    """A role held by a person in an administration, or in one office of it, for a time."""

    ANNEX_PATHS = ()
    """The name of a head is copied into the annex, and is the annex’s then."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("persona")
    )
    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("amministrazione"),
    )
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("ufficio"),
        help_text=_("Per referenti e responsabili: vale anche per gli uffici che ne dipendono."),
    )
    role = models.CharField(_("ruolo"), max_length=20, choices=MembershipRole.choices)
    title = line(
        _("titolo"),
        60,
        blank=True,
        default="",
        help_text=_("Come va stampato prima del nome, per esempio Dott.ssa."),
    )
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)
    deputy_for = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputies",
        verbose_name=_("in sostituzione di"),
        help_text=_("L’appartenenza del responsabile assente, per il tempo della sostituzione."),
    )
    from_directory = models.BooleanField(
        _("dalla rubrica"),
        default=False,
        editable=False,
        help_text=_("L’ha data un gruppo della rubrica dell’ente, che può anche toglierla."),
    )
    history = history()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("appartenenza")
        verbose_name_plural = _("appartenenze")
        ordering = ["administration_id", "role", "user_id", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="registry_membership_office_fits_role",
                condition=models.Q(role__in=in_order(OF_OFFICE), office__isnull=False)
                | models.Q(role__in=in_order(OF_BODY), office__isnull=True),
                violation_error_message=_(
                    "Referenti e responsabili hanno un ufficio; RPCT e organismo di valutazione no."
                ),
            ),
            models.CheckConstraint(
                name="registry_membership_ends_after_start",
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("La fine non può precedere l’inizio."),
            ),
            models.CheckConstraint(
                name="registry_membership_deputy_is_a_head_for_a_time",
                condition=models.Q(deputy_for__isnull=True)
                | models.Q(role="head", ends_on__isnull=False),
                violation_error_message=_(
                    "Chi sostituisce un responsabile lo fa fino a un giorno stabilito."
                ),
            ),
            models.UniqueConstraint(
                name="registry_membership_office_role_once",
                fields=["user", "administration", "office", "role", "starts_on"],
                condition=models.Q(office__isnull=False),
                violation_error_message=_("Questa appartenenza esiste già."),
            ),
            models.UniqueConstraint(
                name="registry_membership_body_role_once",
                fields=["user", "administration", "role", "starts_on"],
                condition=models.Q(office__isnull=True),
                violation_error_message=_("Questa appartenenza esiste già."),
            ),
        ]

    def __str__(self) -> str:
        where = self.office or self.administration
        return f"{self.user}, {self.get_role_display()}, {where}"

    @property
    def rights(self) -> RoleRights:
        """What its role gives."""
        return rights_of(self.role)
