"""One programming of a measure, whatever it covers (docs/decisions/0022)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from model_bakery import baker

from registry.models import Action, ExecutorRole, Office, Plan
from risk.models import Measure, MeasureTarget, PlannedMeasure
from risk.services.treatment.measures import plan_measure
from tests.register import (
    close_all,
    make_annex,
    make_behaviour,
    make_body,
    make_phase,
    make_process,
)
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def measure(annex):
    return make_measure(annex.plan.administration)


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


def make_measure(administration=None, code="MS01", **fields):
    values = {"label": "Doppia firma", "character": "specific"} | fields
    return Measure.objects.create(administration=administration, code=code, **values)


def covered_by(planned) -> set[str]:
    return {str(target) for target in planned.targets.all()}


def test_a_measure_of_the_whole_plan_has_neither_annex_nor_targets(annex, measure):
    planned = plan_measure(plan=annex.plan, measure=measure, scope="plan")

    assert (planned.plan, planned.annex, covered_by(planned)) == (annex.plan, None, set())


def test_a_measure_of_the_office_has_its_annex_and_plan(annex, measure):
    planned = plan_measure(annex=annex, measure=measure, scope="annex")

    assert (planned.plan, planned.annex) == (annex.plan, annex)
    assert annex.planned_measures.get() == planned


def test_five_processes_are_five_targets_of_one_measure(annex, measure, anna):
    processes = [make_process(annex, title) for title in "ABCDE"]

    planned = plan_measure(
        annex=annex, measure=measure, scope="processes", targets=processes, by=anna
    )

    assert PlannedMeasure.objects.count() == 1
    assert {target.process for target in planned.targets.all()} == set(processes)
    records = [planned.history.get(), *MeasureTarget.history.all()]
    assert len(records) == 6
    assert {record.history_user for record in records} == {anna}
    assert len({record.history_change_reason for record in records}) == 1


def test_phases_actions_and_behaviours_can_be_targets(annex, measure):
    process = make_process(annex)
    phase = make_phase(process, "Istruttoria")
    action = Action.objects.create(phase=phase, position=1, title="Verifica")
    behaviour = make_behaviour(process, "Omesso controllo")

    for scope, row in (("phases", phase), ("actions", action), ("behaviours", behaviour)):
        planned = plan_measure(annex=annex, measure=measure, scope=scope, targets=[row])
        assert covered_by(planned) == {str(row)}


def test_a_target_named_twice_is_one(annex, measure):
    process = make_process(annex)

    planned = plan_measure(
        annex=annex, measure=measure, scope="processes", targets=[process, process]
    )

    assert planned.targets.count() == 1


def test_measures_come_in_the_order_they_are_planned(annex, measure):
    first, second = (plan_measure(annex=annex, measure=measure, scope="annex") for _ in range(2))

    assert (first.position, second.position) == (1, 2)


def test_who_answers_for_it_is_kept(annex, measure):
    role = ExecutorRole.objects.create(code="RPCT", label="RPCT")

    planned = plan_measure(
        annex=annex,
        measure=measure,
        scope="annex",
        responsible_role=role,
        responsible_office=annex.office,
        start_state="continuous",
    )

    assert planned.printed_responsible == "RPCT, Tributi"
    assert planned.start_state == "continuous"


@pytest.mark.parametrize(
    ("scope", "where"),
    [("plan", "annex"), ("plan", "both"), ("annex", "plan"), ("processes", "plan"), ("x", "plan")],
)
def test_plan_and_annex_fit_the_scope(annex, measure, scope, where):
    places = {
        "plan": {"plan": annex.plan},
        "annex": {"annex": annex},
        "both": {"plan": annex.plan, "annex": annex},
    }

    with pytest.raises(ValidationError):
        plan_measure(measure=measure, scope=scope, **places[where])

    assert not PlannedMeasure.objects.exists()


def test_the_annex_is_of_the_plan(annex, measure):
    other = Plan.objects.create(
        administration=annex.plan.administration, title="Altro", first_year=2024, last_year=2026
    )

    with pytest.raises(ValidationError, match="un allegato del piano"):
        plan_measure(plan=other, annex=annex, measure=measure, scope="annex")


def test_targets_are_of_the_annex(annex, measure):
    foreign = make_process(make_annex(annex.plan.administration, office="Lavori"), "Altrui")

    with pytest.raises(ValidationError, match="Altrui"):
        plan_measure(annex=annex, measure=measure, scope="processes", targets=[foreign])


def test_targets_are_of_the_kind_of_the_scope(annex, measure):
    process = make_process(annex)

    with pytest.raises(ValidationError, match="Non è dell’ambito"):
        plan_measure(annex=annex, measure=measure, scope="phases", targets=[process])


@pytest.mark.parametrize("scope", ["processes", "phases", "actions", "behaviours"])
def test_a_scope_of_rows_names_at_least_one(annex, measure, scope):
    with pytest.raises(ValidationError, match="almeno un oggetto"):
        plan_measure(annex=annex, measure=measure, scope=scope)


def test_a_scope_of_the_whole_names_none(annex, measure):
    with pytest.raises(ValidationError, match="non ha oggetti"):
        plan_measure(annex=annex, measure=measure, scope="annex", targets=[make_process(annex)])


def test_a_measure_of_another_body_or_out_of_use_is_refused(annex):
    foreign = make_measure(make_body("c_x002"))
    retired = make_measure(
        code="V", retired_on=datetime.date(2020, 1, 1), retired_reason="superata"
    )

    for measure in (foreign, retired):
        with pytest.raises(ValidationError) as refusal:
            plan_measure(annex=annex, measure=measure, scope="annex")
        assert list(refusal.value.message_dict) == ["measure"]


def test_a_responsible_of_another_body_is_refused(annex, measure):
    office = Office.objects.create(administration=make_body("c_x002"), code="U", name="Altro")

    with pytest.raises(ValidationError) as refusal:
        plan_measure(annex=annex, measure=measure, scope="annex", responsible_office=office)

    assert list(refusal.value.message_dict) == ["responsible_office"]


def test_an_annex_that_is_not_open_and_an_adopted_plan_refuse(annex, measure):
    close_all("approved")
    with pytest.raises(ValidationError, match="L’allegato non è aperto"):
        plan_measure(annex=annex, measure=measure, scope="annex")

    plan = annex.plan
    plan.state = "adopted"
    with pytest.raises(ValidationError, match="Il piano è adottato"):
        plan_measure(plan=plan, measure=measure, scope="plan")


def test_the_statements_do_not_grow_with_the_targets(annex, measure):
    processes = [make_process(annex, f"p{number}") for number in range(30)]

    with at_most(13):
        plan_measure(annex=annex, measure=measure, scope="processes", targets=processes)


def test_the_database_refuses_a_target_of_another_scope(annex, measure):
    planned = plan_measure(annex=annex, measure=measure, scope="annex")

    with pytest.raises(IntegrityError, match="risk_measuretarget_fits_scope"):
        MeasureTarget.objects.create(planned_measure=planned, process=make_process(annex))
