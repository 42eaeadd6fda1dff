"""Random acts of random people on a round: no state they reach breaks what must hold."""

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from registry.services.trail_verification import verify_trail
from risk.content.canonical import digest_of
from risk.enums import DerivedOutcome
from risk.models import Measurement, RoundAnswer, RoundIssue, RoundItem, RoundTransition
from risk.models.packed import intact
from tests.risk.monitoring.round_chain import RoundChain
from tests.soak import SOAK

pytestmark = [pytest.mark.soak, pytest.mark.django_db]

ACTS = {
    *("answer", "step", "measure", "prove", "confirm", "check", "ask more", "excuse", "attack"),
    *("round: check", "round: close", "round: issue"),
}
"""What a long run is sure to have come through."""
ENDED = ("closed", "issued")


class Chain(RoundChain):
    """What must hold whatever happened."""

    known: ClassVar[set[str]]
    """What the trail found of the rows before: they were made past it."""

    @invariant()
    def a_round_is_where_its_moves_led(self):
        moves = list(RoundTransition.objects.filter(round=self.round).order_by("pk"))
        assert self.round.state == moves[-1].to_state
        assert [move.from_state for move in moves[1:]] == [move.to_state for move in moves[:-1]]

    @invariant()
    def outcomes_come_with_the_close_and_their_reasons(self):
        for item in RoundItem.objects.filter(round=self.round).select_related("answer"):
            assert bool(item.outcome) == bool(item.outcome_reason)
            assert bool(item.outcome) == (self.round.state in ENDED)
            if item.outcome == DerivedOutcome.NO_ANSWER:
                assert item.state in ("to_answer", "answered", "returned")
            if item.outcome == DerivedOutcome.DONE:
                assert item.evidence.exists()
                assert item.measurements.exists()
            assert (item.state == "not_due") <= bool(item.not_due_reason)

    @invariant()
    def whoever_confirmed_did_not_write_it_and_it_is_whole(self):
        rows = RoundAnswer.objects.filter(item__state__in=("confirmed", "verified"))
        for row in rows.select_related("confirmed_by"):
            (name,) = [
                one
                for one, planned in self.made.planned.items()
                if row.item.planned_measure_id == planned.pk
            ]
            wrote = {one.lstrip("*+") for one in self.authors[name]}
            assert row.confirmed_by.username not in {self.people[one].username for one in wrote}
            assert row.declared
            assert row.done or row.reason

    @invariant()
    def one_measurement_counts_and_none_is_lost(self):
        last = Measurement.objects.filter(replaced_by=None, item__round=self.round)
        keys = list(last.values_list("item", "indicator"))
        assert len(keys) == len(set(keys))
        chain = Measurement.objects.filter(replaces=None, item__round=self.round).count()
        assert chain == len(keys)

    @invariant()
    def what_is_ended_changes_no_more(self):
        if self.round.state in ENDED:
            now = self.words()
            assert self.frozen in (None, now)
            self.frozen = now

    @invariant()
    def what_was_issued_is_kept(self):
        kept = RoundIssue.objects.filter(round=self.round)
        assert kept.count() == (2 if self.round.state == "issued" else 0)
        for issue in kept:
            assert digest_of(intact(issue, "data")) == issue.data_digest

    def teardown(self):
        try:
            assert {one.sentence for one in verify_trail()} <= self.known
        finally:
            super().teardown()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_no_sequence_of_acts_breaks_what_must_hold(world):
    Chain.made, Chain.issues = world, SOAK
    Chain.known = {one.sentence for one in verify_trail()}
    run_state_machine_as_test(
        Chain,
        settings=settings(
            max_examples=100 if SOAK else 3,
            stateful_step_count=40 if SOAK else 15,
            # `make test` tries the same every time, `make soak` always something new
            derandomize=not SOAK,
            # what is found in the short run is looked into by the long one
            phases=tuple(Phase) if SOAK else (Phase.generate,),
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if SOAK:
        # a machine that refuses everything would break nothing either
        assert set(Chain.done) >= ACTS, Chain.done
