"""Long work: asked for once, its end in its row, tried again, swept when nobody does it."""

import datetime
import logging
import os

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.models import Job
from registry.services.expiry import KEEP_JOBS, sweep
from registry.services.jobs import (
    JobLostError,
    JobRefusedError,
    beat,
    job_files,
    report,
    retry_job,
    run_job,
    start_job,
)
from tests.people import make_member
from tests.register import make_body
from tests.registry.jobs.kinds import KIND, LONG_AGO, ask
from tests.worker import work_off

pytestmark = pytest.mark.django_db

AT_ONCE = datetime.timedelta(0)


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def rpct(body):
    return make_member("rpct", "rpct", body=body)


@pytest.fixture
def _queued(settings):
    """Leave the work to a worker, as an installation does."""
    settings.TASK_ENGINE = "database"


def test_the_work_is_done_and_told(body, rpct):
    job = ask(body, rpct)
    assert (job.state, job.attempts, job.failure) == ("done", 1, "")
    assert (job.done_steps, job.total_steps) == (2, 2)
    assert job.result["message"] == "Ecco fatto."
    assert job.started_at <= job.beat_at <= job.ended_at


def test_a_disk_that_is_full_is_told_and_the_work_can_be_done_again(body, rpct):
    job = ask(body, rpct, "full")
    assert job.state == "failed"
    assert "non c’è più spazio" in job.failure
    Job.objects.filter(pk=job.pk).update(arguments={"wanted": "done"})
    retry_job(job=job, by=rpct)
    job.refresh_from_db()
    assert job.state == "done"


def test_a_kind_nobody_knows_is_refused(body, rpct):
    with pytest.raises(KeyError):
        start_job(kind="ignoto", by=rpct, administration=body, subject="x")
    assert not Job.objects.exists()


def test_a_refusal_is_told_in_its_own_words(body, rpct):
    job = ask(body, rpct, "refusal")
    assert (job.state, job.failure) == ("failed", "È troppo.")


def test_a_mistake_is_told_without_its_words_and_logged(body, rpct, caplog):
    with caplog.at_level(logging.ERROR, logger="registry"):
        job = ask(body, rpct, "mistake")
    assert job.state == "failed"
    assert "imprevisto" in job.failure
    assert "segreto" not in job.failure
    assert "ZeroDivisionError: segreto" in caplog.text


@pytest.mark.usefixtures("_queued")
def test_stopping_the_worker_is_told_as_an_interruption(body, rpct):
    job = ask(body, rpct, "interrupt")
    with pytest.raises(KeyboardInterrupt):
        run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "interrotta" in job.failure) == ("failed", True)


@pytest.mark.usefixtures("_queued")
def test_job_and_task_are_there_together_or_not_at_all(body, rpct):
    with transaction.atomic():
        ask(body, rpct)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()
    job = ask(body, rpct)
    assert job.state == "waiting"
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(job.uid)]


@pytest.mark.usefixtures("_queued")
def test_the_same_work_is_asked_for_once(body, rpct):
    job = ask(body, rpct)
    other = make_member("rpct2", "rpct", body=body)
    assert ask(body, rpct) == job
    assert ask(body, other) == job
    assert DBTaskResult.objects.count() == 1
    assert ask(body, rpct, subject="prova 2") != job
    run_job(uid=job.uid)
    assert ask(body, rpct) != job


@pytest.mark.usefixtures("_queued")
def test_nobody_is_given_a_job_they_may_not_see(body, rpct):
    first, second = (make_member(name, "auditor", body=body) for name in ("uno", "due"))
    assert ask(body, first) != ask(body, second)


@pytest.mark.usefixtures("_queued")
def test_two_of_the_same_cannot_be_stored(body, rpct):
    ask(body, rpct)
    again = Job(kind=KIND, by=rpct, administration=body, subject="prova 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@pytest.mark.usefixtures("_queued")
def test_a_task_told_twice_is_done_once(body, rpct):
    job = ask(body, rpct)
    run_job(uid=job.uid)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 1)


