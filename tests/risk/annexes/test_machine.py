"""Random acts of random people on annexes and plan: no state they reach breaks what must hold.

What may happen is said here once more, apart from the tables of the workflow.
"""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registry.models import Annex, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.canonical import content_digest, digest_like
from risk.content.reading import read_annex
from risk.enums import PlanVerb, RowKind, Verb
from risk.models import AnnexIssue, Approval, Remark, Transition
from risk.services.annexes.approvals import approve_process
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.annexes.remarks import add_remark, close_remark
from tests.risk.annexes.plan_chain import ADOPTED, REFUSED, PlanChain, either, likely, who
from tests.risk.annexes.test_moves import ALLOWED
from tests.soak import SOAK

pytestmark = [pytest.mark.soak, pytest.mark.django_db]

WAY = ("type", "undo", "remark", "close a remark", "approve one")
"""What a long run is sure to have come through, besides every verb."""
MAY_EDIT = {"head", "deputy", "editor", "rpct"}
MAY_LEAD = {"head", "deputy"}
blocked = st.sampled_from(("",) * 9 + ("submit", "approve", "validate", "issue"))
"""The step an open remark blocks: mostly none, or nobody would come far."""
WHOLE_WAY = (
    ("type", 0, "editor"),
    ("undo", 0, "editor"),
    ("remark", 0, "rpct", ""),
    ("close_the_oldest_remark", "rpct"),
    ("go_on", 0),
    ("send_back", 0, "rpct"),
    *[("go_on", 0)] * 4,
    ("go_on", 1),
    ("approve_one", 1, "head"),
    *[("go_on", 1)] * 2,
    ("reopen", 1),
    *[("go_on", 1)] * 4,
    *[("lead_the_plan_on", back) for back in (False, True, *[False] * 6)],
)
"""Acts that lead two annexes and their plan from the first word to the last verb."""


