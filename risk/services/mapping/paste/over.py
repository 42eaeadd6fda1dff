"""A block of processes pasted over rows that are there, from one of them downwards.

Each line of the block is one row of the map, in its own order; what has no column in the block
stays, an empty cell empties its field. Lines beyond the last row are none: they are added by
pasting them at the end.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Annex, Process
from registry.normalise import fold, short
from registry.readable import grouped
from registry.services.bulk import update_in_bulk
from registry.services.ordering import FAR_AWAY, lock_open_annex
from risk.services.mapping.paste.blocks import (
    AS_IT_STANDS,
    Arrangement,
    PastedCell,
    PastedRow,
    PastePreview,
    PasteRefused,
    sure,
    understand,
)
from risk.services.mapping.paste.processes import (
    out_of_range,
    process_columns,
    process_order,
    with_function_checked,
)

_FIELDS = {
    "number": "number",
    "code": "code",
    "process": "title",
    "kind": "kind",
    "macroprocess": "macroprocess",
    "objective": "objective",
    "area": "risk_area",
    "presence": "risk_presence",
}
"""The field of a process that each column writes; what else a block may have is only checked."""
_NEEDED = frozenset({"number", "title", "risk_presence"})
"""What is never emptied: an empty cell leaves it."""


def preview_over(
    *, annex: Annex, first: Process, text: str, arrangement: Arrangement = AS_IT_STANDS
) -> PastePreview:
    """Return what a pasted text would make of the rows of the map from `first` on.

    Each cell that would change says what it was (`PastedCell.before`). Raises `PasteRefused` when
    the text cannot be read, has more lines than there are rows, or has no column that is a field.
    """
    preview = understand(
        text,
        columns=process_columns(annex),
        order=process_order(arrangement),
        scope=f"over:{annex.uid}:{first.uid}",
        arrangement=arrangement,
    )
    if not any(column.key in _FIELDS for column in preview.columns):
        raise PasteRefused(_("Nessuna colonna è un campo della mappa."))
    rows = _rows_from(annex, first)
    refuse_too_long(preview, rows, f"n. {first.number} {first.title}")
    lines = [_beside(line, row) for line, row in zip(preview.lines, rows, strict=False)]
    return replace(preview, lines=tuple(_numbers_checked(lines, annex, rows)))


def refuse_too_long(preview: PastePreview, rows: Sequence[Any], first: str) -> None:
    """Refuse a block that has more lines than there are rows from the `first` of them on."""
    if len(preview.lines) > len(rows):
        raise PasteRefused(
            _(
                "Le righe incollate sono %(lines)s, e da «%(first)s» in giù ce ne sono %(rows)s: "
                "incolla le altre in fondo."
            )
            % {
                "lines": grouped(len(preview.lines)),
                "first": short(first),
                "rows": grouped(len(rows)),
            }
        )


def take_over(
    *,
    annex: Annex,
    first: Process,
    text: str,
    digest: str,
    arrangement: Arrangement = AS_IT_STANDS,
    by: Any,
) -> list[Process]:
    """Write a previewed block over the rows from `first` on, whole, in one act; return them.

    Raises `PasteRefused` when any cell has a problem, or when the outcome is no longer the one
    with this `digest`, as after somebody has changed a cell: then nothing is written.
    """
    with act("paste", by=by) as opened:
        lock_open_annex(annex)
        shown = preview_over(annex=annex, first=first, text=text, arrangement=arrangement)
        preview = sure(shown, digest)
        rows = _rows_from(annex, first)
        changed, fields = [], set()
        for line, row in zip(preview.lines, rows, strict=False):
            if written := _write(line, row):
                row.clean_fields(exclude={"annex"})
                changed.append(row)
                fields |= written
        if "number" in fields:
            # two rows may change numbers: none stands in the way of another
            moving = Process.objects.filter(pk__in=[row.pk for row in changed])
            moving.update(number=F("number") + FAR_AWAY)
        if fields:
            names = [*fields, *({"folded"} if "title" in fields else ())]
            update_in_bulk(changed, fields=sorted(names), opened=opened)
        return changed


def _rows_from(annex: Annex, first: Process) -> list[Process]:
    """Return the rows of the map, in its order, from one of them on."""
    rows = annex.processes.filter(retired_on__isnull=True, position__gte=first.position)
    return list(rows.select_related("macroprocess__function", "risk_area").order_by("position"))


def _beside(line: PastedRow, row: Process) -> PastedRow:
    """Return a line with what each of its fields was in the row it goes over."""
    cells = {key: _compared(key, cell, row) for key, cell in line.cells.items()}
    return with_function_checked(replace(line, cells=cells))


def _compared(key: str, cell: PastedCell, row: Process) -> PastedCell:
    if (field := _FIELDS.get(key)) is None or cell.problem:
        # an empty title is no mistake here: it leaves the title
        is_left = field in _NEEDED and not cell.text
        return replace(cell, problem="", shown=_shown(field, row)) if is_left else cell
    value = _value(key, cell)
    if value is None and field in _NEEDED:
        return replace(cell, shown=_shown(field, row))
    before = getattr(row, field)
    is_same = value == before or (value in (None, "") and before in (None, ""))
    shown = cell.shown if key != "process" else str(value)
    return replace(cell, shown=shown, before="" if is_same else _shown(field, row) or "—")


def _shown(field: str, row: Process) -> str:
    if field in ("kind", "risk_presence"):
        return str(getattr(row, f"get_{field}_display")())
    value = getattr(row, field)
    return "" if value is None else str(value)


def _value(key: str, cell: PastedCell) -> Any:
    if key == "process":
        return cell.value[1] if cell.value else None
    if key in ("kind", "objective", "code"):
        return cell.value or ""
    return cell.value


def _write(line: PastedRow, row: Process) -> set[str]:
    """Write a line into its row; return the fields that have changed."""
    written = set()
    for key, cell in line.cells.items():
        field = _FIELDS.get(key)
        if field is None or not cell.before:
            continue
        setattr(row, field, _value(key, cell))
        written.add(field)
    if "title" in written:
        # nobody else folds what is written in bulk
        row.folded = fold(row.title)
    return written


def _numbers_checked(
    lines: Sequence[PastedRow], annex: Annex, rows: Sequence[Process]
) -> list[PastedRow]:
    """Return the lines, with a problem where a number is wrong or would stand twice."""
    if not lines or "number" not in lines[0].cells:
        return list(lines)
    over = {row.pk for row in rows[: len(lines)]}
    taken = set(annex.processes.exclude(pk__in=over).values_list("number", flat=True))
    checked = []
    for line, row in zip(lines, rows, strict=False):
        number = line.value("number") or row.number
        problem = out_of_range(number)
        if not problem and number in taken:
            problem = _("Il numero %(number)d è già di un altro processo.") % {"number": number}
        taken.add(number)
        cell = line.cells["number"]
        cells = {**line.cells, "number": replace(cell, problem=cell.problem or problem)}
        checked.append(replace(line, cells=cells))
    return checked
