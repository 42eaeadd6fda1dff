"""manage.py flush: refused, in place of Django's own."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.utils.translation import gettext as _


class Command(flush.Command):
    """Never empties a table: what was adopted and the trail could not be told from never written.

    Django's would delete on SQLite whatever no guard holds, and truncate on PostgreSQL.
    """

    help = _("Rifiutato: il registro non si svuota.")

    def handle(self, **options: Any) -> None:
        raise CommandError(
            _(
                "Il registro non si svuota: ciò che è adottato e le registrazioni restano. Per "
                "ricominciare si prepara una base di dati nuova."
            )
        )
