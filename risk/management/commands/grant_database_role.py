from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from risk.services.sample_data.database_role import RoleRefusedError, grant_role


class Command(RegisterCommand):
    help = "Dà a un ruolo di PostgreSQL i soli diritti che servono all’applicazione."

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, help="il ruolo con cui gira l’applicazione")
        parser.add_argument("--dry-run", action="store_true", help="scrive soltanto le istruzioni")

    def handle(self, *args, **options):
        try:
            statements = grant_role(role=options["role"], dry_run=options["dry_run"])
        except RoleRefusedError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
        else:
            self.stdout.write(_("Diritti dati al ruolo «%(role)s».") % {"role": options["role"]})
