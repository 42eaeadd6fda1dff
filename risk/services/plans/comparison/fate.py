"""What became of offices when an edition was opened, beside those a comparison is about.

The sentences are those of the opening (docs/decisions/0077), with the names of before.
"""

from collections.abc import Sequence

from registry.models import Plan
from registry.normalise import fold
from risk.services.plans.comparison.lineage import Lineage
from risk.services.plans.comparison.sides import SideAnnex
from risk.services.plans.office_table import told_of


def told_between(after: Plan, lineage: Lineage) -> tuple[str, ...]:
    """Return what was said of offices when the later plan was copied from the earlier one.

    Two statements; none, and nothing, where it is no copy of that one.
    """
    return tuple(told_of(after)) if lineage.is_next else ()


def became(
    before: SideAnnex | None, after: SideAnnex | None, told: Sequence[str]
) -> tuple[str, ...]:
    """Return the sentences about an office that is gone, new or has another name.

    Those that are of the office of before, and those that name the one of now.
    """
    old, new = (fold(f"«{one.office}»") if one else "" for one in (before, after))
    if old == new:
        return ()
    return tuple(
        one
        for one in told
        if (old and fold(one).startswith(f"{old} ")) or (new and new in fold(one))
    )


def without_reason(sentence: str) -> str:
    """Return a sentence without the reason at its end, which somebody wrote freely.

    "" where names in it leave unclear where it begins.
    """
    depth = 0
    for place, sign in enumerate(sentence):
        depth += (sign == "«") - (sign == "»")
        if depth <= 0 and sentence.startswith(" (", place):
            return sentence[:place]
    return "" if depth else sentence
