"""One measure programmed many times: found, shown, made one with many objects, taken back."""

import datetime

import pytest
from django.urls import reverse

from registry.models import Annex, Office, Plan, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.judgements import PROPOSING
from risk.models import (
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
    Suitability,
)
from risk.services.plans.editions import copy_plan
from risk.services.treatment.repeated import repeated_in, repeated_in_plan
from tests.people import client_of
from tests.register import adopt, close
from tests.risk.admin.world import build, other_office
from tests.statements import at_most

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 6, 30)


@pytest.fixture
def world():
    """Body A, whose annex programmes one measure three times, each on a process of its own."""
    world = build()
    for number in (2, 3):
        process = Process(annex=world.a.annex, position=number, number=number, title=f"P{number}")
        process.save()
        planned = programme(world.a, "processes")
        MeasureTarget.objects.create(planned_measure=planned, process=process)
    step = world.a.plannedmeasure.steps.get()
    step.due_on = DAY
    step.save()
    return world


def programme(one, scope: str, **fields) -> PlannedMeasure:
    """Programme the measure of `one` as `tests.risk.admin.world` does."""
    place = {"plan": one.plan, "annex": one.annex, "scope": scope}
    planned = PlannedMeasure.objects.create(measure=one.measure, position=9, **place, **fields)
    # as a clerk would read the same
    planned.steps.create(position=1, description="UNO ", due_on=DAY)
    planned.progress_indicators.create(position=1, label="quanti", kind="quantity")
    return planned


def page_of(annex) -> str:
    return reverse("risk:repeated", args=[annex.uid])


def plan_page_of(plan) -> str:
    return reverse("risk:plan_repeated", args=[plan.administration.ipa_code, plan.slug])


