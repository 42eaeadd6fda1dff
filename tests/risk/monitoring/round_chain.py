"""The random acts of `test_machine`: everybody on one round, and what of it came through."""

from collections import Counter
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from registry.services.editing import StaleRow, save_fields
from risk.enums import CheckOutcome, DeclaredOutcome, RoundVerb, StepProgress
from risk.models import (
    Evidence,
    Measurement,
    MonitoringRound,
    RoundAnswer,
    RoundCheck,
    RoundItem,
    StepState,
)
from risk.services.monitoring.answers import KIND, add_measurement, settle, writing_answer
from risk.services.monitoring.checking import check_answer, confirm_answers, set_not_due
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.issuing import issue_round
from risk.services.monitoring.rounds import move_round
from risk.services.monitoring.steps import save_step
from tests.risk.monitoring.conftest import DAY, item_of

REFUSED = (ValidationError, StaleRow)
"""What an act may answer besides having been done; all rules raise these."""
NAMES = ("own", "late", "other")
OFFICE = {"own": {"editor", "head"}, "late": {"editor", "head"}, "other": {"colleague"}}
"""Who answers for each measure."""
PEOPLE = ("editor", "head", "rpct", "auditor", "colleague", "stranger")
OPEN = ("to_answer", "answered", "returned")
"""States of a measure in which its office writes; apart from the table of the workflow."""
WAY = (
    ("answer", "own", "editor", "done", True),
    ("step", "own", "editor", "done"),
    ("measure", "own", "editor", 9, 10),
    ("prove", "own", "editor"),
    ("excuse", "other", "rpct", True),
    ("confirm", "own", "head"),
    ("ask_more", "own", "rpct"),
    ("answer", "own", "head", "late", True),
    ("answer", "own", "editor", "on_time", True),
    ("confirm", "own", "head"),
    ("check", "own", "rpct", "partly"),
    ("move", "check", "rpct"),
    ("move", "close", "rpct"),
    ("move", "issue", "rpct"),
)
"""Acts that lead a round from its opening to its issue."""
BEGINNINGS = (0, *range(len(WAY)), *[len(WAY)] * 5)
"""How many of them a run begins with; often all, or a hundred runs may come to no issue."""

which, somebody = st.sampled_from(NAMES), st.sampled_from(PEOPLE)
likely = st.sampled_from((*PEOPLE, *("editor", "head", "rpct") * 2))