def test_only_whoever_asked_tries_a_failed_job_again(body, rpct):
    job = ask(body, rpct, "refusal")
    other = make_member("rpct2", "rpct", body=body)
    with pytest.raises(JobRefusedError, match="chi ha chiesto"):
        retry_job(job=job, by=other)
    Job.objects.update(arguments={"wanted": "done"})
    assert retry_job(job=job, by=rpct).state == "done"
    assert (job.attempts, job.failure) == (2, "")
    with pytest.raises(JobRefusedError, match="non riuscita"):
        retry_job(job=job, by=rpct)


@pytest.mark.usefixtures("_queued")
def test_what_was_asked_for_anew_is_not_tried_again_beside(body, rpct):
    job = ask(body, rpct, "refusal")
    run_job(uid=job.uid)
    ask(body, rpct)
    with pytest.raises(JobRefusedError, match="chiesta di nuovo"):
        retry_job(job=job, by=rpct)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_process_whose_job_was_taken_stops_and_changes_nothing(body, rpct):
    job = ask(body, rpct, "loss")
    assert (job.state, job.failure) == ("failed", "interrotto")
    with pytest.raises(JobLostError):
        report(job, 1, 2, "Ancora")


def test_progress_is_never_told_inside_another_transaction(body, rpct):
    job = ask(body, rpct)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        report(job, 1, 2, "Ancora")


def begun(job: Job, *, minutes_ago: int) -> Job:
    """Leave a job as a worker leaves it that was killed."""
    then = timezone.now() - datetime.timedelta(minutes=minutes_ago)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, beat_at=then)
    DBTaskResult.objects.update(status="RUNNING", started_at=then)
    return job


@pytest.mark.usefixtures("_queued")
def test_silent_work_is_swept_and_tried_again(body, rpct):
    job = begun(ask(body, rpct), minutes_ago=1)
    assert sweep().interrupted == 0
    begun(job, minutes_ago=3)
    assert sweep().interrupted == 1
    job.refresh_from_db()
    assert (job.state, "interrotta" in job.failure) == ("failed", True)
    # the queue forgets the task that would have run for ever
    assert not DBTaskResult.objects.exists()
    retry_job(job=job, by=rpct)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


@pytest.mark.usefixtures("_queued")
def test_waiting_work_is_left_alone_while_it_is_in_the_queue(body, rpct):
    job = ask(body, rpct)
    assert sweep(stale_after=AT_ONCE).interrupted == 0
    DBTaskResult.objects.all().delete()
    assert sweep(stale_after=AT_ONCE).interrupted == 1
    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.usefixtures("_queued")
def test_tasks_that_are_no_jobs_are_left_alone(body, rpct):
    begun(ask(body, rpct), minutes_ago=3)
    now, nothing = timezone.now(), {"args": [], "kwargs": {}}
    other = DBTaskResult.objects.create(
        task_path="altro.compito",
        args_kwargs=nothing,
        backend_name="default",
        status="RUNNING",
        started_at=now - datetime.timedelta(days=1),
    )
    assert sweep().interrupted == 1
    assert DBTaskResult.objects.get() == other


def test_a_beat_renews_the_sign_of_life_of_work_in_hand_only(body, rpct):
    job = ask(body, rpct, "beat")
    assert job.beat_at > LONG_AGO
    Job.objects.update(beat_at=LONG_AGO)
    beat()
    job.refresh_from_db()
    assert job.beat_at == LONG_AGO


def test_old_jobs_and_old_files_go(body, rpct):
    job = ask(body, rpct, "file")
    assert job_files().exists(job.result["file"])
    assert sweep().files == 0
    path = job_files().path(job.result["file"])
    old = (timezone.now() - datetime.timedelta(days=2)).timestamp()
    os.utime(path, (old, old))
    assert sweep().files == 1
    assert not job_files().exists(job.result["file"])
    Job.objects.update(ended_at=timezone.now() - KEEP_JOBS - AT_ONCE)
    call_command("sweep_jobs", verbosity=0)
    assert not Job.objects.exists()


def test_a_worker_has_nothing_to_do_where_pages_do_the_work():
    with pytest.raises(CommandError, match="PTPCT_TASKS=immediate"):
        call_command("run_worker")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_queued")
def test_a_worker_sweeps_what_another_left_behind(body, rpct):
    job = begun(ask(body, rpct), minutes_ago=3)
    work_off()
    job.refresh_from_db()
    assert (job.state, "interrotta" in job.failure) == ("failed", True)
