"""A long list is written outside the page: the same rows, for who asked, with their rights then."""

import json

import pytest
from django.urls import reverse

from registry.acts import act
from registry.models import Job, TrailRecord
from registry.services import list_files
from registry.services.jobs import job_files, run_job
from tests.people import client_of
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex(monkeypatch):
    monkeypatch.setattr(list_files, "READY_UP_TO", 2)
    annex = make_annex()
    for title in ("=Gara", "Concorso", "Concessione"):
        make_process(annex, title)
    return annex


def address_of(annex, **query) -> str:
    parts = [annex.plan.administration.ipa_code, annex.plan.slug]
    return reverse("risk:plan_processes", args=parts, query={**query, "formato": "json"})


def asked(client, address: str):
    """Ask for a long list: the page first, then its button."""
    page = client.get(address)
    return client.post(reverse("registry:prepare_list"), {"elenco": page.context["token"]})


def test_a_long_list_is_a_job_with_the_rows_that_were_filtered(annex, people):
    client = client_of(people["rpct"])
    page = client.get(address_of(annex))
    assert "3 righe, JSON" in page.content.decode()
    assert not TrailRecord.objects.filter(kind="export").exists()

    answer = asked(client, address_of(annex))

    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert (job.state, job.total_steps, job.title) == ("done", 3, "Processi, PTPCT 2021/2023")
    file = client.get(reverse("registry:job_file", args=[job.uid]))
    rows = json.loads(b"".join(file.streaming_content))
    assert [row["Processo"] for row in rows] == ["=Gara", "Concorso", "Concessione"]
    record = TrailRecord.objects.get(kind="export")
    assert record.subject == job.subject
    assert client.get(reverse("registry:job", args=[job.uid])).status_code == 200


def test_what_was_searched_for_is_not_on_the_trail_but_in_the_list(annex, people):
    client = client_of(people["rpct"])
    short = client.get(address_of(annex, q="conc"))
    assert len(json.loads(b"".join(short.streaming_content))) == 2
    list_files.READY_UP_TO = 1

    asked(client, address_of(annex, q="conc"))

    job = Job.objects.get()
    with job_files().open(job.result["file"]) as file:
        assert len(json.loads(file.read())) == 2
    assert "conc" not in job.subject


def test_rights_are_those_of_the_moment_it_is_written(annex, people, settings):
    settings.TASK_ENGINE = "database"
    asked(client_of(people["rpct"]), address_of(annex))
    people["rpct"].memberships.update(ends_on="2001-01-01", starts_on="2000-01-01")
    job = Job.objects.get()

    run_job(uid=job.uid)

    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure == "L’elenco non c’è più, o non spetta più a chi lo ha chiesto."


def test_a_list_is_prepared_only_for_whom_a_page_has_offered_it(annex, people):
    page = client_of(people["rpct"]).get(address_of(annex))
    data = {"elenco": page.context["token"]}
    prepare = reverse("registry:prepare_list")

    assert client_of(people["editor"]).post(prepare, data).status_code == 404
    assert client_of(people["rpct"]).post(prepare, {"elenco": "x"}).status_code == 404
    assert not Job.objects.exists()


def test_of_another_person_it_would_be_another_list(annex, people):
    asked(client_of(people["editor"]), address_of(annex))
    address = reverse("registry:job_file", args=[Job.objects.get().uid])

    assert b"".join(client_of(people["editor"]).get(address).streaming_content)
    assert client_of(people["rpct"]).get(address).status_code == 404


def test_a_long_list_of_the_back_office_too(annex, people):
    client = client_of(people["rpct"])
    address = reverse("admin:risk_measuretarget_changelist", query={"formato": "csv"})
    short = b"".join(client.get(address).streaming_content)
    list_files.READY_UP_TO = -1

    asked(client, address)

    job = Job.objects.get()
    assert (job.state, job.failure) == ("done", "")
    file = client.get(reverse("registry:job_file", args=[job.uid]))
    assert b"".join(file.streaming_content) == short


def test_histories_people_and_missing_points_too(annex, people):
    client = client_of(people["rpct"])
    process = annex.processes.first()
    with act("edit", by=people["editor"]):
        for title in ("Uno", "Due", "Tre"):
            process.title = title
            process.save()
    body = annex.plan.administration
    for address in (
        reverse("risk:process_history", args=[process.uid]),
        reverse("risk:annex_history", args=[annex.uid]),
        reverse("admin:registry_process_history", args=[process.pk]),
        reverse("risk:completeness", args=[annex.uid]),
        reverse("registry:people_of", args=[body.ipa_code]),
    ):
        list_files.READY_UP_TO = 1_000
        whole = b"".join(client.get(f"{address}?formato=json").streaming_content)
        list_files.READY_UP_TO = 2

        asked(client, f"{address}?formato=json")

        job = Job.objects.latest("pk")
        assert (job.state, job.failure) == ("done", ""), address
        # told to whoever waits: the rows there are, and all of them written
        assert job.total_steps == job.done_steps == len(json.loads(whole)) > 2
        file = client.get(reverse("registry:job_file", args=[job.uid]))
        assert b"".join(file.streaming_content) == whole
