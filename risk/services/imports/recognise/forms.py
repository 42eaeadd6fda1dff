"""Forms (*schede*): labels with their values beside or below them, process by process."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from registry.spreadsheets.workbook import WorkbookSheet
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import context_of
from risk.services.imports.recognise.descriptions import WHOLES
from risk.services.imports.recognise.form_blocks import (
    BlockReader,
    FormBlock,
    FormPart,
    with_labels,
)
from risk.services.imports.recognise.form_labels import LabelRow, Labels
from risk.services.imports.recognise.heads import Names
from risk.services.imports.recognise.tables import FileTable
from risk.services.imports.recognise.turned import turned_tables

_NEAR = 25
"""Rows around the title of a process in which a form has another label."""


@dataclass(slots=True)
class _Starts:
    """The rows a process begins on: those that number it, else those that only name it."""

    numbered: list[int] = field(default_factory=list)
    titled: list[int] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        return self.numbered or self.titled


def said_around(
    sheet: WorkbookSheet,
    names: Names,
    vocabulary: Mapping[str, Collection[str]],
    before: Mapping[str, FileCell],
) -> dict[str, FileCell]:
    """Return what the paragraphs over a sheet and its name say of all of it.

    `before` is what was said over the sheets before: in a document it holds for those below, but
    for the process.
    """
    own, _titles = context_of(replace(sheet, rows=[]), 1, names, vocabulary)
    return {**{name: cell for name, cell in before.items() if name in WHOLES[:-1]}, **own}


def form_tables(
    sheet: WorkbookSheet,
    names: Names,
    layout: str,
    around: Mapping[str, FileCell],
    *,
    is_named: bool = True,
) -> Iterator[FileTable]:
    """Return the tables of the forms of a sheet: the labels of each process with its rows.

    `around` is what stands around the sheet (`said_around`). Without `is_named` a sheet of labels
    is one that says nowhere what its process is called.
    """
    labels = Labels(sheet, names)
    starts = _starts(sheet, labels)
    is_one = "process_title" in around or not is_named
    if not starts.rows and is_one and labels.are_many():
        # the paragraph over the table of a document names the process of its labels
        starts.titled = [1]
    if turned := turned_tables(sheet, labels, layout):
        yield from _with_said_above(turned, labels, around)
        return
    if not starts.rows:
        return
    begins = [_begin(labels, row) for row in starts.rows]
    outer = {**around, **_said_above(labels, begins[0] - 1)}
    blocks = []
    reader = BlockReader(sheet, names, labels)
    ends = [*(row - 1 for row in begins[1:]), len(sheet.rows)]
    for begin, start, end in zip(begins, starts.rows, ends, strict=True):
        block = reader.read(begin, start, end)
        outer |= {name: cell for name, cell in block.above.items() if cell.value is not None}
        block.outer = dict(outer)
        blocks.append(block)
    above = reader.fields_above(begins[0])
    if above and all(part.fields == above for block in blocks for part in block.parts):
        # bands under the heads of a table, which pages may repeat, name its processes
        return
    for block in blocks:
        tables = _tables(sheet, layout, block)
        yield from (one for one in tables if not is_named or "process_title" in one.context)


def _starts(sheet: WorkbookSheet, labels: Labels) -> _Starts:
    found = _Starts()
    for row in range(1, len(sheet.rows) + 1):
        if not labels.may_begin(row):
            continue
        if labels.start(row):
            found.numbered.append(row)
        elif labels.may_name(row) and _names_a_process(labels, labels.first(row)):
            found.titled.append(row)
    return found


def _names_a_process(labels: Labels, one: LabelRow | None) -> bool:
    """Return whether a label begins a process: with a colon, or among other labels."""
    if one is None or one.field != "process_title":
        return False
    if one.has_colon:
        return True
    if not one.is_pair and not labels.has_value_below(one.row):
        return False
    near = range(max(1, one.row - 3), one.row + _NEAR)
    return any(
        row != one.row
        and (other := labels.first(row)) is not None
        and other.field
        and other.is_pair
        for row in near
    )


def _begin(labels: Labels, start: int) -> int:
    """Return the first of the labels right over the title of a process: they are its own."""
    row = start
    while (one := labels.first(row - 1)) and one.field in WHOLES[:-1] and one.is_pair:
        row -= 1
    return row


def _said_above(labels: Labels, last: int) -> dict[str, FileCell]:
    """Return what is said over all forms, for all of them."""
    said: dict[str, FileCell] = {}
    for row in range(1, last + 1):
        for label in labels.pairs(row):
            if label.field in WHOLES[:-1] and label.label and label.label.cell.value is not None:
                said.setdefault(label.field, label.label.cell)
    return said


def _with_said_above(
    turned: list[FileTable], labels: Labels, around: Mapping[str, FileCell]
) -> Iterator[FileTable]:
    """Return tables on their side with what is said over all of them, or by their sheet."""
    first = min(one.label.row for table in turned for one in table.labels if one.label)
    outer = {**around, **_said_above(labels, first - 1)}
    wholes = {name: cell for name, cell in outer.items() if name in WHOLES[:-1]}
    for table in turned:
        yield replace(table, context={**wholes, **table.context})


def _tables(sheet: WorkbookSheet, layout: str, block: FormBlock) -> Iterator[FileTable]:
    """Return the tables of one process, at least one."""
    labels = tuple(block.labels)
    context = with_labels({**block.outer, **block.named}, labels)
    nothing = FormPart((), block.start + 1, block.start, ())
    for part in block.parts or [nothing]:
        yield FileTable(
            sheet,
            layout,
            part.header_rows or (block.start,),
            part.first,
            (*part.columns, *labels),
            context,
            last_row=part.last,
        )
