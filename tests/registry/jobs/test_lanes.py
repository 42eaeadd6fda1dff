"""Nobody's short work waits behind somebody's long work, and nobody asks for everything."""

import signal
import time

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from registry.management.commands.run_worker import LaneWorker
from registry.models import Job
from registry.services.jobs import (
    JobKind,
    JobRefusedError,
    Progress,
    Result,
    TooManyJobsError,
    cancel_job,
    check_wanted,
    register_kind,
    retry_job,
    run_job,
    start_job,
)
from registry.services.turns import LONG, SHORT
from tests.people import client_of, make_member
from tests.register import make_body
from tests.registry.jobs.kinds import ask

MOST = 120
"""Seconds after which a work of these tests gives up."""


def _until_others_are_done(job: Job, progress: Progress) -> Result:
    until = time.monotonic() + MOST
    while Job.objects.exclude(pk=job.pk).active().exists():
        assert time.monotonic() < until, "the short work waits behind the long one"
        time.sleep(0.1)
    return Result(message="Per ultimo.")


def _until_unwanted(job: Job, progress: Progress) -> Result:
    cancel_job(job=job, by=job.by)
    until = time.monotonic() + MOST
    while time.monotonic() < until:
        check_wanted()
        time.sleep(0.1)
    return Result(message="Nessuno l’ha fermato.")


for name, work in (("prova-lunga", _until_others_are_done), ("prova-vana", _until_unwanted)):
    register_kind(JobKind(name=name, label=name, work=work, place=lambda job: "/"))


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def rpct(body):
    return make_member("rpct", "rpct", body=body)


@pytest.fixture
def colleague(body):
    return make_member("collega", "rpct", body=body)


@pytest.fixture(autouse=True)
def _queued(settings):
    settings.TASK_ENGINE = "database"


@pytest.fixture
def _own_signals():
    """A worker in this process takes the signals over."""
    taken = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    before = [signal.getsignal(one) for one in taken]
    yield
    for one, handler in zip(taken, before, strict=True):
        signal.signal(one, handler)


def ask_long(body, by) -> Job:
    return start_job(kind="prova-lunga", by=by, administration=body, subject="lungo", is_long=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_own_signals")
def test_the_short_work_asked_after_the_long_one_is_done_before_it(body, rpct):
    long, short = ask_long(body, rpct), ask(body, rpct)
    call_command("run_worker", "--batch", "--interval", "0.1", "--no-startup-delay", verbosity=0)
    for job in (long, short):
        job.refresh_from_db()
    assert [long.state, short.state] == ["done", "done"]
    assert short.ended_at < long.ended_at


@pytest.mark.usefixtures("_own_signals")
def test_who_tells_a_worker_to_stop_that_takes_no_more_cuts_no_job_off():
    worker = LaneWorker(
        queue_names=[SHORT],
        excluded_queue_names=[],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="prova",
    )
    worker.take_no_more()
    worker.running_task = True
    worker.shutdown(signal.SIGTERM, None)
    assert (worker.running, worker.is_told) == (False, True)
    with pytest.raises(SystemExit):
        worker.shutdown(signal.SIGTERM, None)


@pytest.mark.django_db
def test_a_job_waits_in_its_lane_and_is_tried_again_there(body, rpct):
    long, _short = ask_long(body, rpct), ask(body, rpct)
    queues = DBTaskResult.objects.order_by("enqueued_at").values_list("queue_name", flat=True)
    assert list(queues) == [LONG, SHORT]
    Job.objects.filter(pk=long.pk).update(state="failed", failure="interrotto")
    retry_job(job=long, by=rpct)
    assert list(queues.all()) == [LONG, SHORT, LONG]


@pytest.mark.django_db
def test_one_person_has_so_many_waiting_and_the_others_theirs(body, rpct, colleague, settings):
    settings.MOST_JOBS_WAITING = 2
    for number in range(2):
        ask(body, rpct, subject=f"prova {number}")
    with pytest.raises(TooManyJobsError, match="2 operazioni in attesa"):
        ask(body, rpct, subject="uno di troppo")
    # asked again it is the same, and somebody else has asked for nothing
    ask(body, rpct, subject="prova 1")
    ask(body, colleague, subject="altro")
    assert Job.objects.count() == 3


@pytest.mark.django_db
def test_a_job_is_cancelled_by_who_asked_for_it(body, rpct, colleague):
    job = ask(body, rpct)
    with pytest.raises(JobRefusedError, match="chi ha chiesto"):
        cancel_job(job=job, by=colleague)
    client = client_of(rpct)
    address = f"/operazioni/{job.uid}/"
    assert "Annulla l’operazione" in client.get(address).content.decode()
    client.post(address, {"annulla": "1"})
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "Annullata da chi l’ha chiesta.")
    for where in (address, "/operazioni/", "/operazioni/?formato=csv"):
        page = b"".join(client.get(where)).decode()
        assert "annullata" in page
        assert "non riuscita" not in page
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert job.attempts == 0
    with pytest.raises(JobRefusedError, match="già finita"):
        cancel_job(job=job, by=rpct)


@pytest.mark.django_db(transaction=True)
def test_its_work_stops_within_seconds(body, rpct):
    job = start_job(kind="prova-vana", by=rpct, administration=body, subject="vana")
    begun = time.monotonic()
    run_job(uid=job.uid)
    assert time.monotonic() - begun < MOST
    job.refresh_from_db()
    assert job.failure == "Annullata da chi l’ha chiesta."
