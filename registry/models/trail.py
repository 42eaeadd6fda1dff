"""The trail: one record an act, chained to the one before, never changed (docs/decisions/0011).

Every body has a chain of its own, the installation has one too (docs/decisions/0053).
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import TrailOutcome
from registry.models.base import line
from registry.querysets import TrailQuerySet


class TrailRecord(models.Model):
    """What was done or refused, when, by whom, and the digest of the rows it touched.

    `digest` covers every other column and the digest of the record before, so that a changed,
    missing or inserted record is found (`registry.services.trail_verification`). The person is a
    token: who it stands for is on the person's own row, and can be forgotten without breaking the
    chain.

    `chain` is the IPA code of the body whose chain it is in, empty for that of the installation.
    """

    chain = models.CharField(_("catena"), max_length=20, blank=True, default="")
    number = models.PositiveBigIntegerField(_("numero"))
    uid = models.UUIDField(_("identificativo dell’atto"), default=uuid.uuid4, unique=True)
    at = models.DateTimeField(_("quando"))
    kind = models.CharField(_("che cosa"), max_length=60)
    outcome = models.CharField(_("esito"), max_length=10, choices=TrailOutcome.choices)
    person = models.UUIDField(_("persona"), null=True)
    subject = models.CharField(_("su che cosa"), max_length=300, default="")
    detail = models.JSONField(_("particolari"), default=dict)
    row_count = models.PositiveIntegerField(_("righe toccate"), default=0)
    rows_digest = models.CharField(_("codice di controllo delle righe"), max_length=64, default="")
    previous = models.CharField(_("codice di controllo precedente"), max_length=64, default="")
    digest = models.CharField(_("codice di controllo"), max_length=64)

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = _("registrazione")
        verbose_name_plural = _("registrazioni")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(name="registry_trail_subject", fields=["subject"]),
            models.Index(name="registry_trail_at", fields=["-at", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(name="registry_trail_number", fields=["chain", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.kind}".strip()


class RefusedSignIn(models.Model):
    """Where a refused sign-in came from, beside its record, for as long as the term says.

    The record has a digest of address and salt alone: when this row is swept nobody can tell, or
    try, what the address was, and the chain is as whole as before (docs/decisions/0014).
    """

    record = models.OneToOneField(
        TrailRecord,
        on_delete=models.PROTECT,
        related_name="refused_sign_in",
        verbose_name=_("registrazione"),
    )
    at = models.DateTimeField(_("quando"), db_index=True)
    address = line(_("indirizzo"), 45)
    salt = models.CharField(_("sale"), max_length=32)

    class Meta:
        verbose_name = _("accesso rifiutato")
        verbose_name_plural = _("accessi rifiutati")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.address}"
