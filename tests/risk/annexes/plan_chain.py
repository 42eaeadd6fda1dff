"""The world the random acts of `test_machine` are done in, and those that are done to its plan."""

import datetime
from collections import Counter

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from registry.enums import PlanKind
from registry.models import Annex, Plan
from risk.enums import PlanVerb
from risk.models import Confirmation, PlanIssue, PlanTransition
from risk.services.annexes.moves import MoveRefusedError
from risk.services.plans.editions import copy_plan
from risk.services.plans.exemptions import exempt_annex, lift_exemption
from risk.services.plans.issues import AdoptionAct, adopt_plan
from risk.services.plans.moves import CONDITIONS, confirm_plan, move_plan
from tests.people import client_of, make_member, people_of
from tests.register import complete_annex, make_absent_process

REFUSED = (MoveRefusedError, ValidationError)
PLAN_WAY = {
    ("preparation", "consult"),
    ("consultation", "propose"),
    ("proposed", "adopt"),
    ("consultation", "back"),
    ("proposed", "back"),
    ("adopted", "publish"),
    ("published", "confirm"),
    ("confirmed", "confirm"),
    ("published", "close"),
    ("confirmed", "close"),
}
ONWARD = {
    "preparation": PlanVerb.CONSULT,
    "consultation": PlanVerb.PROPOSE,
    "proposed": PlanVerb.ADOPT,
    "adopted": PlanVerb.PUBLISH,
    "published": PlanVerb.CONFIRM,
    "confirmed": PlanVerb.CLOSE,
}
ADOPTED = {"adopted", "published", "confirmed", "closed"}
EVERYBODY = ("head", "deputy", "editor", "rpct", "auditor", "colleague", "stranger")
ORGAN_ACT = {
    "organ": "Giunta",
    "act_kind": "Deliberazione",
    "act_number": "12",
    "act_date": datetime.date(2021, 1, 29),
}
ADOPTION = AdoptionAct(*ORGAN_ACT.values())

who = st.sampled_from(EVERYBODY)
likely = st.sampled_from((*EVERYBODY, *("head", "editor", "rpct", "rpct") * 3))
"""Some are asked more often, so that the way is also walked to its end."""
either = st.sampled_from((0, 1))


class PlanChain(RuleBasedStateMachine):
    """One plan with two annexes of one office, and everybody who might try something."""

    done: Counter[str] = Counter()
    """How often each kind of act was tried and came through, over all runs."""

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        annex = complete_annex()
        self.people = people_of(annex)
        body = annex.plan.administration
        self.people["deputy"] = make_member("vice", "head", body=body, office=annex.office)
        self.clients = {name: client_of(person) for name, person in self.people.items()}
        self.annexes = [annex.pk, self.second_annex(annex).pk]
        self.plan_key = annex.plan_id
        self.editors: dict[int, str] = {}
        self.words = 0
        self.remarks = 0

    def second_annex(self, annex) -> Annex:
        """The annex of an office under the first, whose people have it too."""
        below = annex.plan.administration.offices.create(
            code="SOTTO", name="Sportello", parent=annex.office
        )
        made = Annex.objects.create(plan=annex.plan, office=below)
        make_absent_process(made, like=annex.processes.get())
        return made

    def teardown(self):
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    # --- reading

    def annex(self, place) -> Annex:
        return Annex.objects.with_names().get(pk=self.annexes[place])

    @property
    def plan(self) -> Plan:
        return Plan.objects.select_related("administration").get(pk=self.plan_key)

    def is_open(self, place) -> bool:
        return self.annex(place).state in ("draft", "returned") and self.plan.state not in ADOPTED

    # --- acts on the plan

    @rule(place=either, name=likely, lift=st.booleans())
    def exempt(self, place, name, lift):
        annex = self.annex(place)
        was_adopted = self.plan.state in ADOPTED
        try:
            if lift:
                lift_exemption(annex=annex, by=self.people[name])
            else:
                exempt_annex(annex=annex, reason="Soppresso.", by=self.people[name])
        except REFUSED:
            return
        assert name == "rpct"
        assert not was_adopted

    @rule(verb=st.sampled_from(list(PlanVerb)), name=likely)
    def move_the_plan(self, verb, name):
        self.make_plan_move(verb, name)

    @rule(back=st.sampled_from((False, False, False, True)))
    def lead_the_plan_on(self, back):
        """The next step by the RPCT, at times one back; what is not issued is exempted before."""
        plan = self.plan
        if back and plan.state in ("consultation", "proposed"):
            assert self.make_plan_move(PlanVerb.BACK, "rpct")
            return
        if plan.state == "consultation":
            # an edition goes without some annexes, never without all
            if not plan.annexes.filter(state="issued", exemption=None).exists():
                return
            for annex in plan.annexes.exclude(state="issued").filter(exemption=None):
                exempt_annex(annex=annex, reason="Soppresso.", by=self.people["rpct"])
        if verb := ONWARD.get(plan.state):
            came_through = self.make_plan_move(verb, "rpct")
            # who reopens or remarks stops the adoption, and nothing else
            assert came_through or verb == PlanVerb.ADOPT

    def make_plan_move(self, verb, name) -> bool:
        """Try a move of the plan; return whether it came through."""
        plan, by = self.plan, self.people[name]
        try:
            if verb == PlanVerb.ADOPT:
                adopt_plan(plan=plan, act=ADOPTION, by=by)
            elif verb == PlanVerb.CONFIRM:
                self.confirm(plan, by)
            else:
                move_plan(plan=plan, verb=verb, by=by, reason="Si rivede.")
        except REFUSED:
            assert self.plan.state == plan.state
            return False
        assert name == "rpct"
        assert (plan.state, verb.value) in PLAN_WAY
        self.done[f"plan: {verb.value}"] += 1
        return True

    def confirm(self, plan, by):
        """For the first year after its own that is not confirmed yet."""
        year = plan.first_year + 1 + Confirmation.objects.filter(plan=plan).count()
        conditions = dict.fromkeys(CONDITIONS, True)
        confirm_plan(
            plan=plan, by=by, year=year, staff=12, conditions=conditions, act_values=ORGAN_ACT
        )

    @precondition(lambda self: self.plan.state in ADOPTED)
    @rule(serial=st.integers(1, 3))
    def copy_edition(self, serial):
        title = f"PTPCT n. {serial}"
        values = {"title": title, "first_year": 2022, "last_year": 2024, "by": self.people["rpct"]}
        existed = Plan.objects.filter(title=title).exists()
        try:
            made = copy_plan(plan=self.plan, kind=PlanKind.ORDINARY, **values)
        except ValidationError:
            assert existed
            return
        assert made.state == "preparation"
        assert set(made.annexes.values_list("state", flat=True)) == {"draft"}

    # --- what must hold of the plan

    @invariant()
    def the_plan_went_its_way(self):
        plan = self.plan
        moves = list(PlanTransition.objects.filter(plan=plan).order_by("id"))
        chain = ["preparation", *(move.to_state for move in moves)]
        assert [move.from_state for move in moves] == chain[:-1]
        assert plan.state == chain[-1]
        assert PlanIssue.objects.filter(plan=plan).exists() == (plan.state in ADOPTED)
        if plan.state in ADOPTED:
            for annex in plan.annexes.all():
                assert annex.state == "issued" or hasattr(annex, "exemption")
