"""manage.py backup DIR: the whole installation into a new folder, while people write."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _

from ptpct.backup.asking import passphrase_from
from ptpct.backup.making import make_backup
from ptpct.backup.refusals import BackupRefusedError
from registry.enums import Upkeep
from registry.readable import grouped
from registry.services.health import record_run
from registry.waiting import waited_too_long


class Command(BaseCommand):
    """Exit code 0 when the backup is whole; otherwise there is none."""

    help = "Copia database, file e chiave in una cartella nuova, mentre si lavora."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="la cartella nuova")
        parser.add_argument(
            "--passphrase-file", type=Path, help="un file con la frase che sigilla la chiave"
        )

    def handle(self, *args, folder: Path, **options):
        try:
            passphrase = passphrase_from(options["passphrase_file"], is_new=True)
            made = make_backup(folder=folder, passphrase=passphrase)
        except BackupRefusedError as error:
            raise CommandError(str(error)) from error
        self._record()
        sentence = _(
            "Copia di sicurezza in %(folder)s: %(tables)s tabelle, %(rows)s righe, %(files)s file; "
            "ultima registrazione n. %(number)d, codice di controllo %(digest)s."
        )
        told = {
            "folder": folder,
            "tables": grouped(made.tables),
            "rows": grouped(made.rows),
            "files": grouped(made.files),
        }
        self.stdout.write(sentence % {**told, **vars(made.trail)})

    def _record(self) -> None:
        """Keep that there is a backup; whoever writes all the time does not make it a failure."""
        try:
            record_run(Upkeep.BACKUP)
        except OperationalError as error:
            if not waited_too_long(error):
                raise
            self.stderr.write(
                _("Il registro è occupato: la copia c’è, ma non risulta fra le ultime operazioni.")
            )
