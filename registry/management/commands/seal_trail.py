"""manage.py seal_trail: say in the chain of the installation where all others have come to."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.enums import Upkeep
from registry.management.register_command import RegisterCommand
from registry.readable import grouped
from registry.services.health import record_run
from registry.trail.seals import HEADS, seal


class Command(RegisterCommand):
    """To be run every night; writes nothing where no body has done anything since the last time."""

    help = _(
        "Scrive nella catena dell’installazione fin dove è arrivata quella di ogni amministrazione."
    )

    def handle(self, *args, **options):
        written = seal()
        record_run(Upkeep.SEAL)
        if written is None:
            self.stdout.write(
                _("Nulla da sigillare: dall’ultimo sigillo nessuna amministrazione ha scritto.")
            )
            return
        n = len(written.detail[HEADS])
        sentence = ngettext(
            "Sigillo n. %(number)d: %(n)s catena.", "Sigillo n. %(number)d: %(n)s catene.", n
        )
        self.stdout.write(sentence % {"number": written.number, "n": grouped(n)})
