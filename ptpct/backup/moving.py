"""Moving the database to the other engine, or to another place: copied, restored, compared.

Files and key stay where they are: only the rows move.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dj_database_url
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from ptpct.backup.making import database_alone
from ptpct.backup.refusals import BackupRefusedError
from registry.models import TrailRecord
from registry.readable import grouped

ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def move_database(*, to: str) -> int:
    """Copy the database to an empty one at the address `to`; return the exit code of `restore`.

    The database stays as it was, and goes on being used until the settings name the other. Raises
    `BackupRefusedError` when the address makes no sense, or somebody has written meanwhile: what
    they wrote is not in the other database.
    """
    _check_address(to)
    with tempfile.TemporaryDirectory(prefix="move-", dir=settings.VAR_DIR) as above:
        folder = Path(above) / "database"
        made = database_alone(folder)
        # in a process of its own, whose database is the other one
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(folder)]
        environment = os.environ | {"DATABASE_URL": to}
        ended = subprocess.run(command, env=environment, check=False)  # noqa: S603
    # records are never taken away, whatever chain they are in
    since = TrailRecord.objects.count() - made.tables[TrailRecord._meta.db_table].rows
    if since and not ended.returncode:
        raise BackupRefusedError(
            _(
                "Mentre il database si spostava sono state scritte %(n)s registrazioni, che di là "
                "non ci sono. Ferma il sito, svuota il nuovo database e ripeti."
            )
            % {"n": grouped(since)}
        )
    return ended.returncode


def _check_address(to: str) -> None:
    try:
        told = dj_database_url.parse(to)
    except ValueError as error:
        raise BackupRefusedError(_not_an_address(to)) from error
    if told.get("ENGINE") not in ENGINES or not told.get("NAME") or told["NAME"] == ":memory:":
        raise BackupRefusedError(_not_an_address(to))
    ours = connection.settings_dict
    if all(str(told.get(key, "")) == str(ours[key]) for key in ("ENGINE", "NAME", "HOST", "PORT")):
        raise BackupRefusedError(_("Il database è già quello."))


def _not_an_address(to: str) -> str:
    scheme = to.partition(":")[0]
    return _(
        "«%(scheme)s:…» non è l’indirizzo di un database: si scrive come DATABASE_URL, "
        "sqlite:////percorso oppure postgres://utente:password@macchina/nome."
    ) % {"scheme": scheme}
