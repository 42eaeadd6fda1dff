"""A file somebody brings is read within limits, whoever brings it, and never fills the disk."""

import pytest
from django.urls import reverse

from registry.apart import StoppedError
from registry.models import Job
from registry.services.jobs import run_job
from registry.services.limited import limited_processes
from risk.enums import ImportState
from risk.models import RegisterImport
from risk.services.imports import ImportRefusedError
from risk.services.imports.report import ShownProcesses
from risk.services.imports.uploads import check_quotas
from tests.risk.imports.pages import KNOWN, text_of, upload
from tests.works import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def _no_page_waits(settings):
    settings.TASK_ENGINE = "database"
    settings.PAGE_SECONDS = 0


def read_by_a_job() -> tuple[RegisterImport, Job]:
    """Do the job a file was left to; return both."""
    job = Job.objects.get()
    run_job(uid=job.uid)
    job.refresh_from_db()
    return RegisterImport.objects.get(), job


@pytest.mark.usefixtures("_no_page_waits")
def test_what_a_page_does_not_wait_for_is_read_by_a_job(annex, editor):
    answer = upload(editor, annex.plan, KNOWN, office=annex.office.code)
    assert answer.headers["Location"] == reverse("registry:job", args=[Job.objects.get().uid])
    assert not bytes(RegisterImport.objects.get().tables)
    found, job = read_by_a_job()
    assert (job.state, found.state) == ("done", ImportState.UPLOADED)
    assert bytes(found.tables)
    assert [one["title"] for one in ShownProcesses(found)] == ["Rilascio di patrocini"]


@pytest.mark.usefixtures("_no_page_waits")
def test_what_cannot_be_read_is_said_by_the_job_and_set_aside(annex, editor):
    upload(editor, annex.plan, b"%PDF-1.7 non una tabella", name="registro.xlsx")
    found, job = read_by_a_job()
    assert (job.state, found.state) == ("failed", ImportState.DISCARDED)
    assert "Un PDF non dice" in job.failure
    assert not bytes(found.content)


def test_a_reading_has_the_memory_of_a_drawing_and_no_more(settings):
    with pytest.raises(StoppedError) as stopped:
        limited_processes().run(take, 2 * settings.DRAWING_MEGABYTES, seconds=300)
    assert stopped.value.reason == "memory"


@pytest.mark.parametrize("quota", ["PERSON_UPLOADS_MB", "BODY_UPLOADS_MB"])
def test_what_waits_already_leaves_no_room(annex, editor, settings, quota):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    setattr(settings, quota, 0)
    answer = upload(editor, annex.plan, KNOWN, office=annex.office.code)
    assert "che aspettano superano 0 MB" in text_of(answer)
    assert RegisterImport.objects.count() == 1


def test_the_quota_of_one_is_not_that_of_another(annex, editor, people, settings):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    settings.PERSON_UPLOADS_MB = 1
    RegisterImport.objects.update(content=b"x" * 1024 * 1024)
    with pytest.raises(ImportRefusedError, match="tuoi"):
        check_quotas(plan=annex.plan, content=b"x", by=people["editor"])
    check_quotas(plan=annex.plan, content=b"x", by=people["rpct"])
    # what was taken or set aside waits no more
    RegisterImport.objects.update(state=ImportState.DISCARDED)
    check_quotas(plan=annex.plan, content=b"x", by=people["editor"])
