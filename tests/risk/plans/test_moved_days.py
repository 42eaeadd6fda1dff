"""What the next edition moves: days, yearly targets, who heads an office."""

import datetime
from decimal import Decimal

import pytest

from registry.clock import later
from registry.models import Annex, Membership, Plan, Process
from risk.enums import ReconfirmationState
from risk.models import ImplementationStep, ObjectiveIndicator, ProgressIndicator
from risk.services.annexes.moves import move_annex
from risk.services.annexes.reconfirmation import annex_standings
from risk.services.plans.edition_days import targets_missing
from risk.services.plans.edition_heads import follows
from risk.services.plans.editions import copy_plan
from tests.people import make_member
from tests.register import adopt, complete_annex
from tests.risk.annexes.reconfirming import confirm_all, fresh, states

pytestmark = pytest.mark.django_db

DAY = datetime.date


@pytest.fixture
def plan() -> Plan:
    annex = complete_annex()
    planned = annex.planned_measures.get()
    planned.steps.update(due_on=DAY(2021, 6, 30))
    planned.steps.create(position=2, description="Verifica", due_on=DAY(2024, 2, 29))
    planned.progress_indicators.update(
        baseline_on=DAY(2020, 12, 31), target=5, target_on=DAY(2021, 12, 31)
    )
    objective = annex.plan.objectives.create(position=1, code="OB.1", name="Trasparenza")
    objective.indicators.create(
        position=1, label="Accessi", baseline=1, first_target=2, second_target=3, third_target=4
    )
    adopt(annex.plan)
    return annex.plan


def opened(plan: Plan, **changes) -> Plan:
    values = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024, "kind": "ordinary"}
    return copy_plan(plan=plan, by=None, **{**values, **changes})


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (DAY(2021, 6, 30), 1, DAY(2022, 6, 30)),
        (DAY(2024, 2, 29), 1, DAY(2025, 2, 28)),
        (DAY(2024, 2, 29), 4, DAY(2028, 2, 29)),
        (DAY(2023, 2, 28), 1, DAY(2024, 2, 28)),
    ],
)
def test_a_day_moves_by_years_and_one_that_is_none_is_the_day_before(day, years, expected):
    assert later(day, years) == expected


def test_what_is_expected_by_a_day_moves_with_the_triennium(plan):
    made = opened(plan)
    steps = ImplementationStep.objects.filter(planned_measure__plan=made).order_by("position")
    assert [row.due_on for row in steps] == [DAY(2022, 6, 30), DAY(2025, 2, 28)]
    indicator = ProgressIndicator.objects.get(planned_measure__plan=made)
    assert (indicator.target_on, indicator.target) == (DAY(2022, 12, 31), 5)
    # when it was read is the past
    assert indicator.baseline_on == DAY(2020, 12, 31)


def test_what_is_expected_in_a_year_stays_in_that_year(plan):
    made = opened(plan)
    row = ObjectiveIndicator.objects.get(objective__plan=made)
    told = [row.baseline, row.first_target, row.second_target, row.third_target]
    assert told == [Decimal(1), Decimal(3), Decimal(4), None]


@pytest.mark.parametrize("first_year", [2022, 2023, 2024, 2028])
def test_targets_that_the_plan_before_did_not_reach_are_asked_for(plan, first_year):
    made = opened(plan, first_year=first_year, last_year=first_year + 2)
    assert targets_missing(made) == 1
    ObjectiveIndicator.objects.filter(objective__plan=made).update(third_target=5)
    assert targets_missing(made) == 0
    # an indicator that is being written is not asked for its values yet
    made.objectives.create(position=2, code="OB.2", name="Nuovo").indicators.create(position=1)
    assert targets_missing(made) == 0


def test_an_update_moves_nothing(plan):
    made = opened(plan, kind="update", title="Aggiornamento", first_year=2021, last_year=2023)
    steps = ImplementationStep.objects.filter(planned_measure__plan=made).order_by("position")
    assert [row.due_on for row in steps] == [DAY(2021, 6, 30), DAY(2024, 2, 29)]
    row = ObjectiveIndicator.objects.get(objective__plan=made)
    assert [row.first_target, row.third_target] == [Decimal(2), Decimal(4)]
    ObjectiveIndicator.objects.filter(pk=row.pk).update(third_target=None)
    assert targets_missing(made) == 0


