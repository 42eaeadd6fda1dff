"""Long work outside the page: asking for it, how far it is, what came of it, trying again.

A kind of work is registered by name (`register_kind`), so that rooms above this one add theirs in
their `tasks` module, which is read when a kind is asked for: a worker at rest needs none. The queue
only says that a job waits; what is true of it stands in its row, and only whoever holds the running
attempt may write there: a worker that was given up for dead and wakes again finds its job gone.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from threading import RLock
from time import monotonic
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.translation import gettext as _

from registry import clock
from registry.enums import JobState
from registry.models import Administration, Job, User
from registry.readable import grouped
from registry.services.turns import LONG, REQUEST, RUNNER, give_turn, turn_of
from registry.system_faults import FilesAwayError, is_disk_full
from registry.tracing import current_trace
from registry.trail.subjects import Subject
from registry.waiting import waited_too_long

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""Says how far the work is: steps done, steps in all, and in Italian what is being done now."""


def no_progress(done: int, total: int, message: str) -> None:
    """Progress of work that nobody watches."""


class JobRefusedError(Exception):
    """Something asked of a job may not be done; the message is an Italian sentence."""


class TooManyJobsError(JobRefusedError):
    """Somebody has asked for so much already that the others would wait behind it."""


class JobLostError(Exception):
    """The attempt this process works at is no longer the running one; its work must stop."""


@dataclass(frozen=True)
class Result:
    """What came of a job: a sentence, links to go on with, and perhaps a file to fetch."""

    message: str
    links: list[tuple[str, str]] = field(default_factory=list)
    """Words and address of each."""
    file: str = ""
    """Name in the store of the jobs, from `store_file`."""
    file_name: str = ""
    """Name a person saves it under."""
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    """Of work on several things, what came of each: `title`, `sentence`, `is_done`, `address`."""


@dataclass(frozen=True)
class JobKind:
    """One kind of long work. `work` does it; all it may raise for a person is in `refusals`."""

    name: str
    label: Any
    """What a person calls it, perhaps translated lazily."""
    work: Callable[[Job, Progress], Result]
    place: Callable[[Job], str]
    """Address of the page it was asked from."""
    refusals: tuple[type[Exception], ...] = ()
    """Errors whose text is an Italian sentence for the person who asked."""
    may_read: Callable[[User, Job], bool] = lambda user, job: True
    """Whether somebody who sees the job may have its file too."""
    undo: Callable[[User, Job], str] = lambda user, job: ""
    """Address where what it has done is taken back, "" where it is not."""
    goes_on: bool = False
    """Whether it begins again by itself where its worker was killed: it only prepares a file."""


_kinds: dict[str, JobKind] = {}
_reading, _read_kinds = RLock(), cache(partial(autodiscover_modules, "tasks"))


def _all_kinds() -> dict[str, JobKind]:
    # lanes of a worker may ask at once, and half of the kinds are none
    with _reading:
        _read_kinds()
    return _kinds


def register_kind(kind: JobKind) -> None:
    """Add a kind of work; a name taken by another is a mistake of the programmer."""
    if kind.name in _kinds:
        raise ValueError(f"kind of job registered twice: {kind.name}")
    _kinds[kind.name] = kind


def kind_of(job: Job) -> JobKind:
    """Return the kind of a job; raises `KeyError` when nobody registered it."""
    return _all_kinds()[job.kind]


def known_kinds() -> list[str]:
    """Return the names of all kinds; rows of a kind that a later version dropped are not shown."""
    return list(_all_kinds())


def kind_labels() -> list[tuple[str, str]]:
    """Return the names of all kinds, each with what a person calls it."""
    return [(kind.name, str(kind.label)) for kind in _all_kinds().values()]


def start_job(
    *,
    kind: str,
    by: User,
    administration: Administration,
    subject: str,
    title: str = "",
    arguments: dict[str, Any] | None = None,
    is_long: bool = False,
) -> Job:
    """Ask for long work and return its job; asked again meanwhile, the same job.

    What `is_long`, more than some seconds, is done in a lane of its own; in each lane the jobs of
    one person are done one after the other.

    "The same" is a waiting or running job of this kind and subject that the person may see. With
    the engine "immediate" the work is done when this returns. Raises `KeyError` for a kind nobody
    registered, and `TooManyJobsError` for who has too many waiting. What must be refused at once is
    checked by the caller before.
    """
    if kind not in _all_kinds():
        raise KeyError(kind)
    same = Job.objects.visible_to(by).active().filter(kind=kind, subject=subject)
    try:
        with transaction.atomic():
            if waiting := same.first():
                return waiting
            _check_waiting(by)
            job = Job.objects.create(
                kind=kind,
                by=by,
                administration=administration,
                subject=str(subject),
                title=title[:300],
                arguments={**(arguments or {}), LONG: is_long, REQUEST: current_trace().request_id},
            )
            give_turn(turn_of(job))
    except IntegrityError:
        # two clicks in the same instant: the other one has won, and is the newest
        return Job.objects.filter(by=by, kind=kind, subject=subject)[0]
    return _done_at_once(job)


