"""Kinds of work that exist in the tests only, and a job of each."""

import datetime
from pathlib import Path

from registry.models import Administration, Job, User
from registry.services.jobs import (
    JobKind,
    Progress,
    Result,
    beat,
    register_kind,
    start_job,
    store_file,
)

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


class TooMuchError(Exception):
    """A refusal the kinds of the tests announce."""


def _work(job: Job, progress: Progress) -> Result:
    wanted = job.arguments.get("wanted", "done")
    progress(0, 2, "Comincio")
    if wanted == "refusal":
        raise TooMuchError("È troppo.")
    if wanted == "mistake":
        raise ZeroDivisionError("segreto")
    if wanted == "full":
        Path("/dev/full").write_bytes(b"ecco")
    if wanted == "beat":
        Job.objects.filter(pk=job.pk).update(beat_at=LONG_AGO)
        beat()
    if wanted == "interrupt":
        raise KeyboardInterrupt
    if wanted == "loss":
        Job.objects.filter(pk=job.pk).update(state="failed", failure="interrotto")
    if wanted != "beat":
        progress(1, 2, "Finisco")
    name = store_file(job, suffix="txt", data=b"ecco") if wanted == "file" else ""
    links = [("Alla scrivania", "/")]
    return Result(message="Ecco fatto.", links=links, file=name, file_name="ecco.txt")


KIND = "prova"
PAPER = "prova di carta"
"""One that only prepares a file."""
for name in (KIND, PAPER):
    register_kind(
        JobKind(
            name=name,
            label="Lavoro di prova",
            work=_work,
            place=lambda job: "/",
            refusals=(TooMuchError,),
            may_read=lambda user, job: user.username != "collega",
            goes_on=name == PAPER,
        )
    )


def ask(
    body: Administration, by: User, wanted: str = "done", subject: str = "prova 1", kind: str = KIND
) -> Job:
    return start_job(
        kind=kind,
        by=by,
        administration=body,
        subject=subject,
        title="Una prova",
        arguments={"wanted": wanted},
    )
