"""The objectives of a plan: who keeps them, what they are tied to, what is printed of them."""

import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry.acts import Refused
from registry.models import Plan, TrailRecord
from risk.content.canonical import write_canonical
from risk.content.plan_facts import PlanFacts, annex_facts
from risk.content.plan_parts import PLAN_PARTS, parts_of
from risk.models import Objective, ObjectiveIndicator, PlannedMeasure
from risk.services.annexes.closed_contents import closed_content_findings
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.documents import document_of
from risk.services.completeness.points import missing_points
from risk.services.plans.documents import draft_document, plan_snapshot
from risk.services.plans.editions import copy_plan
from risk.services.plans.objectives import (
    add_indicator,
    add_objective,
    move_objective,
    remove_objective,
    retire_objective,
)
from tests.people import client_of
from tests.register import adopt, close
from tests.risk.admin.world import build
from tests.statements import at_most

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world():
    built = build()
    Objective.objects.all().delete()
    return built


@pytest.fixture
def plan(world) -> Plan:
    return world.a.plan


@pytest.fixture
def rpct(world):
    return world.people["rpct"]


@pytest.fixture
def objective(plan, rpct) -> Objective:
    row = add_objective(plan=plan, code="OB.1", name="Più trasparenza", by=rpct)
    values = {"label": "Accessi", "unit": "n.", "baseline": 10, "first_target": 12}
    add_indicator(objective=row, uid=uuid.uuid4(), by=rpct, **values)
    return row


@pytest.fixture
def specific(world) -> PlannedMeasure:
    measure = world.a.plannedmeasure
    type(measure.measure).objects.filter(pk=measure.measure_id).update(character="specific")
    return measure


def at(name: str, plan: Plan, *more) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, *more])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- kept by the RPCT -----------------------------------------------------------------------------


def test_the_rpct_adds_one_and_fills_it_in(plan, rpct):
    client = client_of(rpct)
    answer = client.post(at("plan_objective_new", plan), {"code": "OB.1", "name": "Trasparenza"})
    row = Objective.objects.get()
    assert answer.url == at("plan_objective", plan, row.uid)
    sent = {"version": "1", "code": "OB.1", "name": "Trasparenza", "description": "Perché."}
    with at_most(15):
        saved = client.post(answer.url, sent, headers=HTMX)
    assert "Salvato" in text_of(saved)
    row.refresh_from_db()
    assert row.description == "Perché."
    record = TrailRecord.objects.filter(kind="objective").last()
    assert record.subject == f"plan {plan.administration.ipa_code} {plan.title}"
    again = client.post(at("plan_objective_new", plan), {"code": "OB.1", "name": "Altro"})
    assert "ha già questo codice" in text_of(again)


def test_without_a_script_one_button_saves_all(plan, rpct, objective):
    client, indicator = client_of(rpct), objective.indicators.get()
    prefix, new = f"indicatori-{indicator.uid}-", "indicatori-nuova-"
    sent = {
        "version": "1",
        "code": "OB.1",
        "name": "Altro nome",
        f"{prefix}version": "1",
        f"{prefix}label": "Accessi al sito",
        f"{prefix}third_target": "15,5",
        f"{new}version": "0",
        f"{new}row_uid": str(uuid.uuid4()),
        f"{new}label": "Reclami",
    }
    answer = client.post(at("plan_objective", plan, objective.uid), sent, follow=True)
    assert "Salvato." in text_of(answer)
    assert Objective.objects.get().name == "Altro nome"
    rows = ObjectiveIndicator.objects.order_by("position")
    assert [row.label for row in rows] == ["Accessi al sito", "Reclami"]
    assert str(rows[0].third_target) == "15.500"
    assert "Valore atteso nel 2023" in text_of(answer)
    wrong = {"version": "2", "code": "", "name": "Terzo"}
    answer = client.post(at("plan_objective", plan, objective.uid), wrong)
    assert "Non tutto è salvato" in text_of(answer)
    assert Objective.objects.get().name == "Terzo"


