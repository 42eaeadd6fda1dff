"""Copying typical processes into an annex: whole, once, in one act that can be undone."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from registry.models import Annex, Process, RiskArea, User
from registry.services.undo import undo
from risk.models import (
    LibraryCopy,
    LibraryProcess,
    Measure,
    MeasureTarget,
    PlannedMeasure,
    RiskBehaviour,
)
from risk.services.library.copying import copied_into, copy_to_annex
from tests.register import close_all, make_annex, make_area, make_body, make_process
from tests.risk.library.conftest import make_library_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex() -> Annex:
    return make_annex()


def copy(annex, *rows, request=None, by=None):
    return copy_to_annex(processes=rows, annex=annex, request=request or uuid.uuid4(), by=by)


def test_all_of_it_comes_along(annex, tender):
    make_process(annex)
    (process,) = copy(annex, tender).processes

    assert (process.number, process.position, process.title) == (2, 2, "Affidamento diretto")
    assert (process.kind, process.objective) == ("support", "Acquisire ciò che serve")
    assert (process.folded, process.version) == ("affidamento diretto", 1)
    phases = list(process.phases.all())
    assert [str(phase.executor_role) for phase in phases] == ["RUP"] * 3
    assert phases[1].actions.get().title == "Indagine sui prezzi"
    favour, split = process.behaviours.all()
    assert [str(row) for row in favour.categories.all()] == ["Pilotamento"]
    assert [str(row) for row in favour.factors.all()] == ["Esclusività"]
    assert sorted(str(row) for row in favour.coverages.all()) == [
        "Indagine sui prezzi",
        "Scelta dell’operatore",
        "Stipula",
    ]
    assert [row.phase for row in split.coverages.all()] == [phases[0]]
    assert process.risk_presence == "to_assess"


def test_one_measure_is_programmed_once_for_all_behaviours(annex, tender):
    copy(annex, tender)

    planned = {row.measure.code: row for row in PlannedMeasure.objects.filter(annex=annex)}
    assert set(planned) == {"MG10", "MS20"}
    assert planned["MS20"].scope == "behaviours"
    assert planned["MS20"].targets.count() == 2
    assert planned["MG10"].targets.get().behaviour.text == "Favorire un operatore"


def test_a_measure_already_said_for_the_whole_office_is_not_said_again(annex, tender):
    general = Measure.objects.get(code="MG10")
    PlannedMeasure.objects.create(plan=annex.plan, annex=annex, measure=general, scope="annex")

    copy(annex, tender)

    assert PlannedMeasure.objects.filter(measure=general).count() == 1


def test_catalogue_rows_become_the_body_s_own(annex, tender):
    body = annex.plan.administration
    area = make_area(body, code="D", label="Appalti")
    own = Measure.objects.create(
        administration=body, code="MG10", label="Corsi", character="general"
    )

    (process,) = copy(annex, tender).processes

    assert process.risk_area == area
    assert process.macroprocess.administration is None
    assert PlannedMeasure.objects.filter(annex=annex, measure=own).exists()


def test_a_row_no_longer_in_use_is_left_out(annex, tender):
    RiskArea.objects.update(retired_on="2021-01-01", retired_reason="Accorpata")

    assert copy(annex, tender).processes[0].risk_area is None


def test_the_copy_remembers_where_it_came_from(annex, tender):
    (process,) = copy(annex, tender).processes

    assert process.library_copy.library_process == tender
    assert copied_into(annex) == {tender.pk: [1]}


def test_it_is_one_act_in_the_history_lists_included(annex, tender):
    person = User.objects.create(username="referente")
    done = copy(annex, tender, by=person)

    record = done.processes[0].history.get()
    assert (record.history_user, record.history_change_reason) == (person, f"library:{done.act}")
    behaviour = RiskBehaviour.objects.get(text="Favorire un operatore")
    past = behaviour.history.get()
    assert [row.eventcategory.code for row in past.categories.all()] == ["CE6"]


def test_the_act_can_be_undone_as_a_whole_and_redone(annex, tender):
    person = User.objects.create(username="referente")
    done = copy(annex, tender, by=person)
    at = done.processes[0].history.get().history_date

    undo(uid=done.act, at=at, by=person)

    assert not Process.objects.exists()
    assert not PlannedMeasure.objects.exists()
    assert not MeasureTarget.objects.exists()
    assert not LibraryCopy.objects.exists()


def test_the_same_request_again_copies_nothing(annex, tender):
    request = uuid.uuid4()
    first = copy(annex, tender, request=request)
    again = copy(annex, tender, request=request)

    assert again.act is None
    assert again.processes == first.processes
    assert Process.objects.count() == 1


@pytest.mark.parametrize("count", [1, 20])
def test_it_costs_the_same_for_one_and_for_twenty(annex, tender, count):
    others = [make_library_process(f"X-{n}", f"Processo {n}") for n in range(count - 1)]

    with at_most(45):
        done = copy(annex, tender, *others)

    assert [row.number for row in done.processes] == list(range(1, count + 1))


def refused(annex, *rows) -> str:
    with pytest.raises(ValidationError) as error:
        copy(annex, *rows)
    assert not Process.objects.exists()
    return error.value.code


def test_nothing_is_copied_into_an_annex_that_is_not_open(annex, tender):
    close_all()

    assert refused(annex, tender) == "annex_not_open"


def test_a_process_of_another_body_is_refused(annex, tender):
    stranger = make_library_process("Z", "Altrui", administration=make_body("c_x002"))

    assert refused(annex, tender, stranger) == "other_body"


def test_a_process_no_longer_in_use_is_refused(annex, tender):
    LibraryProcess.objects.update(retired_on="2021-01-01", retired_reason="Superato")

    assert refused(annex, LibraryProcess.objects.get()) == "retired"


def test_none_at_all_is_refused(annex):
    assert refused(annex) == "required"
