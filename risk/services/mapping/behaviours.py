"""Risk behaviours of a process and the phases and actions they cover.

All acts refuse an annex that is not open with a `ValidationError`. `by` is the acting person, None
for a command; whether that person may is the caller's question (registry.permissions).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act
from registry.models import Action, Annex, Phase, Process
from registry.permissions import roles_on
from registry.roles import GOVERNING, OF_OFFICE
from registry.services.bulk import create_in_bulk
from registry.services.ordering import count_again, lock_open_annex, move, next_value
from registry.services.rows import store
from risk.guards.ex_officio import EX_OFFICIO
from risk.models import Coverage, EnablingFactor, EventCategory, RiskBehaviour


@dataclass(frozen=True)
class CoverageChange:
    """How many phases and actions a behaviour covers more and less than before."""

    added: int
    removed: int


def is_added_ex_officio(*, process: Process, by: Any) -> bool:
    """Return whether who adds a behaviour is the RPCT and has no part in the office."""
    roles = roles_on(by, process.annex)
    return bool(roles & GOVERNING) and not roles & OF_OFFICE


def may_touch(*, behaviour: RiskBehaviour, by: Any) -> bool:
    """Return whether a person may edit or delete a behaviour, as far as this rule goes.

    What the RPCT has added ex officio is left alone by the office; a command is nobody's office.
    Whatever reaches it by another way is refused when its act ends (`risk.guards.ex_officio`).
    """
    if by is None or not behaviour.is_ex_officio:
        return True
    return bool(roles_on(by, behaviour.process.annex) & GOVERNING)


def check_touch(*, behaviour: RiskBehaviour, by: Any) -> None:
    """Raise `RuleRefused` where `may_touch` says no."""
    if not may_touch(behaviour=behaviour, by=by):
        raise RuleRefused(EX_OFFICIO, code="ex_officio")


def create_behaviour(
    *,
    process: Process,
    text: str,
    categories: Collection[EventCategory] = (),
    factors: Collection[EnablingFactor] = (),
    phases: Collection[Phase] = (),
    actions: Collection[Action] = (),
    position: int | None = None,
    by: Any = None,
    **fields: Any,
) -> RiskBehaviour:
    """Create a behaviour, last or at a place (from 1), with what it covers; return it.

    `fields` are further columns of `RiskBehaviour`. Nothing is decided by it: the risk presence of
    the process stays as it is.

    Raises `ValidationError` when the text is empty, a phase or action belongs to another process,
    or a category or factor to another administration.
    """
    with act("behaviour", by=by):
        annex = lock_open_annex(process.annex_id)
        _check_body([*categories, *factors], annex)
        rows = process.behaviours.all()
        behaviour = RiskBehaviour(process=process, text=text, position=next_value(rows), **fields)
        store(behaviour, sure=("process", "uid", "position"))
        if categories:
            behaviour.categories.set(categories)
        if factors:
            behaviour.factors.set(factors)
        if phases or actions:
            _set_coverage(behaviour, phases, actions, by=by)
        if position is not None and position < behaviour.position:
            behaviour = move(behaviour, _ordered(rows), position=position, kind="move", by=by)
        return behaviour


def move_behaviour(*, behaviour: RiskBehaviour, position: int, by: Any = None) -> RiskBehaviour:
    """Put a behaviour at a place (from 1) in its process; return it as it is now.

    Raises `ValidationError` when the office moves what the RPCT has added ex officio.
    """
    with act("move", by=by):
        lock_open_annex(behaviour.process.annex_id)
        check_touch(behaviour=behaviour, by=by)
        rows = _ordered(behaviour.process.behaviours.all())
        return move(behaviour, rows, position=position, kind="move", by=by)


def remove_behaviour(*, behaviour: RiskBehaviour, by: Any = None) -> None:
    """Delete a behaviour; those after it move up.

    Consequences: its coverage and its assessments go, and the measures that had it as a target lose
    it; they stay even when they are left without targets. All of it is in the history.

    Raises `ValidationError` when the office deletes what the RPCT has added ex officio.
    """
    with act("remove", by=by):
        lock_open_annex(behaviour.process.annex_id)
        check_touch(behaviour=behaviour, by=by)
        rows = behaviour.process.behaviours.all()
        # as it is now: the history keeps the last state, not the one somebody had on a page
        rows.get(pk=behaviour.pk).delete()
        count_again(_ordered(rows), column="position", kind="remove", by=by)


def set_coverage(
    *,
    behaviour: RiskBehaviour,
    phases: Iterable[Phase] = (),
    actions: Iterable[Action] = (),
    by: Any = None,
) -> CoverageChange:
    """Make a behaviour cover exactly these phases and actions; return what changed.

    They need not be contiguous. Only differences are written and come into the history; the rows of
    what stays covered stay. Covering an action shows on its phase (docs/decisions/0027) and does
    not cover the phase.

    Raises `ValidationError`, naming the strangers, when a phase or action belongs to another
    process, or the behaviour is the RPCT's and not the office's; then nothing is written.
    """
    with act("coverage", by=by):
        lock_open_annex(behaviour.process.annex_id)
        check_touch(behaviour=behaviour, by=by)
        return _set_coverage(behaviour, phases, actions, by=by)


def _set_coverage(
    behaviour: RiskBehaviour, phases: Iterable[Phase], actions: Iterable[Action], *, by: Any
) -> CoverageChange:
    covered_steps = {("phase", row.pk) for row in phases} | {("action", row.pk) for row in actions}
    _check_process(behaviour, covered_steps)
    covered = {
        ("phase", row.phase_id) if row.phase_id else ("action", row.action_id): row
        for row in behaviour.coverages.all()
    }
    added = [
        Coverage(behaviour=behaviour, **{f"{kind}_id": pk})
        for kind, pk in sorted(covered_steps - covered.keys())
    ]
    create_in_bulk(added, kind="coverage", by=by)
    removed = [row for key, row in covered.items() if key not in covered_steps]
    if removed:
        # one statement and a history row for each, through the signals of the delete
        Coverage.objects.filter(pk__in=[row.pk for row in removed]).delete()
    return CoverageChange(added=len(added), removed=len(removed))


def _check_process(behaviour: RiskBehaviour, covered_steps: set[tuple[str, int]]) -> None:
    """Refuse phases and actions of other processes, as the guards of the database do."""
    own = {"process_id": behaviour.process_id}
    steps = (("phase", Phase, own), ("action", Action, {"phase__process_id": own["process_id"]}))
    strangers: list[str] = []
    for kind, model, mine in steps:
        asked = {pk for name, pk in covered_steps if name == kind}
        if asked:
            asked_rows = model.objects.filter(pk__in=asked)
            strangers += map(str, asked_rows.exclude(**mine))
    if strangers:
        raise ValidationError(
            _("Non appartiene al processo del comportamento: %(names)s."),
            code="other_process",
            params={"names": "; ".join(strangers)},
        )


def _check_body(rows: Iterable[EventCategory | EnablingFactor], annex: Annex) -> None:
    # without rows there is nothing to ask the plan for
    own = (None, annex.plan.administration_id) if rows else ()
    for row in rows:
        if row.administration_id not in own:
            raise ValidationError(
                _("La voce «%(row)s» appartiene a un’altra amministrazione."),
                code="other_body",
                params={"row": row},
            )


def _ordered(rows: QuerySet) -> list[RiskBehaviour]:
    return list(rows.order_by("position"))
