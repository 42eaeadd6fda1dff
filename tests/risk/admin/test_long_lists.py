"""A list of the back office that takes longer than a page waits is a job, in and out."""

import io

import openpyxl
import pytest
from django.urls import reverse

from registry.admin import limited_formats, long_lists
from registry.models import Job, Office
from registry.services import list_files
from registry.services.jobs import cancel_job, run_job
from tests.people import client_of, make_member
from tests.risk.admin.test_files import address, confirmed, exported, imported, sheet

HEADS = ["Amministrazione", "Codice", "Denominazione"]


@pytest.fixture
def rpct(world, client):
    client.force_login(world.people["rpct"])
    return client


@pytest.fixture
def _soon_long(monkeypatch):
    """Take lists of three rows for long."""
    monkeypatch.setattr(limited_formats, "READY_UP_TO", 2)
    for module in (long_lists, list_files):
        monkeypatch.setattr(module, "READY_UP_TO", 2)


def offices(world, *names: str) -> bytes:
    own = world.a.administration.ipa_code
    return sheet(HEADS, *([own, f"Z{n}", name] for n, name in enumerate(names)))


def job_page(client, answer) -> str:
    assert answer.status_code == 302, answer.context
    return client.get(answer.headers["Location"]).content.decode()


def outcome_of(client, job: Job):
    ((_words, link),) = job.result["links"]
    return client.get(link)


NAMES = ("Sezione rossa", "Sezione verde", "Sezione blu")


@pytest.mark.usefixtures("_soon_long")
def test_a_long_file_is_read_by_a_job_and_written_by_another(world, rpct):
    answer = imported(rpct, Office, offices(world, *NAMES), "0")

    assert "Il file è letto." in job_page(rpct, answer)
    job = Job.objects.get()
    assert job.arguments["long"]
    assert "elenco.xlsx" in job.title
    page = outcome_of(rpct, job)
    text = page.content.decode()
    assert "Righe nuove: 3" in text
    assert "Sezione verde" in text
    assert not Office.objects.filter(code="Z1").exists()

    answer = rpct.post(address(Office, "process_import"), page.context["confirm_form"].initial)

    assert "righe: 3 nuove, 0 modificate, 0 invariate" in job_page(rpct, answer)
    row = Office.objects.get(code="Z1")
    assert row.name == "Sezione verde"
    assert row.history.first().history_user == world.people["rpct"]


def test_a_file_that_is_long_to_read_is_read_by_a_job(world, rpct, settings):
    settings.PAGE_SECONDS = 0

    answer = imported(rpct, Office, offices(world, "Sezione rossa"), "0")

    assert "Il file è letto." in job_page(rpct, answer)
    assert "Righe nuove: 1" in outcome_of(rpct, Job.objects.get()).content.decode()


@pytest.mark.usefixtures("_soon_long")
def test_what_is_wrong_with_a_long_file_is_told_row_by_row(world, rpct):
    answer = imported(rpct, Office, offices(world, "Sezione rossa", "Sezione rossa", "x"), "0")

    assert "Il file è letto." in job_page(rpct, answer)
    page = outcome_of(rpct, Job.objects.get())
    assert "Un altro ufficio ha già questa denominazione." in page.content.decode()
    assert "confirm_form" not in page.context


@pytest.mark.usefixtures("_soon_long")
def test_what_changed_before_a_long_file_is_written_is_refused(world, rpct):
    imported(rpct, Office, offices(world, *NAMES), "0")
    page = outcome_of(rpct, Job.objects.get())
    body = world.a.administration
    Office.objects.create(administration=body, code="QUI", name="Sezione verde")

    confirmed(rpct, Office, page)

    job = Job.objects.get(kind="take-list")
    assert job.state == "failed"
    assert "Riga 3" in job.failure
    assert not Office.objects.filter(code="Z0").exists()


@pytest.mark.usefixtures("_soon_long")
def test_what_a_job_has_found_is_shown_to_who_asked_and_on_its_own_page_alone(world, rpct):
    imported(rpct, Office, offices(world, *NAMES), "0")
    ((_words, link),) = Job.objects.get().result["links"]
    other = make_member("altra", "rpct", body=world.a.administration)
    type(other).objects.filter(pk=other.pk).update(is_staff=True)
    assert client_of(other).get(address(Office, "import")).status_code == 200
    assert client_of(other).get(link).status_code == 404
    assert rpct.get(link).status_code == 200
    assert rpct.get(link.replace("office", "riskarea")).status_code == 404
    assert rpct.get(address(Office, "import") + "?lavoro=niente").status_code == 404


@pytest.mark.usefixtures("_soon_long")
def test_a_cancelled_job_writes_nothing(world, rpct, settings):
    imported(rpct, Office, offices(world, *NAMES), "0")
    page = outcome_of(rpct, Job.objects.get())
    settings.TASK_ENGINE = "database"
    rpct.post(address(Office, "process_import"), page.context["confirm_form"].initial)
    job = Job.objects.get(kind="take-list")
    cancel_job(job=job, by=job.by)
    run_job(uid=job.uid)
    assert not Office.objects.filter(code="Z0").exists()


@pytest.mark.usefixtures("_soon_long")
@pytest.mark.parametrize(("kind", "suffix"), [("0", "xlsx"), ("3", "json")])
def test_a_long_list_goes_out_by_a_job(world, rpct, monkeypatch, kind, suffix):
    for number, name in enumerate(NAMES):
        Office.objects.create(administration=world.a.administration, code=f"Z{number}", name=name)
    with monkeypatch.context() as short:
        short.setattr(long_lists, "READY_UP_TO", 1000)
        at_once = exported(rpct, Office, kind)

    answer = rpct.post(address(Office, "export"), {"format": kind, "resource": ""})
    offer = rpct.get(answer.headers["Location"])
    assert "È un elenco lungo" in offer.content.decode()
    rpct.post(reverse("registry:prepare_list"), {"elenco": offer.context["token"]})

    job = Job.objects.get()
    assert job.state == "done", job.failure
    file = rpct.get(reverse("registry:job_file", args=[job.uid])).getvalue()
    assert job.result["file_name"].endswith(suffix)
    assert rows_of(file, suffix) == rows_of(at_once, suffix)


def rows_of(content: bytes, suffix: str) -> list:
    if suffix == "json":
        return content.decode().splitlines()
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.active.rows]
