"""Jobs about a whole plan: what is made of it (`whole`), the edition that follows (`editions`)."""

from risk.tasks.plans import editions, whole

KINDS = (*whole.KINDS, *editions.KINDS)
