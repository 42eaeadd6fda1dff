"""How far a worksheet reaches: found in its XML before anything lays it out.

The library lays a sheet out from its first to its last cell, so that one value in the farthest
corner would fill the memory. Cells as programs write them (`<c r="B3" s="1" t="s"><v>0</v></c>`)
are found quickly; where any is written otherwise all are searched for as XML allows them.
"""

import re
from collections.abc import Iterator, Sequence

from openpyxl.utils import column_index_from_string

from registry.spreadsheets.parts import broken
from registry.spreadsheets.sizes import check_place, check_size

AT = rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']"
# No sign of a tag is "<" or ">": looked for further, files written for it would take hours.
_PLACE = re.compile(rb"<(?:\w+:)?c\b[^<>]*?" + AT + rb"[^<>]*(?<!/)>")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^<>]*" + AT + rb")")
# No writer needs so many signs for the place, the format and the kind of a cell.
_ENDLESS = re.compile(rb"<(?:\w+:)?c\b[^<>]{1000}")
_ENDLESS_SIGNS = 1000
_SHARED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\bt\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,8})<")
# As programs write them: a cell that holds something, with its shared text, and one that does not.
_PLAIN = re.compile(
    rb'<c r="([A-Za-z]{1,3})(\d{1,9})"(?:(?: s="\d{1,6}")? t="s"><v>(\d{1,8})<|[^<>/]*>)'
)
_PLAIN_BLANK = re.compile(rb'<c r="[A-Za-z]{1,3}\d{1,9}"[^<>/]*/>')
_TAGS = (b"<c ", b"<c>", b"<c\t", b"<c\n", b"<c\r", b"<c\x0b", b"<c\x0c")
_PART = 1 << 19
"""Bytes that are searched at once: what is found in them is as much again."""


class SheetExtent:
    """The cells of a worksheet as far as its size goes.

    Raises `UnreadableFile` where it is written to be misread, or a place is beyond all limits.
    """

    def __init__(self, sheet: str, data: bytes) -> None:
        check_cells(data)
        self._sheet = sheet
        self._columns: set[bytes] = set()
        self._rows: set[bytes] = set()
        self._shared: list[bytes] = []
        self._unplaced = 0
        if not self._is_plain(data):
            self._search(data)
        self.cells = self._laid_out(data)

    def check(self, others: int) -> int:
        """Return how many cells the sheet is laid out to; refuse more than a list can have.

        `others` are those of the sheets before it.
        """
        check_size(cells=others + self.cells, chars=0)
        return self.cells

    def chars(self, lengths: Sequence[int]) -> int:
        """Return how long the shared texts of the cells are, by the length of each text."""
        return sum(lengths[i] for i in map(int, self._shared) if i < len(lengths))

    def _is_plain(self, data: bytes) -> bool:
        """Read a sheet whose cells all are as programs write them; False where any is not."""
        if b":c" in data or sum(map(data.count, _TAGS)) != data.count(b'<c r="'):
            return False
        columns: set[bytes] = set()
        rows: set[bytes] = set()
        texts: list[bytes] = []
        for start, end in _parts(data):
            cells = _PLAIN.findall(data, start, end)
            count = data.count(b'<c r="', start, end)
            if len(cells) < count:
                count -= len(_PLAIN_BLANK.findall(data, start, end))
            if len(cells) != count:
                return False
            columns.update([letters for letters, _digits, _text in cells])
            rows.update([digits for _letters, digits, _text in cells])
            texts += [text for _letters, _digits, text in cells if text]
        if data.count(b'"s"') + data.count(b"'s'") != len(texts):
            # one that shows a shared text may say so otherwise
            return False
        self._columns, self._rows, self._shared = columns, rows, texts
        return True

    def _search(self, data: bytes) -> None:
        for letters, digits in map(re.Match.groups, _PLACE.finditer(data)):
            self._columns.add(letters)
            self._rows.add(digits)
        # A cell may leave its place out: it then follows the one before.
        self._unplaced = sum(1 for _match in _UNPLACED.finditer(data))
        self._shared = _SHARED.findall(data)

    def _laid_out(self, data: bytes) -> int:
        widest = max((column_index_from_string(one.decode()) for one in self._columns), default=0)
        check_place(self._sheet, row=0, column=widest)
        rows = max(map(int, self._rows), default=0)
        if self._unplaced:
            rows = max(rows, data.count(b"<row"), data.count(b":row"))
        check_place(self._sheet, row=rows, column=0)
        return widest * rows + self._unplaced


def _parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where parts of a sheet begin and end, none of them within a cell."""
    start = 0
    while start < len(data):
        end = data.find(b"<c ", start + _PART)
        end = len(data) if end < 0 else end
        yield start, end
        start = end


def check_cells(data: bytes) -> None:
    """Refuse a sheet written to be misread: see `_PLACE`."""
    if b"\x00" in data or (_may_be_endless(data) and _ENDLESS.search(data)):
        raise broken()


def _may_be_endless(data: bytes) -> bool:
    """Return whether so many signs may stand without a tag: then half of them do at a whole step.

    A glance at a hundredth of the cost of the search.
    """
    step = _ENDLESS_SIGNS // 2
    find = data.find
    return any(find(b"<", at, at + step) < 0 for at in range(0, len(data) - step, step))
