"""manage.py migrate: Django's own, which is refused in a sentence before anything is changed."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from registry.services.installation import UpgradeRefusedError
from registry.services.upgrades import refuse_later_database, refuse_other_roles
from registry.system_faults import is_database_away, told_of

_NOT_OPENED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_NOTADB")


class Command(migrate.Command):
    """Refuses a role that does not own the tables and a database of a later version, and says why
    a database cannot be opened.

    Hosts are told of an upgrade before its first statement: one that could not go on would leave
    all of them waiting for its end.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate. Raises `CommandError`."""
        database = connections[options["database"]]
        try:
            if not (options["plan"] or options["check_unapplied"]):
                refuse_other_roles(using=database.alias)
                refuse_later_database(using=database.alias)
            return super().execute(*args, **options)
        except UpgradeRefusedError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            # what a migration itself runs into is for whoever mends it, with its traceback
            if not (is_database_away(error) or _is_not_opened(error)):
                raise
            told = _("Il database «%(name)s» (DATABASE_URL) non si può aggiornare: %(fault)s.")
            names = {"name": database.settings_dict["NAME"], "fault": told_of(error)}
            raise CommandError(told % names) from error


def _is_not_opened(error: DatabaseError) -> bool:
    return getattr(error.__cause__, "sqlite_errorname", "").startswith(_NOT_OPENED)
