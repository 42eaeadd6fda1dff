"""Runs a worker: does the jobs that people ask for, until it is told to stop.

It is the worker of the queue's own library, which beside the work gives a sign of life for the job
in hand and sweeps what other workers left behind, at its start and every minute. Short work has a
lane of its own and long work several, so that nobody's list waits behind somebody else's plan, nor
one person's plan behind another's; `--queue-name` makes it a worker of one kind of lane.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, InterfaceError, OperationalError, connection, connections
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django_tasks_db.management.commands import db_worker

from registry.enums import Upkeep
from registry.services.expiry import sweep
from registry.services.health import record_run
from registry.services.installation import OtherHostError, Watch, refuse_differences
from registry.services.jobs import beat
from registry.services.limited import make_room
from registry.services.turns import LONG, SHORT

logger = logging.getLogger(__name__)

BEAT_SECONDS = 15
SWEEP_SECONDS = 60
AWAY_SECONDS = 2
BOTH = f"{SHORT},{LONG}"


def _pulse(stopped: threading.Event) -> None:
    """Beat and sweep until the worker stops, in a thread and on a connection of their own.

    A worker that an upgrade has passed by is told to stop after the jobs in hand.
    """
    swept_at, watch = monotonic(), Watch(settings.HOST_CHECK_SECONDS)
    while not stopped.wait(BEAT_SECONDS):
        try:
            beat()
            record_run(Upkeep.WORKER)
            if monotonic() - swept_at > SWEEP_SECONDS:
                swept_at = monotonic()
                sweep()
            if watch.is_left_behind():
                logger.error("this worker is not of the version of its installation: it stops")
                os.kill(os.getpid(), signal.SIGTERM)
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

    # They read every page and form, which a worker needs for the first job that asks for them; the
    # site, which has the same settings, is checked where it is changed.
    requires_system_checks = ()

    help = _(
        "Esegue le operazioni lunghe chieste dalle pagine; Ctrl+C lo ferma dopo quella in corso."
    )

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(queue_name=BOTH)
        parser.add_argument(
            "--long",
            type=int,
            default=settings.LONG_JOBS,
            help=_("Quante operazioni lunghe di persone diverse insieme (ora: %(default)s)."),
        )

    def handle(self, *args, **options) -> None:
        if settings.TASK_ENGINE != "database":
            raise CommandError(_("Con PTPCT_TASKS=immediate le operazioni si fanno nelle pagine."))
        try:
            _outliving(refuse_differences)
        except OtherHostError as error:
            raise CommandError(str(error)) from error
        _outliving(_greet)
        stopped = threading.Event()
        pulse = threading.Thread(target=_pulse, args=(stopped,), name="pulse", daemon=True)
        pulse.start()
        try:
            self._work(*args, **options)
        finally:
            stopped.set()
            pulse.join()

    def _work(self, *args, long: int, queue_name: str, **options) -> None:
        """Work in one lane here and in the other long ones in threads, until told to stop."""
        here = SHORT if queue_name == BOTH else queue_name
        beside = {BOTH: long, LONG: long - 1}.get(queue_name, 0)
        make_room(beside + 1)
        lanes = [_long_lane(options) for _number in range(beside)]
        try:
            _outliving(partial(super().handle, *args, queue_name=here, **options))
        finally:
            # with --batch they end by themselves, when nothing waits any more
            if not options["batch"]:
                for lane in lanes:
                    lane.worker.running = False
            for lane in lanes:
                lane.join()


class _Lane(threading.Thread):
    """Another worker in this process, for long work alone; it ends when it is told to."""

    def __init__(self, worker: db_worker.Worker) -> None:
        # told a second time to stop, the process does not wait for it
        super().__init__(name="long-lane", daemon=True)
        self.worker = worker

    def run(self) -> None:
        try:
            _outliving(self.worker.run)
        finally:
            connection.close()


def _long_lane(options: dict[str, Any]) -> _Lane:
    """Begin and return one more lane of the long work."""
    known = ("interval", "batch", "backend_name", "startup_delay", "max_tasks")
    worker = db_worker.Worker(
        queue_names=[LONG],
        excluded_queue_names=[],
        worker_id=get_random_string(32),
        **{name: options[name] for name in known},
    )
    lane = _Lane(worker)
    lane.start()
    return lane