def test_two_people_on_one_objective_are_asked(plan, rpct, objective):
    client, address = client_of(rpct), at("plan_objective", plan, objective.uid)
    client.post(address, {"version": "1", "code": "OB.1", "name": "La sua"})
    answer = client.post(address, {"version": "1", "code": "OB.1", "name": "La mia"}, headers=HTMX)
    assert "Tieni la mia" in text_of(answer)
    assert Objective.objects.get().name == "La sua"


def test_they_are_ordered_and_it_is_taken_back(plan, rpct, objective):
    second = add_objective(plan=plan, code="OB.2", name="Meno ritardi", by=rpct)
    client = client_of(rpct)
    answer = client.post(at("plan_objective_keep", plan, second.uid), {"atto": "su"}, follow=True)
    assert [row.code for row in Objective.objects.order_by("position")] == ["OB.2", "OB.1"]
    act = TrailRecord.objects.filter(kind="objective").latest("pk")
    assert str(act.uid) in text_of(answer)
    undo = reverse("registry:undo", args=[plan.administration.ipa_code])
    client.post(undo, {"act": str(act.uid)})
    assert [row.code for row in Objective.objects.order_by("position")] == ["OB.1", "OB.2"]


def test_one_in_use_is_taken_out_of_use_and_not_deleted(plan, rpct, objective, specific):
    PlannedMeasure.objects.filter(pk=specific.pk).update(objective=objective)
    with pytest.raises(Refused, match="è in uso"):
        remove_objective(row=objective, by=rpct)
    client, address = client_of(rpct), at("plan_objective_keep", plan, objective.uid)
    version = {"version": str(objective.version)}
    assert "Scrivi il motivo" in text_of(client.post(address, {"atto": "archivia", **version}))
    client.post(address, {"atto": "archivia", "reason": "Raggiunto.", **version})
    objective.refresh_from_db()
    assert objective.retired_reason == "Raggiunto."
    client.post(address, {"atto": "riprendi", "version": str(objective.version)})
    objective.refresh_from_db()
    assert objective.retired_on is None


def test_an_adopted_plan_keeps_its_objectives(plan, rpct, objective):
    adopt(plan)
    with pytest.raises(Refused, match="adottato"):
        add_objective(plan=plan, code="OB.9", name="Tardi", by=rpct)
    for act in (
        lambda: Objective.objects.filter(pk=objective.pk).update(name="Altro"),
        lambda: ObjectiveIndicator.objects.all().delete(),
        lambda: Objective.objects.create(plan=plan, code="X", name="X", position=9),
    ):
        with pytest.raises(IntegrityError, match="adottato"), transaction.atomic():
            act()
    client = client_of(rpct)
    assert client.post(at("plan_objective", plan, objective.uid), {}).status_code == 403
    page = text_of(client.get(at("plan_objective", plan, objective.uid)))
    assert "Sola lettura" in page
    assert "Accessi" in page


# --- what serves them -----------------------------------------------------------------------------


def test_an_office_says_which_one_its_measure_serves(world, plan, rpct, objective, specific):
    client = client_of(world.people["editor"])
    address = reverse("risk:programme", args=[specific.uid])
    page = text_of(client.get(address))
    assert f'<option value="{objective.uid}">OB.1 Più trasparenza</option>' in page
    sent = {"version": str(specific.version), "start_state": "unknown"}
    client.post(address, {**sent, "objective": str(objective.uid)}, headers=HTMX)
    specific.refresh_from_db()
    assert specific.objective == objective
    assert client.post(at("plan_objective_new", plan), {}).status_code == 404
    other = add_objective(plan=world.b.plan, code="OB.7", name="D’altri", by=rpct)
    answer = client.post(address, {**sent, "objective": str(other.uid)}, headers=HTMX)
    assert "house-field-error" in text_of(answer)
    with pytest.raises(IntegrityError, match="altro piano"), transaction.atomic():
        PlannedMeasure.objects.filter(pk=specific.pk).update(objective=other)


