"""A plan that waits for its adoption, made by the services."""

import datetime
from dataclasses import dataclass

from registry.models import Annex, Plan, User
from risk.enums import PlanVerb
from risk.services.annexes.issues import issue_annex
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.issues import AdoptionAct
from risk.services.plans.moves import move_plan
from tests.load_once import closed_once
from tests.people import people_of
from tests.register import close, complete_annex, make_annex

ACT = AdoptionAct(
    adopting_organ="Giunta comunale",
    act_kind="Deliberazione",
    act_number="12",
    act_date=datetime.date(2021, 1, 29),
)


@dataclass(frozen=True)
class Proposed:
    """A complete annex with its people, and its plan that waits for its adoption."""

    annex: Annex
    people: dict[str, User]
    plan: Plan


@closed_once
def proposed_plan() -> Proposed:
    """Do as `propose` does with a complete annex, once."""
    annex = complete_annex()
    people = people_of(annex)
    return Proposed(annex, people, propose(annex, people["rpct"]))


def propose(annex: Annex, rpct: User) -> Plan:
    """Issue a complete annex, exempt a second office that stays a draft, propose their plan."""
    close(annex, "validated")
    issue_annex(annex=Annex.objects.with_names().get(pk=annex.pk), by=rpct)
    other = make_annex(annex.plan.administration, office="Tributi minori")
    exempt_annex(annex=other, reason="Ufficio soppresso nel corso dell’anno.", by=rpct)
    for verb in (PlanVerb.CONSULT, PlanVerb.PROPOSE):
        move_plan(plan=fresh_plan(annex.plan), verb=verb, by=rpct)
    return fresh_plan(annex.plan)


def fresh_plan(plan: Plan) -> Plan:
    """Return the plan as it is stored now."""
    return Plan.objects.select_related("administration").get(pk=plan.pk)
