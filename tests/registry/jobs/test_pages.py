"""The pages of long work: who sees which, what changes by itself, the file, trying again."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import Job
from registry.services.jobs import run_job
from tests.people import client_of, make_member, make_person
from tests.register import make_body
from tests.registry.jobs.kinds import ask
from tests.statements import at_most

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def rpct(body):
    return make_member("rpct", "rpct", body=body)


@pytest.fixture
def editor(body):
    office = body.offices.create(code="U1", name="Tributi")
    return make_member("penna", "editor", body=body, office=office)


def page_of(job: Job, name: str = "job") -> str:
    return reverse(f"registry:{name}", args=[job.uid])


def test_a_job_is_seen_by_whoever_asked_and_by_the_rpct_of_the_body(body, rpct, editor):
    job = ask(body, editor, "file")
    auditor = make_member("oiv", "auditor", body=body)
    foreign = make_member("altro", "rpct", body=make_body("c_x002"))
    people = (editor, rpct, auditor, foreign, make_person("estraneo"))
    for name in ("job", "job_file"):
        answers = [client_of(person).get(page_of(job, name)) for person in people]
        codes = [answer.status_code for answer in answers]
        for answer in answers:
            answer.getvalue()
        assert codes == [200, 200, 404, 404, 404], name
    assert client_of(auditor).post(page_of(job)).status_code == 404


def test_whoever_leaves_the_body_leaves_the_job(body, editor):
    job = ask(body, editor)
    editor.memberships.update(ends_on="2020-12-31")
    assert client_of(editor).get(page_of(job)).status_code == 404


def test_the_page_shows_what_came_of_it_and_gives_the_file(body, editor):
    job = ask(body, editor, "file")
    client = client_of(editor)
    text = client.get(page_of(job)).content.decode()
    assert "Ecco fatto." in text
    assert "Una prova" in text
    assert page_of(job, "job_file") in text
    assert "hx-get" not in text
    answer = client.get(page_of(job, "job_file"))
    assert b"".join(answer.streaming_content) == b"ecco"
    assert 'filename="ecco.txt"' in answer.headers["Content-Disposition"]


def test_a_file_is_for_those_who_may_read_it(body, rpct):
    colleague = make_member("collega", "rpct", body=body)
    job = ask(body, rpct, "file")
    assert client_of(colleague).get(page_of(job)).status_code == 200
    assert client_of(colleague).get(page_of(job, "job_file")).status_code == 404
    assert client_of(rpct).get(page_of(ask(body, rpct), "job_file")).status_code == 404


def test_the_page_goes_on_by_itself_until_the_end(body, editor, settings):
    settings.TASK_ENGINE = "database"
    job, client = ask(body, editor), client_of(editor)
    text = client.get(page_of(job)).content.decode()
    assert "In attesa di cominciare" in text
    address = text.split('hx-get="')[1].split('"')[0]
    assert client.get(address, **HTMX).status_code == 204
    # without htmx the address leads to the page
    assert client.get(address).headers["Location"] == page_of(job)
    run_job(uid=job.uid)
    answer = client.get(address, **HTMX)
    assert answer.status_code == 200
    assert "Ecco fatto." in answer.content.decode()
    assert "hx-trigger" not in answer.content.decode()


def test_a_long_wait_is_explained(body, editor, settings):
    settings.TASK_ENGINE = "database"
    job, client = ask(body, editor), client_of(editor)
    assert "è in coda" not in client.get(page_of(job)).content.decode()
    Job.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
    assert "è in coda" in client.get(page_of(job)).content.decode()


def test_a_failed_job_is_tried_again_from_its_page(body, rpct, editor):
    job = ask(body, editor, "refusal")
    text = client_of(editor).get(page_of(job)).content.decode()
    assert "È troppo." in text
    assert "Riprova" in text
    assert "Riprova" not in client_of(rpct).get(page_of(job)).content.decode()
    refused = client_of(rpct).post(page_of(job), follow=True).content.decode()
    assert "Riprova solo chi ha chiesto l’operazione." in refused
    Job.objects.update(arguments={})
    assert "Ecco fatto." in client_of(editor).post(page_of(job), follow=True).content.decode()


def test_the_list_is_of_ones_own_and_costs_the_same_for_many(body, rpct, editor):
    address, client = reverse("registry:jobs"), client_of(rpct)
    assert "Ancora nessuno" in client.get(address).content.decode()
    assert address in client.get(address).content.decode()
    mine, other = ask(body, rpct), ask(body, editor, subject="prova 2")
    text = client.get(address).content.decode()
    assert page_of(mine) in text
    assert page_of(other) not in text
    for number in range(20):
        ask(body, rpct, subject=f"prova {number + 3}")
    with at_most(5):
        assert client.get(address).content.decode().count("Lavoro di prova") == 21
