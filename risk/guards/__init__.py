"""Guards of the risk room: borders nothing reaches over, and annexes that are frozen."""

from risk.guards import borders, freezing

GUARDS = (*borders.GUARDS, *freezing.GUARDS)
