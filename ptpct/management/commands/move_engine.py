"""manage.py move_engine --to URL: the database to another engine, every row of every table."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ptpct.backup.moving import move_database
from ptpct.backup.refusals import BackupRefusedError


class Command(BaseCommand):
    """Exit code as `restore` has it: 0 when every row is there as it was."""

    help = "Porta il database su un altro motore: da SQLite a PostgreSQL e ritorno."

    def add_arguments(self, parser):
        parser.add_argument(
            "--to", required=True, help="l’indirizzo del nuovo database, come in DATABASE_URL"
        )

    def handle(self, *args, to: str, **options):
        try:
            ended = move_database(to=to)
        except BackupRefusedError as error:
            raise CommandError(str(error)) from error
        if ended:
            raise SystemExit(ended)
        self.stdout.write(
            _("Il database è di là. Ora DATABASE_URL deve dire il nuovo indirizzo: poi riavvia.")
        )
