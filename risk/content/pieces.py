"""The data of an issue in pieces: a page of the screen reads those of its processes, no more.

Joined, the pieces are the canonical JSON, byte for byte (docs/decisions/0050).
"""

import json
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Any

from registry.packing import PackedPiece, pack_pieces, packed_piece, pieces_of, unpack
from risk.content.build import OF_PROCESSES
from risk.content.canonical import canonical_json, read_canonical

_ROWS = {"catalogue": 30, "sheets": 10, "table": 10}
"""How many processes a piece has, of each field with a row for each process."""
_AROUND = ""
"""The name of a piece that stands around the rows."""


def pack_data(data: str) -> bytes:
    """Return the canonical data of an annex packed in pieces."""
    pieces = list(_cut(data))
    if "".join(text for _name, _rows, text in pieces) != data:
        # of another form than what is written today: whole
        pieces = [(_AROUND, 0, data)]
    return pack_pieces([packed_piece(*piece) for piece in pieces])


def _cut(data: str) -> Iterator[tuple[str, int, str]]:
    """Give name, rows and text of each piece, as `risk.content.canonical` writes the whole."""
    whole = json.loads(data)
    content = whole.pop("annex")
    around = '{"annex":{'
    for n, name in enumerate(sorted(content)):
        around += f"{',' if n else ''}{canonical_json(name)}:"
        if name not in _ROWS:
            around += canonical_json(content[name])
            continue
        yield _AROUND, 0, f"{around}["
        yield from _rows_of(name, content[name])
        around = "]"
    yield _AROUND, 0, f"{around}}},{canonical_json(whole)[1:]}"


def _rows_of(name: str, rows: Sequence[Any]) -> Iterator[tuple[str, int, str]]:
    step = _ROWS[name]
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        text = ",".join(map(canonical_json, some))
        yield name, len(some), f",{text}" if start else text


class IssuedData:
    """The data of an issue as they are kept, read as far as they are asked for.

    Raises `UnknownFormatError` for data of another format, `DamagedContentError` where they cannot
    be read.
    """

    def __init__(self, kept: bytes | str) -> None:
        """Take what the column keeps: of what was issued before data were packed, a text."""
        self._pieces = [] if isinstance(kept, str) else pieces_of(bytes(kept))
        self._kept = kept

    @cached_property
    def count(self) -> int:
        """How many processes there are."""
        return sum(piece.rows for piece in self._of("sheets")) or len(self._around["sheets"])

    @property
    def names(self) -> list[tuple[str, str]]:
        """The uid and the number of each process."""
        rows = self._rows("catalogue", 0, self.count)
        return [(row["uid"], row["number"]) for row in rows]

    def part(self, start: int, stop: int, *, holds: Collection[str]) -> dict[str, Any]:
        """Return what the data say around the processes, and of some by their places.

        Of the fields made of processes those in `holds`; the others are empty.
        """
        empty = {name: [] for name in OF_PROCESSES if name not in holds}
        rows = {name: self._rows(name, start, stop) for name in _ROWS if name in holds}
        return {**self._around, **empty, **rows}

    @cached_property
    def _around(self) -> dict[str, Any]:
        """All but the rows that are in pieces of their own."""
        if self._pieces:
            text = b"".join(piece.content for piece in self._of(_AROUND)).decode()
        else:
            text = self._kept if isinstance(self._kept, str) else unpack(self._kept).decode()
        return read_canonical("annex", text)

    def _rows(self, name: str, start: int, stop: int) -> list[Any]:
        if not self._of(name):
            return self._around[name][start:stop]
        found, at = [], 0
        for piece in self._of(name):
            if at < stop and start < at + piece.rows:
                rows = json.loads(f"[{piece.content.decode().lstrip(',')}]")
                found += rows[max(start - at, 0) : stop - at]
            at += piece.rows
        return found

    def _of(self, name: str) -> list[PackedPiece]:
        return [piece for piece in self._pieces if piece.name == name]
