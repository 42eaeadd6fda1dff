"""Sheets of one process each (*schede*): labels with their values, then a table of phases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from registry.spreadsheets.workbook import Value, WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import OF_ALL_ROWS, is_group, labelled
from risk.services.imports.recognise.heads import Header, Names, headers
from risk.services.imports.recognise.tables import FileColumn, FileTable

# "PROCESSO NUMERO: 3 Rilascio…", "Processo n. 3", "SCHEDA N°01 mappatura…"
_START = re.compile(
    r"\s*(?:scheda\s+(?:del\s+)?)?(?:processo|scheda)\s*"
    r"(?:numero|num\.?|nr?\s*[.°º]?)\s*[:.]?\s*(\d{1,6})\s*[-–:.)]?\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
# "PROCESSO NUMERO:" alone in its cell: the number, and maybe the title, stand in the next ones.
_START_LABEL = re.compile(
    r"\s*(?:scheda\s+(?:del\s+)?)?(?:processo|scheda)\s*(?:numero|num\.?|nr?\s*[.°º]?)\s*[:.]?\s*",
    re.IGNORECASE,
)
_PARTS = ("phase", "action", "behaviours")
_OF_THE_RISK = frozenset(
    {"measures", "general_measures", "specific_measures", "level", "motivation"}
)
"""Labels of a process that are no part of its description."""


@dataclass(slots=True)
class _Block:
    first: int
    last: int
    context: dict[str, FileCell] = field(default_factory=dict)
    unknown: list[FileColumn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Start:
    """The number a process begins with, its title where it stands beside, and where that is."""

    number: int
    title: str
    label: str
    column: int


def block_tables(sheet: WorkbookSheet, names: Names, layout: str) -> Iterator[FileTable]:
    """Return one table for each process of a sheet: its labels as context, its phases as rows."""
    starts = _starts(sheet, names)
    if not starts:
        return
    shared = _labels(sheet, 1, starts[0] - 1, names).context
    shared = {name: cell for name, cell in shared.items() if name in OF_ALL_ROWS}
    for first, following in zip(starts, [*starts[1:], len(sheet.rows) + 1], strict=True):
        header = _phase_header(sheet, names, first, following - 1)
        last_label = header.rows[0] - 1 if header else following - 1
        block = _labels(sheet, first, last_label, names)
        below = header.rows[-1] + 1 if header else following
        ends = _label_below(sheet, below, following - 1, names)
        if ends < following:
            # what a sheet says under its phases is of the process too, and no phase
            under = _labels(sheet, ends, following - 1, names)
            block.context = {**under.context, **block.context}
            block.unknown += under.unknown
        if "process_title" not in block.context:
            continue
        columns = [*_columns(header), *block.unknown]
        yield FileTable(
            sheet,
            layout,
            header.rows if header else (first,),
            below,
            tuple(columns),
            {**shared, **block.context},
            last_row=ends - 1,
        )


def _label_below(sheet: WorkbookSheet, first: int, last: int, names: Names) -> int:
    """Return the first row that begins with a label known to the letter, else that after the last.

    "LIVELLO DI RISCHIO:" is one; a phase has no colon at its end.
    """
    for row in range(first, min(last, len(sheet.rows)) + 1):
        text = next((value for value in sheet.rows[row - 1] if value is not None), None)
        if isinstance(text, str) and text.rstrip().endswith(":"):
            name = names.exact(text.rstrip(" :"))
            if is_group(name) or name in _OF_THE_RISK:
                return row
    return last + 1


def _starts(sheet: WorkbookSheet, names: Names) -> list[int]:
    numbered, titled = [], []
    for row, cells in enumerate(sheet.rows, 1):
        written = [(column, shown(v)) for column, v in enumerate(cells, 1) if v is not None]
        if not written:
            continue
        if _start_of(written):
            numbered.append(row)
        elif labelled(written[0][1], names)[0] == "process_title":
            titled.append(row)
    return numbered or titled


def _phase_header(sheet: WorkbookSheet, names: Names, first: int, last: int) -> Header | None:
    for header in headers(sheet, names, first=first + 1, last=last):
        parts = [name for name in header.fields if name in _PARTS]
        if parts and len(header.heads) > 1 and len(header.fields) > 1:
            return header
    return None


def _columns(header: Header | None) -> list[FileColumn]:
    heads = header.heads if header else ()
    # The number beside a phase is its own, not that of the process.
    return [
        FileColumn(
            head.column,
            head.text,
            "" if head.field == "process_number" else head.field,
            head.confidence,
        )
        for head in heads
    ]


def _labels(sheet: WorkbookSheet, first: int, last: int, names: Names) -> _Block:
    block = _Block(first, last)
    for row in range(first, min(last, len(sheet.rows)) + 1):
        cells = [(c, shown(v)) for c, v in enumerate(sheet.rows[row - 1], 1) if v is not None]
        if not cells:
            continue
        column, text = cells[0]
        if start := _start_of(cells):
            _add_start(block, sheet, row, start)
            continue
        name, value = labelled(text, names)
        if not name:
            name = names.exact(text.rstrip(" :"))
        if name and not value and len(cells) > 1:
            column, value = cells[1]
        if (is_group(name) or name in _OF_THE_RISK) and name not in block.context:
            # a label with nothing beside it clears what the register has, in a file of ours
            block.context[name] = FileCell(value or None, text, sheet.name, row, column, "context")
        elif text.rstrip().endswith(":") and not name and len(cells) > 1:
            block.unknown.append(FileColumn(cells[1][0], text, "", 0.0, (cells[1][1],)))
    return block


def _start_of(cells: list[tuple[int, str]]) -> _Start | None:
    """Return what the written cells of a row say of the process that begins with them, if one."""
    (column, label), *others = cells
    text = label
    if others and _START_LABEL.fullmatch(label):
        text, others = f"{label} {others[0][1]}", others[1:]
    match = _START.match(text)
    if match is None:
        return None
    title = " ".join(match[2].split())
    if not title and others:
        column, title = others[0]
    return _Start(int(match[1]), title, label, column)


def _add_start(block: _Block, sheet: WorkbookSheet, row: int, start: _Start) -> None:
    fields: dict[str, Value] = {"process_number": start.number}
    if start.title:
        fields["process_title"] = start.title
    for name, value in fields.items():
        block.context[name] = FileCell(value, start.label, sheet.name, row, start.column, "context")
