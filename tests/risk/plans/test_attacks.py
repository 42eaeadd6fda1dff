"""Attacks on an adopted edition: each refused, nothing changed, whichever the engine."""

import pytest
from django.db import IntegrityError, connection, transaction

from registry.models import Annex, Plan, Process
from risk.enums import Verb
from risk.guards.freezing import STATE_OF
from risk.guards.plans import INSERT_ONLY_BEFORE, PLAN_STATE_OF
from risk.models import (
    AnnexIssue,
    ChapterApproval,
    DeadlineExtension,
    EditionProposal,
    Exemption,
    PlanIssue,
    PlanMethod,
    PlannedMeasure,
    PlanTransition,
    TextBlock,
    YearlyReview,
)
from risk.services.annexes.moves import MoveRefusedError, move_annex
from tests.people import make_member
from tests.register import adopt, close, make_annex
from tests.risk.annexes.test_attacks import dump, run, unique_no_more

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex(frozen_rows):
    """An exempted annex, still a draft, of a plan that is adopted."""
    annex = frozen_rows
    rpct = make_member("rpct", "rpct", body=annex.plan.administration)
    Exemption.objects.create(annex=annex, reason="Ufficio soppresso.", by=rpct)
    DeadlineExtension.objects.create(annex=annex, due_on="2021-01-31", reason="Lavori.", by=rpct)
    said = {"plan": annex.plan, "by": rpct}
    review = YearlyReview.objects.create(**said, year=2021, conclusions="Ha funzionato.")
    EditionProposal.objects.create(**said, review=review, is_taken=True, reason="Si cambia.")
    ChapterApproval.objects.create(chapter=annex.plan.chapters.get(), digest="0" * 64, by=rpct)
    TextBlock.objects.create(
        administration=annex.plan.administration,
        plan=annex.plan,
        layout="completo",
        slot="title",
        text="Titolo",
    )
    issued = make_annex(annex.plan.administration, office="Emesso")
    issue = AnnexIssue.objects.create(
        annex=issued,
        plan=annex.plan,
        number=1,
        issued_at="2021-01-01T00:00Z",
        by=rpct,
        data="{}",
        data_digest="0" * 64,
        pdf=b"x",
        pdf_digest="0" * 64,
    )
    close(issued)
    plan_issue = PlanIssue.objects.create(
        plan=annex.plan,
        issued_at="2021-01-01T00:00Z",
        by=rpct,
        data="{}",
        data_digest="0" * 64,
        pdf=b"x",
        pdf_digest="0" * 64,
    )
    plan_issue.annex_issues.add(issue)
    adopt(annex.plan)
    return annex


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [c.name for c in connection.introspection.get_table_description(cursor, table)]


def copy_sql(table: str) -> str:
    kept = ", ".join(f'"{name}"' for name in columns_of(table) if name != "id")
    return f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {table}"  # noqa: S608


@pytest.mark.parametrize("table", [*STATE_OF, *PLAN_STATE_OF])
def test_raw_sql_on_every_table_of_the_edition_is_refused(annex, table):
    before = dump(table)
    assert before, f"nothing in {table} to attack"
    name = "frozen" if table in STATE_OF else "adopted"
    last = columns_of(table)[-1]
    with pytest.raises(IntegrityError, match=f"{table}_{name}_insert"):
        run(*unique_no_more(table), copy_sql(table))
    with pytest.raises(IntegrityError, match=f"{table}_(frozen|adopted)"):
        run(f'UPDATE {table} SET "{last}" = "{last}"')  # noqa: S608
    with pytest.raises(IntegrityError, match=f"{table}_(frozen|adopted)"):
        run(f"DELETE FROM {table}")  # noqa: S608
    assert dump(table) == before


