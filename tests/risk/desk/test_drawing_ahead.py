"""Papers nobody asked for: drawn once when an annex is quiet, behind whatever was asked for."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Job, Process
from registry.services.editing import save_fields
from registry.services.jobs import job_files
from risk.services.desk import drawing_ahead
from risk.services.desk.drawing_ahead import Ahead, draw_ahead
from risk.services.plans.bound import bound_plan
from risk.tasks import ask_document
from tests.people import people_of
from tests.register import close, complete_annex

pytestmark = pytest.mark.django_db

AT_ONCE, LATER = datetime.timedelta(0), datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> Path:
    jobs = settings.STORAGES["jobs"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"jobs": jobs}
    cache.clear()
    return Path(job_files().path(""))


def kept(store: Path) -> dict[str, int]:
    """Return what is kept of drawings, and when each was written."""
    return {one.name: one.stat().st_mtime_ns for one in store.glob("drawn-*")}


def test_a_quiet_annex_is_drawn_once_and_the_plan_takes_what_was_drawn(store):
    annex = complete_annex()
    assert draw_ahead(quiet=LATER) == Ahead()
    assert kept(store) == {}
    assert draw_ahead(quiet=AT_ONCE) == Ahead(drawn=1)
    drawn = kept(store)
    assert len(drawn) == 1
    assert draw_ahead(quiet=AT_ONCE) == Ahead()
    bound_plan(plan=annex.plan)
    assert kept(store) == drawn
    # written again, it is drawn again
    process = Process.objects.get()
    save_fields(
        row=process,
        values={"title": "Rimborso di altri tributi"},
        version=process.version,
        kind="process",
        by=people_of(annex)["editor"],
    )
    assert draw_ahead(quiet=AT_ONCE) == Ahead(drawn=1)
    assert len(kept(store)) == 2


def test_whoever_has_asked_for_something_goes_first(store, settings):
    settings.TASK_ENGINE = "database"
    annex = complete_annex()
    ask_document(plan=annex.plan, by=people_of(annex)["rpct"])
    assert draw_ahead(quiet=AT_ONCE) == Ahead(left=1)
    assert kept(store) == {}
    Job.objects.all().delete()
    assert draw_ahead(quiet=AT_ONCE) == Ahead(drawn=1)


def test_what_was_issued_and_what_was_written_long_ago_is_not_drawn(store, monkeypatch):
    annex = complete_annex()
    close(annex, "issued")
    assert draw_ahead(quiet=AT_ONCE) == Ahead()
    monkeypatch.setattr(drawing_ahead, "KEPT", AT_ONCE)
    with CaptureQueriesContext(connection) as asked:
        assert draw_ahead(quiet=AT_ONCE) == Ahead()
    assert len(asked) <= 3
    assert kept(store) == {}


def test_the_command_says_what_it_did_and_that_it_is_off(settings):
    complete_annex()
    told = {}
    for seconds in (0, 3600):
        settings.DRAW_AHEAD_SECONDS = seconds
        out = io.StringIO()
        call_command("draw_ahead", stdout=out)
        told[seconds] = out.getvalue().strip()
        call_command("draw_ahead", stdout=(silent := io.StringIO()), verbosity=0)
        assert silent.getvalue() == ""
    assert told == {
        0: "Il disegno in anticipo è spento.",
        3600: "Allegati disegnati in anticipo: 0, rimandati: 0.",
    }
