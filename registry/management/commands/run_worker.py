"""Runs a worker: does the jobs that people ask for, until it is told to stop.

It is the worker of the queue's own library, which beside the work gives a sign of life for the job
in hand and sweeps what other workers left behind, at its start and every minute. Short work has a
lane of its own and long work several, so that nobody's list waits behind somebody else's plan, nor
one person's plan behind another's; `--queue-name` makes it a worker of one kind of lane.

The first job reads what the kinds of work are made of, which stays in memory: a worker that has had
nothing to do for a while begins anew in its own place, as small as it was.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, InterfaceError, OperationalError, connection, connections
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django_tasks.signals import task_finished, task_started
from django_tasks_db.management.commands import db_worker

from registry.enums import Upkeep
from registry.services.expiry import sweep
from registry.services.health import record_run
from registry.services.installation import OtherHostError, Watch, refuse_differences
from registry.services.jobs import beat
from registry.services.limited import make_room
from registry.services.turns import LONG, SHORT

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1
BEAT_SECONDS = 15
SWEEP_SECONDS = 60
AWAY_SECONDS = 2
RENEW_SECONDS = 60
BOTH = f"{SHORT},{LONG}"


class _Idleness:
    """Whether this process has done a job, and since when it has none in hand, in any lane."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._in_hand, self._ended_at = seconds, 0, float("inf")
        self._lock = threading.Lock()
        # held here: the library keeps no receiver alive
        self._receivers = (partial(self._count, 1), partial(self._count, -1))
        task_started.connect(self._receivers[0])
        task_finished.connect(self._receivers[1])

    def _count(self, more: int, **_kwargs: Any) -> None:
        with self._lock:
            self._in_hand += more
            self._ended_at = monotonic()

    def is_long(self) -> bool:
        """Tell whether it has lasted so long that what jobs have read may go."""
        with self._lock:
            lasted = monotonic() - self._ended_at
            return bool(self._seconds) and not self._in_hand and lasted > self._seconds


class _Pulse(threading.Thread):
    """Beats, sweeps and looks around until the worker stops, on a connection of its own.

    A worker that an upgrade has passed by is told to stop after the jobs in hand; one that has been
    idle for long, to take no more.
    """

    def __init__(self, idleness: _Idleness, take_no_more: Callable[[], None]) -> None:
        super().__init__(name="pulse", daemon=True)
        self.stopped = threading.Event()
        self.is_renewing = self._is_ending = False
        self._idleness, self._take_no_more = idleness, take_no_more
        self._watch = Watch(settings.HOST_CHECK_SECONDS)
        self._beaten_at = self._swept_at = monotonic()

    def run(self) -> None:
        while not self.stopped.wait(LOOK_SECONDS):
            try:
                self._look()
            except Error as error:
                # the database may be away for a moment: the next look tries again
                logger.error("a worker's sign of life failed: %s", error)
            except Exception:
                logger.exception("a worker's sign of life failed")
            finally:
                connection.close()

    def _look(self) -> None:
        if monotonic() - self._beaten_at > BEAT_SECONDS:
            self._beaten_at = monotonic()
            beat()
            record_run(Upkeep.WORKER)
        if monotonic() - self._swept_at > SWEEP_SECONDS:
            self._swept_at = monotonic()
            sweep()
        if self._is_ending:
            # told once: the second time it would not wait for the job in hand, whose beat this is
            return
        if self._watch.is_left_behind():
            logger.error("this worker is not of the version of its installation: it stops")
            self._is_ending = True
            os.kill(os.getpid(), signal.SIGTERM)
        elif self._idleness.is_long():
            self._is_ending = self.is_renewing = True
            self._take_no_more()


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
        parser.set_defaults(queue_name=BOTH, reload=False)
        parser.add_argument(
            "--long",
            type=int,
            default=settings.LONG_JOBS,
            help=_("Quante operazioni lunghe di persone diverse insieme (ora: %(default)s)."),
        )
        parser.add_argument(
            "--renew-after",
            type=float,
            default=RENEW_SECONDS,
            help=_(
                "Dopo quanti secondi senza operazioni libera la memoria che l’ultima ha preso "
                "(ora: %(default)s; 0: mai)."
            ),
        )

    def handle(self, *args, **options) -> None:
        if settings.TASK_ENGINE != "database":
            raise CommandError(_("Con PTPCT_TASKS=immediate le operazioni si fanno nelle pagine."))
        if options["reload"] or options["exclude_queues"]:
            raise CommandError(_("«--reload» e «--exclude-queues» non sono di questo programma."))
        try:
            _outliving(refuse_differences)
        except OtherHostError as error:
            raise CommandError(str(error)) from error
        _outliving(_greet)
        if self._work(**options):
            _begin_anew()

    def _work(self, *, long: int, queue_name: str, **options: Any) -> bool:
        """Work in one lane here and in the other long ones in threads, until told to stop; return
        whether this worker only makes room for itself.
        """
        here = SHORT if queue_name == BOTH else queue_name
        beside = {BOTH: long, LONG: long - 1}.get(queue_name, 0)
        make_room(beside + 1)
        self.configure_logging(options["verbosity"])
        own = _worker(options, here.split(","), options["worker_id"])
        lanes = [_long_lane(options) for _number in range(beside)]

        def take_no_more() -> None:
            for worker in (own, *(lane.worker for lane in lanes)):
                worker.take_no_more()

        seconds = 0 if options["batch"] else options["renew_after"]
        pulse = _Pulse(_Idleness(seconds), take_no_more)
        pulse.start()
        try:
            own.configure_signals()
            _outliving(own.run)
        finally:
            is_told = _until_told() if pulse.is_renewing else None
            # with --batch they end by themselves, when nothing waits any more
            if not options["batch"]:
                take_no_more()
            for lane in lanes:
                lane.join()
            pulse.stopped.set()
            pulse.join()
        return bool(is_told) and not (own.is_told or is_told())


def _until_told() -> Callable[[], bool]:
    """Note a signal to stop from now on, until what is returned is asked whether there was one.

    From then on one ends the process, as there is nothing left in hand: noted, it would be lost
    with what noted it.
    """
    told: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        signal.signal(number, lambda number, _frame: told.append(number))

    def is_told() -> bool:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        return bool(told)

    return is_told


def _begin_anew() -> None:
    """Become a new worker, of the same process: whoever keeps it running sees no end."""
    logger.info("this worker has had nothing to do for a while, and begins anew")
    connections.close_all()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - its own words


class _Lane(threading.Thread):
    """Another worker in this process, for long work alone; it ends when it is told to."""

    def __init__(self, worker: "LaneWorker") -> None:
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
    lane = _Lane(_worker(options, [LONG], get_random_string(32)))
    lane.start()
    return lane


class LaneWorker(db_worker.Worker):
    """The worker of the library, which tells whoever stops it from its own taking no more."""

    is_told = False

    def take_no_more(self) -> None:
        """End after the job in hand, of its own accord."""
        self.running = False

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the job in hand; told a second time, at once."""
        # the library takes the first signal for the second where it has ended of its own accord
        self.running, self.is_told = not self.is_told, True
        super().shutdown(signum, frame)


def _worker(options: dict[str, Any], queues: list[str], worker_id: str) -> LaneWorker:
    known = ("interval", "batch", "backend_name", "startup_delay", "max_tasks")
    return LaneWorker(
        queue_names=queues,
        excluded_queue_names=[],
        worker_id=worker_id,
        **{name: options[name] for name in known},
    )
