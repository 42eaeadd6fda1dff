"""Runs a worker: does the jobs that people ask for, until it is told to stop.

It is the worker of the queue's own library, which beside the work gives a sign of life for the job
in hand and sweeps what other workers left behind, at its start and every minute.
"""

import logging
import threading
from time import monotonic, sleep

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django_tasks_db.management.commands import db_worker

from registry.enums import Upkeep
from registry.services.expiry import sweep
from registry.services.health import record_run
from registry.services.jobs import beat

logger = logging.getLogger(__name__)

BEAT_SECONDS = 15
SWEEP_SECONDS = 60


def _pulse() -> None:
    """Beat and sweep for ever, in a thread and on a connection of their own."""
    swept_at = monotonic()
    while True:
        sleep(BEAT_SECONDS)
        try:
            beat()
            record_run(Upkeep.WORKER)
            if monotonic() - swept_at > SWEEP_SECONDS:
                swept_at = monotonic()
                sweep()
        except Exception:
            # the database may be away for a moment: the next beat tries again
            logger.exception("a worker's sign of life failed")
        finally:
            connection.close()


class Command(db_worker.Command):
    """The worker of the library, with a pulse."""

    help = _("Esegue i lavori lunghi chiesti dalle pagine; Ctrl+C lo ferma dopo quello in corso.")

    def handle(self, *args, **options) -> None:
        if settings.TASK_ENGINE != "database":
            raise CommandError(_("Con PTPCT_TASKS=immediate i lavori si fanno nelle pagine."))
        sweep()
        record_run(Upkeep.WORKER)
        threading.Thread(target=_pulse, name="pulse", daemon=True).start()
        super().handle(*args, **options)
