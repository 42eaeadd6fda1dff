from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import all_grouped
from risk.services.sample_data.reference import load_reference


class Command(RegisterCommand):
    help = "Carica le voci nazionali e i metodi di valutazione; si può ripetere senza danno."

    def handle(self, *args, **options):
        outcome = load_reference()
        message = _(
            "Dati di riferimento: %(created)s voci nuove, %(updated)s aggiornate, "
            "%(unchanged)s invariate."
        )
        self.stdout.write(message % all_grouped(vars(outcome)))
        if outcome.kept:
            kept = _(
                "%(kept)s voci restano com’erano: le usano allegati chiusi. Altre parole sono una "
                "voce nuova."
            )
            self.stdout.write(kept % all_grouped(vars(outcome)))
