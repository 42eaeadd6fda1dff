"""Runs a worker: does the jobs that people ask for, until it is told to stop.

It is the worker of the queue's own library, which beside the work gives a sign of life for the job
in hand and sweeps what other workers left behind, at its start and every minute.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep

from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, InterfaceError, OperationalError, connection, connections
from django.utils.translation import gettext as _
from django_tasks_db.management.commands import db_worker

from registry.enums import Upkeep
from registry.services.expiry import sweep
from registry.services.health import record_run
from registry.services.jobs import beat

logger = logging.getLogger(__name__)

BEAT_SECONDS = 15
SWEEP_SECONDS = 60
AWAY_SECONDS = 2


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
        except Error as error:
            # the database may be away for a moment: the next beat tries again
            logger.error("a worker's sign of life failed: %s", error)
        except Exception:
            logger.exception("a worker's sign of life failed")
        finally:
            connection.close()


def _greet() -> None:
    """Give the first sign of life, and sweep what the worker before has left."""
    sweep()
    record_run(Upkeep.WORKER)


def _outliving(work: Callable[[], None]) -> None:
    """Do the work, anew for as long as the database is away or locked; return when it ends well.

    The job in hand is then the one that is given up, as that of a worker that was killed: its row
    could not be written any more.
    """
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            logger.error("the database is away, the worker waits: %s", error)
            connections.close_all()
            sleep(AWAY_SECONDS)


class Command(db_worker.Command):
    """The worker of the library, with a pulse."""

    help = _("Esegue i lavori lunghi chiesti dalle pagine; Ctrl+C lo ferma dopo quello in corso.")

    def handle(self, *args, **options) -> None:
        if settings.TASK_ENGINE != "database":
            raise CommandError(_("Con PTPCT_TASKS=immediate i lavori si fanno nelle pagine."))
        _outliving(_greet)
        threading.Thread(target=_pulse, name="pulse", daemon=True).start()
        _outliving(partial(super().handle, *args, **options))
