"""Measures put into a plan: one programming for each, with all it covers (docs/decisions/0022)."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from registry.acts import act, note_body
from registry.hanging import on_annexes
from registry.models import Annex, Plan
from registry.services.bulk import create_in_bulk
from registry.services.ordering import lock_open_annex, next_value
from registry.services.plans import said_of_adopted
from registry.services.rows import store
from risk.enums import MeasureScope
from risk.models import Measure, MeasureTarget, PlannedMeasure

TARGETS: dict[str, type[Model]] = {
    scope: MeasureTarget._meta.get_field(column).related_model
    for scope, column in MeasureTarget.COLUMNS.items()
}
"""The kind of row a scope covers."""


def plan_measure(
    *,
    measure: Measure,
    scope: str,
    plan: Plan | None = None,
    annex: Annex | None = None,
    targets: Collection[Model] = (),
    by: Any = None,
    **fields: Any,
) -> PlannedMeasure:
    """Programme a measure once for all it covers; return it.

    `scope` is a `MeasureScope`. Scope *plan* wants `plan` and no annex; the others want `annex`,
    whose plan it is. Scopes *plan* and *annex* have no targets and cover rows added later; the
    others have at least one target, each of the scope's kind and of this annex: twelve behaviours
    make one programming with twelve targets. `fields` are further columns of `PlannedMeasure`, such
    as who answers for it.

    Consequences: the measure comes last in the plan or annex; steps and progress indicators are
    added to it afterwards. The same measure may be programmed more than once.

    Raises `ValidationError` when plan or annex do not fit the scope, the plan is adopted or the
    annex not open, the measure or the responsible belongs to another administration, the measure is
    no longer in use, or a target is of another kind or annex. Then nothing is written.
    """
    with act("measure", by=by):
        plan = _place(scope, plan, annex)
        _check_body(plan, measure, fields)
        target_rows = _check_targets(scope, annex, targets)
        rows = PlannedMeasure.objects.filter(plan=plan, annex=annex)
        planned = PlannedMeasure(
            plan=plan,
            annex=annex,
            measure=measure,
            scope=scope,
            **{"position": next_value(rows), **fields},
        )
        store(planned, sure=("plan", "annex", "measure", "uid"))
        column = MeasureTarget.COLUMNS.get(MeasureScope(scope))
        create_in_bulk(
            [MeasureTarget(planned_measure=planned, **{str(column): row}) for row in target_rows],
            kind="measure",
            by=by,
        )
        return planned


def _place(scope: str, plan: Plan | None, annex: Annex | None) -> Plan:
    """Return the plan the programming belongs to, its annex locked."""
    if scope not in MeasureScope.values:
        raise ValidationError({"scope": _("Ambito della misura sconosciuto.")}, code="scope")
    if scope == MeasureScope.PLAN:
        if annex is not None or plan is None:
            raise ValidationError(
                {"annex": _("Una misura di tutto il piano indica il piano e nessun allegato.")},
                code="scope",
            )
        if plan.is_adopted:
            raise ValidationError(
                said_of_adopted(),
                code="plan_adopted",
            )
        note_body(plan.administration_id)
        return plan
    if annex is None or (plan is not None and plan.pk != annex.plan_id):
        raise ValidationError({"annex": _("La misura indica un allegato del piano.")}, code="scope")
    lock_open_annex(annex)
    # an annex stays in its plan, which the caller has often read already
    return annex.plan


def _check_targets(scope: str, annex: Annex | None, targets: Collection[Model]) -> list[Model]:
    """Return the targets, each once, after checking that they are of the scope and of the annex."""
    if scope not in TARGETS:
        if targets:
            raise ValidationError(
                _("Una misura di tutto il piano o di tutto l’ufficio non ha oggetti."),
                code="targets",
            )
        return []
    if not targets:
        raise ValidationError(_("Indica almeno un oggetto della misura."), code="targets")
    model = TARGETS[scope]
    others = [row for row in targets if not isinstance(row, model)]
    keys = {row.pk for row in targets}
    if not others:
        of_annex = on_annexes(model, pk=annex.pk)
        others = list(model._default_manager.filter(pk__in=keys).exclude(of_annex))
    if others:
        raise ValidationError(
            _("Non è dell’ambito o dell’allegato della misura: %(names)s."),
            code="targets",
            params={"names": "; ".join(map(str, others))},
        )
    return list(dict.fromkeys(targets))


def _check_body(plan: Plan, measure: Measure, fields: dict[str, Any]) -> None:
    """Refuse rows of another administration, as the guards of the database do."""
    own = plan.administration_id
    rows = {name: fields.get(name) for name in ("responsible_office", "responsible_role")}
    for name, row in {"measure": measure, **rows}.items():
        if row is not None and row.administration_id not in (None, own):
            raise ValidationError(
                {name: _("La voce scelta appartiene a un’altra amministrazione.")},
                code="other_body",
            )
    if measure.is_retired:
        raise ValidationError({"measure": _("La misura non è più in uso.")}, code="retired")
