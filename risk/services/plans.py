"""Editions of the plan with the methods they use and the texts they print."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import PlanDocument, PlanKind
from registry.models import Administration, Plan
from registry.services import plans as registry_plans
from registry.services.rows import copy_of, create_in_bulk, store
from risk.models import Method, PlanMethod, TextBlock


def create_plan(
    *,
    administration: Administration,
    title: str,
    first_year: int,
    last_year: int,
    document: str = PlanDocument.PTPCT,
    kind: str = PlanKind.ORDINARY,
    methods: Collection[Method],
    default_method: Method,
    by: Any = None,
) -> Plan:
    """Create an edition in preparation, ready for its annexes; return it.

    Consequences: the plan uses `methods`, `default_method` being the one proposed first; the
    body's texts of the layouts are copied into it, so that a later change of theirs leaves this
    edition as it is (ruling 12). It has no annexes: `registry.services.plans.open_annex` opens
    them. One act in the history.

    Raises `ValidationError` when the body already has a plan with this title, the years are in
    the wrong order, a method belongs to another body or is no longer in use, or the default one
    is not among `methods`.
    """
    _check_methods(methods, default_method, administration)
    with act("plan", by=by):
        plan = registry_plans.create_plan(
            administration=administration,
            title=title,
            first_year=first_year,
            last_year=last_year,
            document=document,
            kind=kind,
            by=by,
        )
        for method in methods:
            store(PlanMethod(plan=plan, method=method, is_default=method == default_method))
        blocks = TextBlock.objects.filter(administration=administration, plan=None)
        create_in_bulk([copy_of(block, plan=plan) for block in blocks], kind="plan", by=by)
        return plan


def use_method(*, plan: Plan, method: Method, is_default: bool, by: Any) -> None:
    """Let a plan use a method, as its default one or beside it; one act in the history.

    Nothing judged by another method changes. Raises `ValidationError` when the plan is adopted, or
    the method is of another body or no longer in use.
    """
    if plan.is_adopted:
        raise ValidationError(_("Il piano è adottato: non si modifica più."), code="adopted")
    _check_methods([method], method, plan.administration)
    with act("plan-method", by=by):
        used = {row.method_id: row for row in PlanMethod.objects.filter(plan=plan)}
        is_default = is_default or not used
        if is_default:
            for row in used.values():
                if row.is_default and row.method_id != method.pk:
                    row.is_default = False
                    row.save()
        row = used.get(method.pk) or PlanMethod(plan=plan, method=method)
        if row.pk is None or (is_default and not row.is_default):
            row.is_default = is_default
            store(row)


def _check_methods(
    methods: Collection[Method], default_method: Method, administration: Administration
) -> None:
    if default_method not in methods:
        raise ValidationError(
            {"default_method": _("Il metodo predefinito è uno di quelli del piano.")},
            code="default_method",
        )
    for method in methods:
        if method.administration_id not in (None, administration.pk):
            raise ValidationError(
                {
                    "methods": _("Il metodo «%(method)s» è di un’altra amministrazione.")
                    % {"method": method}
                },
                code="other_body",
            )
        if method.is_retired:
            raise ValidationError(
                {"methods": _("Il metodo «%(method)s» non è più in uso.") % {"method": method}},
                code="retired",
            )
