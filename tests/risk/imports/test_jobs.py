"""Long files: read and taken as jobs, whole or not at all even when the process is killed."""

import os
import signal
import time

import pytest
from django.urls import reverse

from registry.models import Job, Process, TrailRecord
from registry.services.jobs import retry_job, run_job
from registry.services.trail_verification import verify_trail
from risk.models import RegisterImport
from risk.services.imports import apply_import
from risk.services.imports.report import is_read
from risk.tasks import ask_import, ask_preview, ask_undo
from risk.views.imports.steps import PROCESSES_A_PAGE
from tests.people import client_of
from tests.register import close, make_process
from tests.risk.imports.files import brought
from tests.risk.imports.pages import address, text_of, upload
from tests.soak import rounds
from tests.worker import mend, wait_for, worker

LINES = 500
LONG = "Processo;Area di rischio\n" + "".join(f"Processo {n};F\n" for n in range(LINES))


@pytest.fixture
def long_file(annex, people):
    """A long file that has been read and is ready to be taken."""
    return brought(annex.plan, annex.office, by=people["rpct"], content=LONG.encode())


@pytest.fixture
def _queued(settings):
    """Leave the work to a worker, as an installation does."""
    settings.TASK_ENGINE = "database"


def ask(long_file) -> Job:
    return ask_import(register_import=long_file, digest=long_file.report["digest"], by=long_file.by)


@pytest.mark.django_db
def test_a_long_file_is_read_and_taken_as_jobs_that_lead_on(annex, people):
    client = client_of(people["rpct"])
    answer = upload(client, annex.plan, LONG, office=annex.office.code)
    job = Job.objects.get()
    assert (job.kind, job.state) == ("preview-import", "done")
    assert answer.headers["Location"] == reverse("registry:job", args=[job.uid])
    page = client.get(answer.headers["Location"])
    assert "Il file è letto." in text_of(page)
    assert address("import") in text_of(page)
    page = client.get(address("import"), follow=True)
    assert page.redirect_chain[-1][0] == address("import_preview")
    assert f"Pagina 1 di {LINES // PROCESSES_A_PAGE}" in text_of(page)

    data = {"digest": page.context["report"]["digest"]}
    answer = client.post(address("import_preview"), data)
    job = Job.objects.get(kind="take-import")
    assert answer.headers["Location"] == reverse("registry:job", args=[job.uid])
    assert "Il file è nel registro." in text_of(client.get(answer.headers["Location"]))
    assert Process.objects.count() == LINES
    assert "Adesso guarda la mappa" in text_of(client.get(address("import")))

    answer = client.post(address("import_undo"))
    assert "L’importazione è annullata." in text_of(client.get(answer.headers["Location"]))
    assert not Process.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_queued")
def test_a_file_that_waits_to_be_read_says_so(annex, people):
    client = client_of(people["editor"])
    upload(client, annex.plan, LONG, office=annex.office.code)
    job = Job.objects.get()
    assert job.state == "waiting"
    assert "non è ancora stato letto" in text_of(client.get(address("import")))
    assert client.get(address("import_preview")).headers["Location"] == address("import")
    # asked again meanwhile, the same job
    client.post(address("import_read"))
    assert Job.objects.get() == job
    run_job(uid=job.uid)
    assert is_read(RegisterImport.objects.get())


@pytest.mark.django_db
@pytest.mark.usefixtures("_queued")
def test_what_changed_while_waiting_is_told_on_the_job(annex, long_file):
    job = ask(long_file)
    make_process(annex, "Processo 7")
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "guardala di nuovo" in job.failure) == ("failed", True)
    assert Process.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_queued")
def test_two_people_who_ask_for_the_same_file_take_it_once(annex, people):
    long_file = brought(annex.plan, annex.office, by=people["editor"], content=LONG.encode())
    # an editor does not see what the RPCT has asked for
    jobs = [
        ask_import(register_import=long_file, digest=long_file.report["digest"], by=people[who])
        for who in ("rpct", "editor")
    ]
    for job in jobs:
        run_job(uid=job.uid)
        job.refresh_from_db()
    assert [job.state for job in jobs] == ["done", "failed"]
    assert jobs[1].failure == "Il file è già stato importato o scartato."
    assert Process.objects.count() == LINES


@pytest.mark.django_db
@pytest.mark.usefixtures("_queued")
def test_a_job_cut_off_after_the_import_finds_it_done(long_file):
    job = ask(long_file)
    apply_import(register_import=long_file, digest=long_file.report["digest"], by=long_file.by)
    Job.objects.update(state="failed", failure="interrotto", attempts=1)
    retry_job(job=job, by=long_file.by)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert TrailRecord.objects.filter(kind="import").count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_queued")
def test_an_annex_closed_while_the_undoing_waits_keeps_its_rows(annex, long_file):
    apply_import(register_import=long_file, digest=long_file.report["digest"], by=long_file.by)
    job = ask_undo(register_import=long_file, by=long_file.by)
    close(annex)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "non si possono più modificare" in job.failure) == ("failed", True)
    assert Process.objects.count() == LINES


@pytest.mark.django_db
@pytest.mark.usefixtures("_queued")
def test_whoever_has_left_the_body_gets_nothing(long_file):
    job = ask_preview(register_import=long_file, by=long_file.by)
    long_file.by.memberships.update(ends_on="2020-12-31")
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "non spetta più" in job.failure) == ("failed", True)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_queued")
@pytest.mark.parametrize("round", rounds(2, soak=20))
def test_killed_in_the_middle_of_an_import(long_file, round):
    job = ask(long_file)
    with worker() as process:
        wait_for(lambda job: job.message == "Scrivo le righe nel registro", job)
        time.sleep(0.2 + round * 0.3)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    is_whole_or_not_at_all()
    mend(job)
    assert is_whole_or_not_at_all()


def is_whole_or_not_at_all() -> bool:
    """Tell whether the file is in the register; fail when it is there in part."""
    state, count = RegisterImport.objects.get().state, Process.objects.count()
    records = TrailRecord.objects.filter(kind="import").count()
    assert (state, count, records) in (("uploaded", 0, 0), ("taken", LINES, 1))
    assert Process.history.count() == count
    assert verify_trail() == []
    return state == "taken"
