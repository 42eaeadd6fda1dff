"""Processes of an annex: their numbers, their order, their end.

All acts refuse an annex that is not open with a `ValidationError`. `by` is the acting person, None
for a command; whether that person may is the caller's question (registry.permissions).
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Annex, Process
from registry.services.ordering import (
    count_again,
    lock_open_annex,
    next_value,
    places_after_move,
    put,
)
from registry.services.rows import store


def create_process(
    *, annex: Annex, title: str, position: int | None = None, by: Any = None, **fields: Any
) -> Process:
    """Create a process with the next number, last in the annex or at a place (from 1); return it.

    `fields` are further columns of `Process`. A place before the last moves the processes after
    it down by one; numbers already printed stay as they are.

    Raises `ValidationError` for a value its model refuses, or an area or macroprocess that another
    administration owns.
    """
    with act("process", by=by):
        locked = lock_open_annex(annex)
        rows = locked.processes.all()
        process = Process(annex=locked, title=title, **fields)
        process.number = next_value(rows, "number")
        process.position = next_value(rows)
        _check_body(process)
        store(process, sure=("annex", "uid", "number", "position"))
        if position is not None and position < process.position:
            process = _moved(process, locked, position=position, kind="process", by=by)
        return process


def move_process(*, process: Process, position: int, by: Any = None) -> Process:
    """Put a process at a place (from 1) in its annex; return it as it is now.

    The others close up where they are few, retired processes behind all others. Numbers do not
    change: they follow the order with `renumber_processes`.
    """
    with act("move", by=by):
        annex = lock_open_annex(process.annex_id)
        return _moved(process, annex, position=position, kind="move", by=by)


def renumber_processes(*, annex: Annex, by: Any = None) -> int:
    """Number the processes of an annex from 1 in their order; return how many changed number.

    Retired processes, which are not printed, take the numbers after the last one in use.
    """
    with act("renumber", by=by):
        locked = lock_open_annex(annex)
        return count_again(_ordered(locked), column="number", kind="renumber", by=by)


def retire_process(
    *, process: Process, reason: str, on: datetime.date | None = None, by: Any = None
) -> Process:
    """Take a process out of use with its reason, today unless said; return it.

    It keeps its number and all that is written on it, and is no longer printed nor asked for.
    Raises `ValidationError` without a reason, or when it is already out of use.
    """
    with act("retire", by=by):
        current = _locked(process)
        if current.is_retired:
            raise ValidationError(_("Il processo non è già più in uso."), code="retired")
        if not reason.strip():
            raise ValidationError(
                {"retired_reason": _("Scrivi perché il processo va in archivio.")},
                code="required",
            )
        current.retired_on = on or timezone.localdate()
        current.retired_reason = reason
        return store(current, sure=_UNTOUCHED)


def restore_process(*, process: Process, by: Any = None) -> Process:
    """Bring a retired process back into use, with its number and place; return it."""
    with act("restore", by=by):
        current = _locked(process)
        current.retired_on, current.retired_reason = None, ""
        return store(current, sure=_UNTOUCHED)


_COLUMNS = [field.attname for field in Process._meta.concrete_fields]


def _moved(process: Process, annex: Annex, *, position: int, kind: str, by: Any) -> Process:
    """Put a process at a place of its locked annex; of the others only those that move are made."""
    read = {row[0]: row for row in annex.processes.values_list(*_COLUMNS)}
    at, retired = (
        {key: row[_COLUMNS.index(name)] for key, row in read.items()}
        for name in ("position", "retired_on")
    )
    order = sorted(read.keys() - {process.pk}, key=lambda key: (retired[key] is not None, at[key]))
    order.insert(max(position, 1) - 1, process.pk)
    places = places_after_move(order, at, process.pk)
    rows = {key: Process.from_db("default", _COLUMNS, read[key]) for key in {process.pk, *places}}
    put([(rows[key], value) for key, value in places.items()], column="position", kind=kind, by=by)
    return rows[process.pk]


def _ordered(annex: Annex) -> list[Process]:
    """Return all processes of the annex, those in use first: places count what people see."""
    rows = annex.processes.all()
    return sorted(rows, key=lambda process: (process.is_retired, process.position))


_UNTOUCHED = ("annex", "uid", "number", "position", "macroprocess", "risk_area", "origin", "title")


def _locked(process: Process) -> Process:
    """Return the process as it is now, its annex locked and open."""
    lock_open_annex(process.annex_id)
    return Process.objects.get(pk=process.pk)


def _check_body(process: Process) -> None:
    """Refuse catalogue rows of another administration, as the guards of the database do."""
    own = (None, process.annex.plan.administration_id)
    for name in ("risk_area", "macroprocess"):
        row = getattr(process, name)
        if row is not None and row.administration_id not in own:
            raise ValidationError(
                {name: _("La voce scelta appartiene a un’altra amministrazione.")},
                code="other_body",
            )
