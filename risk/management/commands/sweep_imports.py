from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from risk.services.imports.expiry import sweep_imports


class Command(BaseCommand):
    help = "Scarta i file caricati da più di 90 giorni e mai importati: una volta al giorno basta."

    def handle(self, *args, **options):
        self.stdout.write(_("File scartati: %(n)d.") % {"n": sweep_imports()})
