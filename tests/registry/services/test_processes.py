"""Processes of an annex: numbers and places never meet, and every act is in the history."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_bakery import baker

from registry.enums import AnnexState
from registry.models import Annex, Process
from registry.services.processes import (
    create_process,
    move_process,
    renumber_processes,
    restore_process,
    retire_process,
)
from tests.register import close_all, make_annex, make_area, make_body, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


@pytest.fixture
def four(annex):
    return [create_process(annex=annex, title=title) for title in "ABCD"]


def order(annex) -> str:
    return "".join(annex.processes.order_by("position").values_list("title", flat=True))


def numbers(annex) -> dict[str, int]:
    return dict(annex.processes.values_list("title", "number"))


def test_a_process_is_the_last_with_the_next_number(annex, anna):
    make_process(annex)

    process = create_process(annex=annex, title="Backup dei dati", objective="Ripristino", by=anna)

    assert (process.number, process.position, process.objective) == (2, 2, "Ripristino")
    assert str(process) == "n. 2 Backup dei dati"
    record = process.history.get()
    assert record.history_user == anna
    assert record.history_change_reason.startswith("process:")


def test_a_number_that_was_given_is_not_given_again(annex, four):
    Process.objects.filter(title="D").update(number=40)

    assert create_process(annex=annex, title="E").number == 41


def test_a_process_in_the_middle_moves_the_others_and_no_number(annex, four):
    created = create_process(annex=annex, title="X", position=2)

    assert order(annex) == "AXBCD"
    assert (created.position, created.number) == (2, 5)
    assert numbers(annex) == {"A": 1, "B": 2, "C": 3, "D": 4, "X": 5}


def test_a_process_needs_a_title(annex):
    with pytest.raises(ValidationError) as refusal:
        create_process(annex=annex, title="")

    assert "title" in refusal.value.message_dict
    assert not annex.processes.exists()


def test_an_area_of_another_body_is_refused(annex):
    with pytest.raises(ValidationError, match="un’altra amministrazione"):
        create_process(annex=annex, title="A", risk_area=make_area(make_body("c_x002")))


def test_an_area_of_its_own_body_or_of_none_is_taken(annex):
    for area in (make_area(annex.plan.administration), make_area(None)):
        assert create_process(annex=annex, title="A", risk_area=area).risk_area == area


def test_saving_a_new_process_is_cheap(annex, four):
    area = make_area(annex.plan.administration)

    with at_most(13):
        create_process(annex=Annex.objects.get(), title="E", risk_area=area)


@pytest.mark.parametrize(
    ("title", "position", "expected"),
    [("A", 4, "BCDA"), ("D", 1, "DABC"), ("B", 3, "ACBD"), ("C", 99, "ABDC"), ("C", 0, "CABD")],
)
def test_moving_shifts_the_others(annex, four, title, position, expected):
    process = annex.processes.get(title=title)

    moved = move_process(process=process, position=position)

    assert order(annex) == expected
    assert list(annex.processes.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert moved.position == expected.index(title) + 1


def test_only_rows_that_moved_get_a_history(annex, four, anna):
    move_process(process=four[2], position=2, by=anna)

    moved = Process.history.filter(history_type="~")
    assert {record.title: record.position for record in moved} == {"B": 3, "C": 2}
    assert {record.history_user for record in moved} == {anna}
    assert set(Process.objects.filter(version=2).values_list("title", flat=True)) == {"B", "C"}


def test_staying_in_place_writes_nothing(annex, four):
    move_process(process=four[1], position=2)

    assert not Process.history.filter(history_type="~").exists()


def test_an_old_copy_cannot_undo_a_move(annex, four):
    old = Process.objects.get(title="D")
    move_process(process=four[3], position=1)

    old.title = "Delta"
    with pytest.raises(Exception, match="modified"):
        old.save()


def test_a_move_costs_the_same_for_few_and_many(annex, four):
    for number in range(30):
        make_process(annex, f"n{number}")

    with at_most(8):
        move_process(process=Process.objects.get(title="A"), position=30)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 6)), max_size=5))
def test_any_moves_keep_every_process_once(annex, four, moves):
    for index, position in moves:
        move_process(process=four[index], position=position)

    assert sorted(order(annex)) == list("ABCD")
    assert sorted(annex.processes.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert numbers(annex) == {"A": 1, "B": 2, "C": 3, "D": 4}


def test_renumbering_follows_the_order(annex, four, anna):
    move_process(process=four[3], position=1)

    assert renumber_processes(annex=annex, by=anna) == 4
    assert numbers(annex) == {"D": 1, "A": 2, "B": 3, "C": 4}
    assert renumber_processes(annex=annex) == 0


def test_retired_processes_take_the_last_numbers(annex, four):
    retire_process(process=four[0], reason="non più svolto")

    renumber_processes(annex=annex)

    assert numbers(annex) == {"B": 1, "C": 2, "D": 3, "A": 4}


def test_places_count_the_processes_in_use(annex, four):
    retire_process(process=four[0], reason="non più svolto")

    move_process(process=four[3], position=1)

    assert order(annex.processes.model.objects.in_use().first().annex).startswith("DBC")


def test_retiring_asks_for_a_reason(annex, four, anna):
    with pytest.raises(ValidationError, match="Scrivi perché il processo va in archivio"):
        retire_process(process=four[0], reason="  ")

    retired = retire_process(process=four[0], reason="passato all’Unione", by=anna)

    assert retired.is_retired
    assert "A" not in annex.processes.in_use().values_list("title", flat=True)
    record = retired.history.first()
    assert (record.retired_reason, record.history_user) == ("passato all’Unione", anna)


def test_retiring_twice_is_refused_and_keeps_the_first_reason(four):
    retire_process(process=four[0], reason="prima")

    with pytest.raises(ValidationError, match="non è già più in uso"):
        retire_process(process=four[0], reason="seconda")

    assert Process.objects.get(title="A").retired_reason == "prima"


def test_a_retired_process_comes_back_as_it_was(annex, four):
    retire_process(process=four[1], reason="errore")

    restored = restore_process(process=four[1])

    assert (restored.is_retired, restored.number, order(annex)) == (False, 2, "ABCD")


@pytest.mark.parametrize(
    "do",
    [
        lambda process: create_process(annex=process.annex, title="E"),
        lambda process: move_process(process=process, position=2),
        lambda process: renumber_processes(annex=process.annex),
        lambda process: retire_process(process=process, reason="x"),
        lambda process: restore_process(process=process),
    ],
    ids=["create", "move", "renumber", "retire", "restore"],
)
@pytest.mark.parametrize("state", sorted(set(AnnexState.values) - {"draft", "returned"}))
def test_an_annex_that_is_not_open_refuses_every_act(four, do, state):
    close_all(state)

    with pytest.raises(ValidationError, match="L’allegato non è aperto"):
        do(Process.objects.get(title="A"))


@pytest.mark.parametrize("column", ["number", "position"])
def test_the_database_refuses_two_of_the_same(annex, four, column):
    values = {"number": 9, "position": 9} | {column: 1}

    with pytest.raises(IntegrityError, match=rf"registry_process_{column}_unique|\.{column}"):
        Process.objects.create(annex=annex, title="E", **values)


LONG = 60


def test_a_process_put_in_the_middle_of_a_long_map_touches_none_of_the_others(annex):
    """The first one spaces out those behind it, once; the next ones find a hole."""
    rows = [Process(annex=annex, title=str(n), number=n, position=n) for n in range(1, LONG + 1)]
    Process.objects.bulk_create(rows)
    titles = [str(n) for n in range(1, LONG + 1)]
    changed = []
    for place, title in ((5, "A"), (6, "B"), (40, "C")):
        before = Process.history.count()
        create_process(annex=annex, title=title, position=place)
        titles.insert(place - 1, title)
        changed.append(Process.history.count() - before)
        assert list(annex.processes.order_by("position").values_list("title", flat=True)) == titles
    # the new one, and all behind it; then the new one as it is made, and as it is put
    assert changed == [1 + LONG - 3, 2, 2]


def test_in_a_long_map_a_move_to_where_a_process_is_writes_nothing(annex):
    rows = [
        Process(annex=annex, title=str(n), number=n, position=n * 10) for n in range(1, LONG + 1)
    ]
    Process.objects.bulk_create(rows)
    seventh = annex.processes.get(title="7")

    assert move_process(process=seventh, position=7).version == seventh.version
    moved = move_process(process=seventh, position=99)
    assert (moved.position, moved.version) == (LONG * 10 + 1_000, seventh.version + 1)
    assert Process.history.count() == 1