def test_the_head_is_who_heads_the_office_today_and_when_it_is_handed_in(plan):
    office = plan.annexes.get().office
    first = make_member("prima", "head", body=plan.administration, office=office)
    Membership.objects.filter(user=first).update(title="Dott.ssa")
    annex = opened(plan).annexes.get()
    assert (annex.head_title, annex.head_surname, annex.head_name) == (
        "Dott.ssa",
        first.last_name,
        first.first_name,
    )
    Membership.objects.filter(user=first).update(
        starts_on=DAY(2020, 1, 1), ends_on=DAY(2020, 12, 31)
    )
    second = make_member("seconda", "head", body=plan.administration, office=office)
    second.first_name, second.last_name = "Livia", "Serra"
    second.save()
    editor = make_member("chi-scrive", "editor", body=plan.administration, office=office)
    confirm_all(annex, editor)
    move_annex(annex=annex, verb="submit", by=editor)
    annex.refresh_from_db()
    assert (annex.head_surname, annex.head_name) == ("Serra", "Livia")


def test_who_stands_in_for_a_head_is_not_named_beside_it(plan):
    body, office = plan.administration, plan.annexes.get().office
    head = make_member("capo", "head", body=body, office=office)
    deputy = make_member("sostituta", "head", body=body, office=office)
    role = Membership.objects.get(user=head)
    Membership.objects.filter(user=head).update(starts_on=DAY(2020, 1, 1))
    Membership.objects.filter(user=deputy).update(deputy_for=role, ends_on=DAY(2099, 12, 31))
    annex = opened(plan).annexes.get()
    assert annex.head_surname == head.last_name
    # where nobody was named, nor when it is handed in
    annex.head_surname = annex.head_name = annex.head_title = ""
    annex.save()
    editor = make_member("chi-scrive", "editor", body=body, office=office)
    confirm_all(annex, editor)
    move_annex(annex=annex, verb="submit", by=editor)
    annex.refresh_from_db()
    assert annex.head_surname == head.last_name


def test_a_head_somebody_wrote_stays(plan):
    office = plan.annexes.get().office
    annex = opened(plan).annexes.get()
    annex.head_surname, annex.head_name = "Neri", "Ada"
    annex.save()
    make_member("capo", "head", body=plan.administration, office=office)
    editor = make_member("chi-scrive", "editor", body=plan.administration, office=office)
    confirm_all(annex, editor)
    move_annex(annex=annex, verb="submit", by=editor)
    annex.refresh_from_db()
    assert (annex.head_surname, annex.head_name) == ("Neri", "Ada")


def test_who_answers_for_a_process_follows_the_head(plan):
    office = plan.annexes.get().office
    head = make_member("capo", "head", body=plan.administration, office=office)
    before = plan.annexes.get()
    # as issued: adopted rows are frozen, so this plan is another edition's ancestor
    made = opened(plan)
    annex = made.annexes.get()
    assert annex.head_surname == head.last_name
    process = annex.processes.get()
    process.responsible = f"{head.first_name} {head.last_name}"
    process.save()
    adopt(made)
    Membership.objects.filter(user=head).update(
        starts_on=DAY(2020, 1, 1), ends_on=DAY(2020, 12, 31)
    )
    other = make_member("nuovo-capo", "head", body=plan.administration, office=office)
    other.first_name, other.last_name = "Livia", "Serra"
    other.save()
    third = opened(made, title="PTPCT 2023/2025", first_year=2023, last_year=2025)
    copy = third.annexes.get().processes.get()
    assert copy.responsible == "Livia Serra"
    assert before.processes.get().responsible != "Serra Livia"
    # nobody has read it: its words are those of before, and as old
    annex = third.annexes.get()
    (row,) = annex_standings(fresh(annex))
    assert (row.state, row.kept.since) == (ReconfirmationState.TO_CONFIRM, made.pk)
    confirm_all(annex, make_member("chi-scrive", "editor", body=plan.administration, office=office))
    assert states(annex) == [ReconfirmationState.CONFIRMED]
    Process.objects.filter(pk=copy.pk).update(responsible="Neri Ada")
    assert states(annex) == [ReconfirmationState.CHANGED]
    Process.objects.filter(pk=copy.pk).update(responsible="Livia Serra", description="Altro.")
    assert states(annex) == [ReconfirmationState.CHANGED]


@pytest.mark.parametrize("name", ["Rossi Mario", "MARIO ROSSI", "Dott. Rossi", "Bianchi Anna"])
def test_who_answers_is_said_as_before_where_the_head_is_the_same(name):
    told = {"head_title": "Dott.", "head_surname": "Rossi", "head_name": "Mario"}
    assert follows(name, Annex(**told), Annex(**{**told, "head_title": "Prof."})) == name
