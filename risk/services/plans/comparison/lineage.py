"""What two editions have in common: the ancestor both were copied from, and the uids in it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from registry.models import Action, Annex, Phase, Plan, Process
from risk.models import Chapter, Objective, PlannedMeasure, RiskBehaviour


@dataclass(frozen=True, slots=True)
class Lineage:
    """How many copies each of two plans is away from the edition both come from.

    0 and 1 for an edition and the next; `is_common` is False where they have no ancestor in common.
    """

    before: int = 0
    after: int = 0
    is_common: bool = True

    @property
    def is_next(self) -> bool:
        """Whether one was copied from the other."""
        return self.is_common and (self.before, self.after) == (0, 1)


def lineage_of(before: Plan, after: Plan) -> Lineage:
    """Return what two plans of one body have in common; one statement."""
    rows = Plan.objects.filter(administration=after.administration_id).order_by()
    origins = dict(rows.values_list("pk", "origin_id"))
    old, new = _chain(before.pk, origins), _chain(after.pk, origins)
    common = next((key for key in old if key in new), None)
    if common is None:
        return Lineage(is_common=False)
    return Lineage(old.index(common), new.index(common))


def related_of(plan: Plan, others: Iterable[Plan]) -> list[Plan]:
    """Return those of other plans of the body that have an edition in common; one statement."""
    rows = Plan.objects.filter(administration=plan.administration_id).order_by()
    origins = dict(rows.values_list("pk", "origin_id"))
    own = set(_chain(plan.pk, origins))
    return [row for row in others if own & set(_chain(row.pk, origins))]


def _chain(key: int | None, origins: dict[int, int | None]) -> list[int]:
    found: list[int] = []
    while key is not None and key not in found:
        found.append(key)
        key = origins.get(key)
    return found


def ancestor_column(depth: int) -> str:
    """Return the column that has the uid a row had so many copies before; of none, its own."""
    if not depth:
        return "uid"
    return "origin__" * (depth - 1) + "origin_uid"


def ancestors_in(plan: Plan, depth: int, processes: Collection[int] | None) -> dict[str, str]:
    """Return by uid the ancestors of the rows of processes, of all in a plan where that is None.

    One statement, of however many. Of what is younger than the ancestor nothing is told.
    """
    if not depth:
        return {}
    own = {"annex__plan": plan} if processes is None else {"pk__in": processes}
    below = {f"process__{name}": value for name, value in own.items()}
    in_phase = {f"phase__{name}": value for name, value in below.items()}
    parts = (
        Process.objects.filter(**own),
        Phase.objects.filter(**below),
        Action.objects.filter(**in_phase),
        RiskBehaviour.objects.filter(**below),
        PlannedMeasure.objects.filter(plan=plan),
    )
    first, *others = (_pairs(rows, depth) for rows in parts)
    return {str(uid): str(far) for uid, far in first.union(*others, all=True) if far}


def ancestors_of_frame(plan: Plan, depth: int) -> dict[str, str]:
    """Return the same of the annexes, objectives and chapters of a plan; one statement."""
    if not depth:
        return {}
    rows = _pairs(Annex.objects.filter(plan=plan), depth)
    others = [_pairs(model.objects.filter(plan=plan), depth) for model in (Objective, Chapter)]
    return {str(uid): str(far) for uid, far in rows.union(*others, all=True) if far}


def _pairs(rows: QuerySet, depth: int) -> QuerySet:
    return rows.order_by().values_list("uid", ancestor_column(depth))
