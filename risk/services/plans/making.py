"""Editions of the plan with the methods they use and the texts they print."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act
from registry.enums import DeadlineKind, PlanFormat, PlanKind
from registry.models import Administration, Plan, PlanDeadline
from registry.services import plans as registry_plans
from registry.services.bulk import create_in_bulk
from registry.services.rows import copy_of, store
from risk.models import Assessment, Method, PlanMethod, TextBlock
from risk.services.plans.moves import subject_of

PLAN_DATA = "plan-data"


def create_plan(
    *,
    administration: Administration,
    title: str,
    first_year: int,
    last_year: int,
    document: str = PlanFormat.PTPCT,
    kind: str = PlanKind.ORDINARY,
    methods: Collection[Method],
    default_method: Method,
    days: Mapping[DeadlineKind, datetime.date] | None = None,
    by: Any = None,
) -> Plan:
    """Create an edition in preparation, ready for its annexes; return it.

    Consequences: the plan uses `methods`, `default_method` being the one proposed first, and has
    `days` in its calendar; the body's texts of the layouts are copied into it, so that a later
    change of theirs leaves this edition as it is (docs/decisions/0028). It has no annexes:
    `registry.services.plans.open_annex` opens them. One act in the history.

    Raises `ValidationError` when the body already has a plan with this title, the years are in
    the wrong order, a method belongs to another body or is no longer in use, or the default one
    is not among `methods`.
    """
    _check_default(methods, default_method)
    _check_methods(methods, administration)
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
        for due, day in (days or {}).items():
            label = capfirst(due.label)
            store(PlanDeadline(plan=plan, kind=due, due_on=day, label=label))
        blocks = TextBlock.objects.filter(administration=administration, plan=None)
        create_in_bulk([copy_of(block, plan=plan) for block in blocks], kind="plan", by=by)
        return plan


def use_method(*, plan: Plan, method: Method, is_default: bool, by: Any) -> None:
    """Let a plan use one more method, as its default one or beside it; as `choose_methods`."""
    used = list(PlanMethod.objects.filter(plan=plan).select_related("method"))
    default = next((row.method for row in used if row.is_default), method)
    choose_methods(
        plan=plan,
        methods=[*(row.method for row in used if row.method_id != method.pk), method],
        default_method=method if is_default else default,
        by=by,
    )


def choose_methods(
    *, plan: Plan, methods: Collection[Method], default_method: Method, by: Any
) -> None:
    """Say which methods a plan assesses by, and which is proposed first; one act in the history.

    Nothing judged by another method changes: lists and figures show the levels of the default one.

    Raises `ValidationError` when the plan is adopted, a method to be left has judged something of
    it, or one of `methods` may not be used (`create_plan`).
    """
    with act("plan-methods", by=by, subject=subject_of(plan)):
        if plan.is_adopted:
            raise RuleRefused(_("Il piano è adottato: non si modifica più."), code="adopted")
        rows = PlanMethod.objects.filter(plan=plan).order_by("pk")
        used = {row.method: row for row in rows.select_related("method")}
        _check_methods([row for row in methods if row not in used], plan.administration)
        _check_default(methods, default_method)
        left = [row for method, row in used.items() if method not in methods]
        _check_unused(plan, [row.method for row in left])
        for row in left:
            row.delete()
        # the one that is no longer the default gives way first: there is never more than one
        for method in sorted(methods, key=lambda method: method == default_method):
            row = used.get(method) or PlanMethod(plan=plan, method=method)
            if row.pk is None or row.is_default != (method == default_method):
                row.is_default = method == default_method
                store(row)


def _check_unused(plan: Plan, methods: Collection[Method]) -> None:
    within = Q(process__annex__plan=plan) | Q(behaviour__process__annex__plan=plan)
    judged = Assessment.objects.filter(within, method__in=methods).select_related("method").first()
    if judged is not None:
        raise ValidationError(
            {
                "methods": _("Con il metodo «%(method)s» ci sono già valutazioni: non si toglie.")
                % {"method": judged.method}
            },
            code="judged",
        )


def _check_default(methods: Collection[Method], default_method: Method) -> None:
    if default_method not in methods:
        raise ValidationError(
            {"default_method": _("Il metodo predefinito è uno di quelli del piano.")},
            code="default_method",
        )


def _check_methods(methods: Collection[Method], administration: Administration) -> None:
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
