"""The names offices and body had as a plan was adopted: all that is read of it says these.

What an adopted plan says is frozen by the database but for these names: offices and bodies live on
and may be called otherwise (docs/decisions/0015). They are read back from their histories.
"""

from collections.abc import Iterable
from typing import Any

from registry.models import Administration, Office, Plan
from risk.enums import PlanVerb
from risk.models import PlanTransition


def adopted_office_names(plan: Plan) -> dict[int, str]:
    """Return the names of the offices of its body as a plan was adopted, by key; one statement.

    Empty for a plan that is not adopted, without any.
    """
    if not plan.is_adopted:
        return {}
    return _names(Office.history.filter(administration=plan.administration_id), plan)


def name_as_adopted(plan: Plan, offices: Iterable[Office | None]) -> None:
    """Give offices in memory the names they had as a plan was adopted; one statement."""
    name_offices(adopted_office_names(plan), offices)


def name_offices(names: dict[int, str], offices: Iterable[Office | None]) -> None:
    """Give offices in memory these names; those that are not among them keep theirs."""
    for office in offices:
        if office is not None:
            office.name = names.get(office.pk, office.name)


def adopted_body_name(plan: Plan) -> str:
    """Return the name of the body as its plan was adopted, that of today before; one statement."""
    body = plan.administration
    if not plan.is_adopted:
        return body.name
    return _names(Administration.history.filter(id=body.pk), plan).get(body.pk, body.name)


def _names(past: Any, plan: Plan) -> dict[int, str]:
    adoptions = PlanTransition.objects.filter(plan=plan, verb=PlanVerb.ADOPT).order_by("id")
    rows = past.filter(history_date__lte=adoptions.values("at")[:1]).order_by("history_id")
    return dict(rows.values_list("id", "name"))
