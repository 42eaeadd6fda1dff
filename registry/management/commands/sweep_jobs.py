"""manage.py sweep_jobs: mark interrupted jobs and delete old ones; a worker does it by itself."""

from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import grouped
from registry.services.expiry import sweep


class Command(RegisterCommand):
    """Tidies the queue of long work."""

    help = _(
        "Segna le operazioni interrotte; cancella quelle vecchie con i loro file, e gli indirizzi "
        "degli accessi rifiutati di cui è passato il termine."
    )

    def handle(self, *args, **options):
        swept = sweep()
        self.stdout.write(
            _(
                "Interrotte: %(interrupted)s. Cancellate: %(deleted)s operazioni, %(files)s file, "
                "%(addresses)s indirizzi di accessi rifiutati."
            )
            % {
                "interrupted": grouped(swept.interrupted),
                "deleted": grouped(swept.deleted),
                "files": grouped(swept.files),
                "addresses": grouped(swept.addresses),
            }
        )
