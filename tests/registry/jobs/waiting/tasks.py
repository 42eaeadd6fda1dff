"""A job that lasts as long as a test wants, in whichever process it is done."""

import time
from pathlib import Path

from registry.models import Job
from registry.services.jobs import JobKind, Progress, Result, check_wanted, register_kind

KIND = "prova-attesa"
MOST = 120
"""Seconds after which it gives up."""


def _until_told(job: Job, progress: Progress) -> Result:
    until = time.monotonic() + MOST
    while not Path(job.arguments["until"]).exists():
        assert time.monotonic() < until, "nobody has told it to end"
        check_wanted()
        time.sleep(0.05)
    return Result(message="Finito.")


register_kind(JobKind(name=KIND, label=KIND, work=_until_told, place=lambda job: "/"))
