"""One act is undone whole, or not at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from model_bakery import baker

from registry.acts import act
from registry.models import Phase, Process
from registry.services.trail_verification import verify_trail
from registry.services.undo import NotUndoable, undo
from risk.models import Coverage, EventCategory, RiskBehaviour
from tests.register import make_annex, make_behaviour, make_body, make_phase, make_process
from tests.statements import COUNTED

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


def _cost(annex, by, rows: int) -> int:
    """Make, change with their lists and delete so many rows in one act; count what undoing asks."""
    kept, gone = make_process(annex), make_process(annex)
    categories = [EventCategory.objects.create(code=f"{annex.pk}-{n}", label="C") for n in (1, 2)]
    changed = [make_phase(kept, f"Fase {n}") for n in range(rows)]
    listed = [make_behaviour(kept, f"Favorire {n}") for n in range(rows)]
    for row in listed:
        row.categories.set(categories[:1])
    deleted = [make_behaviour(gone, f"Omettere {n}") for n in range(rows)]
    for row in deleted:
        row.categories.set(categories[1:])
    with act("mixed", by=by) as opened:
        made = make_process(annex)
        for n in range(rows):
            make_behaviour(made, f"Nuovo {n}", phases=[make_phase(made, f"Nuova {n}")])
            changed[n].title = f"Cambiata {n}"
            changed[n].save()
            listed[n].categories.set(categories[1:])
            RiskBehaviour.objects.get(pk=deleted[n].pk).delete()
    with CaptureQueriesContext(connection) as captured:
        do_undo(opened, by)
    assert {row.title for row in kept.phases.all()} == {f"Fase {n}" for n in range(rows)}
    for row in listed:
        assert list(row.categories.all()) == categories[:1]
    for row in gone.behaviours.all():
        assert list(row.categories.all()) == categories[1:]
    assert gone.behaviours.count() == rows
    assert not Process.objects.filter(pk=made.pk).exists()
    assert verify_trail() == []
    return len([query for query in captured if query["sql"].startswith(("COPY", *COUNTED))])


def test_the_statements_do_not_grow_with_the_rows(anna):
    few = _cost(make_annex(), anna, 3)

    assert _cost(make_annex(make_body("c_x002")), anna, 15) <= few


def test_what_comes_back_is_found_again_and_its_version_goes_on(annex, anna):
    process = make_process(annex, "Rimborso")
    phase = make_phase(process, "Istruttoria")
    with act("edit", by=anna) as opened:
        phase.title = "Verifica"
        phase.save()
    version = Phase.objects.get(pk=phase.pk).version
    do_undo(opened, anna)
    back = Phase.objects.get(pk=phase.pk)
    assert (back.title, back.folded) == ("Istruttoria", "istruttoria")
    assert back.version == version + 1
    assert verify_trail() == []


def test_rows_far_apart_go_as_those_in_a_row_do(annex, anna):
    process = make_process(annex)
    rows = [Phase(process=process, position=n, title=f"Fase {n}", version=1) for n in range(1, 61)]
    with act("paste", by=anna) as opened:
        for n, row in enumerate(rows):
            # keys with gaps, as several people who write at once are given
            row.pk = 10_000 + 3 * n
            row.save(force_insert=True)
    do_undo(opened, anna)
    assert not process.phases.exists()
    assert verify_trail() == []
