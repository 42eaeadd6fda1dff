from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import grouped
from risk.services.imports.expiry import sweep_imports


class Command(RegisterCommand):
    help = "Scarta i file caricati da più di 90 giorni e mai importati: una volta al giorno basta."

    def handle(self, *args, **options):
        self.stdout.write(_("File scartati: %(n)s.") % {"n": grouped(sweep_imports())})