@pytest.mark.parametrize("table", INSERT_ONLY_BEFORE)
def test_nothing_is_added_to_an_adopted_edition(annex, table):
    with pytest.raises(IntegrityError, match=f"{table}_adopted_insert"):
        run(*unique_no_more(table), copy_sql(table))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_plan SET title = 'Altro'",
        "UPDATE registry_plan SET first_year = 2020",
        "UPDATE registry_plan SET act_number = '99'",
        "UPDATE registry_plan SET act_date = '2021-02-02'",
        "UPDATE registry_plan SET act_effective_on = '2021-02-02'",
        "UPDATE registry_plan SET act_link = 'https://altrove.example'",
        "UPDATE registry_plan SET state = 'preparation'",
        "UPDATE registry_plan SET state = 'published'",
        "DELETE FROM registry_plan",
        "UPDATE risk_planissue SET data = 'x'",
        "UPDATE risk_planissue SET html = 'x'",
        "DELETE FROM risk_planissue",
        "DELETE FROM risk_planissue_annex_issues",
        "UPDATE risk_plantransition SET reason = 'x'",
        "DELETE FROM risk_plantransition",
    ],
)
def test_the_act_the_state_and_the_issue_stay(annex, sql):
    before = dump("registry_plan"), dump("risk_planissue"), dump("risk_plantransition")
    with pytest.raises(IntegrityError):
        run(sql)
    assert (dump("registry_plan"), dump("risk_planissue"), dump("risk_plantransition")) == before


def test_where_it_is_published_may_still_be_written(annex):
    Plan.objects.filter(pk=annex.plan_id).update(
        published_on="2021-02-01", publication_link="https://comune.example/piano"
    )
    assert Plan.objects.get(pk=annex.plan_id).published_on


def test_the_orm_is_refused_too(annex):
    body = annex.plan.administration
    attacks = [
        lambda: Process.objects.update(title="Altro"),
        lambda: Process.objects.all().delete(),
        lambda: PlannedMeasure.objects.filter(annex=None).update(notes="Altro"),
        lambda: PlanMethod.objects.all().delete(),
        lambda: TextBlock.objects.filter(plan=annex.plan).update(text="Altro"),
        lambda: Exemption.objects.all().delete(),
        lambda: Annex.objects.update(head_surname="Altri"),
        lambda: Annex.objects.create(plan=annex.plan, office=body.offices.create(code="N")),
        lambda: PlanIssue.objects.all().delete(),
        lambda: PlanTransition.objects.update(reason="Altro"),
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()


def test_an_exempted_draft_no_longer_opens_or_moves(annex):
    editor = make_member("penna", "editor", body=annex.plan.administration, office=annex.office)
    fresh = Annex.objects.with_names().get(pk=annex.pk)
    assert not fresh.is_open
    assert not Annex.objects.open().exists()
    assert not editor.has_perm("registry.change_annex", fresh)
    with pytest.raises(MoveRefusedError, match="Il piano è adottato"):
        move_annex(annex=fresh, verb=Verb.SUBMIT, by=editor)


def test_a_plan_is_neither_born_adopted_nor_adopted_without_its_document(annex):
    body = annex.plan.administration
    act = {"adopting_organ": "G", "act_kind": "D", "act_number": "1", "act_date": "2021-01-01"}
    years = {"first_year": 2024, "last_year": 2026}
    with (
        pytest.raises(IntegrityError, match="registry_plan_begins_in_preparation"),
        transaction.atomic(),
    ):
        Plan.objects.create(administration=body, title="Nuovo", state="adopted", **years, **act)
    plan = Plan.objects.create(administration=body, title="Nuovo", **years)
    by = annex.exemption.by
    fields = {"from_state": "preparation", "to_state": "adopted", "by": by}
    PlanTransition.objects.create(plan=plan, verb="adopt", **fields)
    with (
        pytest.raises(IntegrityError, match="registry_plan_adopted_with_its_issue"),
        transaction.atomic(),
    ):
        Plan.objects.filter(pk=plan.pk).update(state="adopted", **act)


def test_the_state_of_a_plan_moves_only_by_a_transition(annex):
    plan = Plan.objects.create(
        administration=annex.plan.administration, title="Nuovo", first_year=2024, last_year=2026
    )
    with pytest.raises(IntegrityError, match="moves_by_a_transition"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(state="consultation")
