"""Guards of the risk room: borders nothing reaches over, annexes and plans that are frozen."""

from risk.guards import approvals, borders, freezing, monitoring, plans, remarks

GUARDS = (
    *approvals.GUARDS,
    *borders.GUARDS,
    *freezing.GUARDS,
    *monitoring.GUARDS,
    *plans.GUARDS,
    *remarks.GUARDS,
)