def test_a_plan_without_objectives_asks_for_none(world, specific):
    page = client_of(world.people["editor"]).get(reverse("risk:programme", args=[specific.uid]))
    assert "Obiettivo del piano" not in text_of(page)
    assert "measure-objective" not in codes(world.a.annex)


def codes(annex) -> list[str]:
    fresh = type(annex).objects.with_names().get(pk=annex.pk)
    return [point.rule.code for point in missing_points(kept_annex(fresh))]


def test_a_specific_measure_without_one_is_warned_of(world, plan, rpct, specific, objective):
    assert "measure-objective" in codes(world.a.annex)
    PlannedMeasure.objects.filter(pk=specific.pk).update(objective=objective)
    assert "measure-objective" not in codes(world.a.annex)
    retire_objective(row=objective, reason="Raggiunto.", version=objective.version, by=rpct)
    # no other is left: nothing is asked for
    assert "measure-objective" not in codes(world.a.annex)
    add_objective(plan=plan, code="OB.2", name="Meno ritardi", by=rpct)
    assert "measure-objective" in codes(world.a.annex)


def test_a_closed_annex_is_read_with_the_objective_of_then(world, objective, specific):
    PlannedMeasure.objects.filter(pk=specific.pk).update(objective=objective)
    close(world.a.annex)
    assert list(closed_content_findings()) == []
    objective.name = "Tutt’altro"
    objective.save()
    assert list(closed_content_findings()) == []


# --- paper and data -------------------------------------------------------------------------------


def test_a_plan_without_objectives_has_the_data_it_had(plan):
    told = json.loads(plan_snapshot(draft_document(plan)))["plan"]
    assert "objectives" not in told
    assert "Monitoraggio" not in json.dumps(told, ensure_ascii=False)


def test_the_part_says_what_is_wanted_and_leads_to_the_measures(world, plan, objective, specific):
    PlannedMeasure.objects.filter(pk=specific.pk).update(objective=objective)
    annex = type(world.a.annex).objects.with_names().get(pk=world.a.annex.pk)
    draft = draft_document(plan)
    facts = PlanFacts((annex_facts(document_of(annex)),), objectives=draft.objectives)
    (part,) = [one for one in parts_of(facts) if one.name == "obiettivi"]
    said, served = part.sections
    assert said.title == "OB.1 – Più trasparenza"
    assert "Accessi: partenza 10 n., 2021: 12 n." in said.entries[0].lines
    (row,) = served.table.rows
    assert row[1].links[0].target == f"processo-{world.a.process.uid}"
    assert PLAN_PARTS["obiettivi"].content(PlanFacts()).sections == ()
    assert "objectives" in write_canonical("plan", draft, without=())


def test_the_next_edition_takes_them_along(plan, rpct, objective, specific):
    gone = add_objective(plan=plan, code="OB.2", name="Superato", by=rpct)
    retire_objective(row=gone, reason="Raggiunto.", version=gone.version, by=rpct)
    PlannedMeasure.objects.filter(pk=specific.pk).update(objective=objective)
    other = PlannedMeasure.objects.create(
        plan=plan, annex=specific.annex, measure=specific.measure, scope="annex", objective=gone
    )
    adopt(plan)
    made = copy_plan(
        plan=plan, title="Seguente", first_year=2022, last_year=2024, kind="ordinary", by=rpct
    )
    copy = Objective.objects.get(plan=made)
    assert (copy.code, copy.origin_uid) == ("OB.1", objective.uid)
    # 12 was for the year that is over
    indicator = copy.indicators.get()
    assert (indicator.label, indicator.first_target) == ("Accessi", None)
    assert PlannedMeasure.objects.get(plan=made, origin=specific).objective == copy
    assert PlannedMeasure.objects.get(plan=made, origin=other).objective is None
    with pytest.raises(Refused):
        remove_objective(row=copy, by=rpct)


def test_moving_the_first_one_up_leaves_it_first(plan, rpct, objective):
    move_objective(row=objective, by_places=-1, by=rpct)
    assert Objective.objects.get().position == 1
    with pytest.raises(ValidationError):
        add_objective(plan=plan, code="", name="Senza codice", by=rpct)
