"""Columns headed by the entries of one list and crossed where an entry is meant."""

from collections.abc import Collection, Mapping, Sequence

from registry.normalise import fold
from registry.spreadsheets.workbook import Value, WorkbookSheet, shown

CROSSED_FIELDS = ("factors", "level", "measures")
"""Lists of which each entry may have a column of its own, in the order they are looked up."""
_CROSSES = frozenset(["x", "✓", "✔", "✗", "✘", "☒", "☑", "√", "•", "●", "■", "si", "sì", "s"])
_NO_CROSSES = frozenset(["no", "n"])
_FEWEST = 2
"""Columns of one list from which crosses are meant: one column alone is a head by chance."""


def is_cross(value: Value) -> bool:
    """Return whether a cell holds nothing but a cross or a tick."""
    return isinstance(value, str) and fold(value.strip(" .()[]")) in _CROSSES


def is_no_cross(value: Value) -> bool:
    """Return whether a cell says that its entry is not meant."""
    return isinstance(value, str) and fold(value.strip(" .()[]")) in _NO_CROSSES


def crossed_columns(
    sheet: WorkbookSheet,
    header_row: int,
    first_row: int,
    vocabulary: Mapping[str, Collection[str]],
) -> dict[int, tuple[str, str]]:
    """Return our field and the entry of each crossed column of a table, by column.

    The heads are looked up in the row nearest to the data; over it a title may span them.
    """
    heads = sheet.rows[header_row - 1] if 0 < header_row <= len(sheet.rows) else []
    found: dict[int, tuple[str, str]] = {}
    for name in CROSSED_FIELDS:
        entries = {fold(text): text for text in vocabulary.get(name, ())}
        own = {
            column: entries[fold(shown(head))]
            for column, head in enumerate(heads, 1)
            if isinstance(head, str) and fold(head) in entries and column not in found
        }
        crosses = {column: _crosses(sheet.rows[first_row - 1 :], column) for column in own}
        is_of_crosses = all(count is not None for count in crosses.values())
        if len(own) >= _FEWEST and is_of_crosses and any(crosses.values()):
            found |= {column: (name, entry) for column, entry in own.items()}
    return found


def _crosses(rows: Sequence[Sequence[Value]], column: int) -> int | None:
    """Return how many cells of a column are crossed; None where one holds anything else."""
    values = [cells[column - 1] for cells in rows if column <= len(cells)]
    written = [value for value in values if value is not None]
    crosses = [value for value in written if not is_no_cross(value)]
    return len(crosses) if all(map(is_cross, crosses)) else None
