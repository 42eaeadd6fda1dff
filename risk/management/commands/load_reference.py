from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from risk.services.sample_data.reference import load_reference


class Command(RegisterCommand):
    help = "Carica le voci nazionali e i metodi di valutazione; si può ripetere senza danno."

    def handle(self, *args, **options):
        outcome = load_reference()
        message = _(
            "Dati di riferimento: %(created)d voci nuove, %(updated)d aggiornate, "
            "%(unchanged)d invariate."
        )
        self.stdout.write(message % vars(outcome))
        if outcome.kept:
            kept = _(
                "%(kept)d voci restano com’erano: le usano allegati chiusi. Altre parole sono una "
                "voce nuova."
            )
            self.stdout.write(kept % vars(outcome))
