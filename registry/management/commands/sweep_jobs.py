"""manage.py sweep_jobs: mark interrupted jobs and delete old ones; a worker does it by itself."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from registry.services.expiry import sweep


class Command(BaseCommand):
    """Tidies the queue of long work."""

    help = _("Segna i lavori interrotti e cancella quelli vecchi con i loro file.")

    def handle(self, *args, **options):
        swept = sweep()
        self.stdout.write(
            _("Interrotti: %(interrupted)d. Cancellati: %(deleted)d lavori, %(files)d file.")
            % {
                "interrupted": swept.interrupted,
                "deleted": swept.deleted,
                "files": swept.files,
            }
        )
