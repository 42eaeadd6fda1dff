"""A correction that failed is written when it is tried again, whatever was corrected meanwhile."""

import pytest

from registry import clock
from registry.models import Job
from registry.services.jobs import retry_job, run_job
from risk.content.canonical import digest_of
from risk.content.round_values import written
from risk.enums import RoundVerb
from risk.models import RoundCorrection, RoundIssue
from risk.services.monitoring.report_data import round_content
from risk.services.monitoring.rounds import move_round
from risk.tasks import ask_correction
from tests.risk.monitoring.acts import closed

pytestmark = pytest.mark.django_db

FIRST = {"said": "La rotazione era avvenuta.", "reason": "Il decreto è arrivato dopo."}
SECOND = {"said": "Le pratiche erano cinque.", "reason": "Una era contata due volte."}


def issued(world) -> None:
    """Issue the round without its papers, which take seconds."""
    closed(world)
    rpct, data = world.people["rpct"], written(round_content(world.round))

    def keep(locked, _opened) -> None:
        said = {"issued_at": clock.now(), "data": data, "data_digest": digest_of(data)}
        RoundIssue.objects.create(round=locked, by=rpct, **said)

    move_round(row=world.round, verb=RoundVerb.ISSUE, by=rpct, before=keep)
    world.round.refresh_from_db()


def test_a_correction_is_written_whatever_else_was_meanwhile(world, settings):
    issued(world)
    rpct, row = world.people["rpct"], world.round
    settings.TASK_ENGINE = "database"
    job = ask_correction(row=row, by=rpct, **FIRST)

    def tried_again() -> str:
        fail = {"state": "failed", "failure": "interrotto", "attempts": 1}
        Job.objects.filter(pk=job.pk).update(**fail)
        job.refresh_from_db()
        retry_job(job=job, by=rpct)
        run_job(uid=job.uid)
        job.refresh_from_db()
        return job.state

    RoundCorrection.objects.create(round=row, by=rpct, **SECOND)
    assert tried_again() == "done"
    said = [one.said for one in RoundCorrection.objects.order_by("pk")]
    assert said == [SECOND["said"], FIRST["said"]], "that of another is not this one"
    assert tried_again() == "done", "as cut off after it was written, in its first second"
    assert RoundCorrection.objects.count() == len(said)