def named(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def row_counts() -> list[int]:
    kinds = (PlannedMeasure, MeasureTarget, ImplementationStep, ProgressIndicator)
    return [model.objects.count() for model in kinds]


def test_what_says_the_same_becomes_one_with_all_objects_and_comes_back(world):
    one, client = world.a, client_of(world.people["editor"])
    (group,) = repeated_in(named(one.annex))
    assert (group.count, group.gone_steps, group.gone_indicators) == (3, 2, 2)
    assert len(group.objects) == 3
    page = client.get(page_of(one.annex)).content.decode()
    assert "programmata 3 volte" in page
    assert "2 programmazioni uguali" in page
    before = row_counts()
    answer = client.post(page_of(one.annex), {"digest": group.digest}, follow=True)
    (left,) = PlannedMeasure.objects.filter(annex=one.annex)
    assert left == one.plannedmeasure
    assert left.targets.count() == 3
    assert row_counts() == [before[0] - 2, before[1], before[2] - 2, before[3] - 2]
    (record,) = TrailRecord.objects.filter(kind="unite-measures")
    assert "Nessuna misura dell’allegato" in answer.content.decode()
    client.post(reverse("risk:undo", args=[one.annex.uid]), {"act": record.uid})
    assert row_counts() == before
    assert [row.digest != "" for row in repeated_in(named(one.annex))] == [True]
    assert list(verify_trail()) == []


@pytest.mark.parametrize(
    "differs",
    [
        lambda row, one: row.steps.update(due_on=datetime.date(2023, 1, 1)),
        lambda row, one: row.progress_indicators.update(target=3),
        lambda row, one: PlannedMeasure.objects.filter(pk=row.pk).update(notes="In presenza."),
        lambda row, one: PlannedMeasure.objects.filter(pk=row.pk).update(
            responsible_office=one.office
        ),
    ],
)
def test_what_differs_in_anything_stays_by_itself(world, differs):
    differs(PlannedMeasure.objects.filter(annex=world.a.annex).last(), world.a)
    (group,) = repeated_in(named(world.a.annex))
    assert group.count == 2


def test_an_object_two_of_them_cover_is_covered_once(world):
    one = world.a
    for planned in PlannedMeasure.objects.filter(annex=one.annex).exclude(pk=one.plannedmeasure.pk):
        MeasureTarget.objects.create(planned_measure=planned, process=one.process)
    (group,) = repeated_in(named(one.annex))
    client_of(world.people["head"]).post(page_of(one.annex), {"digest": group.digest})
    assert one.plannedmeasure.targets.count() == 3


def test_what_was_changed_after_the_preview_is_shown_again(world):
    one, client = world.a, client_of(world.people["editor"])
    (group,) = repeated_in(named(one.annex))
    step = one.plannedmeasure.steps.get()
    step.timing = "ogni mese"
    step.save()
    answer = client.post(page_of(one.annex), {"digest": group.digest})
    assert answer.status_code == 409
    assert "Nel frattempo qualcosa è cambiato" in answer.content.decode()
    assert PlannedMeasure.objects.filter(annex=one.annex).count() == 3


def test_nothing_happens_in_a_closed_annex(world):
    (group,) = repeated_in(named(world.a.annex))
    close(world.a.annex)
    client = client_of(world.people["editor"])
    assert client.post(page_of(world.a.annex), {"digest": group.digest}).status_code == 403
    assert "Fanne una sola" not in client.get(page_of(world.a.annex)).content.decode()
    assert PlannedMeasure.objects.filter(annex=world.a.annex).count() == 3


def test_of_several_offices_the_rpct_makes_one_of_the_whole_plan(world):
    one, far = world.a, other_office(world.a)
    third = Annex.objects.create(
        plan=one.plan, office=Office.objects.create(administration=one.administration, name="Terzo")
    )
    for row in (one, far):
        programme(row, "annex", responsible_role=one.executorrole)
        # whose office nobody has written is of two different offices
        programme(row, "annex", notes="Senza responsabile")
    plan = Plan.objects.select_related("administration").get(pk=one.plan.pk)
    (found,) = repeated_in_plan(plan)
    assert (found.others, found.closed) == ((third.printed_office_name,), ())
    client, before = client_of(world.people["rpct"]), row_counts()
    assert "Varrà anche per" in client.get(plan_page_of(plan)).content.decode()
    answer = client.post(plan_page_of(plan), {"digest": found.repeated.digest}, follow=True)
    assert "è ora programmata una volta" in answer.content.decode()
    (whole,) = PlannedMeasure.objects.filter(plan=plan, scope="plan")
    assert (whole.annex, whole.responsible_role) == (None, one.executorrole)
    assert repeated_in_plan(plan) == []
    (record,) = TrailRecord.objects.filter(kind="unite-plan-measures")
    way = reverse("registry:undo", args=[plan.administration.ipa_code])
    client.post(way, {"act": record.uid})
    assert row_counts() == before
    assert len(repeated_in_plan(plan)) == 1
    close(third)
    (found,) = repeated_in_plan(plan)
    assert found.closed == (third.printed_office_name,)
    refused = client.post(plan_page_of(plan), {"digest": found.repeated.digest})
    assert "Un allegato non è aperto" in refused.content.decode()
    assert row_counts() == before
    assert list(verify_trail()) == []


def test_what_was_found_of_a_measure_is_not_lost_with_it(world):
    one = world.a
    adopt(one.plan)
    # of the first it was found already that it is to change, the second is to be strengthened
    first, second, third = PlannedMeasure.objects.filter(annex=one.annex).order_by("pk")
    assert Suitability.objects.filter(planned_measure=first, judgement__in=PROPOSING).exists()
    judged = {"judgement": "strengthen", "factor": "present", "motivation": "Non basta."}
    Suitability.objects.create(planned_measure=second, year=2021, by=world.people["rpct"], **judged)
    years = {"first_year": 2022, "last_year": 2024}
    made = copy_plan(plan=one.plan, title="Seguente", kind="ordinary", by=None, **years)
    (group,) = repeated_in(named(made.annexes.get()))
    # what is told of the second is told to its process through it: it stays by itself
    assert (group.kept.origin, [row.origin for row in group.gone]) == (first, [third])


def test_the_statements_do_not_grow_with_the_measures(world):
    one = world.a
    for number in range(20):
        planned = programme(one, "processes", notes=f"Gruppo {number % 5}")
        MeasureTarget.objects.create(planned_measure=planned, process=one.process)
    with at_most(6):
        repeated_in(named(one.annex))
    (group, *_rest) = repeated_in(named(one.annex))
    client = client_of(world.people["editor"])
    with at_most(45):
        client.post(page_of(one.annex), {"digest": group.digest})