class RoundChain(RuleBasedStateMachine):
    """An open round over three measures of two offices, and everybody who might try something."""

    made: ClassVar[SimpleNamespace]
    """The rows, made once for all runs, each of which takes back what it did."""
    done: ClassVar[Counter[str]] = Counter()
    """How often each kind of act came through, over all runs."""
    issues = True
    """Whether a round is issued too, which draws its papers."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        rows = MonitoringRound.objects.select_related("plan__administration")
        self.rows = rows
        self.world = SimpleNamespace(
            **{**vars(self.made), "round": rows.get(pk=self.made.round.pk)}
        )
        self.people = self.made.people
        self.authors: dict[str, set[str]] = {name: set() for name in NAMES}
        """Who said last what an answer says, of its step (*) and of what was measured (+)."""
        self.confirmed_with: dict[str, set[str]] = {}
        self.frozen: Any = None

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # --- reading

    @property
    def round(self) -> MonitoringRound:
        return self.rows.get(pk=self.made.round.pk)

    def item(self, name) -> RoundItem:
        self.world.round = self.round
        return item_of(self.world, name)

    def may_write(self, name, who) -> bool:
        item = self.item(name)
        return (
            who in OFFICE[name] and item.round.state in ("open", "checking") and item.state in OPEN
        )

    def words(self) -> Any:
        """Return all that a round says, as plain values."""
        models = (RoundItem, RoundAnswer, Measurement, Evidence, RoundCheck, StepState)
        return [list(model.objects.order_by("pk").values()) for model in models]

    def wrote(self, name, who, sign) -> None:
        """Note who told of a measure last, of what the sign says."""
        others = {one for one in self.authors[name] if one[: one[0] in "*+"] != sign}
        self.authors[name] = others | {f"{sign}{who}"}

    def tried(self, act, *, may: bool, kind: str) -> bool:
        """Do something; whoever may not has changed nothing, and is told why."""
        before = None if may else self.words()
        try:
            with transaction.atomic():
                act()
        except REFUSED:
            assert before is None or self.words() == before
            return False
        assert may, kind
        self.done[kind] += 1
        return True

    # --- what an office does

    @initialize(steps=st.sampled_from(BEGINNINGS))
    def begin_on_the_way(self, steps):
        """Chance alone seldom comes far: some runs begin where others would have ended."""
        for name, *values in WAY[:steps]:
            getattr(self, name)(*values)

    @rule(
        name=which,
        who=likely,
        declared=st.sampled_from(["", *DeclaredOutcome.values]),
        is_whole=st.booleans(),
    )
    def answer(self, name, who, declared, is_whole):
        item, by = self.item(name), self.people[who]
        values = {"declared": declared, "done": "Fatto." if is_whole else ""}
        values |= {"reason": "Manca." if is_whole else "", "cause": "law" if is_whole else ""}
        written: list[str] = []

        def act():
            with writing_answer(item, by=by) as locked:
                row = item.answer
                saved = save_fields(row=row, values=values, version=row.version, kind=KIND, by=by)
                written.extend(saved.written)
                settle(locked, saved.row, by=by)

        if self.tried(act, may=self.may_write(name, who), kind="answer") and written:
            self.wrote(name, who, "")

    @rule(name=which, who=likely, progress=st.sampled_from(["", *StepProgress.values]))
    def step(self, name, who, progress):
        item = self.item(name)
        step = item.planned_measure.steps.first()
        if step is None:
            return
        row = StepState.objects.filter(item=item, step=step).first()
        values = {"progress": progress, "done_on": DAY if progress == "done" else None, "note": ""}
        version = row.version if row else 0
        saved: list[Any] = []
        if (
            self.tried(
                lambda: saved.append(
                    save_step(
                        item=item, step=step, values=values, version=version, by=self.people[who]
                    )
                ),
                may=self.may_write(name, who),
                kind="step",
            )
            and saved[0].written
        ):
            self.wrote(name, who, "*")

    @rule(name=which, who=likely, part=st.integers(-1, 12), whole=st.integers(0, 10))
    def measure(self, name, who, part, whole):
        item = self.item(name)
        indicator = item.planned_measure.progress_indicators.first()
        if indicator is None:
            return
        act = lambda: add_measurement(  # noqa: E731 - tried below
            item=item,
            indicator=indicator,
            measured_on=DAY,
            source="Protocollo",
            numerator=Decimal(part),
            denominator=Decimal(whole),
            correction_reason="Ricontato.",
            by=self.people[who],
        )
        may = self.may_write(name, who) and 0 <= part <= whole and whole > 0
        if self.tried(act, may=may, kind="measure"):
            self.wrote(name, who, "+")

    @rule(name=which, who=likely)
    def prove(self, name, who):
        item = self.item(name)
        told = {"reference": "Verbale 3", "proves": "Tutto", "has_personal_data": False}
        self.tried(
            lambda: add_evidence(item=item, by=self.people[who], **told),
            may=self.may_write(name, who),
            kind="prove",
        )

    @rule(name=which, who=likely)
    def confirm(self, name, who):
        item = self.item(name)
        wrote = {one.lstrip("*+") for one in self.authors[name]}
        heads = who == "head" and name != "other"
        may = heads and item.state == "answered" and item.round.is_answering and who not in wrote
        self.tried(
            lambda: confirm_answers(
                row=item.round, office=item.office_id, uids=[str(item.uid)], by=self.people[who]
            ),
            may=may,
            kind="confirm",
        )

    # --- what the RPCT does

    def _may_check(self, name, who, states) -> bool:
        item = self.item(name)
        return who == "rpct" and item.round.state in ("open", "checking") and item.state in states

    @rule(name=which, who=likely, outcome=st.sampled_from(CheckOutcome.values))
    def check(self, name, who, outcome):
        act = lambda: check_answer(  # noqa: E731 - tried below
            item=self.item(name), outcome=outcome, looked_at="Gli atti.", by=self.people[who]
        )
        may = self._may_check(name, who, ("confirmed", "verified"))
        self.tried(act, may=may, kind="check")

    @rule(name=which, who=likely)
    def ask_more(self, name, who):
        act = lambda: check_answer(  # noqa: E731 - tried below
            item=self.item(name), request="Manca il verbale.", by=self.people[who]
        )
        may = self._may_check(name, who, ("answered", "confirmed", "verified"))
        self.tried(act, may=may, kind="ask more")

    @rule(name=which, who=likely, is_excused=st.booleans())
    def excuse(self, name, who, is_excused):
        states = ("to_answer", "answered", "returned") if is_excused else ("not_due",)
        reason = "Nessun caso." if is_excused else ""
        self.tried(
            lambda: set_not_due(item=self.item(name), reason=reason, by=self.people[who]),
            may=self._may_check(name, who, states),
            kind="excuse",
        )

    @rule(verb=st.sampled_from(RoundVerb.values), who=likely)
    def move(self, verb, who):
        row, by = self.round, self.people[who]
        onward = {"open": "check", "checking": "close", "closed": "issue"}
        if verb == "issue" and not self.issues:
            return
        acts = {"close": close_round, "issue": issue_round}
        act = acts.get(verb) or (lambda row, by: move_round(row=row, verb=RoundVerb(verb), by=by))
        may = who == "rpct" and onward.get(row.state) == verb
        assert self.tried(lambda: act(row=row, by=by), may=may, kind=f"round: {verb}") == may

    @rule(attack=st.integers(0, 4))
    def write_past_everything(self, attack):
        """As a program would that knows no service: what is written once or frozen stays."""
        row, is_ended = self.round, self.round.state in ("closed", "issued")
        attacks = (
            lambda: MonitoringRound.objects.filter(pk=row.pk).update(state="issued"),
            lambda: Measurement.objects.update(source="Altro"),
            lambda: Evidence.objects.all().delete()[0],
            lambda: StepState.objects.update(note="Altro") if is_ended else 0,
            lambda: RoundCheck.objects.update(finding="Altro"),
        )
        try:
            with transaction.atomic():
                changed = attacks[attack]()
        except (IntegrityError, ValidationError):
            self.done["attack"] += 1
            return
        assert not changed or row.state == "issued"
