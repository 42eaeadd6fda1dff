import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import all_grouped
from risk.services.desk.drawing_ahead import draw_ahead


class Command(RegisterCommand):
    help = (
        "Disegna in anticipo gli allegati che nessuno modifica da un po’: da eseguire ogni minuto, "
        "con la priorità più bassa (nice -n 19). Si spegne con PTPCT_DRAW_AHEAD_SECONDS=0."
    )

    def handle(self, *args, verbosity: int, **options):
        told = _("Il disegno in anticipo è spento.")
        if settings.DRAW_AHEAD_SECONDS:
            done = draw_ahead(quiet=datetime.timedelta(seconds=settings.DRAW_AHEAD_SECONDS))
            told = _("Allegati disegnati in anticipo: %(drawn)s, rimandati: %(left)s.")
            told %= all_grouped(vars(done))
        # its unit asks for silence: a line of nothing every minute hides the others in the journal
        if verbosity:
            self.stdout.write(told)
