"""Signs of life of the installation, for whoever watches over it (docs/decisions/0037)."""

import datetime
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from registry import clock
from registry.enums import SignState, Upkeep
from registry.fleeting import CacheAwayError
from registry.models import LastRun
from registry.readable import grouped
from registry.services.expiry import STALE_AFTER
from registry.services.jobs import job_files
from registry.system_faults import FilesAwayError

logger = logging.getLogger(__name__)

LONGEST_SILENCE = {
    Upkeep.WORKER: STALE_AFTER,
    Upkeep.VERIFICATION: datetime.timedelta(days=3),
    Upkeep.SEAL: datetime.timedelta(days=3),
    # of a run each working day, with the longest holidays in between
    Upkeep.NOTICES: datetime.timedelta(days=7),
    Upkeep.BACKUP: datetime.timedelta(days=3),
}
"""After how long what was done once, and is not done again, counts as stopped."""
LONG_WAIT = datetime.timedelta(minutes=15)
LONGEST_WAIT = datetime.timedelta(hours=1)
"""How long work may wait before it is worth a look, and before something is wrong."""


@dataclass(frozen=True)
class Sign:
    """One sign of life: what it is of, how it stands, in Italian what was seen, and its figure."""

    name: str
    state: SignState
    sentence: str
    figure: float | None = None
    """Seconds since 1970 of a last run, bytes that are free, seconds of a wait; None: never."""


def label_of(sign: Sign) -> str:
    """Return what a sign of life is of, in Italian."""
    labels = {
        "database": _("database"),
        "queue": _("coda delle operazioni"),
        "disk": _("spazio su disco"),
        "cache": _("memoria comune"),
        "files": _("posto dei file"),
        **{kind.value: str(kind.label) for kind in Upkeep},
    }
    return labels[sign.name]


def record_run(kind: Upkeep, *, failure: str = "") -> None:
    """Keep that something that happens by itself was done now, and what went wrong, if anything."""
    values = {"at": clock.now(), "failure": failure}
    LastRun.objects.update_or_create(kind=kind, defaults=values)


def signs_of_life() -> list[Sign]:
    """Return how the installation stands, in two statements; a database that is away is a sign too.

    What was never done by itself is worth a look, what was and is not any more has failed: whoever
    does without a timer is not told of an error every day.
    """
    try:
        runs = {run.kind: run for run in LastRun.objects.all()}
        queue = _queue()
    except Error as error:
        logger.error("the database does not answer: %s", error)
        # a broken connection is not kept for the next request
        connection.close_if_unusable_or_obsolete()
        return [Sign("database", SignState.FAILED, _("non risponde")), _disk(), *_shared()]
    kinds = [kind for kind in Upkeep if kind != Upkeep.WORKER or settings.TASK_ENGINE == "database"]
    database = Sign("database", SignState.GOOD, _("risponde"))
    return [database, queue, _disk(), *_shared(), *(_run(kind, runs.get(kind)) for kind in kinds)]


def is_well(signs: list[Sign]) -> bool:
    """Tell whether nothing has failed."""
    return all(sign.state != SignState.FAILED for sign in signs)


def _queue() -> Sign:
    waiting = DBTaskResult.objects.ready().aggregate(n=Count("pk"), oldest=Min("enqueued_at"))
    if not waiting["n"]:
        return Sign("queue", SignState.GOOD, _("niente in attesa"), 0)
    wait = max(clock.now() - waiting["oldest"], datetime.timedelta())
    state = SignState.GOOD
    if wait > LONG_WAIT:
        state = SignState.FAILED if wait > LONGEST_WAIT else SignState.LATE
    sentence = _("in attesa %(n)s, da %(minutes)s minuti il primo")
    names = {"n": grouped(waiting["n"]), "minutes": grouped(int(wait.total_seconds()) // 60)}
    return Sign("queue", state, sentence % names, wait.total_seconds())


def _disk() -> Sign:
    try:
        free = shutil.disk_usage(settings.VAR_DIR).free
    except OSError as error:
        logger.error("the folder of the installation cannot be read: %s", error)
        return Sign("disk", SignState.FAILED, _("la cartella dei dati non si legge"))
    short = free < settings.MIN_FREE_MB * 1_000_000
    names = {"free": grouped(free // 1_000_000), "least": grouped(settings.MIN_FREE_MB)}
    sentence = _("liberi %(free)s MB, ne servono %(least)s") % names
    return Sign("disk", SignState.FAILED if short else SignState.GOOD, sentence, free)


def _shared() -> list[Sign]:
    """Return how stands what several hosts share beside the database; nothing of one machine."""
    signs = []
    if settings.IS_CACHE_SHARED:
        told = _("non risponde, o non prende più nulla: intanto nessuno può entrare")
        # written, not read: one that is full, or of another, still answers whoever reads
        signs.append(_sign_of("cache", lambda: cache.set("ptpct.health", 1, 60), told))
    if settings.FILES_IN.startswith("s3://"):
        told = _("non risponde: intanto non si aprono né si preparano file")
        signs.append(_sign_of("files", lambda: job_files().at_a_look.exists("ptpct.health"), told))
    return signs


def _sign_of(name: str, ask: Callable[[], Any], otherwise: str) -> Sign:
    try:
        ask()
    except (CacheAwayError, FilesAwayError):
        return Sign(name, SignState.FAILED, otherwise)
    return Sign(name, SignState.GOOD, _("risponde"))


def _run(kind: Upkeep, run: LastRun | None) -> Sign:
    if run is None:
        return Sign(kind.value, SignState.LATE, _("nessuna volta finora"))
    silence = clock.now() - run.at
    is_silent = silence > LONGEST_SILENCE[kind]
    sentence = _("l’ultima volta %(moment)s") % {
        "moment": f"{timezone.localtime(run.at):%d/%m/%Y %H:%M}"
    }
    if run.failure:
        sentence = f"{sentence}: {run.failure}"
    state = SignState.FAILED if run.failure or is_silent else SignState.GOOD
    return Sign(kind.value, state, sentence, run.at.timestamp())
