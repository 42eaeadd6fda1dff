"""The form of one process, row by row: labels, small tables over their values, tables of rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from registry.spreadsheets.workbook import Value, WorkbookSheet
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.form_labels import Labels, Start
from risk.services.imports.recognise.heads import Header, Names, header_on, headers
from risk.services.imports.recognise.neighbours import ColumnHead
from risk.services.imports.recognise.places import is_of_heads
from risk.services.imports.recognise.tables import FileColumn, FormLabel
from risk.workbooks.fields import MEASURES, field_of

_PARTS = frozenset({"phase", "action", "behaviours", *MEASURES})
"""Heads of a table of rows; without one of them the heads stand over single values."""


@dataclass(frozen=True, slots=True)
class FormPart:
    """The rows of a table within a form, or of a list under its label."""

    header_rows: tuple[int, ...]
    first: int
    last: int
    columns: tuple[FileColumn, ...]

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.columns if column.field}


@dataclass(slots=True)
class FormBlock:
    """What one form says. `above` are the labels over its title, `outer` what others said there."""

    start: int
    labels: list[FileColumn] = field(default_factory=list)
    parts: list[FormPart] = field(default_factory=list)
    named: dict[str, FileCell] = field(default_factory=dict)
    outer: dict[str, FileCell] = field(default_factory=dict)

    @property
    def above(self) -> dict[str, FileCell]:
        return {
            one.field: one.label.cell
            for one in self.labels
            if one.label and one.label.row < self.start
        }


def with_labels(
    context: Mapping[str, FileCell], labels: Iterable[FileColumn]
) -> dict[str, FileCell]:
    """Return a context with what labels say: of a field that takes several all, else the first."""
    said = dict(context)
    own: set[str] = set()
    for one in labels:
        if not one.label or not one.field or one.is_open:
            continue
        cell = one.label.cell
        if one.field not in own:
            own.add(one.field)
            said[one.field] = cell
        elif field_of(one.field).several and cell.value is not None:
            before = said[one.field]
            if before.value is None:
                said[one.field] = cell
            else:
                said[one.field] = before._replace(value=f"{before.value}\n{cell.value}")
    return said


class BlockReader:
    """Reads the forms of one sheet."""

    def __init__(self, sheet: WorkbookSheet, names: Names, labels: Labels) -> None:
        self._sheet = sheet
        self._names = names
        self._labels = labels
        self._known: dict[str, bool] = {}

    def fields_above(self, row: int) -> set[str]:
        """Return what the heads of a table of rows mean that stand over a row, if any do."""
        for above in range(1, row):
            header = self._header(above, row)
            if header is not None and header.fields & _PARTS:
                return header.fields
        return set()

    def read(self, begin: int, start: int, end: int) -> FormBlock:
        """Return the form of the rows from one to another; its title stands on `start`."""
        block = FormBlock(start)
        row = begin
        while row <= min(end, len(self._sheet.rows)):
            if named := self._labels.start(row):
                self._add_start(block, named)
                row += 1
            elif header := self._header(row, end):
                row = self._read_table(block, header, end)
            elif pairs := self._labels.pairs(row):
                row = self._read_labels(block, row, pairs, end)
            else:
                row += 1
        return block

    def _header(self, row: int, end: int) -> Header | None:
        if not is_of_heads(self._sheet.rows[row - 1], self._names, self._known):
            return None
        found = headers(self._sheet, self._names, first=row, last=row)
        fitting = [one for one in found if one.known > 1 and one.rows[-1] <= end]
        return max(fitting, key=lambda one: one.score, default=None)

    def _read_table(self, block: FormBlock, header: Header, end: int) -> int:
        """Add a table of rows, or single values under their heads; return the row after it."""
        first = header.rows[-1] + 1
        if header.fields & _PARTS:
            last = self._last_row(first, end)
            columns = tuple(
                # the number beside a phase is its own, not that of the process
                FileColumn(
                    one.column,
                    one.text,
                    "" if one.field == "process_number" else one.field,
                    one.confidence,
                )
                for one in header.heads
            )
            block.parts.append(FormPart(header.rows, first, last, columns))
            return last + 1
        values = dict(self._labels.written(first)) if first <= end else {}
        if not values or self._labels.is_label(next(iter(values.values()))):
            return first
        written = [one for one in header.heads if one.column in values]
        row = header.rows[-1]
        # a head with nothing under it means nothing, and gives no meaning to those beside it
        for one in self._heads_over(header, {head.column for head in written}):
            said = values[one.column]
            cell = FileCell(said, one.text, self._sheet.name, first, one.column, "context")
            label = FormLabel(row, one.column, cell)
            column = FileColumn(
                one.column, one.text, one.field, one.confidence, (said,), label=label
            )
            block.labels.append(column)
        return first + 1

    def _heads_over(self, header: Header, columns: set[int]) -> tuple[ColumnHead, ...]:
        """Return the heads of some columns as if no others stood beside them."""
        rows: list[list[Value]] = list(self._sheet.rows)
        for row in header.rows:
            rows[row - 1] = [
                value if column in columns else None
                for column, value in enumerate(rows[row - 1], 1)
            ]
        return header_on(replace(self._sheet, rows=rows), self._names, header.rows).heads

    def _last_row(self, first: int, end: int) -> int:
        """Return the last row of a table in a form: before a label, or other heads."""
        for row in range(first, min(end, len(self._sheet.rows)) + 1):
            if self._ends_rows(row) or self._header(row, end) is not None:
                return row - 1
        return end

    def _ends_rows(self, row: int) -> bool:
        """Return whether a row is a label and its value, and none of a table."""
        one = self._labels.first(row)
        if one is None or one.field in ("", "phase", "action"):
            return False
        # "LIVELLO DI RISCHIO:" is a label; a phase has no colon at its end
        return one.has_colon or (one.is_pair and len(self._labels.written(row)) == 2)

    def _read_labels(self, block: FormBlock, row: int, pairs: list[FileColumn], end: int) -> int:
        """Add the labels of a row, with what goes on below the last one; return the row after."""
        said = {one.field for one in (*block.labels, *pairs[:-1])}
        block.labels += pairs
        last = pairs[-1]
        label = last.label
        if not label or not last.field or last.field in said:
            return row + 1
        is_blank = label.cell.value is None
        lines = self._lines_below(row + 1, end) if is_blank else self._lines_going_on(row, label)
        if not lines:
            return row + 1
        first, column, text = lines[0]
        if last.field == "phase" or field_of(last.field).several:
            block.labels.remove(last)
            columns = (FileColumn(column, last.head, last.field, 1.0),)
            heads, start = ((row,), first) if is_blank else ((), row)
            block.parts.append(FormPart(heads, start, lines[-1][0], columns))
            return lines[-1][0] + 1
        if is_blank:
            cell = label.cell._replace(value=text, row=first, column=column)
            label = replace(label, cell=cell)
            block.labels[-1] = replace(last, column=column, samples=(text,), label=label)
            return first + 1
        return row + 1

    def _lines_below(self, first: int, end: int) -> list[tuple[int, int, str]]:
        """Return the lines under a label: texts alone on their rows, after their numbers."""
        found: list[tuple[int, int, str]] = []
        for row in range(first, min(end, len(self._sheet.rows)) + 1):
            written = self._labels.written(row)
            if not written or len(written) > 2 or self._labels.start(row):
                break
            if self._labels.first(row) or (len(written) == 2 and not _is_number(written[0][1])):
                break
            at, text = written[-1]
            if found and at != found[0][1]:
                break
            found.append((row, at, text))
        return found

    def _lines_going_on(self, first: int, label: FormLabel) -> list[tuple[int, int, str]]:
        """Return the lines that go on with a value, under it and with no label beside them."""
        found: list[tuple[int, int, str]] = []
        column = label.cell.column
        while column != label.column:
            written = self._labels.written(first + len(found) + 1)
            if len(written) != 1 or written[0][0] != column:
                break
            found.append((first + len(found) + 1, *written[0]))
        return found

    def _add_start(self, block: FormBlock, start: Start) -> None:
        fields: dict[str, Value] = {"process_number": start.number}
        if start.title:
            fields["process_title"] = start.title
        for name, value in fields.items():
            block.named[name] = FileCell(
                value, start.label, self._sheet.name, start.row, start.column, "context"
            )


def _is_number(text: str) -> bool:
    return text.strip(" .)-–°").isdigit()
