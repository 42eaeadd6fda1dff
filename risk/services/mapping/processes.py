"""Acts on the process map of an annex that touch more than the process alone.

Adding at a place, moving by one, duplicating with what hangs on the process. Every act takes the
lock of the annex first, so that two people never give two processes one number, and refuses an
annex that is not open with a `ValidationError`. Whether the person may is the caller's question.
"""

from collections.abc import Mapping
from typing import Any

from registry.acts import act
from registry.models import Action, Annex, Phase, Process
from registry.services.bulk import create_in_bulk
from registry.services.ordering import lock_open_annex, next_value
from registry.services.processes import create_process, move_process
from registry.services.rows import copy_of, store
from risk.models import Coverage, RiskBehaviour

KIND = "duplicate"


def add_process(
    *, annex: Annex, values: Mapping[str, Any], after: Process | None = None, by: Any
) -> Process:
    """Add a process at the end of the map, or after another one; return it.

    `values` are fields of the process; without a `number` it takes the next one. Raises
    `ValidationError` when the title is empty or the number is taken.
    """
    given = {name: value for name, value in values.items() if value not in (None, "")}
    title, number = given.pop("title", ""), given.pop("number", None)
    with act("add", by=by):
        position = None if after is None else place_of(after) + 1
        process = create_process(annex=annex, title=title, position=position, by=by, **given)
        if number is not None and number != process.number:
            process.number = number
            store(process)
        return process


def move_by_one(*, process: Process, up: bool, by: Any) -> bool:
    """Move a process one place up or down among those in use; tell whether there was a place.

    Numbers stay: what is printed changes only when somebody renumbers.
    """
    with act("move", by=by):
        lock_open_annex(process.annex_id)
        place = place_of(process)
        target = place - 1 if up else place + 1
        count = Process.objects.filter(annex=process.annex_id).in_use().count()
        if not 1 <= target <= count:
            return False
        move_process(process=process, position=target, by=by)
        return True


def place_of(process: Process) -> int:
    """Return the place of a process, from 1, among those in use."""
    position = Process.objects.filter(pk=process.pk).values("position")
    before = Process.objects.filter(annex=process.annex_id, position__lt=position[:1])
    return before.in_use().count() + 1


def duplicate_process(*, process: Process, by: Any) -> Process:
    """Copy a process, placed after the original with the next free number; return the copy.

    The copy has the description, phases, actions, behaviours with what they cover; it has no
    assessments and no measures, because nobody has judged it yet.
    """
    with act(KIND, by=by):
        annex = lock_open_annex(process.annex_id)
        rows = annex.processes.all()
        place = {"position": next_value(rows), "number": next_value(rows, "number")}
        source = rows.get(pk=process.pk)
        copy = store(_fresh(source, retired_on=None, retired_reason="", **place))
        steps = _copy_steps(source, copy, by=by)
        _copy_behaviours(source, copy, steps, by=by)
        return move_process(process=copy, position=place_of(source) + 1, by=by)


def _copy_steps(source: Process, target: Process, *, by: Any) -> dict[tuple[str, int], Any]:
    """Copy phases and actions; return the copies by kind and key of the original."""
    phases = list(source.phases.order_by("position"))
    actions = list(Action.objects.filter(phase__process=source).order_by("phase", "position"))
    copies = create_in_bulk([_fresh(row, process=target) for row in phases], kind=KIND, by=by)
    copy_of_step: dict[tuple[str, int], Any] = {
        ("phase", old.pk): new for old, new in zip(phases, copies, strict=True)
    }
    copies = create_in_bulk(
        [_fresh(row, phase=copy_of_step["phase", row.phase_id]) for row in actions],
        kind=KIND,
        by=by,
    )
    copy_of_step.update({("action", old.pk): new for old, new in zip(actions, copies, strict=True)})
    return copy_of_step


def _copy_behaviours(
    source: Process, target: Process, steps: dict[tuple[str, int], Any], *, by: Any
) -> None:
    behaviours = list(source.behaviours.order_by("position"))
    if not behaviours:
        return
    # what the RPCT found in one process is the office's own word in its copy
    fresh = [_fresh(row, process=target, is_ex_officio=False) for row in behaviours]
    copies = create_in_bulk(fresh, kind=KIND, by=by)
    by_old = {old.pk: new for old, new in zip(behaviours, copies, strict=True)}
    for name in ("categories", "factors"):
        _copy_many_to_many(name, by_old)
    coverages = Coverage.objects.filter(behaviour__process=source)
    create_in_bulk(
        [
            _fresh(
                row,
                behaviour=by_old[row.behaviour_id],
                phase=steps.get(("phase", row.phase_id)),
                action=steps.get(("action", row.action_id)),
            )
            for row in coverages
        ],
        kind=KIND,
        by=by,
    )


def _copy_many_to_many(name: str, by_old: dict[int, RiskBehaviour]) -> None:
    field = RiskBehaviour._meta.get_field(name)
    through, other = field.remote_field.through, f"{field.m2m_reverse_name()}"
    rows = through.objects.filter(riskbehaviour__in=list(by_old)).order_by("pk")
    through.objects.bulk_create(
        through(riskbehaviour=by_old[row.riskbehaviour_id], **{other: getattr(row, other)})
        for row in rows
    )


def _fresh(row: Process | Phase | Action | RiskBehaviour | Coverage, **changes: Any) -> Any:
    """Return an unsaved copy with an identity of its own, of no earlier edition."""
    changes["uid"] = row._meta.get_field("uid").get_default()
    if hasattr(row, "origin_uid"):
        changes |= {"origin_id": None, "origin_uid": None}
    return copy_of(row, **changes)
