"""One long job delays no other person's: whose turn it is, in the queue and with real workers."""

import datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.models import Job
from registry.services.expiry import sweep
from registry.services.jobs import cancel_job, run_job, start_job
from registry.tracing import Trace, traced
from tests.people import client_of, make_member
from tests.register import make_body
from tests.registry.jobs.kinds import KIND
from tests.registry.jobs.waiting.tasks import KIND as WAITING
from tests.worker import wait_for, worker

SOON = datetime.timedelta(seconds=5)


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def anna(body):
    return make_member("anna", "rpct", body=body)


@pytest.fixture
def bruno(body):
    return make_member("bruno", "auditor", body=body)


@pytest.fixture(autouse=True)
def _queued(settings):
    settings.TASK_ENGINE = "database"


def ask(by, subject: str, *, is_long: bool = True, kind: str = KIND, **arguments: str) -> Job:
    return start_job(
        kind=kind,
        by=by,
        administration=by.memberships.get().administration,
        subject=subject,
        title=f"Lavoro {subject}",
        arguments=arguments,
        is_long=is_long,
    )


def queue() -> list[str]:
    """Return the subjects of what workers are told of, the first first."""
    tasks = DBTaskResult.objects.filter(status="READY").order_by("enqueued_at")
    subjects = {str(job.uid): job.subject for job in Job.objects.all()}
    return [subjects[task.args_kwargs["args"][0]] for task in tasks]


def work_next() -> None:
    """Do what a worker does next, and nothing else."""
    task = DBTaskResult.objects.filter(status="READY").order_by("enqueued_at")[0]
    task.claim("prova")
    run_job(uid=task.args_kwargs["args"][0])
    task.set_successful(None)


def is_running(job: Job) -> bool:
    return job.state == "running"


@pytest.mark.django_db
@pytest.mark.parametrize("is_long", [True, False], ids=["long", "short"])
def test_a_second_job_waits_behind_the_first_ones_of_the_others(anna, bruno, is_long):
    for subject in ("a1", "a2", "a3"):
        ask(anna, subject, is_long=is_long)
    for subject in ("b1", "b2"):
        ask(bruno, subject, is_long=is_long)
    order = []
    while queue():
        order.append(queue()[0])
        work_next()
    assert order == ["a1", "b1", "a2", "b2", "a3"]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
def test_each_lane_has_its_own_turn(anna):
    ask(anna, "lungo")
    ask(anna, "corto", is_long=False)
    assert queue() == ["lungo", "corto"]


@pytest.mark.django_db
def test_what_waits_behind_a_cancelled_or_killed_job_has_its_turn(anna):
    first, second, third = (ask(anna, subject) for subject in ("a1", "a2", "a3"))
    cancel_job(job=first, by=anna)
    work_next()
    assert queue() == ["a2"]
    # a worker that is killed in the middle
    then = timezone.now() - datetime.timedelta(minutes=3)
    Job.objects.filter(pk=second.pk).update(state="running", attempts=1, beat_at=then)
    DBTaskResult.objects.filter(status="READY").update(status="RUNNING", started_at=then)
    assert sweep().interrupted == 1
    assert queue() == ["a3"]
    work_next()
    states = [Job.objects.get(pk=job.pk).state for job in (first, second, third)]
    assert states == ["failed", "failed", "done"]


@pytest.mark.django_db
def test_what_is_queued_later_keeps_the_request_it_was_asked_in(anna):
    for subject, number in (("a1", "1" * 32), ("a2", "2" * 32)):
        with traced(Trace(number)):
            ask(anna, subject)
    work_next()
    task = DBTaskResult.objects.get(status="READY")
    assert task.args_kwargs["kwargs"]["request_id"] == "2" * 32


@pytest.mark.django_db
def test_the_page_of_a_job_says_which_of_ones_own_it_begins_after(anna):
    first, second = ask(anna, "a1"), ask(anna, "a2")
    Job.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
    first_page, second_page = (
        client_of(anna).get(f"/operazioni/{job.uid}/").content.decode() for job in (first, second)
    )
    assert "Comincia quando finisce «Lavoro a1»" in second_page
    assert "Comincia quando" not in first_page
    # nobody has to think that the program has stopped
    assert "è in coda" not in second_page
    assert "è in coda" in first_page


@pytest.mark.django_db(transaction=True)
def test_one_long_job_delays_no_other_person(body, anna, bruno, tmp_path):
    carla = make_member("carla", "auditor", body=body)

    def begin(by, subject: str) -> Job:
        return ask(by, subject, kind=WAITING, until=str(tmp_path / subject))

    with worker(settings_of="tests.waiting_worker"):
        first = wait_for(is_running, begin(anna, "a1"))
        second = begin(anna, "a2")
        for by, subject in ((bruno, "b1"), (carla, "c1")):
            other = wait_for(is_running, begin(by, subject))
            assert is_running(other)
            assert other.started_at - other.created_at < SOON
            second.refresh_from_db()
            assert second.state == "waiting"
            (tmp_path / subject).touch()
            assert wait_for(lambda _job: False, other).state == "done"
        (tmp_path / "a1").touch()
        assert is_running(wait_for(is_running, second))
        first.refresh_from_db()
        assert first.state == "done"
