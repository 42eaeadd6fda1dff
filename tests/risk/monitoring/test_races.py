"""An answer and the end of its round at the same instant: one comes before, the other after."""

import time

import pytest
from django.db import transaction

from registry.acts import RuleRefused
from risk.models import Measurement
from risk.scoring.outcomes import outcome_of
from risk.services.monitoring.answers import add_measurement
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.closing_rows import facts_of, with_all
from risk.services.monitoring.rounds import move_round
from tests.concurrency import race
from tests.risk.monitoring.conftest import DAY, in_force, item_of
from tests.soak import rounds

HELD = 0.4
"""Seconds for which who came first goes on: the other stands before the lock then."""

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("round", rounds(1, soak=20)),
]


def measuring(world, held=0.0):
    """Return a measurement of the office's own measure, its act held for a while."""
    item = item_of(world, "own")
    indicator = item.planned_measure.progress_indicators.get()

    def run(go):
        if not held:
            go()
        with transaction.atomic():
            add_measurement(
                item=item,
                indicator=indicator,
                measured_on=DAY,
                source="Protocollo",
                numerator=6,
                denominator=10,
                by=world.people["editor"],
            )
            if held:
                go()
                time.sleep(held)

    return run


def closing(world, held=0.0):
    """Return the end of the round, its act held for a while."""

    def run(go):
        if not held:
            go()
        with transaction.atomic():
            close_round(row=world.round, by=world.people["rpct"])
            if held:
                go()
                time.sleep(held)

    return run


@pytest.fixture
def world():
    made = in_force()
    move_round(row=made.round, verb="check", by=made.people["rpct"])
    made.round.refresh_from_db()
    return made


def test_an_answer_in_hand_is_waited_for(world, round):
    ends = race(measuring(world, held=HELD), closing(world))

    assert ends == [None, None]
    for item in with_all(world.round.items.all()):
        assert (item.outcome, item.outcome_reason) == outcome_of(facts_of(item, world.round))


def test_nothing_is_written_after_the_end(world, round):
    ends = race(closing(world, held=HELD), measuring(world))

    assert ends[0] is None
    assert isinstance(ends[1], RuleRefused)
    assert not Measurement.objects.exists()