class Chain(PlanChain):
    """The acts on the annexes, besides those on the plan."""

    @initialize(steps=st.sampled_from((0, *range(len(WHOLE_WAY)), len(WHOLE_WAY))))
    def begin_on_the_way(self, steps):
        """Chance alone seldom comes far: some runs begin where others would have ended."""
        for name, *values in WHOLE_WAY[:steps]:
            getattr(self, name)(*values)

    @rule(place=either, verb=st.sampled_from(list(Verb)), name=likely, reason=st.booleans())
    def move(self, place, verb, name, reason):
        self.make_move(place, verb, name, "Da rivedere." if reason else " ")

    @rule(place=either)
    def go_on(self, place):
        """The next step, by whom it is up to."""
        onward = {
            "draft": ("submit", "editor"),
            "returned": ("submit", "editor"),
            "submitted": ("approve", "head"),
            "approved": ("validate", "rpct"),
            "validated": ("issue", "rpct"),
        }
        if step := onward.get(self.annex(place).state):
            self.make_move(place, Verb(step[0]), step[1], "")

    @rule(place=either, name=st.sampled_from(("head", "rpct")))
    def send_back(self, place, name):
        """With a reason, whatever else is open: by the RPCT always, by the head what is hers."""
        annex = self.annex(place)
        if annex.state in ("submitted", "approved", "validated") and self.plan.state not in ADOPTED:
            went_back = self.make_move(place, Verb.RETURN, name, "Da rivedere.")
            assert went_back or (name == "head" and annex.state != "submitted")

    @rule(place=either)
    def reopen(self, place):
        if self.annex(place).state == "issued" and self.plan.state not in ADOPTED:
            assert self.make_move(place, Verb.REOPEN, "rpct", "Da rivedere.")

    def make_move(self, place, verb, name, reason) -> bool:
        """Try a move of an annex; return whether it came through."""
        annex, by = self.annex(place), self.people[name]
        before = annex.state
        leads_to, roles = ALLOWED.get((before, verb.value), (None, set()))
        role = "head" if name == "deputy" else name
        try:
            if verb == Verb.ISSUE:
                issue_annex(annex=annex, by=by)
            else:
                move_annex(annex=annex, verb=verb, by=by, reason=reason)
        except REFUSED:
            assert self.annex(place).state == before
            return False
        assert role in roles
        assert self.annex(place).state == leads_to
        assert self.plan.state not in ADOPTED
        assert reason.strip() or verb not in (Verb.RETURN, Verb.REOPEN)
        assert verb != Verb.APPROVE or self.editors.get(place) != name
        assert not Remark.objects.open().filter(annex=annex, blocks=verb).exists()
        self.done[verb.value] += 1
        return True

    @rule(place=either, name=who)
    def approve_one(self, place, name):
        process = self.annex(place).processes.first()
        before = Approval.objects.count()
        try:
            approve_process(process=process, by=self.people[name])
        except REFUSED:
            assert Approval.objects.count() == before
        else:
            assert name in MAY_LEAD
            assert self.editors.get(place) != name
            self.done["approve one"] += 1

    @rule(place=either, name=who, blocks=blocked)
    def remark(self, place, name, blocks):
        annex = self.annex(place)
        process = annex.processes.first()
        row = {"row": process, "kind": RowKind.PROCESS, "process": process}
        try:
            add_remark(annex=annex, text="Da chiarire.", blocks=blocks, by=self.people[name], **row)
        except ValidationError:
            assert name not in MAY_EDIT
            return
        assert name in MAY_EDIT
        self.remarks += 1
        self.done["remark"] += 1

    @rule(name=likely)
    def close_the_oldest_remark(self, name):
        oldest = Remark.objects.open().select_related("by").order_by("pk").first()
        if oldest is None:
            return
        allowed = name == "rpct" or oldest.by == self.people[name]
        try:
            close_remark(remark=oldest, by=self.people[name])
        except ValidationError:
            assert not allowed
            return
        assert allowed
        self.done["close a remark"] += 1

    @rule(place=either, name=likely)
    def type(self, place, name):
        process, was_open = self.annex(place).processes.first(), self.is_open(place)
        self.words += 1
        page = reverse("risk:process_sheet_part", args=[process.uid, "condizioni"])
        words = f"Parole n. {self.words}"
        self.clients[name].post(page, {"constraints": words, "version": process.version})
        written = Process.objects.get(pk=process.pk).constraints == words
        assert written == (was_open and name in MAY_EDIT)
        if written:
            self.editors[place] = name
            self.done["type"] += 1

    @rule(name=who)
    def add_behaviour(self, name):
        process, was_open = self.annex(0).processes.first(), self.is_open(0)
        count = process.behaviours.count()
        page = reverse("risk:behaviour_add", args=[process.uid])
        self.clients[name].post(page, {"uid": uuid.uuid4(), "text": "Favorire un amico"})
        added = process.behaviours.count() - count
        assert added == (was_open and name in MAY_EDIT)
        if added:
            self.editors[0] = name
            assert process.behaviours.last().is_ex_officio == (name == "rpct")

    @rule(name=who)
    def remove_behaviour(self, name):
        process, was_open = self.annex(0).processes.first(), self.is_open(0)
        behaviour = process.behaviours.order_by("position").last()
        if process.behaviours.count() < 2:
            return
        page = reverse("risk:behaviour_remove", args=[process.uid, behaviour.uid])
        self.clients[name].post(page)
        gone = not process.behaviours.filter(pk=behaviour.pk).exists()
        allowed = name == "rpct" if behaviour.is_ex_officio else name in MAY_EDIT
        assert gone == (was_open and allowed)
        if gone:
            self.editors[0] = name

    @rule(place=either, name=who)
    def undo(self, place, name):
        """Take back the last act of anybody, through the page."""
        annex, was_open = self.annex(place), self.is_open(place)
        before = content_digest(read_annex(annex))
        last = TrailRecord.objects.exclude(rows_digest="").order_by("-pk").first()
        if last is None:
            return
        page = reverse("risk:undo", args=[annex.uid])
        self.clients[name].post(page, {"act": last.uid, "at": last.at.isoformat()})
        if content_digest(read_annex(self.annex(place))) != before:
            assert was_open
            assert name in MAY_EDIT
            self.editors[place] = name
            self.done["undo"] += 1

    @rule(place=either, name=who)
    def write_past_everything(self, place, name):
        """As a program would that knows no service."""
        rows = Process.objects.filter(annex=self.annexes[place])
        was_open = self.is_open(place)
        attacks = [
            lambda: rows.update(title="Altro titolo"),
            lambda: rows.delete(),
            lambda: Annex.objects.filter(pk=self.annexes[place]).update(state="validated"),
            lambda: Transition.objects.update(digest="0" * 64),
            lambda: TrailRecord.objects.update(subject="altro"),
        ]
        for attack in attacks[:3] if not was_open else attacks[3:]:
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        done = attack()
                except (IntegrityError, ValidationError):
                    continue
                # an update of no row changes nothing, nor does a state to itself
                assert not done or self.annex(place).state == "validated"

    # --- what must hold

    @invariant()
    def steps_are_counted(self):
        self.done["steps"] += 1

    @invariant()
    def remarks_stay(self):
        assert Remark.objects.count() == self.remarks

    @invariant()
    def closed_annexes_are_what_was_moved(self):
        for place in (0, 1):
            annex = self.annex(place)
            moves = list(Transition.objects.filter(annex=annex).order_by("id"))
            assert annex.state == (moves[-1].to_state if moves else "draft")
            chain = ["draft", *(move.to_state for move in moves)]
            assert [move.from_state for move in moves] == chain[:-1]
            if annex.state not in ("draft", "returned"):
                assert digest_like(moves[-1].digest, read_annex(annex)) == moves[-1].digest

    @invariant()
    def issues_are_counted_once(self):
        numbers = AnnexIssue.objects.filter(plan=self.plan_key).order_by("number")
        found = list(numbers.values_list("number", flat=True))
        assert found == list(range(1, len(found) + 1))
        for move in Transition.objects.filter(verb="issue"):
            assert AnnexIssue.objects.filter(annex=move.annex_id, data_digest=move.digest).exists()

    @precondition(lambda _self: SOAK)
    @invariant()
    def the_trail_is_whole(self):
        assert verify_trail() == []

    def teardown(self):
        """What is wrong with a trail stays wrong: among all tests it is read once, at the end."""
        try:
            if not connection.needs_rollback:
                assert verify_trail() == []
        finally:
            super().teardown()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_no_sequence_of_acts_breaks_what_must_hold():
    run_state_machine_as_test(
        Chain,
        settings=settings(
            max_examples=100 if SOAK else 4,
            stateful_step_count=40 if SOAK else 25,
            # `make test` tries the same every time, `make soak` always something new
            derandomize=not SOAK,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if SOAK:
        # a machine that refuses everything would break nothing either
        assert Chain.done["steps"] > 3_000, Chain.done
        verbs = {*(verb.value for verb in Verb), *(f"plan: {verb.value}" for verb in PlanVerb)}
        assert {*verbs, *WAY} <= set(Chain.done), Chain.done
