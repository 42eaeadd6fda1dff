"""No page outside the back office, and no list as a file, asks more because there are more rows.

Nor is a page larger because a body has 300 offices, 200 people or twelve editions more.

The addresses come from the resolver, as in `test_address_roles.py`: a new one is measured here, or
says in `NOT_HERE` why not. The back office has the same test in `tests/risk/admin`.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.models import Annex, Job, Office, Process, User
from registry.services.jobs import job_files
from risk.models import AnnexIssue, RegisterImport, Remark
from tests.many_offices import MOST_GROWN, add_many
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import routes
from tests.project.test_lists_as_files import LISTS
from tests.risk.admin.world import enlarge
from tests.statements import COUNTED

NOT_HERE = {
    "risk:published_plan": "nothing is published in this world: tests/risk/reporting",
    "risk:published_part": "as published_plan",
    "risk:published_comparison": "as published_plan",
    "risk:published_round": "as published_plan: tests/risk/monitoring",
    "risk:published_round_paper": "as published_round",
    "risk:published_round_data": "as published_round",
    "risk:published_round_population": "as published_round",
    "risk:published_round_table": "as published_round",
    "risk:published_review": "as published_round",
    "risk:published_review_paper": "as published_round",
    "risk:published_review_data": "as published_round",
    "risk:published_state": "as published_round",
    "risk:published_state_paper": "as published_round",
    "risk:published_state_data": "as published_round",
    "risk:published_state_table": "as published_round",
    "risk:published_annex": "as published_plan",
    "risk:published_annex_file": "as published_plan",
    "risk:published_file": "as published_plan",
    "risk:open_data": "as published_plan",
    "risk:open_data_table": "as published_plan",
    "risk:open_data_record": "as published_plan",
    "risk:open_data_catalogue": "as published_plan",
    "risk:trail_head": "as published_plan",
    "risk:consultation_contribute": "one form, whose answers are counted: tests/risk/plans",
    "risk:consultation_confirm": "one contribution, by an address that is signed: tests/risk/plans",
    "risk:issue_comparison": "two issues of one annex: tests/risk/plans",
    "risk:plan_adopt": "one form, of a plan that is proposed: tests/risk/plans",
    "risk:plan_confirm": "one form, of a plan that is adopted: tests/risk/plans",
    "risk:plan_copy": "one form, of a plan that is adopted: tests/risk/plans",
    "risk:plan_round_new": "one form, of a plan that is in force: tests/risk/monitoring",
    "risk:round_remove": "one question, of a round in draft: tests/risk/monitoring",
    "risk:proposal_decide": "one form, of a measure with a proposal: tests/risk/monitoring",
    "risk:round_report": "of a round that is closed, as no round here is: tests/risk/monitoring",
    "risk:round_office_sheet": "as round_report",
    "risk:round_issue_file": "as round_report",
    "risk:round_correct": "one form, of a round that is issued: tests/risk/monitoring",
    "risk:plan_days": "the days of an edition, forty at a time: tests/risk/plans",
    "risk:plan_file": "one file, of a plan that is adopted: tests/risk/plans",
    "registry:invitation": "one row, of somebody invited: tests/registry/accounts",
    "risk:import_problems": "one file, of an import with problems: tests/risk/imports",
}
"""Addresses with rows that answer nobody in this world, and who looks at them."""

SCREENS = {"registry:people_of": 4, "risk:plan": 2}
"""Pages whose rows take more room than those of others: a hundred people, the acts on an annex."""
ASKERS = {"registry:jobs": "head", "risk:answered": "editor"}
"""Who sees most of a page, where it is not the RPCT."""
OURS = {name: line for name, line in ADDRESSES.items() if name.startswith(("risk:", "registry:"))}
"""The pages of the sign-in library have no rows of ours."""
SHOWN = sorted(
    name for name, line in OURS.items() if line.get.endswith(" 200") and name not in NOT_HERE
)
MEASURED = [(name, "") for name in SHOWN] + [(name, "csv") for name in sorted(LISTS)]


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """Return for each address the statements with few rows, and with many."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        # one of each kind is there in both, and two that say the same: what hangs on none is not
        # asked for
        grow(world, (2, 3))
        # the first answers fill what Django remembers for the whole process
        for one in MEASURED:
            answer_of(world, *one)
        few = {one: answer_of(world, *one) for one in MEASURED}
        grow(world, (4, 5))
        add_many(world.homes["own"].administration)
        # as before: what was written is built at the first look, and the list of it kept
        answer_of(world, "risk:completeness", "")
        answer_of(world, "risk:figures", "")
        many = {one: answer_of(world, *one) for one in MEASURED}
        yield {one: (few[one], many[one]) for one in MEASURED}
        transaction.set_rollback(True)


