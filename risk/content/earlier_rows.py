"""The plans an edition was made from, and where its rows were in them.

An update asks nothing of what it does not touch: what was said of a plan between two editions
stands on the edition before, or on one of its updates, and of each row on its ancestor there.
"""

from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q

from registry.enums import PlanKind
from registry.models import Plan

_UPDATES = 3
"""How many updates of an edition are looked through where its plan is not known."""


def plans_before(plan: Plan) -> tuple[int, ...]:
    """Return the keys of the edition before and of the updates it had since, the last one first.

    Empty for a plan made from none. One statement, of however many; none for such a plan.
    """
    if plan.origin_id is None:
        return ()
    rows = Plan.objects.filter(administration=plan.administration_id).order_by()
    known = {key: (kind, origin) for key, kind, origin in rows.values_list("pk", "kind", "origin")}
    found = [plan.origin_id]
    while (before := known.get(found[-1])) is not None:
        kind, origin = before
        if kind != PlanKind.UPDATE or origin is None or origin in found:
            break
        found.append(origin)
    return tuple(found)


def origins(depth: int, way: str = "") -> list[str]:
    """Return the columns with the ancestors of a row in so many plans before, the nearest first.

    `way` is the path to the row. Every plan before has one step: rows are copied with the plan.
    """
    begin = f"{way}__" if way else ""
    return [begin + "__".join(["origin"] * step) for step in range(1, depth + 1)]


def of_measures_before(depth: int, way: str = "") -> Q:
    """Return the filter for what hangs on an ancestor of the planned measure at `way` of a row."""
    return reduce(or_, (Q(planned_measure=OuterRef(one)) for one in origins(depth, way)))


def said_of_copies() -> Q:
    """Return the filter for what hangs on an ancestor of an outer planned measure.

    It asks by itself which plans are updates, up to `_UPDATES` of them: for one row whose plan is
    not known yet.
    """
    found = Q()
    for step in range(1, _UPDATES + 2):
        ways = ["planned_measure" + "__successors" * done for done in range(1, step + 1)]
        updates = {f"{way}__plan__kind": PlanKind.UPDATE for way in ways[:-1]}
        found |= Q(**updates, **{ways[-1]: OuterRef("pk")})
    return found


def deciding(plan: Plan, before: tuple[int, ...]) -> list[int]:
    """Return the keys of the plans whose decisions on what was proposed hold in an edition.

    Its own, and those of the updates of the one `before`: what an update took is in the copy.
    """
    return [plan.pk, *before[:-1]]
