"""Power cut: the process that issues an annex is killed in the middle, and nothing is half."""

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from registry.models import Annex, Job
from registry.services.trail_verification import verify_trail
from risk.models import AnnexIssue, Transition
from risk.services.verification.verifying import verify_file
from risk.tasks import ask_issue
from tests.people import people_of
from tests.register import close, complete_annex
from tests.soak import rounds
from tests.worker import LONGEST_WAIT, mend, wait_for, worker

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]

MOMENTS = {"Preparo i dati": 0.005, "Disegno il PDF": 0.1, "Registro l’emissione": 0.003}
"""When to strike: at these words, and in each round so many seconds later than the one before."""


@pytest.fixture
def job(settings) -> Job:
    """The issue of a validated annex, asked for and waiting for a worker."""
    settings.TASK_ENGINE = "database"
    annex = complete_annex()
    rpct = people_of(annex)["rpct"]
    close(annex, "validated")
    return ask_issue(annex=Annex.objects.with_names().get(pk=annex.pk), by=rpct)


def is_whole_or_not_at_all() -> bool:
    """Tell whether there is an issue; fail when it is there in part."""
    issues, moves = list(AnnexIssue.objects.all()), Transition.objects.filter(verb="issue")
    state = Annex.objects.get().state
    assert (len(issues), moves.count(), state) in ((0, 0, "validated"), (1, 1, "issued"))
    for issue in issues:
        assert hashlib.sha256(bytes(issue.pdf)).hexdigest() == issue.pdf_digest
        assert hashlib.sha256(issue.data.encode()).hexdigest() == issue.data_digest
        assert verify_file(bytes(issue.pdf)).documents[0].issue == issue
    assert verify_trail() == []
    return bool(issues)


def children_of(process: int) -> list[int]:
    """Return the processes whose parent this is."""
    listing = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in listing.split()]


def is_over(process: int) -> bool:
    """Tell whether a process has ended, even if nobody has asked for its exit code yet."""
    try:
        words = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return words.rsplit(")", 1)[1].split()[0] == "Z"


@pytest.mark.parametrize("round", rounds(3, soak=20))
def test_killed_in_the_middle_of_an_issue(job, round):
    moment, later = list(MOMENTS.items())[round % len(MOMENTS)]
    with worker() as process:
        wait_for(lambda job: job.message == moment, job)
        time.sleep(round * later)
        helpers = children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    is_whole_or_not_at_all()
    mend(job)
    assert is_whole_or_not_at_all()
    until = time.monotonic() + LONGEST_WAIT
    while not all(map(is_over, helpers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert all(map(is_over, helpers))


def test_a_worker_told_to_stop_ends_what_it_is_doing(job):
    with worker() as process:
        wait_for(lambda job: job.message == "Disegno il PDF", job)
        process.terminate()
        assert process.wait(timeout=LONGEST_WAIT) == 0
    job.refresh_from_db()
    assert job.state == "done"
    assert is_whole_or_not_at_all()
