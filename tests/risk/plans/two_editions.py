"""An adopted plan, the editions after it, and what such an edition does with offices."""

from registry.models import Annex, Plan, Process
from risk.services.plans.editions import copy_plan
from tests.load_once import closed_once
from tests.register import (
    add_complete_process,
    adopt,
    close,
    complete_annex,
    make_annex,
    make_behaviour,
    make_phase,
    make_process,
)


@closed_once
def adopted_plan() -> Plan:
    """An adopted plan of two offices, three processes and one."""
    annex = complete_annex()
    add_complete_process(annex, "Riscossione")
    add_complete_process(annex, "Sgravi")
    plan = annex.plan
    other = make_annex(plan.administration, office="Anagrafe")
    process = make_process(other, "Certificati", risk_presence="present")
    make_behaviour(process, "Ritardare", phases=[make_phase(process)])
    for one in (annex, other):
        close(one, "issued")
    adopt(plan)
    return Plan.objects.get(pk=plan.pk)


def next_of(plan: Plan, year: int = 2022, *, offices: str = "") -> Plan:
    years = {"first_year": year, "last_year": year + 2}
    title = f"PTPCT {year}/{year + 2}"
    return copy_plan(plan=plan, title=title, kind="ordinary", by=None, offices=offices, **years)


def of(plan: Plan, title: str) -> Process:
    return Process.objects.get(annex__plan=plan, title=title)


def move(process: Process, annex: Annex, *, title: str) -> Process:
    """Put a copied process into another annex, as an edition does whose offices changed."""
    uids = {"origin": process.origin, "origin_uid": process.origin_uid}
    process.delete()
    return make_process(annex, title, risk_presence="present", **uids)
