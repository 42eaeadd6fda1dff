"""What is known beforehand of a file of ours that comes back: which row each entry stood for."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from registry.models import (
    Action,
    Annex,
    ExecutorRole,
    Macroprocess,
    Office,
    Phase,
    Plan,
    RiskArea,
)
from registry.normalise import fold
from risk.models import Measure, RiskBehaviour
from risk.services.imports.shapes import QuestionKind
from risk.workbooks.rowids import RowId, RowIds

Kind = QuestionKind
InUse = Mapping[Kind, Mapping[str, Any]]
"""By kind, what a folded text stands for; for an executor, role and office."""
_ALIKE = 0.5
"""Share of equal letters from which an entry counts as another one rewritten."""
_COMPARED = 1_000
"""Letters of each that are compared: the time grows with the product of both."""
_PAIRS = 2_500
"""Of more entries and rows nobody knows which was rewritten, and all are new."""


def ids_of_plan(ids: RowIds | None, plan: Plan) -> RowIds | None:
    """Return the ids of a file if it was written from this plan: elsewhere they mean nothing."""
    if ids is None:
        return None
    origin = (ids.origin.plan, ids.origin.ipa_code)
    return ids if origin == (plan.title, plan.administration.ipa_code) else None


def texts_of(plan: Plan) -> dict[UUID, str]:
    """Return the folded text of each behaviour of a plan, by uid; one query."""
    rows = RiskBehaviour.objects.filter(process__annex__plan=plan).order_by()
    return dict(rows.values_list("uid", "folded"))


def in_use(plan: Plan) -> InUse:
    """Return what the rows of a plan point to, by the words our files print.

    A list may have dropped a row since, or offer two that read alike; a file of ours means the one
    in use.
    """
    body = {"processes__annex__plan": plan}
    annexes = Annex.objects.filter(plan=plan).select_related("office")
    measures = Measure.objects.filter(planned_measures__plan=plan).distinct()
    areas = RiskArea.objects.filter(**body).distinct()
    macroprocesses = Macroprocess.objects.filter(**body).select_related("function").distinct()
    return {
        Kind.OFFICE: {fold(row.printed_office_name): row.office for row in annexes},
        Kind.RISK_AREA: {fold(row.printed): row for row in areas},
        Kind.MACROPROCESS: {fold(row.printed): row for row in macroprocesses},
        Kind.MEASURE: {fold(row.label): row for row in measures},
        Kind.EXECUTOR: _executors(plan),
    }


def _executors(plan: Plan) -> dict[str, tuple[Any, Any]]:
    """Return role and office of each step of a plan by the words printed for both."""
    pairs: set[tuple[int | None, int | None]] = set()
    for model, path in ((Phase, "process"), (Action, "phase__process")):
        rows = model.objects.filter(**{f"{path}__annex__plan": plan}).order_by()
        pairs.update(rows.values_list("executor_role", "executor_office").distinct())
    roles = ExecutorRole.objects.in_bulk({role for role, _office in pairs if role})
    offices = Office.objects.in_bulk({office for _role, office in pairs if office})
    found: dict[str, tuple[Any, Any]] = {}
    for role, office in pairs - {(None, None)}:
        pair = (roles.get(role), offices.get(office))
        printed = ", ".join(str(part) for part in pair if part is not None)
        found.setdefault(fold(printed), pair)
    return found


def aligned(
    entries: Sequence[str], known: Sequence[RowId], texts: Mapping[UUID, str]
) -> Iterator[tuple[str, RowId | None]]:
    """Yield each entry of a cell with the row it stands for, None for a new one.

    First those whose words the register has; then what is left, in order where as many entries as
    rows are left, else each row with the entry most like it.
    """
    if not known:
        yield from ((text, None) for text in entries)
        return
    by_words: dict[str, list[RowId]] = {}
    for one in reversed(known):
        if one.uid in texts:
            by_words.setdefault(texts[one.uid], []).append(one)
    found: dict[int, RowId] = {}
    for place, text in enumerate(entries):
        if same := by_words.get(fold(text)):
            found[place] = same.pop()
    taken = {id(one) for one in found.values()}
    free = [one for one in known if id(one) not in taken]
    left = [place for place in range(len(entries)) if place not in found]
    if len(left) == len(free):
        found.update(zip(left, free, strict=True))
    else:
        found.update(_nearest(entries, left, free, texts))
    for place, text in enumerate(entries):
        yield text, found.get(place)


def _nearest(
    entries: Sequence[str], left: list[int], free: list[RowId], texts: Mapping[UUID, str]
) -> dict[int, RowId]:
    if len(left) * len(free) > _PAIRS:
        return {}
    shares = sorted(
        (
            (_share(fold(entries[place]), texts.get(one.uid, "")), place, number)
            for place in left
            for number, one in enumerate(free)
        ),
        key=lambda found: (-found[0], found[1:]),
    )
    found: dict[int, RowId] = {}
    taken: set[int] = set()
    for share, place, number in shares:
        if share >= _ALIKE and place not in found and number not in taken:
            found[place] = free[number]
            taken.add(number)
    return found


def _share(one: str, other: str) -> float:
    one, other = one[:_COMPARED], other[:_COMPARED]
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
