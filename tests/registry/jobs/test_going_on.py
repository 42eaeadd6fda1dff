"""A file whose worker was killed is prepared by the next one; what changes the register waits."""

import datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.models import Job, User
from registry.services import jobs
from registry.services.expiry import sweep
from registry.services.jobs import kind_of, known_kinds, run_job
from tests.register import make_body
from tests.registry.jobs.kinds import PAPER, ask

pytestmark = pytest.mark.django_db

PREPARE = {
    PAPER,
    *("bind-plan", "compare-plans", "pack-plan", "write-plan", "write-plan-text"),
    *("draw-annex", "mark-annex", "write-annex", "write-annex-text", "write-list"),
    *("round-books", "round-report", "year-paper", "write-open-data"),
}
"""All other kinds change rows: whoever asked looks first at what became of them."""


@pytest.fixture
def job(settings) -> Job:
    settings.TASK_ENGINE = "database"
    return ask(make_body(), User.objects.create_user("rpct"), "file", kind=PAPER)


def killed(job: Job) -> Job:
    """Let a worker begin a job, and be gone for three minutes."""
    then = timezone.now() - datetime.timedelta(minutes=3)
    attempts = job.attempts + 1
    Job.objects.filter(pk=job.pk).update(state="running", attempts=attempts, beat_at=then)
    DBTaskResult.objects.filter(status="READY").update(status="RUNNING", started_at=then)
    return job


def test_a_file_is_prepared_by_the_next_worker(job):
    killed(job)

    assert sweep().interrupted == 0
    job.refresh_from_db()
    assert (job.state, job.message) == (
        "waiting",
        "Chi la preparava si è fermato: ricomincia da sola.",
    )
    # the queue tells the next worker of it, and of nothing else
    queued = DBTaskResult.objects.filter(status="READY")
    assert [task.args_kwargs["args"] for task in queued] == [[str(job.uid)]]
    assert sweep().interrupted == 0
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result["file_name"]) == ("done", 2, "ecco.txt")


def test_what_kills_its_workers_comes_to_an_end(job):
    killed(job)
    sweep()
    job.refresh_from_db()
    killed(job)

    assert sweep().interrupted == 1
    job.refresh_from_db()
    assert (job.state, "interrotta" in job.failure) == ("failed", True)


@pytest.mark.usefixtures("job")
def test_a_sweep_that_finds_nothing_silent_reads_no_kinds():
    """A worker at rest sweeps again and again, and what kinds of work are made of stays unread."""
    jobs._read_kinds.cache_clear()

    sweep()
    assert jobs._read_kinds.cache_info().currsize == 0


def test_only_what_prepares_a_file_goes_on():
    goes_on = {name for name in known_kinds() if kind_of(Job(kind=name)).goes_on}

    assert goes_on == PREPARE
