"""Treating a risk: measures put on a process or on its parts, and their programming."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import Act, RuleRefused, act, note_body
from registry.hanging import sure_path
from registry.models import Annex, Process
from registry.services.bulk import create_in_bulk
from registry.services.bulk_removal import delete_in_bulk
from registry.services.ordering import lock_open_annex
from risk.enums import MeasureScope
from risk.models import (
    ImplementationStep,
    Measure,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
)
from risk.services.treatment.measures import TARGETS, plan_measure

_NO_TARGET = gettext_lazy("Scegli almeno un oggetto, oppure togli la misura.")
SCOPES = {model: MeasureScope(scope) for scope, model in TARGETS.items()}
"""The scope that covers a kind of row."""


def targets_on(process: Process | int) -> QuerySet[MeasureTarget]:
    """Return the targets that lie on a process or on a part of it.

    Each kind of target is looked for by its index: asked for in one condition, with either column,
    both engines read the targets of all bodies.
    """
    found = []
    for scope, column in MeasureTarget.COLUMNS.items():
        way = f"{column}__{sure_path(TARGETS[scope])}"
        lies = MeasureTarget.objects.filter(**{way.removesuffix("__annex"): process})
        found.append(lies.order_by().values("pk"))
    return MeasureTarget.objects.filter(pk__in=found[0].union(*found[1:], all=True))


def scope_of(targets: Sequence[Model]) -> MeasureScope:
    """Return the scope of a measure on these rows: the whole office without any.

    Raises `ValidationError` when they are of several kinds: one programming has one kind.
    """
    kinds = {SCOPES[type(row)] for row in targets}
    if len(kinds) > 1:
        raise ValidationError(
            _(
                "Una misura si lega a oggetti di un solo tipo: il processo, oppure fasi, "
                "oppure azioni, oppure comportamenti."
            ),
            code="mixed",
        )
    return kinds.pop() if kinds else MeasureScope.ANNEX


def add_measure(
    *, annex: Annex, measure: Measure, targets: Sequence[Model], by: Any
) -> tuple[PlannedMeasure, bool]:
    """Put a measure on rows of the annex, or on the whole office without `targets`.

    Ticking twelve behaviours makes one measure with twelve targets (docs/decisions/0022). Returns
    the measure and whether it is new: the same measure on the same rows is not put there twice, so
    a double click is harmless. The rows must be of the annex; raises `ValidationError` for rows of
    several kinds. One act ("treat").
    """
    scope = scope_of(targets)
    with act("treat", by=by):
        try:
            with transaction.atomic():
                planned = plan_measure(
                    measure=measure, scope=scope, annex=annex, targets=targets, by=by
                )
                # asked after the annex is locked: a second click waits for the first
                same = _same(planned, targets)
                if same is not None:
                    raise _Twice(same)
        except _Twice as twice:
            return twice.planned, False
        return planned, True


class _Twice(Exception):
    """The measure is there already; undoes what was just written."""

    def __init__(self, planned: PlannedMeasure) -> None:
        super().__init__(str(planned))
        self.planned = planned


def _same(planned: PlannedMeasure, targets: Sequence[Model]) -> PlannedMeasure | None:
    """Return another programming of the same measure on the same rows."""
    rows = PlannedMeasure.objects.exclude(pk=planned.pk).filter(
        annex=planned.annex_id, measure=planned.measure_id, scope=planned.scope
    )
    if not targets:
        return rows.first()
    column = f"{MeasureTarget.COLUMNS[MeasureScope(planned.scope)]}_id"
    keys_of: dict[PlannedMeasure, set[int]] = {}
    reached = MeasureTarget.objects.filter(planned_measure__in=rows)
    for target in reached.select_related("planned_measure"):
        keys_of.setdefault(target.planned_measure, set()).add(getattr(target, column))
    target_keys = {row.pk for row in targets}
    return next((other for other, keys in keys_of.items() if keys == target_keys), None)


def _add_targets(planned: PlannedMeasure, rows: Sequence[Model], *, by: Any) -> None:
    if not rows:
        return
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    targets = [MeasureTarget(planned_measure=planned, **{column: row}, version=1) for row in rows]
    create_in_bulk(targets, kind="treat", by=by)


def set_targets(*, planned: PlannedMeasure, targets: Sequence[Model], by: Any) -> None:
    """Leave exactly `targets`, rows of the measure's own kind and annex. One act ("treat").

    Raises `ValidationError` without any, or for rows of another kind than the measure's.
    """
    if not targets:
        raise ValidationError(_NO_TARGET, code="none")
    if scope_of(targets) != planned.scope:
        raise ValidationError(_("Gli oggetti non sono del tipo di questa misura."), code="mixed")
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    with act("treat", by=by) as opened:
        _lock(planned)
        held = {getattr(row, f"{column}_id"): row.pk for row in planned.targets.select_for_update()}
        by_key = {row.pk: row for row in targets}
        _take_away([pk for key, pk in held.items() if key not in by_key], opened)
        _add_targets(planned, [row for key, row in by_key.items() if key not in held], by=by)


def change_targets(
    *, planned: PlannedMeasure, added: Sequence[Model], dropped: Sequence[Model], by: Any
) -> None:
    """Cover some rows more and some no longer, and leave the others. One act ("treat").

    Raises `ValidationError` where none would be left.
    """
    column = MeasureTarget.COLUMNS[MeasureScope(planned.scope)]
    with act("treat", by=by) as opened:
        _lock(planned)
        targets = planned.targets.select_for_update()
        gone = list(targets.filter(**{f"{column}__in": dropped}).values_list("pk", flat=True))
        there = targets.filter(**{f"{column}__in": added})
        held = set(there.values_list(f"{column}_id", flat=True))
        new = [row for row in added if row.pk not in held]
        if not new and planned.targets.count() == len(gone):
            raise RuleRefused(_NO_TARGET, code="none")
        _take_away(gone, opened)
        _add_targets(planned, new, by=by)


def remove_measure(*, planned: PlannedMeasure, process: Process | None, by: Any) -> bool:
    """Take a measure off a process, or off everything when `process` is None. One act ("treat").

    A measure that is left without targets goes, with its steps and indicators: returns True then.
    Raises `ValidationError` when the annex has been closed meanwhile.
    """
    with act("treat", by=by) as opened:
        _lock(planned)
        targets = planned.targets if process is None else targets_on(process)
        reached = targets.filter(planned_measure=planned).order_by()
        _take_away(list(reached.values_list("pk", flat=True)), opened)
        if process is not None and planned.targets.exists():
            return False
        planned.delete()
        return True


def _take_away(targets: list[int], opened: Act) -> None:
    """Delete targets by their keys, however many."""
    keys = {MeasureTarget: targets} if targets else {}
    delete_in_bulk(keys, known=keys, opened=opened)


def add_step(*, planned: PlannedMeasure, uid: uuid.UUID, by: Any, **values: Any):
    """Add a step of implementation at the end; the row named `uid`, if it is there already.

    Raises `ValidationError` when the row is refused, or the annex has been closed meanwhile. One
    act ("programme").
    """
    return _add(ImplementationStep, planned, uid, values, by=by)


def add_indicator(*, planned: PlannedMeasure, uid: uuid.UUID, by: Any, **values: Any):
    """Add a progress indicator at the end, as `add_step`; the first one is the master."""
    return _add(ProgressIndicator, planned, uid, values, by=by)


def _add(model: type[Model], planned: PlannedMeasure, uid: uuid.UUID, values, *, by: Any):
    with act("programme", by=by):
        _lock(planned)
        rows = list(model.objects.filter(planned_measure=planned))
        same = next((row for row in rows if row.uid == uid), None)
        if same is not None:
            return same
        last = max((row.position for row in rows), default=0)
        row = model(planned_measure=planned, uid=uid, position=last + 1, **values)
        if model is ProgressIndicator:
            row.is_master = not any(indicator.is_master for indicator in rows)
        row.full_clean(exclude={"planned_measure", "responsible_role", "responsible_office"})
        row.save()
        return row


def remove_row(*, row: ImplementationStep | ProgressIndicator, by: Any) -> None:
    """Delete a step or an indicator; indicators of a step stay without it. One act.

    Raises `ValidationError` when the annex has been closed meanwhile.
    """
    with act("programme", by=by):
        _lock(row.planned_measure)
        row.delete()


def _lock(planned: PlannedMeasure) -> None:
    """Hold a measure until the act ends, and before it its annex, as all services do.

    Who took the measure first could wait for somebody who holds the annex and waits for it.
    """
    if planned.annex_id:
        try:
            lock_open_annex(planned.annex_id)
        except ValidationError as closed:
            raise ValidationError({NON_FIELD_ERRORS: closed}) from closed
    else:
        note_body(planned.plan.administration_id)
    PlannedMeasure.objects.select_for_update().only("pk").filter(pk=planned.pk).first()
