"""Commands that speak of a register: without one they say so, and leave nothing behind."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from registry.models import TrailRecord
from registry.system_faults import FilesAwayError, files_away


class RegisterCommand(BaseCommand):
    """A command that ends with a sentence where the database is none, empty, or does not answer,
    and where the files that several hosts share are away.

    The environment of a shell is seldom that of the site: the sentence says where it looked.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command on a register there is. Raises `CommandError`."""
        name = connection.settings_dict["NAME"]
        # SQLite would make a file by looking into it
        if connection.vendor == "sqlite" and not (connection.in_atomic_block or _is_there(name)):
            raise CommandError(_("Non c’è un registro in «%(name)s».") % {"name": name} + _hint())
        try:
            is_register = TrailRecord._meta.db_table in connection.introspection.table_names()
        except OperationalError as error:
            raise CommandError(
                _("Il database «%(name)s» non risponde.") % {"name": name} + _hint()
            ) from error
        if not is_register:
            raise CommandError(
                _("Nel database «%(name)s» non c’è un registro: mancano le sue tabelle.")
                % {"name": name}
                + _hint()
            )
        try:
            return super().execute(*args, **options)
        except FilesAwayError as error:
            raise CommandError(files_away()) from error


def _is_there(name: Any) -> bool:
    text = str(name)
    return ":memory:" in text or "mode=memory" in text or Path(text).exists()


def _hint() -> str:
    return " " + _(
        "Se il registro è altrove, i comandi vogliono l’ambiente del sito (DATABASE_URL, "
        "PTPCT_VAR_DIR); se è nuovo, prima va eseguito «manage.py migrate»."
    )
