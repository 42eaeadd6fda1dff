"""Files that jobs have prepared: there for whoever may read them, whatever became of the plan."""

import datetime
import uuid
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.urls import reverse

from registry.models import Annex, Job, Membership, Plan, User
from registry.services.jobs import JobKind, kind_of, known_kinds, run_job, store_file
from risk.enums import Layout
from risk.services.monitoring.yearly import STATE
from risk.tasks import (
    ask_comparison,
    ask_document,
    ask_draft,
    ask_marked,
    ask_pack,
    ask_paper,
    ask_plan_text,
    ask_plan_workbook,
    ask_report,
    ask_text,
    ask_workbook,
    ask_year_paper,
    documents_of,
)
from risk.tasks.parts import plan_of
from tests.people import client_of, make_member, people_of
from tests.register import complete_annex
from tests.risk.admin.asked import make_round

pytestmark = pytest.mark.django_db


class Asked(NamedTuple):
    """How a kind is asked for, and whether its file is of whoever asked alone."""

    ask: Callable[[Annex, User], Job]
    is_own: bool = False


def about_plan(ask: Callable[..., Job], *, is_own: bool = False, **told) -> Asked:
    return Asked(lambda annex, by: ask(plan=annex.plan, by=by, **told), is_own)


def about_annex(ask: Callable[..., Job], **told) -> Asked:
    return Asked(lambda annex, by: ask(annex=annex, layout=Layout.SHEETS, by=by, **told))


ASKED = {
    "bind-plan": about_plan(ask_document),
    "write-plan-text": about_plan(ask_plan_text, suffix="docx"),
    "pack-plan": about_plan(ask_pack, is_own=True),
    "write-plan": about_plan(ask_plan_workbook, is_own=True, layout=Layout.CATALOGUE),
    "year-paper": about_plan(ask_year_paper, year=2021, paper=STATE, suffix="pdf"),
    "compare-plans": Asked(
        lambda annex, by: ask_comparison(
            plan=annex.plan, before=annex.plan, after=annex.plan, by=by
        )
    ),
    "draw-annex": about_annex(ask_paper),
    "write-annex": about_annex(ask_workbook),
    "write-annex-text": about_annex(ask_text, suffix="docx"),
    "mark-annex": Asked(
        lambda annex, by: ask_marked(annex=annex, before=annex.plan, layout=Layout.SHEETS, by=by),
        is_own=True,
    ),
    "round-report": Asked(
        lambda annex, by: ask_report(row=make_round(annex.plan, 1), suffix="xlsx", by=by)
    ),
}
GONE = {"plan": 0, "annex": str(uuid.UUID(int=0)), "round": str(uuid.UUID(int=0))}
"""What is not there any more, by the argument of a job that names it."""


@pytest.fixture
def annex(settings) -> Annex:
    settings.TASK_ENGINE = "database"
    return complete_annex()


def prepared(annex: Annex, by: User) -> dict[str, Job]:
    """Return a job of every kind that is done, each with a file."""
    jobs = {}
    for name, asked in ASKED.items():
        job = jobs[name] = asked.ask(annex, by)
        assert job.kind == name
        file = store_file(job, suffix="pdf", data=b"ecco")
        job.state, job.result = "done", {"file": file, "file_name": "ecco.pdf"}
        job.save()
    return jobs


def opened(jobs: dict[str, Job], by: User) -> dict[str, int]:
    client, codes = client_of(by), {}
    for name, job in jobs.items():
        answer = client.get(reverse("registry:job_file", args=[job.uid]))
        codes[name] = answer.status_code
        # a file that is not read to its end stays open
        if answer.streaming:
            assert b"".join(answer.streaming_content) == b"ecco"
    return codes


def test_every_kind_whose_file_is_not_for_all_is_in_the_table():
    kinds = [kind_of(Job(kind=name)) for name in known_kinds()]
    default = JobKind.__dataclass_fields__["may_read"].default
    limited = {one.name for one in kinds if one.may_read is not default}
    ours = {one.name for one in kinds if one.work.__module__.startswith("risk.")}
    assert limited & ours == set(ASKED)


def test_a_file_is_there_for_who_may_read_it_whatever_the_plan_is_called_and_whoever_left(annex):
    people, plan = people_of(annex), annex.plan
    rpct = people["rpct"]
    other = make_member("altra", "rpct", body=plan.administration)
    jobs = prepared(annex, rpct)
    ask_draft(plan=plan, by=rpct)
    plan.title = "PTPCT con un altro titolo"
    plan.save()
    assert opened(jobs, rpct) == dict.fromkeys(ASKED, 200)
    documents = {one.kind for one in documents_of(plan=plan, user=rpct)}
    assert documents == {"bind-plan", "write-plan-text"}
    about = [job for job in jobs.values() if "plan" in job.arguments]
    assert len(about) == 6
    assert {plan_of(job) for job in about} == {plan}
    assert plan_of(jobs["compare-plans"], "before") == plan
    back = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    page = client_of(rpct).get(reverse("registry:job", args=[jobs["bind-plan"].uid]))
    assert f'href="{back}"' in page.content.decode()

    Membership.objects.filter(user=rpct).update(ends_on=datetime.date(2020, 6, 1))
    assert opened(jobs, rpct) == dict.fromkeys(ASKED, 404)
    assert opened(jobs, other) == {
        name: 404 if asked.is_own else 200 for name, asked in ASKED.items()
    }
    for job in jobs.values():
        job.arguments |= {name: gone for name, gone in GONE.items() if name in job.arguments}
        job.save()
    assert opened(jobs, other) == dict.fromkeys(ASKED, 404)


def test_what_waits_is_done_of_the_plan_under_its_new_title(annex):
    rpct = people_of(annex)["rpct"]
    job, older = ASKED["write-plan"].ask(annex, rpct), ASKED["compare-plans"].ask(annex, rpct)
    # as a version wrote it that named plans by their titles alone
    kept = {name: older.arguments[name] for name in ("ipa_code", "title", "before", "after")}
    older.arguments = kept
    assert plan_of(older) == plan_of(older, "before") == annex.plan
    Plan.objects.filter(pk=annex.plan_id).update(title="PTPCT con un altro titolo")
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("done", "")
