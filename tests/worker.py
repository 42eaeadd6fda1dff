"""A real worker beside the test, on the test's own database, in a process that can be killed."""

import datetime
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from registry.models import Job
from registry.services.expiry import sweep
from registry.services.jobs import kind_of, retry_job

LONGEST_WAIT = 180
"""Seconds after which a test gives up waiting: much, because other tests may keep the machine."""


@contextmanager
def worker(*arguments: str, settings_of: str = "ptpct.settings") -> Iterator[subprocess.Popen]:
    """Run `manage.py run_worker` until the block ends, at the latest; see `environment`."""
    command = [sys.executable, "manage.py", "run_worker", "--verbosity", "0", "--no-startup-delay"]
    process = subprocess.Popen(
        [*command, "--interval", "0.1", *arguments],
        cwd=settings.BASE_DIR,
        env=environment() | {"DJANGO_SETTINGS_MODULE": settings_of},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def work_off() -> None:
    """Let a worker do all that waits, and return when it has ended by itself."""
    with worker("--batch") as process:
        assert process.wait(timeout=LONGEST_WAIT) == 0


def mend(job: Job) -> None:
    """Bring a job whose worker was killed to its end, as a person would; fail where that fails.

    What only prepares a file goes on by itself, and nobody has to ask again.
    """
    sweep(stale_after=datetime.timedelta(0))
    job.refresh_from_db()
    if job.state != "done":
        assert job.state == ("waiting" if kind_of(job).goes_on else "failed")
        if job.state == "failed":
            assert "interrotta" in job.failure, job.failure
            retry_job(job=job, by=job.by)
        work_off()
        job.refresh_from_db()
    assert job.state == "done", job.failure


def environment() -> dict[str, str]:
    """Return what a process needs to be the same installation as the test."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ptpct.settings",
        "DATABASE_URL": database_url(),
        "PTPCT_VAR_DIR": str(settings.VAR_DIR),
        "PTPCT_SECRET_KEY": settings.SECRET_KEY,
        "PTPCT_TASKS": "database",
        "PTPCT_LOG_LEVEL": "WARNING",
    }


def database_url() -> str:
    """Return the address of the database the test is using."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"


def wait_for(reached: Callable[[Job], bool], job: Job) -> Job:
    """Return the job as soon as it is as wanted, or at its end; fail when that takes too long."""
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        job.refresh_from_db()
        if reached(job) or not job.is_active:
            return job
        time.sleep(0.005)
    raise AssertionError(f"the job is still {job.state}: {job.message}")
