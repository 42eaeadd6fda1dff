"""Guards of the risk room: borders nothing reaches over, annexes and plans that are frozen."""

from risk.guards import approvals, borders, chapters, freezing, monitoring, plans, remarks

GUARDS = (
    *approvals.GUARDS,
    *borders.GUARDS,
    *chapters.GUARDS,
    *freezing.GUARDS,
    *monitoring.GUARDS,
    *plans.GUARDS,
    *remarks.GUARDS,
)
