"""An edition opened by mistake goes as it came, while nobody has written in it."""

import pytest
from django.urls import reverse

from registry.models import Annex, Job, Office, Plan, Process, TrailRecord
from registry.services.editing import save_fields
from registry.services.jobs import retry_job, run_job
from registry.services.trail_verification import verify_trail
from registry.services.undo import NotUndoable, undo
from risk.services.plans import editions
from risk.services.plans.discarding import discard_edition
from risk.services.plans.editions import copy_plan
from tests.people import client_of, people_of
from tests.register import adopt, complete_annex

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


def address(name: str, plan: Plan) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug])


def opened(plan: Plan, people, offices: str = "") -> Plan:
    return copy_plan(plan=plan, by=people["rpct"], offices=offices, **NEXT)


def renamed(plan: Plan) -> str:
    office = plan.annexes.get().office
    return f"{office.code}; rinominato; ; Entrate di domani"


def titled(process: Process, title: str, by) -> None:
    values = {"title": title}
    save_fields(row=process, values=values, version=process.version, kind="describe", by=by)


def test_an_edition_goes_with_its_rows_and_what_it_did_to_offices(people, plan):
    office = plan.annexes.get().office
    rows = {model: model.objects.count() for model in (Plan, Annex, Process)}
    made = opened(plan, people, renamed(plan))
    assert Office.objects.get(pk=office.pk).name == "Entrate di domani"
    client = client_of(people["rpct"])
    # what is kept of contents goes along
    assert "Togli l’edizione" in client.get(address("plan", made)).content.decode()
    client.get(reverse("risk:mapping", args=[made.annexes.get().uid]))
    answer = client.post(address("plan_discard", made), follow=True)
    assert answer.redirect_chain[-1][0] == address("plan", plan)
    assert "L’edizione è tolta" in answer.content.decode()
    assert {model: model.objects.count() for model in rows} == rows
    assert Office.objects.get(pk=office.pk).name == office.name
    assert TrailRecord.objects.filter(kind="undo", subject__endswith=NEXT["title"]).exists()
    assert verify_trail() == []
    assert opened(plan, people).title == NEXT["title"]


def test_what_somebody_has_written_is_not_lost(people, plan):
    made = opened(plan, people)
    process = Process.objects.get(annex__plan=made)
    titled(process, "Scritto da poco", people["editor"])
    client = client_of(people["rpct"])
    page = client.post(address("plan_discard", made), follow=True).content.decode()
    assert "Scritto da poco" in page
    assert "è stato modificato dopo da Penna Prova" in page
    assert Plan.objects.filter(pk=made.pk).exists()
    # what was taken back since is as if it had not been
    record = TrailRecord.objects.filter(kind="describe").latest("pk")
    undo(uid=record.uid, at=record.at, by=people["editor"])
    assert discard_edition(plan=made, by=people["rpct"])
    assert not Plan.objects.filter(pk=made.pk).exists()


def test_a_first_or_adopted_edition_stays(people, plan):
    with pytest.raises(NotUndoable, match="non adottata"):
        discard_edition(plan=plan, by=people["rpct"])
    client = client_of(people["rpct"])
    assert "Togli l’edizione" not in client.get(address("plan", plan)).content.decode()
    assert client.post(address("plan_discard", plan)).status_code == 404


@pytest.mark.parametrize(("who", "code"), [("head", 404), ("auditor", 404), ("stranger", 404)])
def test_who_is_not_rpct_takes_nothing_away(people, plan, who, code):
    made = opened(plan, people)
    assert client_of(people[who]).post(address("plan_discard", made)).status_code == code
    assert Plan.objects.filter(pk=made.pk).exists()


def test_a_large_edition_goes_by_a_job(people, plan, monkeypatch):
    made = opened(plan, people)
    monkeypatch.setattr(editions, "COPIED_AT_ONCE", 1)
    client = client_of(people["rpct"])
    answer = client.post(address("plan_discard", made))
    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert (job.kind, job.state) == ("discard-plan", "done")
    assert address("plan", plan) in client.get(answer.url).content.decode()
    assert not Plan.objects.filter(pk=made.pk).exists()
    # killed between the end of the act and that of the job
    Job.objects.update(state="failed", failure="interrotto")
    retry_job(job=Job.objects.get(), by=people["rpct"])
    run_job(uid=job.uid)
    assert Job.objects.get().state == "done"
