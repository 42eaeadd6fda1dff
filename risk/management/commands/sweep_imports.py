from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import grouped
from risk.services.imports.expiry import sweep_imports
from risk.services.monitoring.evidence_files import sweep_orphans
from risk.services.plans.consultation import forget_pending
from risk.services.plans.contributions import forget_senders


class Command(RegisterCommand):
    help = (
        "Scarta i file caricati da più di 90 giorni e mai importati e quelli che nessuna prova "
        "nomina, e dimentica chi ha mandato contributi a piani adottati da più di 60: una volta "
        "al giorno basta."
    )

    def handle(self, *args, **options):
        self.stdout.write(_("File scartati: %(n)s.") % {"n": grouped(sweep_imports())})
        self.stdout.write(_("Mittenti dimenticati: %(n)s.") % {"n": grouped(forget_senders())})
        self.stdout.write(_("Prove di nessuno: %(n)s.") % {"n": grouped(sweep_orphans())})
        self.stdout.write(_("Contributi mai confermati: %(n)s.") % {"n": grouped(forget_pending())})
