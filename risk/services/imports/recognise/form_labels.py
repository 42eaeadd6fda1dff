"""The labels of a form: which cell is one, what it means, and where its value stands."""

import re
from dataclasses import dataclass

from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import labelled, numbered_process, plain_area
from risk.services.imports.recognise.heads import BEGINNING, SURE, Names
from risk.services.imports.recognise.tables import FileColumn, FormLabel
from risk.workbooks.fields import FIELDS, INDICATOR, bare

_MAY_START = re.compile(r"\s*(?:scheda|processo)", re.IGNORECASE)
_ROWS = 30
"""Rows by which a sheet is taken for one of labels."""
_LONGEST = 90
"""Characters of the longest text that may be a label without a colon."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """The first label of a row, with our field ("" for one nobody knows)."""

    row: int
    column: int
    field: str
    has_colon: bool
    is_pair: bool
    """Whether a value stands beside it, which is no label itself."""


@dataclass(frozen=True, slots=True)
class Start:
    """The number a process begins with, its title where it stands beside, and where that is."""

    number: int
    title: str
    label: str
    row: int
    column: int


class Labels:
    """Tells labels from values on the rows of one sheet; the same text is looked up once."""

    def __init__(self, sheet: WorkbookSheet, names: Names) -> None:
        self.sheet = sheet
        self._names = names
        self._fields: dict[str, str] = {}
        self._beginnings: dict[str, bool] = {}
        self._process = names.beginnings("process_title")

    def written(self, row: int) -> list[tuple[int, str]]:
        """Return the written cells of a row, as texts."""
        if not 0 < row <= len(self.sheet.rows):
            return []
        cells = self.sheet.rows[row - 1]
        return [
            (column, shown(value)) for column, value in enumerate(cells, 1) if value is not None
        ]

    def field_of(self, text: str) -> str:
        """Return our field for a text that is a label by itself, "" for any other."""
        if len(text) > _LONGEST:
            return ""
        if text not in self._fields:
            self._fields[text] = self._field_of(text.rstrip(" :"))
        return self._fields[text]

    def _field_of(self, text: str) -> str:
        # "P" and "I" alone are values: only a number has a label of one letter
        if len(bare(text)) < 2 and bare(text) != "n":
            return ""
        name = self._names.exact(text)
        if not name and self._names.is_known(text):
            name, sure = self._names.match(text)
            name = name if sure >= SURE else ""
        is_ours = name.startswith(INDICATOR) or name in FIELDS
        return name if is_ours and name != "row_uid" else ""

    def is_label(self, text: str) -> bool:
        """Return whether a text is a label: known, or with a colon at its end."""
        return bool(self.field_of(text)) or text.rstrip().endswith(":")

    def first(self, row: int) -> LabelRow | None:
        """Return the label a row begins with, None where it begins with anything else."""
        written = self.written(row)
        if not written:
            return None
        column, text = written[0]
        name, value = labelled(text, self._names) if ":" in text else ("", "")
        if name and value:
            return LabelRow(row, column, name, True, True)
        name = self.field_of(text)
        has_colon = text.rstrip().endswith(":")
        if not (name or has_colon):
            return None
        others = [self.is_label(one) for _column, one in written[1:]]
        # label, value, label, value
        is_pair = bool(others) and not others[0] and (len(others) == 1 or others[1])
        return LabelRow(row, column, name, has_colon, is_pair)

    def may_name(self, row: int) -> bool:
        """Return whether a row may begin with the label of a process, at a glance."""
        begins = self._first_text(row).lstrip()[:BEGINNING].casefold()
        return bool(begins) and begins in self._process

    def may_begin(self, row: int) -> bool:
        """Return whether a process may begin with a row, at a glance: rows repeat their texts."""
        text = self._first_text(row)
        if text not in self._beginnings:
            self._beginnings[text] = bool(_MAY_START.match(text)) or self.may_name(row)
        return self._beginnings[text]

    def _first_text(self, row: int) -> str:
        text = next((value for value in self.sheet.rows[row - 1] if value is not None), None)
        return text if isinstance(text, str) else ""

    def start(self, row: int) -> Start | None:
        """Return what the cells of a row say of the process that begins with them, if one."""
        if not _MAY_START.match(self._first_text(row)):
            return None
        (column, label), *others = self.written(row)
        text = label
        if others and numbered_process(f"{label} 1") == (1, "") and not label[-1:].isdigit():
            text, others = f"{label} {others[0][1]}", others[1:]
        found = numbered_process(text)
        if found is None:
            return None
        number, title = found
        if not title and others:
            column, title = others[0]
        return Start(number, title, label, row, column)

    def are_many(self) -> bool:
        """Return whether most rows of the sheet are a known label with its value."""
        rows = [row for row in range(1, len(self.sheet.rows) + 1) if self.written(row)][:_ROWS]
        found = [one for one in map(self.first, rows) if one and one.field and one.is_pair]
        return len(found) > 1 and 2 * len(found) >= len(rows)

    def has_value_below(self, row: int) -> bool:
        """Return whether a label stands alone on its row and a text alone on the next one."""
        below = self.written(row + 1)
        is_alone = len(self.written(row)) == 1 and len(below) == 1
        return is_alone and not self.is_label(below[0][1]) and not self.start(row + 1)

    def pairs(self, row: int) -> list[FileColumn]:
        """Return the labels of a row with the values beside them; [] where it begins with none."""
        found: list[FileColumn] = []
        written = self.written(row)
        place = 0
        while place < len(written):
            column, text = written[place]
            name, value = labelled(text, self._names) if ":" in text else ("", "")
            if name and value and name in FIELDS:
                found.append(self._label(row, column, text, name, (column, value)))
                place += 1
                continue
            if not self.is_label(text):
                if not found:
                    return []
                place += 1
                continue
            beside = written[place + 1] if place + 1 < len(written) else None
            is_value = beside is not None and (len(written) == 2 or not self.is_label(beside[1]))
            value_at = beside if is_value and beside else (column, "")
            found.append(self._label(row, column, text, self.field_of(text), value_at))
            place += 2 if is_value else 1
        return found

    def _label(
        self, row: int, column: int, text: str, name: str, value: tuple[int, str]
    ) -> FileColumn:
        at, said = value
        if name == "risk_area":
            said = plain_area(said)
        # a label with nothing beside it clears what the register has, in a file of ours
        cell = FileCell(said or None, text, self.sheet.name, row, at, "context")
        head = " ".join(text.split(":")[0].split()) if at == column and said else text
        samples = (said,) if said else ()
        sure = 1.0 if name else 0.0
        return FileColumn(at, head, name, sure, samples, label=FormLabel(row, column, cell))
