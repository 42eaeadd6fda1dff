"""A block pasted over phases that are there, from one of them downwards: texts, or executors alone.

Each line of the block is one phase, in its own order; what has no column in the block stays, an
empty cell empties its field. Lines beyond the last phase are none.
"""

from dataclasses import replace
from typing import Any

from registry.acts import act
from registry.models import Phase, Process
from registry.services.bulk import update_in_bulk
from registry.services.ordering import lock_open_annex
from risk.services.mapping.paste.blocks import (
    AS_IT_STANDS,
    Arrangement,
    PastedCell,
    PastedRow,
    PastePreview,
    sure,
)
from risk.services.mapping.paste.over import refuse_too_long
from risk.services.mapping.paste.phases import understood_phases

_FIELDS = {
    "title": ("title",),
    "description": ("description",),
    "executor": ("executor_role", "executor_office"),
    "role": ("executor_role",),
    "office": ("executor_office",),
}
"""The fields of a phase that each column writes."""


def preview_phases_over(
    *, process: Process, first: Phase, text: str, arrangement: Arrangement = AS_IT_STANDS
) -> PastePreview:
    """Return what a pasted text would make of the phases of a process from `first` on.

    Each cell that would change says what it was (`PastedCell.before`). Raises `PasteRefused` when
    the text cannot be read, or has more lines than there are phases.
    """
    scope = f"phases-over:{process.uid}:{first.uid}"
    preview = understood_phases(process, text, scope=scope, arrangement=arrangement)
    rows = _rows_from(process, first)
    refuse_too_long(preview, rows, f"{first.position}. {first.title}")
    lines = [_beside(line, row) for line, row in zip(preview.lines, rows, strict=False)]
    return replace(preview, lines=tuple(lines))


def take_phases_over(
    *,
    process: Process,
    first: Phase,
    text: str,
    digest: str,
    arrangement: Arrangement = AS_IT_STANDS,
    by: Any,
) -> list[Phase]:
    """Write a previewed block over the phases from `first` on, whole, in one act; return them.

    Raises `PasteRefused` when any cell has a problem, or when the outcome is no longer the one
    with this `digest`, as after somebody has changed a cell: then nothing is written.
    """
    with act("paste", by=by) as opened:
        lock_open_annex(process.annex_id)
        shown = preview_phases_over(
            process=process, first=first, text=text, arrangement=arrangement
        )
        preview = sure(shown, digest)
        changed, fields = [], set()
        for line, row in zip(preview.lines, _rows_from(process, first), strict=False):
            if written := _write(line, row):
                row.clean_fields(exclude={"process"})
                changed.append(row)
                fields |= written
        if fields:
            update_in_bulk(changed, fields=sorted(fields), opened=opened)
        return changed


def _rows_from(process: Process, first: Phase) -> list[Phase]:
    """Return the phases of a process, in its order, from one of them on."""
    rows = process.phases.filter(position__gte=first.position).order_by("position")
    return list(rows.select_related("executor_role", "executor_office"))


def _beside(line: PastedRow, row: Phase) -> PastedRow:
    """Return a line with what each of its fields was in the phase it goes over."""
    return replace(line, cells={key: _compared(key, cell, row) for key, cell in line.cells.items()})


def _compared(key: str, cell: PastedCell, row: Phase) -> PastedCell:
    before = [getattr(row, field) or None for field in _FIELDS[key]]
    told = ", ".join(str(value) for value in before if value is not None)
    if key == "title" and not cell.text:
        # an empty title is no mistake here: it leaves the title
        return replace(cell, problem="", shown=told)
    if cell.problem or _values(key, cell) == before:
        return cell
    return replace(cell, before=told or "—")


def _values(key: str, cell: PastedCell) -> list[Any]:
    if key == "executor":
        return list(cell.value or (None, None))
    return [cell.value or None]


def _write(line: PastedRow, row: Phase) -> set[str]:
    """Write a line into its phase; return the fields that have changed."""
    written: set[str] = set()
    for key, cell in line.cells.items():
        if cell.before:
            for field, value in zip(_FIELDS[key], _values(key, cell), strict=True):
                setattr(row, field, "" if value is None and field == "description" else value)
                written.add(field)
    return written
