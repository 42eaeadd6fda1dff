"""Keeping a process of an annex among the typical ones of the body."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from registry.models import Process
from risk.models import LibraryProcess, Measure
from risk.services.library.copying import copy_to_annex
from risk.services.library.saving import save_to_library
from risk.services.treatment.measures import plan_measure
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db


def shape(row: LibraryProcess) -> list:
    """What a typical process says, whoever it belongs to."""
    phases = [
        (
            phase.position,
            phase.title,
            str(phase.executor_role),
            [a.title for a in phase.actions.all()],
        )
        for phase in row.phases.all()
    ]
    behaviours = [
        (
            behaviour.text,
            *(
                sorted(str(item) for item in getattr(behaviour, name).all())
                for name in ("categories", "factors", "phases", "actions", "measures")
            ),
        )
        for behaviour in row.behaviours.all()
    ]
    return [row.label, row.kind, row.risk_area, row.objective, phases, behaviours]


def test_copying_and_saving_give_the_same_typical_process(tender):
    annex = make_annex()
    done = copy_to_annex(processes=[tender], annex=annex, request=uuid.uuid4())

    kept = save_to_library(process=done.processes[0])

    assert kept.administration == annex.plan.administration
    assert kept.code == "AFFIDAMENTO-DIRETTO"
    assert shape(kept) == shape(tender)
    assert kept.history.get().history_change_reason.startswith("library:")


def test_a_measure_on_the_process_treats_all_its_behaviours(tender):
    annex = make_annex()
    done = copy_to_annex(processes=[tender], annex=annex, request=uuid.uuid4())
    extra = Measure.objects.create(code="MG02", label="Rotazione", character="general")
    plan_measure(measure=extra, scope="processes", annex=annex, targets=done.processes)

    kept = save_to_library(process=done.processes[0])

    assert kept.behaviours.filter(measures=extra).count() == 2


def test_saving_twice_keeps_it_once():
    process = make_process(make_annex(), "Rimborso di tributi")
    save_to_library(process=process)

    with pytest.raises(ValidationError) as error:
        save_to_library(process=process)

    assert error.value.code == "exists"
    assert LibraryProcess.objects.count() == 1


def test_codes_made_from_titles_stay_apart_and_short(db):
    annex = make_annex()
    long = "Rilascio del permesso di costruire per interventi su immobili vincolati"
    codes = [
        save_to_library(process=make_process(annex, f"{long} {n}")).code for n in ("uno", "due")
    ]

    assert codes[1] == f"{codes[0]}-2"
    assert all(len(code) <= 40 for code in codes)


def test_a_title_without_letters_still_has_a_code():
    process = make_process(make_annex(), "—")

    assert save_to_library(process=process).code == "PROCESSO"
    assert Process.objects.get() == process


def test_the_code_of_a_process_is_kept_and_comes_along(tender):
    annex = make_annex()
    process = make_process(annex, "Gare")
    process.code = "AP.01"
    process.save()

    kept = save_to_library(process=process)
    (copied,) = copy_to_annex(processes=[kept], annex=annex, request=uuid.uuid4()).processes
    (without,) = copy_to_annex(processes=[tender], annex=annex, request=uuid.uuid4()).processes

    assert (kept.code, kept.process_code, copied.code, without.code) == (
        "GARE",
        "AP.01",
        "AP.01",
        "",
    )
