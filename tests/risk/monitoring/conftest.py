"""A plan in force with measures of two offices, one of them of the whole plan, and its people."""

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction

from registry.models import Annex, Office, Plan
from risk.enums import RoundVerb
from risk.models import Measure, MeasureTypology, MonitoringRound, PlannedMeasure, RoundItem
from risk.services.monitoring.opening import open_round
from risk.services.monitoring.rounds import create_round, move_round
from tests.people import make_member, make_person
from tests.register import adopt, make_annex, make_area, make_process

DAY = datetime.date(2021, 6, 30)
ROUND = {
    "label": "Intermedio 2021",
    "kind": "interim",
    "situation_on": DAY,
    "answers_by": DAY,
    "checks_by": DAY + datetime.timedelta(days=30),
    "coverage": "all",
    "criteria": "Tutte le misure, perché sono poche.",
}


def _classed(annex, planned: dict[str, PlannedMeasure]) -> None:
    """Put one measure on a process of an area, and give two of them a typology."""
    process = make_process(annex, risk_area=make_area(annex.plan.administration))
    typology = MeasureTypology.objects.create(code="C", label="Controllo")
    for name in ("own", "late"):
        planned[name].measure.typologies.add(typology)
    PlannedMeasure.objects.filter(pk=planned["late"].pk).update(scope="processes")
    planned["late"].targets.create(process=process)


def _planned(annex: Annex, other: Annex) -> dict[str, PlannedMeasure]:
    planned = {}
    for name, label, where in (
        ("own", "Controlli a campione", annex),
        ("late", "Rotazione", annex),
        ("other", "Registro degli accessi", other),
    ):
        measure = Measure.objects.create(code=name, label=label, character="specific")
        planned[name] = PlannedMeasure.objects.create(
            plan=annex.plan, annex=where, measure=measure, scope="annex"
        )
    return planned


def in_force(
    before_adoption: Callable[[dict[str, PlannedMeasure]], object] = lambda planned: None,
) -> SimpleNamespace:
    """Return the rows by name; something may be done with the measures while they may change."""
    annex = make_annex()
    other = make_annex(annex.plan.administration, office="Ambiente")
    body = annex.plan.administration
    Office.objects.filter(pk=other.office_id).update(parent=None)
    planned = _planned(annex, other)
    _classed(annex, planned)
    planned["own"].steps.create(position=1, description="Estrazione", due_on=DAY)
    planned["own"].progress_indicators.create(
        position=1,
        label="Pratiche controllate",
        kind="percentage",
        unit="%",
        baseline=Decimal(0),
        target=Decimal(50),
        target_on=DAY - datetime.timedelta(days=10),
    )
    people = {
        "editor": make_member("penna", "editor", body=body, office=annex.office),
        "head": make_member("testa", "head", body=body, office=annex.office),
        "rpct": make_member("rpct", "rpct", body=body),
        "auditor": make_member("oiv", "auditor", body=body),
        "colleague": make_member("collega", "editor", body=body, office=other.office),
        "stranger": make_person("estraneo"),
    }
    before_adoption(planned)
    adopt(annex.plan, "published")
    plan = Plan.objects.select_related("administration").get(pk=annex.plan_id)
    row = create_round(plan=plan, by=people["rpct"], **ROUND)
    open_round(row=row, by=people["rpct"])
    return SimpleNamespace(
        plan=plan, annex=annex, other=other, planned=planned, people=people, round=row
    )


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Make the rows once for the tests of a module, each of which undoes what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield in_force()
        transaction.set_rollback(True)


@pytest.fixture
def world(db, made):
    rows = MonitoringRound.objects.select_related("plan__administration")
    return SimpleNamespace(**{**vars(made), "round": rows.get(pk=made.round.pk)})


def item_of(world, name: str) -> RoundItem:
    rows = RoundItem.objects.select_related("round__plan__administration", "answer", "office")
    return rows.get(round=world.round, planned_measure=world.planned[name])


def start_checks(world) -> None:
    move_round(row=world.round, verb=RoundVerb.CHECK, by=world.people["rpct"])
    world.round.refresh_from_db()