def subject_of(job: Job) -> str:
    """Return what the file of a job is of, as the trail names it.

    A list of the back office is of whoever reads it, not of the body they have asked from.
    """
    is_list = job.subject.startswith("list ")
    return job.subject if is_list else Subject(job.subject, job.administration_id)


def retry_job(*, job: Job, by: User) -> Job:
    """Let a failed job wait again, as the person who asked for it.

    Raises `JobRefusedError` for anybody else, for a job that did not fail, and when the same work
    has been asked for anew meanwhile; then nothing has changed.
    """
    if job.by_id != by.pk:
        raise JobRefusedError(_("Riprova solo chi ha chiesto l’operazione."))
    failed = Job.objects.filter(pk=job.pk, state=JobState.FAILED)
    fresh = {"failure": "", "message": "", "done_steps": 0, "ended_at": None, "result": {}}
    try:
        with transaction.atomic():
            if not failed.update(state=JobState.WAITING, **fresh):
                raise JobRefusedError(_("Si riprova solo un’operazione non riuscita."))
            give_turn(turn_of(job), but=job.uid)
    except IntegrityError as error:
        raise JobRefusedError(_("Questa operazione è già stata chiesta di nuovo.")) from error
    return _done_at_once(job)


def cancel_job(*, job: Job, by: User) -> None:
    """End a job that waits or runs, as the person who asked for it; its work stops within seconds.

    Raises `JobRefusedError` for anybody else, and for a job that has ended already.
    """
    if job.by_id != by.pk:
        raise JobRefusedError(_("Annulla solo chi ha chiesto l’operazione."))
    with transaction.atomic():
        active = Job.objects.active().select_for_update().filter(pk=job.pk).first()
        if active is None:
            raise JobRefusedError(_("L’operazione è già finita."))
        active.state, active.ended_at = JobState.FAILED, clock.now()
        active.failure, active.message = _("Annullata da chi l’ha chiesta."), ""
        # what was done of several things stays done, and told
        active.result |= {"cancelled": True}
        active.save(update_fields=["state", "ended_at", "failure", "message", "result"])


def run_job(*, uid: UUID | str) -> None:
    """Do the work of a waiting job; of any other, nothing. For the runner alone.

    Whatever happens ends in the row: a refusal with its own words, anything unforeseen with a
    neutral sentence and its traceback in the log.
    """
    job = _begin(uid)
    try:
        if job is not None:
            _work(job)
    finally:
        asked = job or Job.objects.filter(uid=uid).first()
        if asked is not None:
            give_turn(turn_of(asked), but=uid)


def _work(job: Job) -> None:
    """Do the work of a job this process has begun, and write what came of it."""
    _held.append(job)
    token = _looked_at.set((job, monotonic()))
    try:
        kind = kind_of(job)
        try:
            result = kind.work(job, partial(report, job))
        except kind.refusals as refused:
            _end(job, state=JobState.FAILED, failure=str(refused))
        else:
            _end(job, state=JobState.DONE, result=asdict(result), message="")
    except JobLostError:
        logger.warning("job %s was taken from this process", job.uid)
    except Exception as error:
        logger.exception("job %s (%s) failed", job.uid, job.kind)
        _end(job, state=JobState.FAILED, failure=_of_machine(error) or _unexpected())
    except BaseException:
        _end(job, state=JobState.FAILED, failure=interrupted())
        raise
    finally:
        _held.remove(job)
        _looked_at.reset(token)


def report(job: Job, done: int, total: int, message: str) -> None:
    """Say how far a job is, in a transaction of its own, so that its page can tell.

    Raises `JobLostError` when the job has been given up for interrupted meanwhile.
    """
    steps = {"done_steps": done, "total_steps": total, "message": message[:300]}
    with transaction.atomic(durable=True):
        if not _attempt(job).update(beat_at=clock.now(), **steps):
            raise JobLostError(job.uid)


