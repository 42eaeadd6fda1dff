"""Which published plan took the place of which: a body has one in force at a time.

An *aggiornamento* and the next edition both take the place of what was adopted before them. Nothing
is stored of it, so that what an adoption froze stays as it was; plans not yet published do not
count, because nobody could follow a link to them (ruling 21).
"""

from dataclasses import dataclass

from registry.models import Administration, Plan


@dataclass(frozen=True)
class Succession:
    """The published plans before and after one, of the same body."""

    replaces: Plan | None = None
    replaced_by: Plan | None = None


def successions(body: Administration) -> dict[int, Succession]:
    """Return the place of each published plan of a body, by its key, in the order of their acts.

    One query, however many they are.
    """
    rows = Plan.objects.public().filter(administration=body).select_related("administration")
    plans = list(rows.order_by("act_date", "pk"))
    before, after = [None, *plans], [*plans[1:], None]
    return {
        plan.pk: Succession(replaces=older, replaced_by=newer)
        for plan, older, newer in zip(plans, before, after, strict=False)
    }


def succession_of(plan: Plan) -> Succession:
    """Return the place of one plan; of one not published, no other."""
    return successions(plan.administration).get(plan.pk, Succession())
