"""manage.py show_health: how is the installation, seen from the machine itself?"""

from django.core.management.base import BaseCommand

from registry.enums import SignState
from registry.services.health import is_well, label_of, signs_of_life


class Command(BaseCommand):
    """Says each sign of life; exit code 0 when nothing has failed, 1 otherwise."""

    help = "Dice come sta l’installazione: database, operazioni, spazio, verifiche, avvisi, copie."

    def handle(self, *args, **options):
        signs = signs_of_life()
        for sign in signs:
            state = SignState(sign.state).label
            self.stdout.write(f"{label_of(sign)}: {state} ({sign.sentence})")
        if not is_well(signs):
            raise SystemExit(1)
