"""Behaviours and what they cover: any phases and actions of their process, and no others."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_bakery import baker

from registry.models import Action
from registry.services.trail_verification import verify_trail
from risk.models import Coverage, EnablingFactor, EventCategory, RiskBehaviour
from risk.services.mapping.behaviours import (
    create_behaviour,
    move_behaviour,
    remove_behaviour,
    set_coverage,
)
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
def process():
    return make_process(make_annex())


@pytest.fixture
def phases(process):
    return [make_phase(process, title) for title in "ABCD"]


@pytest.fixture
def action(phases):
    return Action.objects.create(phase=phases[3], position=1, title="d1")


@pytest.fixture
def stranger(process):
    return make_phase(make_process(process.annex, "Un altro processo"), "Fase altrui")


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


def covered(behaviour) -> set[str]:
    return {str(coverage) for coverage in behaviour.coverages.all()}


def test_a_behaviour_is_the_last_and_covers_what_it_is_told(process, phases, action, anna):
    make_behaviour(process)
    category = EventCategory.objects.create(code="CE7", label="Conflitto di interessi")
    factor = EnablingFactor.objects.create(code="FA02", label="Mancanza di trasparenza")

    behaviour = create_behaviour(
        process=process,
        text="Omesso controllo",
        categories=[category],
        factors=[factor],
        phases=[phases[0], phases[2]],
        actions=[action],
        by=anna,
    )

    assert behaviour.position == 2
    assert covered(behaviour) == {"A", "C", "d1"}
    assert (behaviour.categories.get(), behaviour.factors.get()) == (category, factor)
    records = [*behaviour.history.all(), *Coverage.history.all()]
    assert {record.history_user for record in records} == {anna}
    assert len({record.history_change_reason for record in records}) == 1


def test_a_behaviour_needs_a_text(process):
    with pytest.raises(ValidationError) as refusal:
        create_behaviour(process=process, text="")

    assert "text" in refusal.value.message_dict


def test_words_of_another_body_are_refused(process):
    foreign = EventCategory.objects.create(
        administration=make_body("c_x002"), code="X", label="Categoria altrui"
    )

    with pytest.raises(ValidationError, match="Categoria altrui"):
        create_behaviour(process=process, text="Omesso controllo", categories=[foreign])


def test_a_refused_coverage_leaves_no_behaviour(process, stranger):
    with pytest.raises(ValidationError, match="Fase altrui"):
        create_behaviour(process=process, text="Omesso controllo", phases=[stranger])

    assert not RiskBehaviour.objects.exists()


def test_a_behaviour_can_come_first(process):
    make_behaviour(process, "vecchio")

    assert create_behaviour(process=process, text="nuovo", position=1).position == 1
    assert process.behaviours.get(text="vecchio").position == 2


def test_moving_a_behaviour(process):
    rows = [make_behaviour(process, text) for text in "abc"]

    assert move_behaviour(behaviour=rows[2], position=1).position == 1
    assert list(process.behaviours.values_list("text", flat=True)) == ["c", "a", "b"]


def test_a_behaviour_that_moves_keeps_its_lists_in_its_history(process, anna):
    """Its history row is written in bulk, and would say that nothing had been chosen."""
    category = EventCategory.objects.create(code="1", label="Conflitto")
    first = create_behaviour(process=process, text="Primo", categories=[category], by=anna)
    second = create_behaviour(process=process, text="Secondo", by=anna)
    move_behaviour(behaviour=second, position=1, by=anna)
    last = RiskBehaviour.history.filter(id=first.pk).latest("history_id")
    assert [kept.eventcategory_id for kept in last.categories.all()] == [category.pk]
    assert verify_trail() == []


def test_removing_a_behaviour_closes_the_gap_and_keeps_the_phases(process, phases, anna):
    rows = [make_behaviour(process, text, phases=phases) for text in "abc"]

    remove_behaviour(behaviour=rows[0], by=anna)

    assert dict(process.behaviours.values_list("text", "position")) == {"b": 1, "c": 2}
    assert process.phases.count() == 4
    assert Coverage.history.filter(history_type="-", history_user=anna).count() == 4


def test_only_the_differences_are_written(process, phases, action, anna):
    behaviour = make_behaviour(process, phases=phases[:2])
    kept = behaviour.coverages.get(phase=phases[1])

    change = set_coverage(behaviour=behaviour, phases=phases[1:3], actions=[action], by=anna)

    assert (change.added, change.removed) == (2, 1)
    assert covered(behaviour) == {"B", "C", "d1"}
    assert behaviour.coverages.get(phase=phases[1]).uid == kept.uid
    written = Coverage.history.filter(history_user=anna)
    assert sorted(written.values_list("history_type", flat=True)) == ["+", "+", "-"]


def test_setting_the_same_again_writes_nothing(process, phases):
    behaviour = make_behaviour(process, phases=phases)
    before = Coverage.history.count()

    change = set_coverage(behaviour=behaviour, phases=phases)

    assert (change.added, change.removed) == (0, 0)
    assert Coverage.history.count() == before


def test_a_behaviour_may_cover_nothing(process, phases):
    behaviour = make_behaviour(process, phases=phases)

    set_coverage(behaviour=behaviour)

    assert covered(behaviour) == set()


def test_strangers_are_named_and_nothing_is_written(process, phases, stranger):
    behaviour = make_behaviour(process, phases=phases[:1])
    action = Action.objects.create(phase=stranger, position=1, title="Azione altrui")

    with pytest.raises(ValidationError, match="Fase altrui; Azione altrui") as refusal:
        set_coverage(behaviour=behaviour, phases=[phases[1], stranger], actions=[action])

    assert refusal.value.code == "other_process"
    assert covered(behaviour) == {"A"}


def test_the_database_refuses_them_too(process, stranger):
    behaviour = make_behaviour(process)

    with pytest.raises(IntegrityError, match="risk_coverage_phase_of_same_process"):
        Coverage.objects.create(behaviour=behaviour, phase=stranger)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=4))
def test_the_coverage_is_always_the_last_one_asked_for(process, phases, wanted):
    behaviour = make_behaviour(process)

    for places in wanted:
        set_coverage(behaviour=behaviour, phases=[phases[place] for place in places])

    assert covered(behaviour) == {"ABCD"[place] for place in wanted[-1]}


def test_the_statements_do_not_grow_with_what_is_added(process):
    phases = [make_phase(process, f"f{number}") for number in range(40)]
    behaviour = RiskBehaviour.objects.select_related("process").get(pk=make_behaviour(process).pk)

    with at_most(8):
        set_coverage(behaviour=behaviour, phases=phases)


@pytest.mark.parametrize(
    "do",
    [
        lambda behaviour: create_behaviour(process=behaviour.process, text="x"),
        lambda behaviour: move_behaviour(behaviour=behaviour, position=1),
        lambda behaviour: remove_behaviour(behaviour=behaviour),
        lambda behaviour: set_coverage(behaviour=behaviour),
    ],
    ids=["create", "move", "remove", "cover"],
)
def test_an_annex_that_is_not_open_refuses_every_act(process, phases, do):
    behaviour = make_behaviour(process, phases=phases)
    close_all("issued")

    with pytest.raises(ValidationError, match="L’allegato non è aperto"):
        do(behaviour)

    assert Coverage.objects.count() == 4
