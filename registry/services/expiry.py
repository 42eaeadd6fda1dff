"""Tidying: work nobody does any more, rows and files nobody needs or may keep any more.

The queue keeps a task whose worker was killed as running for ever; here it is the sign of life in
the job's row that tells (`registry.services.jobs.beat`).
"""

import datetime
import logging
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from registry import clock
from registry.enums import JobState
from registry.models import Job
from registry.services.jobs import interrupted, job_files, kind_of, known_kinds
from registry.services.refused_sign_ins import forget_addresses
from registry.services.turns import RUNNER, Turn, give_turn, turn_of, turns_taken
from registry.system_faults import FilesAwayError

logger = logging.getLogger(__name__)

STALE_AFTER = datetime.timedelta(minutes=2)
"""Without a sign of life for so long, work is taken for interrupted."""
MOST_ATTEMPTS = 2
"""How often work that goes on by itself is begun: what kills its workers must come to an end."""
KEEP_FILES = datetime.timedelta(days=1)
KEEP_JOBS = datetime.timedelta(days=30)

_ENDED = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)


@dataclass(frozen=True)
class Swept:
    """How many of each were swept."""

    interrupted: int
    deleted: int
    files: int
    addresses: int


def sweep(*, stale_after: datetime.timedelta = STALE_AFTER) -> Swept:
    """Begin interrupted jobs again that only prepare a file; mark the others as failed, so that
    they can be tried again; delete what is old.

    Safe to run at any time, by several processes at once, and as often as one likes.
    """
    now = clock.now()
    ended = _sweep_interrupted(now - stale_after) + _sweep_lost(now - stale_after)
    _tidy_queue(now - stale_after, now - KEEP_JOBS)
    _give_turns()
    deleted, _models = Job.objects.filter(ended_at__lt=now - KEEP_JOBS).delete()
    return Swept(
        interrupted=ended,
        deleted=deleted,
        files=_sweep_files(now - KEEP_FILES),
        addresses=forget_addresses(before=now - datetime.timedelta(days=settings.ADDRESS_DAYS)),
    )


def _sweep_interrupted(before: datetime.datetime) -> int:
    """End running jobs whose worker has given no sign of life since a moment, or begin them again.

    What changes the register is for whoever asked to try again; a file is only waited for.
    """
    silent = Job.objects.filter(state=JobState.RUNNING, beat_at__lt=before)
    for job in silent.filter(attempts__lt=MOST_ATTEMPTS):
        # asked of a job alone: a worker at rest has read no kinds
        if job.kind in known_kinds() and kind_of(job).goes_on:
            _begin_again(job, silent)
    return _fail(silent)


def _begin_again(job: Job, silent: QuerySet[Job]) -> None:
    with transaction.atomic():
        # another worker may have swept it just now
        told = _("Chi la preparava si è fermato: ricomincia da sola.")
        fresh = {"state": JobState.WAITING, "message": told, "done_steps": 0}
        if silent.filter(pk=job.pk, attempts=job.attempts).update(**fresh):
            give_turn(turn_of(job), but=job.uid)
            logger.warning("job %s (%s) is begun again: its worker is gone", job.uid, job.kind)


def _sweep_lost(before: datetime.datetime) -> int:
    """End waiting jobs that no worker will ever be told of: the first of a turn that nobody has."""
    # jobs first, queue second: what leaves the queue in between no longer waits
    first = _first_waiting(Job.objects.filter(created_at__lt=before))
    if not first:
        return 0
    lost = [first[turn].pk for turn in first.keys() - turns_taken()]
    return _fail(Job.objects.filter(pk__in=lost, state=JobState.WAITING))


def _give_turns() -> None:
    """Queue what waits behind a job whose worker was killed."""
    first = _first_waiting(Job.objects.all())
    if first:
        for turn in first.keys() - turns_taken():
            give_turn(turn)


def _first_waiting(jobs) -> dict[Turn, Job]:
    """Return the oldest waiting job of each person and lane."""
    waiting = jobs.filter(state=JobState.WAITING).order_by("-created_at", "-id")
    return {turn_of(job): job for job in waiting}


def _fail(jobs) -> int:
    return jobs.update(
        state=JobState.FAILED, failure=interrupted(), message="", ended_at=clock.now()
    )


def _tidy_queue(stale: datetime.datetime, old: datetime.datetime) -> None:
    """Delete tasks that ended long ago, and those that run for a job that no longer does."""
    running = DBTaskResult.objects.running().filter(started_at__lt=stale, task_path=RUNNER)
    arguments_of = running.values_list("pk", "args_kwargs")
    tasks = {pk: arguments["args"][0] for pk, arguments in arguments_of}
    alive = Job.objects.filter(uid__in=tasks.values(), state=JobState.RUNNING)
    uids = {str(uid) for uid in alive.values_list("uid", flat=True)}
    dead = [pk for pk, uid in tasks.items() if uid not in uids]
    DBTaskResult.objects.filter(Q(pk__in=dead) | Q(status__in=_ENDED, finished_at__lt=old)).delete()


def _sweep_files(before: datetime.datetime) -> int:
    """Delete the files kept since before a moment, whichever door they came in by.

    Where their place is away they are left to a later round: a worker begins without it too, and
    does what needs no file.
    """
    count = 0
    with suppress(FilesAwayError):
        for store in passing_stores():
            count += _sweep_store(store, before)
    return count


def passing_stores() -> tuple[Storage, ...]:
    """Return the stores of files that nobody needs after a day.

    What jobs have prepared, interrupted attempts included; what was brought to the back office and
    never confirmed; what a process had taken of a request when it was killed. Files of a register
    are rows, and have their own term (`risk.services.imports.expiry`).
    """
    uploads = FileSystemStorage(location=settings.FILE_UPLOAD_TEMP_DIR)
    # first what is of this host, which is never away
    return uploads, job_files(), storages["import_export"]


def _sweep_store(store: Storage, before: datetime.datetime) -> int:
    try:
        folders, names = store.listdir("")
    except FileNotFoundError:
        return 0
    # the library puts its own in folders
    names += [f"{folder}/{name}" for folder in folders for name in store.listdir(folder)[1]]
    old = [name for name in names if store.get_modified_time(name) < before]
    for name in old:
        store.delete(name)
    return len(old)
