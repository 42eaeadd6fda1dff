"""Phases of a process and actions of a phase.

All acts refuse an annex that is not open with a `ValidationError`. `by` is the acting person, None
for a command; whether that person may is the caller's question (registry.permissions). On paper the
number of a phase or action is its place, so the places of one parent are always 1, 2, 3…
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Manager
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Action, Annex, Phase, Process
from registry.services.ordering import count_again, lock_open_annex, move, next_value
from registry.services.rows import store


def create_phase(
    *, process: Process, title: str, position: int | None = None, by: Any = None, **fields: Any
) -> Phase:
    """Create a phase, last or at a place (from 1), the others moving down; return it.

    `fields` are further columns of `Phase`. Raises `ValidationError` for a value its model
    refuses, or an executor that another administration owns.
    """
    with act("phase", by=by):
        annex = lock_open_annex(process.annex_id)
        phase = Phase(process=process, title=title, **fields)
        return _add(phase, process.phases, annex, parent="process", place=position, by=by)


def move_phase(*, phase: Phase, position: int, by: Any = None) -> Phase:
    """Put a phase, with its actions, at a place (from 1) in its process; return it as it is now."""
    with act("move", by=by):
        lock_open_annex(phase.process.annex_id)
        return move(phase, _ordered(phase.process.phases), position=position, kind="move", by=by)


def remove_phase(*, phase: Phase, by: Any = None) -> None:
    """Delete a phase; the phases after it move up.

    Consequences: its actions go, and with phase and actions what covers them: behaviours and
    measures themselves stay, even when they are left covering nothing. All of it is in the history.
    """
    with act("remove", by=by):
        lock_open_annex(phase.process.annex_id)
        _remove(phase, phase.process.phases, by=by)


def create_action(
    *, phase: Phase, title: str, position: int | None = None, by: Any = None, **fields: Any
) -> Action:
    """Create an action, last or at a place (from 1) in its phase; return it. As `create_phase`."""
    with act("action", by=by):
        annex = lock_open_annex(phase.process.annex_id)
        action = Action(phase=phase, title=title, **fields)
        return _add(action, phase.actions, annex, parent="phase", place=position, by=by)


def move_action(*, action: Action, position: int, by: Any = None) -> Action:
    """Put an action at a place (from 1) in its phase; return it as it is now."""
    with act("move", by=by):
        lock_open_annex(action.phase.process.annex_id)
        return move(action, _ordered(action.phase.actions), position=position, kind="move", by=by)


def remove_action(*, action: Action, by: Any = None) -> None:
    """Delete an action; the actions after it move up. As `remove_phase`."""
    with act("remove", by=by):
        lock_open_annex(action.phase.process.annex_id)
        _remove(action, action.phase.actions, by=by)


def _ordered(siblings: Manager) -> list:
    return list(siblings.order_by("position"))


def _add(
    row: Phase | Action,
    siblings: Manager,
    annex: Annex,
    *,
    parent: str,
    place: int | None,
    by: Any,
) -> Any:
    row.position = next_value(siblings.all())
    _check_body(row, annex)
    store(row, sure=(parent, "uid", "position"))
    if place is not None and place < row.position:
        return move(row, _ordered(siblings), position=place, kind="move", by=by)
    return row


def _remove(row: Phase | Action, siblings: Manager, *, by: Any) -> None:
    # as it is now: the history keeps the last state, not the one somebody had on a page
    siblings.get(pk=row.pk).delete()
    count_again(_ordered(siblings), column="position", kind="remove", by=by)


def _check_body(row: Phase | Action, annex: Annex) -> None:
    """Refuse executors of another administration; guards keep the office, not the role."""
    own = annex.plan.administration_id
    office, role = row.executor_office, row.executor_role
    if office is not None and office.administration_id != own:
        name = "executor_office"
    elif role is not None and role.administration_id not in (None, own):
        name = "executor_role"
    else:
        return
    raise ValidationError(
        {name: _("La voce scelta appartiene a un’altra amministrazione.")}, code="other_body"
    )
