"""One act is undone whole, or not at all."""

import pytest
from django.utils import timezone
from model_bakery import baker

from registry.acts import act
from registry.models import Phase, Process
from registry.services.undo import NotUndoable, undo
from risk.models import Coverage, EventCategory, RiskBehaviour
from tests.register import make_annex, make_behaviour, make_phase, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


@pytest.fixture
def annex():
    return make_annex()


def do_undo(opened, by):
    return undo(uid=opened.uid, at=timezone.now(), by=by)


def test_what_was_created_goes(annex, anna):
    with act("paste", by=anna) as opened:
        process = make_process(annex)
        make_behaviour(process, phases=[make_phase(process)])
    do_undo(opened, anna)
    assert not Process.objects.exists()
    assert not Coverage.objects.exists()


def test_what_was_changed_comes_back_with_its_lists(annex, anna):
    process = make_process(annex, "Prima")
    behaviour = make_behaviour(process)
    category = EventCategory.objects.create(code="1", label="Conflitto di interessi")
    behaviour.categories.add(category)
    with act("edit", by=anna) as opened:
        process.title = "Dopo"
        process.save()
        behaviour.categories.clear()
    do_undo(opened, anna)
    process.refresh_from_db()
    assert process.title == "Prima"
    assert list(behaviour.categories.all()) == [category]
    record = process.history.first()
    assert record.history_change_reason.startswith("undo:")
    assert record.history_user == anna


def test_what_was_deleted_comes_back_with_its_uid(annex, anna):
    process = make_process(annex)
    phase = make_phase(process, "Istruttoria")
    behaviour = make_behaviour(process, phases=[phase])
    with act("remove", by=anna) as opened:
        process.phases.get().delete()
    assert not Coverage.objects.exists()
    do_undo(opened, anna)
    back = Phase.objects.get()
    assert (back.uid, back.title) == (phase.uid, "Istruttoria")
    assert [row.phase_id for row in RiskBehaviour.objects.get().coverages.all()] == [back.pk]
    assert behaviour.pk == RiskBehaviour.objects.get().pk


def test_places_that_changed_hands_come_back(annex, anna):
    first, second = make_process(annex, "Primo"), make_process(annex, "Secondo")
    with act("move", by=anna) as opened:
        for row, place in ((first, 9), (second, 1), (first, 2)):
            row.position = row.number = place
            row.save()
    do_undo(opened, anna)
    rows = Process.objects.order_by("position").values_list("title", "position", "number")
    assert list(rows) == [("Primo", 1, 1), ("Secondo", 2, 2)]


def test_it_refuses_when_something_newer_touched_a_row(annex, anna):
    process = make_process(annex, "Prima")
    with act("edit", by=anna) as opened:
        process.title = "Dopo"
        process.save()
        other = make_process(annex, "Altro")
    process.title = "Ancora"
    process.save()
    with pytest.raises(NotUndoable, match="modificato dopo"):
        do_undo(opened, anna)
    process.refresh_from_db()
    assert process.title == "Ancora"
    assert Process.objects.filter(pk=other.pk).exists()


def test_it_refuses_when_something_newer_hangs_on_a_new_row(annex, anna):
    with act("paste", by=anna) as opened:
        process = make_process(annex)
    make_phase(process, "Aggiunta dopo")
    with pytest.raises(NotUndoable, match="Aggiunta dopo"):
        do_undo(opened, anna)
    assert Process.objects.exists()


def test_an_undo_can_be_undone(annex, anna):
    with act("paste", by=anna) as opened:
        make_process(annex, "Incollato")
    do_undo(opened, anna)
    mark = Process.history.first().history_change_reason
    undo(uid=mark.split(":")[1], at=timezone.now(), by=anna)
    assert Process.objects.get().title == "Incollato"


def test_an_unknown_act_is_said_so(annex, anna):
    with pytest.raises(NotUndoable):
        undo(uid="00000000-0000-0000-0000-000000000000", at=timezone.now(), by=anna)
