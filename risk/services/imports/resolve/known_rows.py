"""What is known beforehand of a file of ours that comes back: which row each entry stood for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from registry.models import (
    Action,
    Annex,
    ExecutorRole,
    Macroprocess,
    Office,
    Phase,
    Plan,
    Process,
    RiskArea,
)
from registry.normalise import fold
from risk.enums import Moment
from risk.models import Assessment, Measure, RiskBehaviour
from risk.services.imports.ledger import QuestionKind
from risk.workbooks.rowids import RowIds

Kind = QuestionKind
InUse = Mapping[Kind, Mapping[str, Any]]
"""By kind, what a folded text stands for; for an executor, role and office."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The method of a judgement that is there, and the process it is of."""

    method_id: int
    process: UUID


def ids_of_plan(ids: RowIds | None, plan: Plan) -> RowIds | None:
    """Return the ids of a file if it was written from this plan: elsewhere they mean nothing."""
    if ids is None:
        return None
    origin = (ids.origin.plan, ids.origin.ipa_code)
    return ids if origin == (plan.title, plan.administration.ipa_code) else None


def texts_of(plan: Plan) -> dict[UUID, str]:
    """Return the folded text of each process, phase and behaviour of a plan, by uid; one query."""
    rows = [
        model.objects.filter(**{f"{path}annex__plan": plan}).order_by().values_list("uid", "folded")
        for model, path in ((Process, ""), (Phase, "process__"), (RiskBehaviour, "process__"))
    ]
    return dict(rows[0].union(*rows[1:], all=True))


def judged_by(plan: Plan) -> dict[UUID, Judged]:
    """Return by which method each judgement of a plan is, and of which process; one query."""
    rows = Assessment.objects.filter(
        Q(process__annex__plan=plan) | Q(behaviour__process__annex__plan=plan),
        moment=Moment.INHERENT,
    ).order_by()
    values = rows.values_list("uid", "method_id", "process__uid", "behaviour__process__uid")
    return {uid: Judged(method, own or behaviours) for uid, method, own, behaviours in values}


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