def test_every_address_is_measured_or_says_why_not():
    # 302 leads on to a page that is measured
    asked = {name for name, line in OURS.items() if line.get and not line.get.endswith(" 302")}

    assert asked - set(SHOWN) == set(NOT_HERE)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "suffix"), MEASURED)
def test_more_rows_cost_no_more_statements(counts, name, suffix):
    (few, _bytes), (many, _more_bytes) = counts[name, suffix]

    assert few
    more = [sql[:200] for sql in many if many.count(sql) > 1 or sql not in few]
    assert len(many) <= len(few), "\n".join(more[:20])


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHOWN)
def test_a_page_is_no_larger_in_a_large_body(counts, name):
    (_statements, few), (_more, many) = counts[name, ""]

    assert many <= few + MOST_GROWN * SCREENS.get(name, 1)


def grow(world: World, numbers: tuple[int, ...]) -> None:
    """Give a body one more row, for each number, of everything that a page shows."""
    own = world.homes["own"]
    head = User.objects.get(username="head")
    add_to_draft(own, numbers)
    enlarge(SimpleNamespace(a=own, people={"head": head}), numbers)
    for number in numbers:
        job = Job.objects.create(
            kind="draw-annex",
            by=head,
            administration=own.administration,
            subject=f"annex {number}",
            state="done",
            arguments={"annex": str(own.annex.uid), "layout": "catalogo"},
            result={"message": "Pronto.", "links": [], "file": "", "file_name": ""},
        )
        job_files().save(f"{job.uid}.pdf", ContentFile(b"%PDF-"))
        remark = Remark.objects.create(
            annex=own.annex,
            process=own.process,
            row_kind="phase",
            row_uid=own.phase.uid,
            text=f"Perché {number}?",
            by=head,
        )
        remark.answers.create(text="Perché sì.", by=head)
        AnnexIssue.objects.create(
            annex=own.annex,
            plan=own.plan,
            number=100 + number,
            issued_at=timezone.now(),
            by=head,
            data="{}",
            data_digest=f"{number}" * 64,
            html="",
            pdf=b"",
            pdf_digest="0" * 64,
        )
        RegisterImport.objects.create(
            plan=own.plan, by=head, filename=f"{number}.csv", content=b"", digest=f"{number}" * 64
        )


def add_to_draft(own: SimpleNamespace, numbers: tuple[int, ...]) -> None:
    """Give the draft everybody reads an office more for each number, with a process."""
    plan, process = own.draft.plan, own.draft_annex.processes.first()
    for number in numbers:
        office = Office(administration=plan.administration, code=f"Z{number}", name=f"Z {number}")
        office.save()
        annex = Annex.objects.create(plan=plan, office=office)
        told = {"risk_area": process.risk_area, "macroprocess": process.macroprocess}
        Process.objects.create(annex=annex, position=1, number=1, title=f"Z {number}", **told)
        plan.chapters.create(position=50 + number, title=f"Capitolo {number}")


def answer_of(world: World, name: str, suffix: str) -> tuple[list[str], int]:
    """Return the statements on rows of one answer, and its bytes; what it changes does not stay."""
    (route,) = [route for route in routes() if route.name == name]
    address = world.address(route, "own", ADDRESSES[name].parts)
    client = world.client(ASKERS.get(name, "rpct"))
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address, {"formato": suffix} if suffix else {})
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    assert answer.status_code == 200, (name, answer.status_code)
    statements = [query["sql"] for query in captured if query["sql"].startswith(COUNTED)]
    # what leaves as a file has all rows
    is_page = answer["Content-Type"].startswith("text/html")
    return statements, len(content) if is_page else 0
