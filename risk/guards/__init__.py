"""Guards of the risk room: borders nothing reaches over, annexes and plans that are frozen."""

from risk.guards import borders, freezing, plans

GUARDS = (*borders.GUARDS, *freezing.GUARDS, *plans.GUARDS)
