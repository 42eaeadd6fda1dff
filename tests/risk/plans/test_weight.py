"""What a plan weighs: answers, measurements and deadlines of each office, and the body's limit."""

import datetime

import pytest
from django.urls import reverse

from registry import clock
from registry.models import Administration, Membership, Plan, Process
from risk.enums import PlanVerb
from risk.models import PlannedMeasure
from risk.services.completeness.plan_points import plan_points
from risk.services.plans.edition_days import has_days
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.weight import TIMES_A_YEAR, people_of, weight_of
from tests.people import client_of
from tests.risk.admin.world import build, other_office
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build()


def fresh(plan) -> Plan:
    return Plan.objects.select_related("administration").get(pk=plan.pk)


def page_of(plan) -> str:
    return reverse("risk:plan_weight", args=[plan.administration.ipa_code, plan.slug])


def over_limit(plan, verb) -> list:
    points = plan_points(plan, verb=verb)
    return [point for point in points if point.rule.code == "plan-measures-limit"]


def test_every_frequency_has_its_times_a_year():
    field = PlannedMeasure._meta.get_field("monitoring_frequency")
    assert set(TIMES_A_YEAR) == {"", *dict(field.choices)}


def test_an_office_answers_as_often_as_its_measures_are_looked_at(world):
    one = world.a
    PlannedMeasure.objects.filter(annex=one.annex).update(monitoring_frequency="quarterly")
    one.plannedmeasure.steps.update(due_on=datetime.date(2022, 6, 30))
    one.plannedmeasure.steps.create(position=9, description="Poi", timing="ogni semestre")
    (mine,) = weight_of(fresh(one.plan))
    assert (mine.office, mine.measures, mine.answers, mine.measurements) == (one.office, 1, 4, 4)
    assert (mine.due_in((2021, 2022, 2023)), mine.steps) == ([0, 1, 0], 1)
    assert mine.people == ("head",)


def test_what_the_plan_does_not_contain_weighs_nothing(world):
    one, rpct = world.a, world.people["rpct"]
    body = one.administration
    Administration.objects.filter(pk=body.pk).update(measures_limit=0, measures_limit_person=0)
    PlannedMeasure.objects.create(plan=one.plan, measure=one.measure, scope="plan")
    one.plannedmeasure.steps.update(due_on=datetime.date(2022, 6, 30))

    def told() -> tuple[list, set, bool]:
        rules = {point.rule.code for point in plan_points(fresh(one.plan))}
        weights = [(row.office, row.measures, row.steps) for row in weight_of(fresh(one.plan))]
        return weights, {code for code in rules if "limit" in code}, has_days(one.plan)

    limits = {"plan-measures-limit", "plan-measures-limit-person"}
    assert told() == ([(one.office, 1, 0), (None, 1, 0)], limits, True)
    exempt = exempt_annex(annex=one.annex, reason="Si è appena formato.", by=rpct)
    assert told() == ([(None, 1, 0)], set(), False)
    exempt.delete()
    Process.objects.filter(annex=one.annex).update(retired_on=clock.today(), retired_reason="X")
    assert told() == ([(None, 1, 0)], set(), False)


def test_what_is_written_wins_over_the_office_of_the_annex(world):
    one, far = world.a, other_office(world.a)
    PlannedMeasure.objects.filter(pk=one.plannedmeasure.pk).update(responsible_office=far.office)
    PlannedMeasure.objects.create(plan=one.plan, measure=one.measure, scope="plan")
    first, last = weight_of(fresh(one.plan))
    assert (first.office, first.measures, first.answers) == (far.office, 2, 2)
    assert (last.office, last.measures) == (None, 1)


def test_more_measures_than_the_body_wants_are_told(world):
    one, client = world.a, client_of(world.people["rpct"])
    assert "oltre il limite" not in client.get(page_of(one.plan)).content.decode()
    Administration.objects.filter(pk=one.administration.pk).update(measures_limit=1)
    PlannedMeasure.objects.create(
        plan=one.plan, annex=one.annex, measure=one.measure, scope="annex"
    )
    page = client.get(page_of(one.plan)).content.decode()
    assert "risponde di 2 misure: l’amministrazione ne vuole al più 1" in page
    editor = client_of(world.people["editor"])
    assert editor.get(page_of(one.plan)).status_code == 404
    # the RPCT is told before the plan is adopted, the office where it looks what is missing
    for verb in (PlanVerb.PROPOSE, PlanVerb.ADOPT):
        (point,) = over_limit(fresh(one.plan), verb)
        assert (point.blocks, point.address) == (False, page_of(one.plan))
    missing = editor.get(reverse("risk:completeness", args=[one.annex.uid])).content.decode()
    assert "L’ufficio risponde di 2 misure del piano" in missing
    assert reverse("risk:repeated", args=[one.annex.uid]) in missing
    Administration.objects.update(measures_limit=2)
    assert over_limit(fresh(one.plan), PlanVerb.ADOPT) == []
    missing = editor.get(reverse("risk:completeness", args=[one.annex.uid])).content.decode()
    assert "misure del piano" not in missing


def test_a_person_answers_for_all_the_offices_they_head(world):
    one, far = world.a, other_office(world.a)
    head, body = world.people["head"], one.administration
    days = {"administration": body, "starts_on": "2020-01-01"}
    Membership.objects.create(user=head, role="head", office=far.office, **days)
    rows = weight_of(fresh(one.plan))
    (person,) = people_of(rows, fresh(one.plan))
    assert (person.name, person.measures, person.answers) == ("head", 2, 2)
    assert {*person.offices} == {one.office, far.office}
    Administration.objects.update(measures_limit_person=1)
    said = "head, con tutti gli uffici che dirige, risponde di 2 misure"
    assert said in client_of(world.people["rpct"]).get(page_of(one.plan)).content.decode()
    points = plan_points(fresh(one.plan), verb=PlanVerb.ADOPT)
    (point,) = [one for one in points if one.rule.code == "plan-measures-limit-person"]
    assert (point.blocks, point.sentence.startswith(said)) == (False, True)
    missing = reverse("risk:completeness", args=[one.annex.uid])
    assert said in client_of(world.people["editor"]).get(missing).content.decode()
    Administration.objects.update(measures_limit_person=2)
    assert said not in client_of(world.people["editor"]).get(missing).content.decode()


def test_the_statements_do_not_grow_with_the_measures(world):
    one = world.a
    for number in range(30):
        planned = PlannedMeasure.objects.create(
            plan=one.plan, annex=one.annex, measure=one.measure, scope="annex", position=number
        )
        planned.steps.create(position=1, description="Fase")
    plan = fresh(one.plan)
    with at_most(4):
        weight_of(plan)
