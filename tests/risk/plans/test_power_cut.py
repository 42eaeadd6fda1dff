"""Power cut: the process that adopts a plan is killed in the middle, and nothing is half."""

import hashlib
import os
import signal
import time

import pytest

from registry.models import Job
from risk.models import PlanIssue
from risk.services.verification.verifying import verify_file
from risk.tasks import ask_adoption
from tests.risk.plans.proposing import ACT, proposed_plan
from tests.risk.plans.test_races import is_whole
from tests.soak import rounds
from tests.worker import mend, wait_for, worker

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]

MOMENTS = {
    "Confronto gli allegati con le loro emissioni": 0.005,
    "Disegno il PDF": 0.1,
    "Registro l’adozione": 0.003,
}
"""When to strike: at these words, and in each round so many seconds later than the one before."""


@pytest.fixture
def job(settings) -> Job:
    """The adoption of a proposed plan, asked for and waiting for a worker."""
    proposed = proposed_plan()
    settings.TASK_ENGINE = "database"
    return ask_adoption(plan=proposed.plan, act=ACT, by=proposed.people["rpct"])


@pytest.mark.parametrize("round", rounds(3, soak=20))
def test_killed_in_the_middle_of_an_adoption(job, round):
    moment, later = list(MOMENTS.items())[round % len(MOMENTS)]
    plan = job.administration.plans.get()
    with worker() as process:
        wait_for(lambda job: job.message == moment, job)
        time.sleep(round * later)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    is_whole(plan)
    mend(job)
    assert is_whole(plan)
    issue = PlanIssue.objects.get()
    assert hashlib.sha256(bytes(issue.pdf)).hexdigest() == issue.pdf_digest
    assert verify_file(bytes(issue.pdf)).documents[0].plan_issue == issue
