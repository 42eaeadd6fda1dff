"""A large edition is copied by a job: asked at once, refused at once, made once."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.models import Job, Plan
from registry.services.jobs import retry_job, run_job
from risk.services.plans import editions
from risk.services.plans.editions import copied_since, copy_plan, is_large
from risk.tasks import ask_copy
from tests.people import client_of, people_of
from tests.register import adopt, complete_annex, make_phase

pytestmark = pytest.mark.django_db

NEXT = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024, "kind": "ordinary"}


@pytest.fixture
def people():
    annex = complete_annex()
    adopt(annex.plan)
    return people_of(annex)


@pytest.fixture
def plan(people) -> Plan:
    return Plan.objects.select_related("administration").get()


@pytest.fixture
def _queued(settings):
    """Leave the work to a worker, as an installation does."""
    settings.TASK_ENGINE = "database"


def test_what_is_large_is_counted_in_processes_and_phases(monkeypatch):
    annex = complete_annex()
    monkeypatch.setattr(editions, "COPIED_AT_ONCE", 2)
    assert not is_large(annex.plan)
    make_phase(annex.processes.get())
    assert is_large(annex.plan)
    annex.processes.update(retired_on="2021-01-01", retired_reason="Non si fa più.")
    assert not is_large(annex.plan)


def test_a_large_edition_leads_from_the_page_to_the_job_and_to_the_new_plan(
    people, plan, monkeypatch
):
    monkeypatch.setattr(editions, "COPIED_AT_ONCE", 1)
    rpct = client_of(people["rpct"])
    page = reverse("risk:plan_copy", args=[plan.administration.ipa_code, plan.slug])
    answer = rpct.post(page, NEXT)
    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert (job.kind, job.state, job.title) == ("copy-plan", "done", "PTPCT 2022/2024")
    made = Plan.objects.get(title="PTPCT 2022/2024")
    assert made.origin == plan
    new = reverse("risk:plan", args=[plan.administration.ipa_code, made.slug])
    assert new in rpct.get(answer.url).content.decode()
    again = rpct.post(page, NEXT)
    assert "ha già questo titolo" in again.content.decode()
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("_queued")
def test_two_clicks_are_one_job_and_what_cannot_be_is_refused_at_once(people, plan):
    first = ask_copy(plan=plan, by=people["rpct"], **NEXT)
    assert ask_copy(plan=plan, by=people["rpct"], **NEXT) == first
    with pytest.raises(ValidationError, match="triennio"):
        ask_copy(plan=plan, by=people["rpct"], **{**NEXT, "kind": "update"})
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("_queued")
def test_who_is_no_longer_rpct_gets_no_edition(people, plan):
    job = ask_copy(plan=plan, by=people["rpct"], **NEXT)
    people["rpct"].memberships.update(role="auditor")
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "spetta al RPCT" in job.failure) == ("failed", True)
    assert Plan.objects.count() == 1


@pytest.mark.usefixtures("_queued")
def test_a_title_taken_while_waiting_is_told_on_the_job(people, plan):
    job = ask_copy(plan=plan, by=people["rpct"], **NEXT)
    Plan.objects.create(
        administration=plan.administration, title=NEXT["title"], first_year=2022, last_year=2024
    )
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "Un altro piano ha già questo titolo.")


@pytest.mark.usefixtures("_queued")
def test_an_edition_made_in_other_words_is_not_the_one_that_is_tried_again(people, plan):
    rpct, update = people["rpct"], {"kind": "update", "first_year": 2021, "last_year": 2023}
    job = ask_copy(plan=plan, by=rpct, **NEXT)
    Job.objects.update(state="failed", failure="interrotto", attempts=1)
    other = ask_copy(plan=plan, by=rpct, **{**NEXT, **update})
    run_job(uid=other.uid)
    retry_job(job=job, by=rpct)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "Un altro piano ha già questo titolo.")
    assert Plan.objects.get(title=NEXT["title"]).kind == "update"


@pytest.mark.usefixtures("_queued")
def test_a_job_cut_off_after_the_copy_finds_it_done(people, plan):
    rpct = people["rpct"]
    job = ask_copy(plan=plan, by=rpct, **NEXT)
    made = copy_plan(plan=plan, by=rpct, **NEXT)
    known = {"plan": plan, "title": NEXT["title"], "since": job.created_at}
    assert copied_since(by=rpct, **known) == made
    assert copied_since(by=people["head"], **known) is None
    Job.objects.update(state="failed", failure="interrotto", attempts=1)
    retry_job(job=job, by=rpct)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert Plan.objects.count() == 2
