"""Phases and actions: always counted from 1, whatever is added, moved or removed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from model_bakery import baker

from registry.models import Action, ExecutorRole, Office, Phase
from registry.services.phases import (
    create_action,
    create_phase,
    move_action,
    move_phase,
    remove_action,
    remove_phase,
)
from tests.register import close_all, make_annex, make_behaviour, make_body, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def process():
    return make_process(make_annex())


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


@pytest.fixture
def phases(process):
    return [create_phase(process=process, title=title) for title in "ABC"]


@pytest.fixture
def actions(phases):
    return [create_action(phase=phases[0], title=title) for title in "abc"]


def places(rows) -> dict[str, int]:
    return dict(rows.values_list("title", "position"))


def test_a_phase_is_the_last(process, phases, anna):
    role = ExecutorRole.objects.create(code="DIR", label="Dirigente")

    phase = create_phase(process=process, title="D", executor_role=role, by=anna)

    assert (phase.position, phase.printed_executor) == (4, "Dirigente")
    record = phase.history.get()
    assert (record.history_user, record.history_change_reason[:6]) == (anna, "phase:")


def test_a_phase_at_a_place_moves_the_others_down(process, phases):
    assert create_phase(process=process, title="X", position=1).position == 1
    assert places(process.phases) == {"X": 1, "A": 2, "B": 3, "C": 4}


@pytest.mark.parametrize(
    ("index", "position", "expected"),
    [(0, 3, {"B": 1, "C": 2, "A": 3}), (2, 1, {"C": 1, "A": 2, "B": 3}), (1, 9, None)],
)
def test_moving_a_phase(process, phases, index, position, expected):
    move_phase(phase=phases[index], position=position)

    assert places(process.phases) == (expected or {"A": 1, "C": 2, "B": 3})


def test_removing_a_phase_closes_the_gap_and_takes_what_is_its_own(process, phases, actions, anna):
    behaviour = make_behaviour(process, phases=phases[:2])

    remove_phase(phase=phases[0], by=anna)

    assert places(process.phases) == {"B": 1, "C": 2}
    assert not Action.objects.exists()
    assert [coverage.phase for coverage in behaviour.coverages.all()] == [phases[1]]
    reasons = {
        record.history_change_reason
        for history in (Phase.history, Action.history, behaviour.coverages.model.history)
        for record in history.filter(history_type="-")
    }
    assert len(reasons) == 1
    assert Phase.history.filter(history_type="-").get().history_user == anna


def test_actions_are_counted_in_their_phase(phases, actions):
    other = create_action(phase=phases[1], title="z")

    assert (actions[2].position, other.position) == (3, 1)
    assert move_action(action=actions[2], position=1).position == 1
    assert places(phases[0].actions) == {"c": 1, "a": 2, "b": 3}


def test_removing_an_action_closes_the_gap(phases, actions):
    remove_action(action=actions[1])

    assert places(phases[0].actions) == {"a": 1, "c": 2}


def test_a_phase_needs_a_title(process):
    with pytest.raises(ValidationError) as refusal:
        create_phase(process=process, title="")

    assert "title" in refusal.value.message_dict


def test_executors_of_another_body_are_refused(process, phases):
    body = make_body("c_x002")
    office = Office.objects.create(administration=body, code="U1", name="Altro")
    role = ExecutorRole.objects.create(administration=body, code="R", label="Altro")

    for field, executor in (("executor_office", office), ("executor_role", role)):
        with pytest.raises(ValidationError) as refusal:
            create_phase(process=process, title="D", **{field: executor})
        assert list(refusal.value.message_dict) == [field]
        with pytest.raises(ValidationError):
            create_action(phase=phases[0], title="d", **{field: executor})


def test_saving_is_cheap(phases, actions):
    phase = Phase.objects.select_related("process").get(title="A")

    with at_most(10):
        create_phase(process=phase.process, title="D")
    with at_most(12):
        create_action(phase=phase, title="d", position=1)
    with at_most(12):
        move_phase(phase=phase, position=4)


@pytest.mark.parametrize(
    "do",
    [
        lambda phase, action: create_phase(process=phase.process, title="X"),
        lambda phase, action: move_phase(phase=phase, position=2),
        lambda phase, action: remove_phase(phase=phase),
        lambda phase, action: create_action(phase=phase, title="x"),
        lambda phase, action: move_action(action=action, position=2),
        lambda phase, action: remove_action(action=action),
    ],
    ids=["create_phase", "move_phase", "remove_phase"]
    + ["create_action", "move_action", "remove_action"],
)
def test_an_annex_that_is_not_open_refuses_every_act(phases, actions, do):
    close_all()

    with pytest.raises(ValidationError, match="L’allegato non è aperto"):
        do(phases[0], actions[0])

    assert (Phase.objects.count(), Action.objects.count()) == (3, 3)


def test_the_database_refuses_two_phases_in_one_place(process, phases):
    with pytest.raises(IntegrityError, match=r"registry_phase_position_unique|\.position"):
        Phase.objects.create(process=process, position=1, title="D")


def test_the_database_refuses_two_actions_in_one_place(phases, actions):
    with pytest.raises(IntegrityError, match=r"registry_action_position_unique|\.position"):
        Action.objects.create(phase=phases[0], position=1, title="d")
