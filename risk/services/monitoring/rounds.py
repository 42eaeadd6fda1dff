"""One door for the state of a round of monitoring, and what an RPCT writes before it opens.

The database refuses whoever changes the state otherwise (`risk.guards.monitoring`).
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import Act, RuleRefused, act
from registry.enums import ADOPTED_PLAN_STATES, PlanState
from registry.models import Plan, User
from registry.permissions import is_rpct_of_plan
from registry.services.rows import store
from registry.trail.subjects import Subject, plan_subject
from risk.enums import RoundState, RoundVerb
from risk.models import MonitoringRound, RoundTransition, Sample
from risk.workflow import RoundMove, round_move_from

KIND = "round"
CHANGED, REMOVED = "round-changed", "round-removed"
TERMS = ("answers_by", "checks_by")
"""What of an open round still changes: its guards keep what it asks."""


def subject_of_round(row: MonitoringRound) -> Subject:
    """Return how the trail names what is done to a round: by its plan."""
    return plan_subject(row.plan.administration, row.plan.title)


def record_rows(*rows: Any, of: MonitoringRound, kind: str, by: User) -> None:
    """Tell on the trail of rows that are written once, by an act that changes no other."""
    detail: dict[str, Any] = {"round": str(of.uid)}
    trail.bind_row(detail, *rows)
    trail.write(kind=kind, by=by, subject=subject_of_round(of), detail=detail)


IN_FORCE = tuple(state for state in ADOPTED_PLAN_STATES if state != PlanState.CLOSED)
"""The states of a plan that is adopted, and its edition not closed: it is monitored then."""


def last_day(row: MonitoringRound) -> datetime.date:
    """Return the last day of which a round may be told something: nobody knows what is to come."""
    return min(row.situation_on, clock.today())


def wrong_day(row: MonitoringRound, day: datetime.date) -> str:
    """Return why something cannot have been so in a round on a day; "" where it can."""
    if day > row.situation_on:
        return _("Il monitoraggio dice la situazione a un giorno precedente.")
    if day > clock.today():
        return _("Quel giorno non è ancora venuto.")
    return ""


def is_in_force(plan: Plan) -> bool:
    """Tell whether a plan is one to be monitored."""
    return plan.state in IN_FORCE


def create_round(*, plan: Plan, by: User, **values: Any) -> MonitoringRound:
    """Write a round, in draft, over a plan in force; return it. One act.

    Raises `RuleRefused` for a plan that is not in force, `ValidationError` for what the model
    refuses and a situation outside the years of the plan.
    """
    row = MonitoringRound(plan=plan, **values)
    with act(KIND, by=by, subject=subject_of_round(row)):
        if not is_in_force(plan):
            raise RuleRefused(_("Si monitora un piano adottato, finché la sua edizione è aperta."))
        _check_situation(plan, row.situation_on)
        return store(row, sure={"plan"})


def _check_situation(plan: Plan, day: datetime.date | None) -> None:
    """Refuse a situation of a day the plan says nothing about."""
    years = {"first": plan.first_year, "last": plan.last_year}
    if day is not None and not years["first"] <= day.year <= years["last"]:
        sentence = _("Il piano è degli anni dal %(first)s al %(last)s: scegli un loro giorno.")
        raise ValidationError({"situation_on": sentence % years})


def _check_terms(row: MonitoringRound, values: Mapping[str, Any]) -> None:
    """Refuse to move a term of an open round to a day that is past."""
    moved = {name: day for name, day in values.items() if day != getattr(row, name)}
    if past := [name for name, day in moved.items() if day < clock.today()]:
        sentence = _("Un termine non si sposta a un giorno già passato.")
        raise ValidationError(dict.fromkeys(past, sentence))


@contextmanager
def changing_round(
    row: MonitoringRound, values: Mapping[str, Any], *, by: User
) -> Iterator[MonitoringRound]:
    """Open an act that changes a round, and give it locked: a draft whole, an open one its terms.

    `values` are what is to be written, by field. Raises `RuleRefused` for who is not its RPCT, for
    a round that is closed, and for what it asks once it is open; `ValidationError` for another
    coverage once a sample is announced, a situation outside the years of the plan, and a term put
    off to a day that is past.
    """
    with locked_round(row, kind=CHANGED, by=by) as locked:
        _check_rpct(locked, by)
        if locked.state != RoundState.DRAFT and not locked.is_answering:
            raise RuleRefused(_("Il monitoraggio è chiuso: i suoi dati restano come sono."))
        if locked.state != RoundState.DRAFT and not set(values) <= set(TERMS):
            raise RuleRefused(_("Di un monitoraggio aperto si spostano soltanto i termini."))
        if values.get("coverage", locked.coverage) != locked.coverage and is_announced(locked):
            sentence = _("Il campione è già annunciato: si chiede ciò che ne sarà estratto.")
            raise ValidationError({"coverage": sentence})
        _check_situation(locked.plan, values.get("situation_on"))
        if locked.state != RoundState.DRAFT:
            _check_terms(locked, values)
        yield locked


def remove_round(*, row: MonitoringRound, by: User) -> None:
    """Delete a round in draft, with what was assigned in it. One act.

    Raises `RuleRefused` as `check_removal`.
    """
    with locked_round(row, kind=REMOVED, by=by) as locked:
        check_removal(locked, by)
        locked.delete()


def check_removal(row: MonitoringRound, by: User) -> None:
    """Raise `RuleRefused` where a person may not delete a round, or it is no mere draft any more.

    An announced sample stays, for whoever was told of it.
    """
    _check_rpct(row, by)
    if row.state != RoundState.DRAFT:
        raise RuleRefused(_("Un monitoraggio che è stato aperto non si elimina."))
    if is_announced(row):
        raise RuleRefused(_("Il campione è già annunciato: il monitoraggio resta."))


def is_announced(row: MonitoringRound) -> bool:
    """Tell whether a sample of a round was announced, drawn or not."""
    return Sample.objects.filter(round=row).exists()


def _check_rpct(row: MonitoringRound, by: User) -> None:
    if not is_rpct_of_plan(by, row.plan):
        raise RuleRefused(_("Un monitoraggio lo cambia il RPCT dell’amministrazione."))


@contextmanager
def locked_round(row: MonitoringRound, *, kind: str, by: User) -> Iterator[MonitoringRound]:
    """Open an act on a round and give it as it is now, locked until the act ends."""
    with act(kind, by=by, subject=subject_of_round(row)):
        yield _lock(row)


def _lock(row: MonitoringRound) -> MonitoringRound:
    rows = MonitoringRound.objects.select_for_update(of=("self",))
    return rows.select_related("plan__administration").get(pk=row.pk)


def move_round(
    *,
    row: MonitoringRound,
    verb: RoundVerb,
    by: User,
    before: Callable[[MonitoringRound, Act], None] = lambda locked, opened: None,
) -> RoundTransition:
    """Make one move of a round: checks, transition, what stands `before` the state, state. One act.

    Raises `RuleRefused` for who is not its RPCT, or for a move that is not the next.
    """
    with act(f"round-{verb}", by=by, subject=subject_of_round(row)) as opened:
        locked = _lock(row)
        move = check_round_move(row=locked, verb=verb, by=by)
        opened.detail.update({"from": locked.state, "to": str(move.target), "round": str(row.uid)})
        transition = RoundTransition.objects.create(
            round=locked, verb=verb, from_state=locked.state, to_state=move.target, by=by
        )
        trail.bind_row(opened.detail, transition)
        before(locked, opened)
        locked.state = move.target
        locked.save()
        return transition


def check_round_move(*, row: MonitoringRound, verb: RoundVerb, by: User) -> RoundMove:
    """Return the move a verb makes of a round now; raises `RuleRefused` when it may not be made."""
    move = round_move_from(RoundState(row.state))
    if move is None or move.verb != verb:
        state = row.get_state_display()
        raise RuleRefused(
            _("Il monitoraggio è %(state)s: questo passo non c’è.") % {"state": state}
        )
    if not is_rpct_of_plan(by, row.plan):
        raise RuleRefused(_("Questo passo spetta al RPCT dell’amministrazione."))
    return move