def note_outcome(job: Job, outcome: dict[str, Any]) -> None:
    """Keep what came of one of the several things a job is about: it is told, whatever follows.

    Raises `JobLostError` when the job was cancelled or given up for interrupted meanwhile.
    """
    with transaction.atomic(durable=True):
        # whoever cancels at this moment waits, or is waited for: what was done is told all the same
        now = Job.objects.select_for_update().get(pk=job.pk)
        if now.attempts == job.attempts:
            now.result.setdefault("outcomes", []).append(outcome)
            Job.objects.filter(pk=job.pk).update(beat_at=clock.now(), result=now.result)
    if now.attempts != job.attempts or now.state != JobState.RUNNING:
        raise JobLostError(job.uid)


def beat() -> None:
    """Renew the sign of life of what this process works at; called again and again by a worker."""
    for job in list(_held):
        _attempt(job).update(beat_at=clock.now())


def interrupted() -> str:
    """Return what is said of work that nobody does any more."""
    return _("L’operazione è stata interrotta prima della fine. Nulla è rimasto a metà: riprova.")


def job_files() -> Storage:
    """Return the store of the files that jobs prepare; outside the web root."""
    return storages["jobs"]


def store_file(job: Job, *, suffix: str, data: bytes | IO[bytes]) -> str:
    """Keep a file a job has prepared, until it is swept; return its name in the store.

    What is given as a file is copied piece by piece.
    """
    name = f"{job.uid}.{suffix}"
    # of an attempt that was interrupted after writing it
    job_files().delete(name)
    return job_files().save(name, ContentFile(data) if isinstance(data, bytes) else File(data))


_held: list[Job] = []
"""Jobs this process works at, one a lane, with their attempt."""
_looked_at: ContextVar[tuple[Job, float] | None] = ContextVar("looked_at", default=None)
"""The job this thread works at, and when it was last asked whether it is still wanted."""
LOOK_SECONDS = 2


def check_wanted() -> None:
    """Raise `JobLostError` when the job this thread works at was cancelled or given up for dead.

    Outside a job nothing is asked, and in one every two seconds at most. Work that says nothing of
    its steps for long calls it in between.
    """
    looked_at = _looked_at.get()
    if looked_at is None or monotonic() - looked_at[1] < LOOK_SECONDS:
        return
    job = looked_at[0]
    _looked_at.set((job, monotonic()))
    if not _attempt(job).exists():
        raise JobLostError(job.uid)


def is_in_job() -> bool:
    """Tell whether this thread works at a job: then no page waits for what it does."""
    return _looked_at.get() is not None


def _check_waiting(by: User) -> None:
    most = settings.MOST_JOBS_WAITING
    if Job.objects.filter(by=by).active().count() >= most:
        told = _("Hai già %(most)s operazioni in attesa: aspetta che finiscano, o annullane una.")
        raise TooManyJobsError(told % {"most": grouped(most)})


def _done_at_once(job: Job) -> Job:
    """With the engine "immediate" do the work now, outside the transaction that asked for it."""
    if settings.TASK_ENGINE == "immediate":
        import_string(RUNNER).using(backend="immediate").enqueue(str(job.uid))
    job.refresh_from_db()
    return job


def _attempt(job: Job):
    """Return the job's row, as long as it is this attempt that runs."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _begin(uid: UUID | str) -> Job | None:
    now = clock.now()
    taken = Job.objects.filter(uid=uid, state=JobState.WAITING).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now, beat_at=now
    )
    jobs = Job.objects.select_related("by", "administration")
    return jobs.get(uid=uid) if taken else None


def _end(job: Job, **values: Any) -> None:
    if values["state"] == JobState.DONE:
        values["done_steps"] = F("total_steps")
    if not _attempt(job).update(ended_at=clock.now(), **values):
        logger.warning("job %s had been given up when it ended", job.uid)
        file = values.get("result", {}).get("file")
        # of an attempt that came after, it would be the file of that one
        if file and Job.objects.filter(pk=job.pk, attempts=job.attempts).exists():
            job_files().delete(file)


def _of_machine(error: Exception) -> str:
    """Return what is said of an error that is none of the program’s; "" for any other."""
    if is_disk_full(error):
        return _(
            "Sul computer del registro non c’è più spazio. Nulla è rimasto a metà: avvisa chi lo "
            "cura, e riprova quando ne avrà fatto."
        )
    if isinstance(error, FilesAwayError):
        return _(
            "Il posto dei file non risponde come deve. Nulla è rimasto a metà: riprova fra poco."
        )
    if waited_too_long(error):
        return _(
            "Altri stavano salvando, e il turno non è arrivato. Nulla è rimasto a metà: riprova."
        )
    return ""


def _unexpected() -> str:
    return _(
        "Qualcosa di imprevisto ha fermato l’operazione. Nulla è rimasto a metà: riprova, e se si "
        "ripete avvisa chi cura il programma."
    )
