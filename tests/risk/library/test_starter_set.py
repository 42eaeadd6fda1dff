"""The starter set as it is shipped: whole, sourced, true to the published documents."""

import pytest
from django.db import transaction

from registry.enums import ProcessKind
from risk.models import LibraryBehaviour, LibraryPhase, LibraryProcess
from risk.services.sample_data.reference import load_reference
from tests.load_once import load_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_once("reference", load_reference)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _reference(loaded, db):
    """Every test reads the shipped files."""


def test_the_published_and_the_well_known_ones_are_there():
    rows = LibraryProcess.objects.all()

    assert rows.filter(code__startswith="SI-").count() == 28
    assert rows.filter(code__startswith="ST-").count() == 5
    described = rows.filter(phases__isnull=False).distinct()
    assert described.exclude(code__startswith="ST-").count() >= 20
    assert not rows.filter(administration__isnull=False).exists()


def test_every_one_has_area_programme_kind_and_source():
    rows = LibraryProcess.objects.all()

    assert not rows.filter(risk_area__isnull=True).exists()
    assert not rows.filter(macroprocess__isnull=True).exists()
    assert set(rows.values_list("kind", flat=True)) <= set(ProcessKind.values)
    assert not rows.filter(source="").exists()


def test_described_ones_have_three_to_seven_phases_and_covered_behaviours():
    for row in LibraryProcess.objects.exclude(code__startswith="SI-"):
        assert 3 <= row.phases.count() <= 7, row
        assert 1 <= row.behaviours.count() <= 4, row
    assert not LibraryBehaviour.objects.filter(phases=None, actions=None).exists()
    assert not LibraryBehaviour.objects.filter(measures=None).exists()


def test_own_behaviours_have_category_and_factor():
    own = LibraryBehaviour.objects.exclude(process__code__startswith="ST-")

    assert not own.filter(categories=None).exists()
    assert not own.filter(factors=None).exists()


def test_phases_of_the_published_table_are_in_their_order():
    phases = LibraryPhase.objects.filter(process__code="ST-04").order_by("position")

    assert [phase.title for phase in phases] == [
        "Rilevazione e Classificazione",
        "Gestione e Chiusura degli Incidenti",
        "Reporting e Analisi",
    ]


def test_covered_phases_belong_to_the_process_of_the_behaviour():
    for behaviour in LibraryBehaviour.objects.prefetch_related("phases", "actions__phase"):
        own = {phase.process_id for phase in behaviour.phases.all()}
        own |= {action.phase.process_id for action in behaviour.actions.all()}
        assert own == {behaviour.process_id}
