"""One table as a grid: what stands in a row, what a merged cell says of it, and what is no row."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets.workbook import Finding, Merge, Value, address, shown
from risk.services.imports.recognise.tables import FileTable
from risk.workbooks.fields import FIELDS

_PAGE = re.compile(r"(?:pag(?:ina)?\.?\s*)\d+(?:\s*(?:di|/)\s*\d+)?", re.IGNORECASE)
_PLACES = 8
"""Places that are named when several cells are told of at once."""
_LONG = 200
"""Characters from which a text alone on its row is no entry of a table."""


@lru_cache(maxsize=2048)
def _plain(text: str) -> str:
    # Folding whole would cost more than all else here, and a page repeats its heads as they are.
    return " ".join(text.split()).casefold()


class Grid:
    """The cells of a table by row, with the merges of its mapped columns only.

    Each column is looked at by itself: in the published process-risk table the merged cells of one
    do not end where those of another do. In a file of ours they say nothing once something else is
    written under one: some programs leave merges behind when rows move.
    """

    def __init__(self, table: FileTable) -> None:
        self.table = table
        self.mapping = table.mapping
        self.cells = table.sheet.rows
        self.last = min(table.last_row or len(self.cells), len(self.cells))
        # By column, for each row, the row where the merged cell over it begins (0: none).
        self.tops: dict[int, list[int]] = {}
        self._rights: dict[tuple[int, int], int] = {}
        self.left_behind: list[tuple[int, int]] = []
        """Places that hold something under a merged cell of a file of ours."""
        for merge in table.sheet.merges:
            if merge.right > merge.left:
                self._rights[merge.top, merge.left] = merge.right
            if merge.bottom > merge.top and merge.left in self.mapping:
                tops = self.tops.get(merge.left)
                if tops is None:
                    tops = self.tops[merge.left] = [0] * (len(self.cells) + 2)
                below = merge.bottom - merge.top
                tops[merge.top + 1 : merge.bottom + 1] = [merge.top] * below
                if table.exact:
                    self._note_left_behind(merge)
        if self.left_behind:
            # what is merged covers other rows than it did: none of it says anything
            self.tops.clear()
        heads = [column.head for column in table.heads]
        heads += [shown(v) for row in table.header_rows for v in self.cells[row - 1]]
        self._heads = set(map(_plain, heads)) - {""}
        self._initials = {text[0] for text in self._heads}
        self._titles = set(map(_plain, table.titles)) - {""}
        # asked for at nearly every row, and counted over all of them
        self._band = max(3, table.sheet.width / 2)

    def _note_left_behind(self, merge: Merge) -> None:
        """Note what is written under a merged cell of a file of ours: nothing was, so it moved."""
        value, column = self.table.sheet.value, merge.left
        last = min(merge.bottom, len(self.cells))
        first = value(merge.top, column)
        below = [
            (r, column) for r in range(merge.top + 1, last + 1) if value(r, column) is not None
        ]
        self.left_behind += [place for place in below if value(*place) != first]

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said of merged cells that were left behind."""
        if not self.left_behind:
            return
        places = ", ".join(address(*place) for place in self.left_behind[:_PLACES])
        if len(self.left_behind) > _PLACES:
            places += _(" e altre %(n)s celle") % {"n": grouped(len(self.left_behind) - _PLACES)}
        reason = _(
            "Le celle unite non stanno più al loro posto e nascondono altri testi (%(places)s): si "
            "leggono le celle come sono scritte."
        )
        row, column = self.left_behind[0]
        yield Finding(
            "merge-left-behind", reason % {"places": places}, self.table.sheet.name, row, column
        )

    @property
    def has_merges(self) -> bool:
        """Whether any column read has cells merged downwards."""
        return bool(self.tops)

    def columns_of(self, name: str) -> list[int]:
        return [column for column, field_name in self.mapping.items() if field_name == name]

    def own(self, row: int) -> list[tuple[int, Value]]:
        """Return the written cells of a row."""
        return [(c, v) for c, v in enumerate(self.cells[row - 1], 1) if v is not None]

    def merged_from(self, row: int, column: int) -> int:
        """Return the row where the merged cell over a place begins, 0 when none covers it."""
        tops = self.tops.get(column)
        return tops[row] if tops else 0

    def is_page_head(self, own: list[tuple[int, Value]]) -> bool:
        """Return whether a row only repeats the heads, or the title, or counts pages."""
        first = own[0][1]
        if not isinstance(first, str):
            return False
        if len(own) == 1:
            text = _plain(first)
            return text in self._heads or text in self._titles or bool(_PAGE.fullmatch(text))
        # nearly no row begins as a head does
        if first.lstrip()[:1].casefold()[:1] not in self._initials or (
            _plain(first) not in self._heads
        ):
            return False
        heads = sum(_plain(shown(value)) in self._heads for _column, value in own)
        return heads >= max(2, 0.6 * len(own))

    def is_band(self, row: int, column: int) -> bool:
        """Return whether the one text of a row spans the table: a heading of what follows."""
        wide = self._rights.get((row, column), column) - column + 1
        return wide >= self._band

    def is_outside(self, row: int, column: int, value: Value) -> bool:
        """Return whether the one text of a row is no entry: nothing says of which process it is."""
        process = self.columns_of("process_title")
        if any(self.merged_from(row, place) for place in process):
            return False
        name = self.mapping.get(column, "")
        if name in FIELDS and not FIELDS[name].group and name != "row_uid":
            return False
        return name != "process_title" or len(shown(value)) > _LONG
