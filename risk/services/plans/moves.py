"""One door for the state of a plan: checks, writes, records, always together.

The adoption is made by `risk.services.plans.issues`, through `make_plan_move` too; the database
refuses whoever changes the state otherwise (`risk.guards.plans`).
"""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import Act, act
from registry.enums import PlanState
from registry.models import Plan, User
from registry.permissions import is_rpct_of_plan
from registry.services.rows import store
from registry.trail.subjects import Subject, plan_subject
from risk.enums import PlanVerb
from risk.models import Confirmation, PlanTransition
from risk.services.annexes.moves import MoveRefusedError, moves_refused_recorded
from risk.services.completeness.plan_points import plan_points
from risk.workflow import PlanMove, plan_move_for, plan_moves_from

CONDITIONS = (
    "no_corruption_facts",
    "no_organisational_change",
    "no_strategic_change",
    "no_other_section_change",
)
"""What must be true of the last year for a plan to be confirmed (PNA 2022)."""


def in_the_future() -> str:
    """Return what an act of a day to come is refused with; a demo has its own today."""
    day = date_format(clock.today(), "d/m/Y")
    return _("L’atto non può avere una data futura: oggi è il %(day)s.") % {"day": day}


def subject_of(plan: Plan) -> Subject:
    """Return how the trail names a plan."""
    return plan_subject(plan.administration, plan.title)


def open_plan_moves(*, plan: Plan, user: User) -> list[PlanMove]:
    """Return the moves a person may make from the plan's state; none unless they are its RPCT."""
    return plan_moves_from(PlanState(plan.state)) if is_rpct_of_plan(user, plan) else []


def plan_refusals_recorded(*, plan: Plan, kind: str, by: User) -> AbstractContextManager[None]:
    """Return what writes the refused moves of a plan on the trail."""
    return moves_refused_recorded(kind=kind, subject=subject_of(plan), by=by)


def move_plan(
    *,
    plan: Plan,
    verb: PlanVerb,
    by: User,
    reason: str = "",
    publication_link: str = "",
    published_on: datetime.date | None = None,
) -> PlanTransition:
    """Make one move that needs no act: consultation, proposal, back, publication, closing.

    Publication writes the day, today where none is given, and the page of Amministrazione
    trasparente where there is one.

    Raises `MoveRefusedError`; then nothing has changed and the refusal is on the trail. Raises
    `ValidationError` for a link that is none.
    """
    values: dict[str, Any] = {}
    if verb == PlanVerb.PUBLISH:
        day = published_on or clock.today()
        values = {"published_on": day, "publication_link": publication_link}
    with plan_refusals_recorded(plan=plan, kind=f"plan-{verb}", by=by):
        refuse_what_has_a_form(plan, verb)
        return make_plan_move(plan=plan, verb=verb, by=by, reason=reason, values=values)


def refuse_what_has_a_form(plan: Plan, verb: PlanVerb) -> None:
    """Raise `MoveRefusedError` for a move that is made by an act of the organ alone."""
    move = plan_move_for(verb, PlanState(plan.state))
    if move is not None and move.needs_form:
        raise MoveRefusedError([_("Questo passo chiede gli estremi dell’atto.")])


def confirm_plan(
    *,
    plan: Plan,
    by: User,
    year: int,
    staff: int,
    conditions: dict[str, bool],
    act_values: dict[str, Any],
) -> Confirmation:
    """Confirm a published plan of a body under 50 staff for one more year of its triennium.

    `conditions` answers each of `CONDITIONS`; `act_values` are organ, kind, number, date and link
    of the act that confirms. Consequences: the plan is *confermato*; its content stays as adopted.

    Raises `MoveRefusedError` for who may not or not now, `ValidationError` for a year outside of
    the triennium or already confirmed, 50 staff or more, a condition that does not hold, an act of
    the future.
    """
    with plan_refusals_recorded(plan=plan, kind=f"plan-{PlanVerb.CONFIRM}", by=by):
        check_plan_move(plan=plan, verb=PlanVerb.CONFIRM, by=by)
        if not plan.first_year < year <= plan.last_year:
            sentence = _("Si confermano gli anni del triennio che seguono il primo.")
            raise ValidationError({"year": sentence})
        if act_values["act_date"] > clock.today():
            raise ValidationError({"act_date": in_the_future()})
        with act(f"plan-{PlanVerb.CONFIRM}", by=by, subject=subject_of(plan)) as opened:
            opened.detail["year"] = year
            answers = {name: conditions.get(name, False) for name in CONDITIONS}
            row = Confirmation(plan=plan, by=by, year=year, staff=staff, **answers, **act_values)
            trail.bind_row(opened.detail, store(row))
            make_plan_move(plan=plan, verb=PlanVerb.CONFIRM, by=by)
            return row


def make_plan_move(
    *,
    plan: Plan,
    verb: PlanVerb,
    by: User,
    reason: str = "",
    values: dict[str, Any] | None = None,
    before: Callable[[Plan, Act], None] = lambda locked, opened: None,
) -> PlanTransition:
    """Make one move, as part of the act that is open or as one of its own.

    In one transaction: the plan is locked, the move is checked, the transition is written,
    `before` writes what must stand before the state changes, then state and `values` change
    together. Raises `MoveRefusedError`; then nothing has changed.
    """
    detail = {"reason": reason} if reason else {}
    with act(f"plan-{verb}", by=by, subject=subject_of(plan), detail=detail) as opened:
        locked = lock_plan(plan)
        move = check_plan_move(plan=locked, verb=verb, by=by, reason=reason)
        opened.detail.update({"from": locked.state, "to": str(move.target)})
        transition = PlanTransition.objects.create(
            plan=locked,
            verb=verb,
            from_state=locked.state,
            to_state=move.target,
            by=by,
            reason=reason.strip(),
        )
        trail.bind_row(opened.detail, transition)
        before(locked, opened)
        locked.state = move.target
        for name, value in (values or {}).items():
            setattr(locked, name, value)
        store(locked)
        return transition


def lock_plan(plan: Plan) -> Plan:
    """Return the plan as it is now, locked until the transaction ends."""
    rows = Plan.objects.select_for_update(of=("self",)).select_related("administration")
    return rows.get(pk=plan.pk)


def check_plan_move(*, plan: Plan, verb: PlanVerb, by: User, reason: str = "") -> PlanMove:
    """Return the move a verb makes now; raises `MoveRefusedError` when it may not be made."""
    move = plan_move_for(verb, PlanState(plan.state))
    if move is None:
        state = plan.get_state_display()
        raise MoveRefusedError(
            [_("Il piano è %(state)s: questo passo non c’è.") % {"state": state}]
        )
    if not is_rpct_of_plan(by, plan):
        raise MoveRefusedError([_("Questo passo spetta al RPCT dell’amministrazione.")])
    reasons = []
    if move.needs_reason and not reason.strip():
        reasons.append(_("Scrivi il motivo: gli uffici devono sapere che cosa si rivede."))
    if move.needs_completeness:
        points = plan_points(plan, verb=verb)
        reasons += [point.sentence for point in points if point.blocks]
    if reasons:
        raise MoveRefusedError(reasons)
    return move
