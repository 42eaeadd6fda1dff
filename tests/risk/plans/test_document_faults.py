"""The document of a plan where things go wrong: it is made whole, once, or it is said why not."""

import hashlib
import io
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pypdf import PdfReader

from registry.models import Job, Plan
from registry.services.jobs import job_files, retry_job, run_job
from risk.paper.fragments import IN_PIECES_FROM
from risk.services.plans.bound import bound_plan
from risk.tasks import ask_document
from tests.concurrency import race
from tests.people import people_of
from tests.register import complete_annex, make_annex, make_process
from tests.risk.plans.roomless import RoomlessStorage
from tests.soak import rounds
from tests.worker import mend, wait_for, work_off, worker

pytestmark = pytest.mark.django_db(transaction=True)
STEP = 0.4
"""Seconds later than in the round before a process is killed."""


@pytest.fixture
def plan() -> Plan:
    """A plan of two annexes, the first of which is drawn in pieces."""
    annex = complete_annex()
    for number in range(1, IN_PIECES_FROM):
        make_process(annex, f"Procedimento {number}")
    make_annex(annex.plan.administration, office="Ufficio secondo")
    return annex.plan


@pytest.fixture
def job(plan, settings) -> Job:
    """Its document, asked for and waiting for a worker, who has one store with the test."""
    settings.TASK_ENGINE = "database"
    jobs = settings.STORAGES["jobs"] | {"OPTIONS": {"location": settings.VAR_DIR / "jobs"}}
    settings.STORAGES = settings.STORAGES | {"jobs": jobs}
    return ask_document(plan=plan, by=people_of(plan.annexes.order_by("pk")[0])["rpct"])


def files(job: Job) -> list[Path]:
    return sorted(Path(job_files().path("")).glob(f"{job.uid}*"))


def drawings() -> set[Path]:
    return set(Path(job_files().path("")).glob("drawn-*"))


def is_half(file: Path) -> bool:
    """Tell whether a kept drawing is another than was written."""
    content = file.read_bytes()
    return hashlib.sha256(content[32:]).digest() != content[:32]


def is_one_document(job: Job) -> None:
    job.refresh_from_db()
    assert job.state == "done", job.failure
    (file,) = files(job)
    plan = Plan.objects.get()
    assert file.read_bytes() == bound_plan(plan=plan)
    told = [page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages]
    for number in range(1, IN_PIECES_FROM):
        assert any(f"Procedimento {number}" in one for one in told)
    assert Job.objects.filter(kind="bind-plan").count() == 1
    assert [one for one in drawings() if is_half(one)] == []
    assert [*Path(job_files().path("")).glob("*.part")] == []


def below(process: int) -> Iterator[int]:
    """Yield the processes that one has begun, and those they have."""
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from below(child)


def drawing_of(process: int) -> list[int]:
    """Return the processes that draw for a worker: those two below it."""
    try:
        begun = [*below(process)]
        return [one for one in begun if begun_by(one) != process]
    except OSError:
        return []


def begun_by(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.soak
@pytest.mark.parametrize("round", rounds(2, soak=20))
def test_a_worker_that_is_killed_in_the_middle(job, round):
    with worker() as process:
        wait_for(lambda job: "parti di" in job.message or bool(job.done_steps), job)
        time.sleep(round * STEP)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    mend(job)
    is_one_document(job)


@pytest.mark.soak
@pytest.mark.parametrize("round", rounds(2, soak=20))
def test_a_process_that_draws_is_killed_in_the_middle(job, round):
    """The drawing goes on in another one, or its end is told and what was drawn is kept."""
    with worker() as process:
        wait_for(lambda _job: bool(drawing_of(process.pid)), job)
        time.sleep(round * STEP)
        for one in drawing_of(process.pid):
            # one that came to its end meanwhile is gone by itself
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        wait_for(lambda job: not job.is_active, job)
    if job.state == "failed":
        assert "perché il processo che lo faceva è finito" in job.failure
        assert files(job) == []
        retry_job(job=job, by=job.by)
        work_off()
    is_one_document(job)


@pytest.fixture
def store(job, settings, tmp_path, monkeypatch) -> Path:
    """A store whose disk may have no room."""
    backend = f"{RoomlessStorage.__module__}.{RoomlessStorage.__qualname__}"
    jobs = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"jobs": jobs}
    monkeypatch.setattr(RoomlessStorage, "no_room_for", ())
    return tmp_path


def test_pieces_that_find_no_room_are_not_kept_and_the_document_is_made(job, store, monkeypatch):
    monkeypatch.setattr(RoomlessStorage, "no_room_for", ("drawn-",))
    run_job(uid=job.uid)
    assert drawings() == set()
    assert [one.name for one in store.iterdir()] == [one.name for one in files(job)]
    monkeypatch.setattr(RoomlessStorage, "no_room_for", ())
    is_one_document(job)


def test_a_document_that_finds_no_room_is_told_and_the_next_one_is_made(job, store, monkeypatch):
    monkeypatch.setattr(RoomlessStorage, "no_room_for", (str(job.uid),))
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure.startswith("Sul computer del registro non c’è più spazio.")
    kept = drawings()
    assert kept == set(store.iterdir())
    monkeypatch.setattr(RoomlessStorage, "no_room_for", ())
    retry_job(job=job, by=job.by)
    run_job(uid=job.uid)
    # nothing was drawn a second time
    assert drawings() == kept
    is_one_document(job)


@pytest.mark.soak
@pytest.mark.parametrize("round", rounds(2, soak=20))
def test_two_who_ask_at_once_have_one_job(plan, settings, round):
    settings.TASK_ENGINE = "database"
    by = people_of(plan.annexes.order_by("pk")[0])["rpct"]

    def asking(go):
        go()
        return ask_document(plan=plan, by=by).uid

    first, second = race(asking, asking)
    assert first == second == Job.objects.get().uid
