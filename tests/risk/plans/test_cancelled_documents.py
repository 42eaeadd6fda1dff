"""A document, a text and a pack cancelled at any of their steps: nothing half remains."""

import tempfile
from multiprocessing.util import get_temp_dir
from pathlib import Path

import pytest
from django.db import connection

from registry.models import Job
from registry.services.jobs import cancel_job, job_files, run_job
from risk.tasks import ask_document, ask_pack, ask_plan_text
from tests.people import people_of
from tests.register import complete_annex, make_annex

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {
    "document": ask_document,
    "text": lambda **named: ask_plan_text(suffix="docx", **named),
    "pack": ask_pack,
}


@pytest.fixture(autouse=True)
def _queued(settings):
    settings.TASK_ENGINE = "database"


class Cancelling:
    """Cancels a job as soon as it has said how far it is so many times, or where it would end."""

    def __init__(self, job: Job, step: int) -> None:
        self.job, self.step, self.seen, self.is_done = job, step, 0, False

    def __call__(self, execute, sql, params, many, context):
        self.seen += sql.startswith('UPDATE "registry_job"') and '"done_steps"' in sql
        # outside of what is written or not as a whole, as any other person would
        if self.seen > self.step and not (self.is_done or connection.in_atomic_block):
            self.is_done = True
            cancel_job(job=self.job, by=self.job.by)
        return execute(sql, params, many, context)


def own_files(job: Job) -> list[str]:
    return [one.name for one in Path(job_files().path("")).glob(f"{job.uid}*")]


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_whenever_it_is_cancelled_nothing_half_remains(kind, tmp_path, monkeypatch):
    # what is there for a moment only; others write to that of the machine, and the processes that
    # draw have a folder there for as long as this one lives
    get_temp_dir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    annex = complete_annex()
    make_annex(annex.plan.administration, office="Ufficio secondo")
    by = people_of(annex)["rpct"]
    for step in range(20):
        job = ASKED[kind](plan=annex.plan, by=by)
        cancelling = Cancelling(job, step)
        with connection.execute_wrapper(cancelling):
            run_job(uid=job.uid)
        job.refresh_from_db()
        if not cancelling.is_done:
            # it has fewer steps, and came to its end
            assert (job.state, len(own_files(job))) == ("done", 1)
            break
        assert (job.state, job.result) == ("failed", {"cancelled": True}), step
        assert own_files(job) == [], step
        assert list(tmp_path.iterdir()) == [], step
    # each annex, what follows, and the end
    assert step >= 3
