"""What the groups of a body's directory stand for here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import MembershipRole
from registry.models.base import FoldedField, history, line
from registry.querysets import DirectoryRuleQuerySet
from registry.roles import OF_BODY, OF_OFFICE, in_order


class DirectoryRule(models.Model):
    """One line of the table an RPCT keeps: whoever is in this group has this role."""

    ANNEX_PATHS = ()
    """It is about people."""

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="directory_rules",
        verbose_name=_("amministrazione"),
    )
    group = line(
        _("gruppo"),
        400,
        help_text=_(
            "Come lo chiama la rubrica dell’ente o l’identity provider: nome breve o per esteso "
            "(CN=Anticorruzione,OU=Gruppi,DC=ente,DC=it)."
        ),
    )
    folded = FoldedField(source="group")
    role = models.CharField(_("ruolo"), max_length=20, choices=MembershipRole.choices)
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directory_rules",
        verbose_name=_("ufficio"),
        help_text=_("Per referenti e responsabili."),
    )
    history = history(excluded_fields=["folded"])

    objects = DirectoryRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("gruppo della rubrica")
        verbose_name_plural = _("gruppi della rubrica")
        ordering = ["administration_id", "folded", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                name="registry_directoryrule_office_fits_role",
                condition=models.Q(role__in=in_order(OF_OFFICE), office__isnull=False)
                | models.Q(role__in=in_order(OF_BODY), office__isnull=True),
                violation_error_message=_(
                    "Referenti e responsabili hanno un ufficio; RPCT e organismo di valutazione no."
                ),
            ),
            models.UniqueConstraint(
                name="registry_directoryrule_office_once",
                fields=["administration", "folded", "role", "office"],
                condition=models.Q(office__isnull=False),
                violation_error_message=_("Questa riga c’è già."),
            ),
            models.UniqueConstraint(
                name="registry_directoryrule_body_once",
                fields=["administration", "folded", "role"],
                condition=models.Q(office__isnull=True),
                violation_error_message=_("Questa riga c’è già."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()}"
