"""Editions of the plan, and the annex of an office in one of them."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act
from registry.enums import PlanFormat, PlanKind
from registry.models import Administration, Annex, Office, Plan
from registry.services.bulk import create_in_bulk
from registry.services.rows import store
from registry.trail.subjects import plan_subject


def said_of_adopted() -> str:
    """Return what is said of every act that would change an adopted plan."""
    return _("Il piano è adottato: una modifica è un nuovo piano di aggiornamento.")


def create_plan(
    *,
    administration: Administration,
    title: str,
    first_year: int,
    last_year: int,
    document: str = PlanFormat.PTPCT,
    kind: str = PlanKind.ORDINARY,
    origin: Plan | None = None,
    by: Any = None,
) -> Plan:
    """Create an edition in preparation, without annexes; return it. `origin` is its ancestor.

    Consequences: it takes over the organ that adopts the body's plans. Callers want
    `risk.services.plans.making.create_plan`, which also gives it its methods and texts.

    Raises `ValidationError` when the body already has a plan with this title, or the last year
    comes before the first.
    """
    with act("plan", by=by, subject=plan_subject(administration, title)):
        return store(
            Plan(
                administration=administration,
                title=title,
                first_year=first_year,
                last_year=last_year,
                document=document,
                kind=kind,
                adopting_organ=administration.adopting_organ,
                origin=origin,
            )
        )


def open_annex(*, plan: Plan, office: Office, by: Any = None) -> Annex:
    """Create the annex of an office in a plan, a draft without processes; return it.

    The names that go on paper stay empty: they are copied when the annex is submitted.

    Raises `ValidationError` when the plan is adopted, the office belongs to another body or is no
    longer in use, or already has its annex in this plan.
    """
    subject = plan_subject(plan.administration, plan.title)
    with act("annex", by=by, subject=subject):
        _check_opens(plan, [office])
        return store(Annex(plan=plan, office=office))


def open_annexes(*, plan: Plan, offices: Sequence[Office], by: Any = None) -> list[Annex]:
    """Create the annexes of several offices that have none, as `open_annex`; return them.

    In statements that do not grow with the offices. Raises `IntegrityError` when one of them has
    got its annex meanwhile.
    """
    subject = plan_subject(plan.administration, plan.title)
    with act("annex", by=by, subject=subject):
        _check_opens(plan, offices)
        rows = [Annex(plan=plan, office=office) for office in offices]
        return create_in_bulk(rows, kind="annex", by=by)


def _check_opens(plan: Plan, offices: Sequence[Office]) -> None:
    if plan.is_adopted:
        raise RuleRefused(
            said_of_adopted(),
            code="plan_adopted",
        )
    if any(office.administration_id != plan.administration_id for office in offices):
        raise ValidationError(
            {"office": _("L’ufficio appartiene a un’altra amministrazione.")}, code="other_body"
        )
    if any(office.is_retired for office in offices):
        raise ValidationError({"office": _("L’ufficio non è più in uso.")}, code="retired")
