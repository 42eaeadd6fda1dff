"""Whose job is next: of each person one job a lane is in the queue, the rest wait for its end.

So nobody holds two workers of a lane, and who asks for one job waits behind one of each of the
others, however many these have asked for.
"""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from registry.enums import JobState
from registry.models import Job, User

SHORT, LONG = "default", "long"
"""The lanes of the queue: what takes seconds never waits behind what takes minutes."""
REQUEST = "request"
"""Among the arguments of a job, beside `LONG`: the id of the request it was asked in."""

RUNNER = "registry.tasks.run"
"""The task a worker runs for every job; by name, because tasks stand above services."""

_QUEUED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)

Turn = tuple[int, str]
"""A person and a lane."""


def lane_of(job: Job) -> str:
    """Return the lane a job is done in."""
    return LONG if job.arguments.get(LONG) else SHORT


def turn_of(job: Job) -> Turn:
    """Return whose turn a job takes, and in which lane."""
    return job.by_id, lane_of(job)


def give_turn(turn: Turn, *, but: UUID | str = "") -> None:
    """Put the oldest job a person has waiting in a lane into the queue, unless one is there.

    `but` is a job that leaves it just now, or comes back to it. Where pages do the work nothing is
    done.
    """
    if settings.TASK_ENGINE != "database":
        return
    with transaction.atomic():
        # two that ask or end at once must not both find the place free
        User.objects.select_for_update(no_key=True).get(pk=turn[0])
        if turn in turns_taken(by=turn[0], but=str(but)):
            return
        waiting = Job.objects.filter(by=turn[0], state=JobState.WAITING)
        oldest_first = waiting.order_by("created_at", "id")
        job = next((job for job in oldest_first if turn_of(job) == turn), None)
        if job is not None:
            task = import_string(RUNNER).using(queue_name=turn[1])
            task.enqueue(str(job.uid), request_id=job.arguments.get(REQUEST, ""))


def turns_taken(*, by: int | None = None, but: str = "") -> set[Turn]:
    """Return who has a job in the queue or in hand, and in which lane; of one person, or of all.

    A job that was cancelled counts for as long as a worker has it in hand.
    """
    queued = uids_queued() - {but}
    jobs = Job.objects.all() if by is None else Job.objects.filter(by=by)
    running = jobs.filter(state=JobState.RUNNING)
    return {turn_of(job) for job in (*jobs.filter(uid__in=queued), *running)}


def uids_queued() -> set[str]:
    """Return the jobs the queue tells a worker of, or has told one who is at it."""
    tasks = DBTaskResult.objects.filter(status__in=_QUEUED, task_path=RUNNER)
    return {arguments["args"][0] for arguments in tasks.values_list("args_kwargs", flat=True)}


def ahead_of(job: Job) -> Job | None:
    """Return the job of the same person that a waiting one begins after; None when it is next."""
    if job.state != JobState.WAITING or str(job.uid) in uids_queued():
        return None
    earlier = Job.objects.filter(by=job.by_id).active().exclude(pk=job.pk)
    return next(
        (one for one in earlier.order_by("created_at") if lane_of(one) == lane_of(job)), None
    )
