"""Issuing and long PDFs as jobs: refused at once or done in the end, never half, never twice."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from registry.models import Annex, Job, TrailRecord
from registry.services.jobs import retry_job, run_job
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.enums import Layout, Verb
from risk.models import AnnexIssue, Transition
from risk.models.packed import intact
from risk.paper import fragments
from risk.paper.annex_pdf import render_annex
from risk.services.annexes.issues import issue_annex, issued_by, reprint
from risk.services.annexes.moves import move_annex
from risk.services.printing.rendering import being_drawn
from risk.services.printing.sizes import is_long
from risk.tasks import ask_issue, ask_paper
from tests.people import client_of
from tests.register import close, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def _queued(settings):
    """Leave the work to a worker, as an installation does."""
    settings.TASK_ENGINE = "database"


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def test_issuing_on_the_page_leads_to_the_job_and_from_there_to_the_file(annex, people):
    close(annex, "validated")
    client = client_of(people["rpct"])
    answer = client.post(reverse("risk:workflow", args=[annex.uid]), {"verb": "issue"})
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("registry:job", args=[job.uid])
    assert (job.state, job.title) == ("done", "Tributi, PTPCT 2021/2023")
    text = client.get(answer.headers["Location"]).content.decode()
    issue = AnnexIssue.objects.get()
    assert "Emesso con il numero 1." in text
    assert reverse("risk:issue_file", args=[issue.uid, "pdf"]) in text
    assert reverse("risk:workflow", args=[annex.uid]) in text
    assert fresh(annex).state == "issued"


@pytest.mark.usefixtures("_queued")
def test_what_is_refused_is_refused_at_once_and_on_the_trail(annex, people):
    client = client_of(people["rpct"])
    answer = client.post(reverse("risk:workflow", args=[annex.uid]), {"verb": "issue"})
    assert answer.status_code == 409
    assert "questo passo non c’è" in answer.content.decode()
    assert not Job.objects.exists()
    assert TrailRecord.objects.filter(kind="annex-issue", outcome="refused").count() == 1


@pytest.mark.usefixtures("_queued")
def test_the_page_of_the_moves_leads_to_the_issue_on_its_way(annex, people):
    close(annex, "validated")
    page, job = (
        reverse("risk:workflow", args=[annex.uid]),
        ask_issue(annex=annex, by=people["rpct"]),
    )
    link = f'href="{reverse("registry:job", args=[job.uid])}"'
    Job.objects.filter(pk=job.pk).update(
        state="running", message="Compongo il PDF", done_steps=1, total_steps=3
    )
    text = client_of(people["rpct"]).get(page).content.decode()
    assert "Emissione in corso" in text
    assert 'value="issue"' not in text
    assert "passo 2 di 3" in " ".join(text.split())
    assert link in text
    # whoever may not see the job is told nothing of it
    assert "Emissione in corso" not in client_of(people["editor"]).get(page).content.decode()


@pytest.mark.usefixtures("_queued")
def test_an_issue_that_failed_is_tried_again_from_there(annex, people):
    close(annex, "validated")
    page, job = (
        reverse("risk:workflow", args=[annex.uid]),
        ask_issue(annex=annex, by=people["rpct"]),
    )
    Job.objects.filter(pk=job.pk).update(state="failed", failure="L’operazione è stata interrotta.")
    client = client_of(people["rpct"])
    text = client.get(page).content.decode()
    assert "L’operazione è stata interrotta." in text
    assert "Riprova l’emissione" in text
    assert 'value="issue"' not in text
    client.post(reverse("registry:job", args=[job.uid]))
    assert "Emissione in corso" in client.get(page).content.decode()
    run_job(uid=job.uid)
    assert fresh(annex).state == "issued"
    assert "Riprova l’emissione" not in client.get(page).content.decode()


@pytest.mark.usefixtures("_queued")
def test_two_clicks_are_one_job(annex, people):
    close(annex, "validated")
    first = ask_issue(annex=fresh(annex), by=people["rpct"])
    assert first.state == "waiting"
    assert ask_issue(annex=fresh(annex), by=people["rpct"]) == first


@pytest.mark.usefixtures("_queued")
def test_what_changed_while_waiting_is_told_on_the_job(annex, people):
    close(annex, "validated")
    job = ask_issue(annex=fresh(annex), by=people["rpct"])
    move_annex(annex=fresh(annex), verb=Verb.RETURN, by=people["rpct"], reason="Da rivedere.")
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "restituito" in job.failure) == ("failed", True)
    assert not AnnexIssue.objects.exists()


@pytest.mark.usefixtures("_queued")
def test_whoever_lost_the_annex_gets_nothing(annex, people):
    job = ask_paper(annex=annex, layout=Layout.CATALOGUE, by=people["editor"])
    people["editor"].memberships.update(ends_on="2020-12-31")
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "non spetta più" in job.failure) == ("failed", True)


@pytest.mark.usefixtures("_queued")
def test_a_job_cut_off_after_the_issue_finds_it_done(annex, people):
    rpct = people["rpct"]
    close(annex, "validated")
    job = ask_issue(annex=fresh(annex), by=rpct)
    issue = issue_annex(annex=fresh(annex), by=rpct)
    Job.objects.update(state="failed", failure="interrotto", attempts=1)
    retry_job(job=job, by=rpct)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert job.result["message"] == f"Emesso con il numero {issue.number}."
    assert AnnexIssue.objects.get() == issue
    assert Transition.objects.filter(verb="issue").count() == 1


def test_an_issue_is_found_for_whoever_made_it_and_since_then_only(annex, people):
    rpct, before = people["rpct"], timezone.now()
    assert issued_by(annex=annex, by=rpct, since=before) is None
    close(annex, "validated")
    issue = issue_annex(annex=fresh(annex), by=rpct)
    assert issued_by(annex=annex, by=rpct, since=before) == issue
    assert issued_by(annex=annex, by=rpct, since=timezone.now()) is None
    assert issued_by(annex=annex, by=people["head"], since=before) is None
    move_annex(annex=fresh(annex), verb=Verb.REOPEN, by=rpct, reason="Da rivedere.")
    assert issued_by(annex=annex, by=rpct, since=before) is None


def test_what_is_being_done_is_told_outside_the_transaction(annex, people):
    close(annex, "validated")
    told = []
    issue_annex(annex=fresh(annex), by=people["rpct"], progress=lambda *step: told.append(step))
    assert told == [
        (0, 3, "Preparo i dati"),
        (1, 3, "Disegno il PDF"),
        (2, 3, "Registro l’emissione"),
    ]


def test_of_a_long_annex_each_piece_is_told_and_what_is_issued_is_the_same(
    annex, people, monkeypatch
):
    monkeypatch.setattr(fragments, "IN_PIECES_FROM", 1)
    close(annex, "validated")
    told = []
    issue = issue_annex(
        annex=fresh(annex), by=people["rpct"], progress=lambda *step: told.append(step)
    )
    assert told[2] == (1, 3, "Disegno il PDF: 0 parti di 4")
    assert told[-2:] == [(1, 3, "Disegno il PDF: 4 parti di 4"), (2, 3, "Registro l’emissione")]
    assert bytes(intact(issue, "pdf")) == render_annex(reprint(issue), layout=Layout.COMPLETE)


def test_a_long_pdf_is_prepared_and_a_short_one_given(annex, people):
    client = client_of(people["editor"])
    address = reverse("risk:annex", args=[annex.uid, "completo"])
    assert not is_long(build_document(read_annex(annex)), Layout.COMPLETE)
    assert "Scarica il PDF" in client.get(address).content.decode()
    # one row: what is written in it counts
    described = dict.fromkeys(("description", "input", "output", "times"), "Una frase. " * 1_500)
    make_process(annex, "Secondo", **described)
    document = build_document(read_annex(annex))
    assert is_long(document, Layout.COMPLETE)
    assert not is_long(document, Layout.RISK_TABLE)
    text = client.get(address).content.decode()
    assert "Scarica il PDF" not in text
    assert "Prepara il PDF" in text


def test_a_prepared_pdf_is_a_draft_for_those_who_read_the_annex(annex, people):
    address = reverse("risk:prepare_annex", args=[annex.uid, "completo"])
    for who in ("colleague", "stranger"):
        assert client_of(people[who]).post(address).status_code == 404
    client = client_of(people["editor"])
    assert client.get(address).status_code == 405
    page = client.post(address).headers["Location"]
    assert "Il PDF è pronto." in client.get(page).content.decode()
    answer = client.get(f"{page}file/")
    pages = PdfReader(io.BytesIO(answer.getvalue())).pages
    assert "BOZZA" in pages[0].extract_text()
    assert 'filename="tributi-completo.pdf"' in answer.headers["Content-Disposition"]


def test_an_issued_annex_is_not_drawn_again(annex, people):
    close(annex, "validated")
    issue_annex(annex=fresh(annex), by=people["rpct"])
    client = client_of(people["editor"])
    answer = client.post(reverse("risk:prepare_annex", args=[annex.uid, "completo"]))
    assert answer.headers["Location"] == reverse(
        "risk:annex_file", args=[annex.uid, "completo", "pdf"]
    )
    assert not Job.objects.exists()


@pytest.mark.usefixtures("_queued")
def test_what_a_page_does_not_wait_for_becomes_a_job(annex, people, settings):
    settings.PAGE_SECONDS = 0
    client = client_of(people["editor"])
    answer = client.get(reverse("risk:annex_file", args=[annex.uid, "catalogo", "pdf"]))
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("registry:job", args=[job.uid])
    assert job.state == "waiting"


@pytest.mark.usefixtures("_queued")
def test_a_pdf_asked_for_again_while_it_is_drawn_is_one_job_and_afterwards_given(annex, people):
    client, address = client_of(people["editor"]), "risk:annex_file"
    file = reverse(address, args=[annex.uid, "catalogo", "pdf"])
    with being_drawn(annex, "catalogo", by=people["editor"]) as is_first:
        assert is_first
        answers = [client.get(file) for _press in range(2)]
        assert Job.objects.count() == 1
        # neither another person nor another file waits for it
        assert client_of(people["head"]).get(file).status_code == 200
        html = reverse(address, args=[annex.uid, "catalogo", "html"])
        assert client.get(html).status_code == 200
    job = reverse("registry:job", args=[Job.objects.get().uid])
    assert [answer.headers["Location"] for answer in answers] == [job, job]
    assert client.get(file).status_code == 200


@pytest.mark.usefixtures("_queued")
def test_whoever_has_too_many_waiting_is_told_where_to_look(annex, people, settings):
    settings.MOST_JOBS_WAITING = 0
    client = client_of(people["editor"])
    answer = client.post(reverse("risk:prepare_annex", args=[annex.uid, "catalogo"]))
    assert answer.status_code == 429
    assert "operazioni in attesa" in answer.content.decode()
    assert reverse("registry:jobs") in answer.content.decode()
