"""manage.py restore DIR: a backup back into an empty place, and what is missing in words."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ptpct.backup.asking import passphrase_from
from ptpct.backup.refusals import BackupRefusedError, disk_faults_told
from ptpct.backup.restoring import VARIABLES_FILE, needs_passphrase, restore_backup
from registry.readable import grouped

REFUSED, INCOMPLETE = 2, 1


class Command(BaseCommand):
    """Exit code 0 when all came back, 1 when something is missing, 2 when nothing was written."""

    help = "Rimette una copia di sicurezza in un posto vuoto e dice che cosa manca."
    # the place is empty: there is nothing to check yet
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="la cartella della copia")
        parser.add_argument(
            "--passphrase-file", type=Path, help="un file con la frase che apre la chiave"
        )
        parser.add_argument(
            "--without-key", action="store_true", help="la frase è perduta: fa a meno della chiave"
        )

    def handle(self, *args, folder: Path, without_key: bool, **options):
        try:
            with disk_faults_told(folder):
                passphrase = None
                if not without_key and needs_passphrase(folder):
                    passphrase = passphrase_from(options["passphrase_file"], is_new=False)
                restored = restore_backup(
                    folder=folder,
                    passphrase=passphrase,
                    without_key=without_key,
                    say=self.stdout.write,
                )
        except BackupRefusedError as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        self._tell(restored, has_key=passphrase is not None)
        if restored.findings:
            raise SystemExit(INCOMPLETE)

    def _tell(self, restored, *, has_key):
        manifest = restored.manifest
        sentence = _(
            "Tornata la copia del %(at)s (versione %(program)s): %(rows)s righe, %(files)s file; "
            "ultima registrazione n. %(number)d, codice di controllo %(digest)s."
        )
        told = {"at": restored.made_at, "program": manifest.program, **vars(manifest.trail)}
        self.stdout.write(
            sentence % {**told, "rows": grouped(restored.rows), "files": grouped(restored.files)}
        )
        if has_key:
            self.stdout.write(
                _("La chiave è al suo posto; le variabili di allora sono in %(file)s.")
                % {"file": VARIABLES_FILE}
            )
        for finding in restored.findings:
            self.stderr.write(finding)
        if not restored.findings:
            self.stdout.write(_("Registro delle operazioni, difese ed emissioni: tutto integro."))
