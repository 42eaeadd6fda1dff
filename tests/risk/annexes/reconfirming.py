"""The next edition of a small annex, and what its people say of what was copied."""

from registry.models import Annex, Process
from risk.models import (
    Reconfirmation,
)
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.reconfirmation import (
    annex_standings,
    apply_reconfirmation,
    confirm_process,
    propose_reconfirmation,
    standing_of,
)
from risk.services.completeness.points import blocking_points
from risk.services.plans.editions import copy_plan
from tests.register import add_complete_process, adopt, complete_annex

EDITION = {"first_year": 2022, "last_year": 2024, "kind": "ordinary"}


def next_edition(plan, title="PTPCT 2022/2024", **changes) -> Annex:
    """Adopt a plan and open the next one; return the copy of its only annex."""
    adopt(plan)
    made = copy_plan(plan=plan, by=None, title=title, **{**EDITION, **changes})
    return Annex.objects.with_names().get(plan=made)


def copy_of_four() -> Annex:
    """Return the copy, in the next edition, of an annex with four processes that miss nothing."""
    annex = complete_annex()
    for number in range(2, 5):
        add_complete_process(annex, f"Rateazione {number}")
    return next_edition(annex.plan)


def fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def named(annex: Annex, place: int = 0) -> Process:
    rows = Process.objects.select_related("annex__plan__administration", "annex__office")
    return rows.filter(annex=annex).order_by("position")[place]


def states(annex: Annex) -> list[str]:
    return [row.state for row in annex_standings(fresh(annex))]


def unread(annex: Annex) -> list[str]:
    points = blocking_points(kept_annex(fresh(annex)))
    return [point.sentence for point in points if point.rule.code == "copied-unread"]


def confirm(annex: Annex, by, *, place: int = 0, reason: str = "") -> Reconfirmation:
    process = named(annex, place)
    seen = standing_of(process).seen
    return confirm_process(process=process, seen=seen, reason=reason, by=by)


def confirm_all(annex: Annex, by):
    rows = list(fresh(annex).processes.in_use().order_by("position"))
    digest = propose_reconfirmation(processes=rows).digest
    return apply_reconfirmation(annex=annex, processes=rows, digest=digest, by=by)
