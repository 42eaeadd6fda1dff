"""What an earlier row keeps already is kept by that row alone: a form around pieces of others.

Two editions of one document have most pages in common, and all documents the same fonts. What is
kept of the later one are its own bytes and, for each piece that an earlier row has, which row and
where (docs/decisions/0050). Such a row is always one that keeps the piece itself, so that a content
is put together with one look at others, however many editions there were.
"""

import hashlib
import json
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from registry.packing import FAULTS, DamagedContentError, pack, unpack

_SHARED = b"\0s"
_LENGTH = 4
"""Bytes of the length of an index."""
_WORTH = 64
"""Bytes below which saying where a piece is would save nothing."""
PDF_STREAMS = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
"""The streams of a PDF (ISO 32000-1, 7.3.8): pages, fonts, the tree of its tags."""
EMBEDDED_FILES = re.compile(rb"base64,([A-Za-z0-9+/=]{64,})")
"""The files that stand in a page itself (RFC 2397)."""

KeptRows = Callable[[Collection[str]], Mapping[str, bytes]]
"""Returns what rows keep of the same column, by their name; a row that is lost is left out."""


class EarlierRow(NamedTuple):
    """A row whose pieces may be said again: its name, its content, and that as it is kept."""

    name: str
    content: bytes
    kept: bytes


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes of a content that stand together in what one row keeps itself, from `at` onwards."""

    start: int
    size: int
    name: str
    at: int


def pack_shared(
    content: bytes, earlier: Iterable[EarlierRow], cut: re.Pattern[bytes], *, is_text: bool = False
) -> bytes:
    """Return the content without the pieces that earlier rows keep, else packed as any.

    `cut` finds the pieces, as its first group: it decides how much is saved, not what is got back.
    """
    known = _known(earlier, cut)
    names: list[str] = []
    parts: list[tuple[int, ...]] = []
    own, done = [], 0
    for start, end in _pieces(content, cut):
        run = known.get(hashlib.sha256(content[start:end]).digest())
        if run is None:
            continue
        if run.name not in names:
            names.append(run.name)
        parts += [(start - done,), (names.index(run.name), run.at, run.size)]
        own.append(content[done:start])
        done = end
    if not parts:
        return pack(content, is_text=is_text)
    parts.append((len(content) - done,))
    own.append(content[done:])
    index = zlib.compress(json.dumps([names, parts], separators=(",", ":")).encode())
    head = _SHARED + len(index).to_bytes(_LENGTH, "big") + index
    return head + pack(b"".join(own), is_text=is_text)


def rows_shared_with(kept: bytes) -> set[str]:
    """Return the names of the rows without which this cannot be read."""
    return set(_index(kept)[0]) if kept.startswith(_SHARED) else set()


def unpack_shared(kept: bytes, rows: KeptRows) -> bytes | None:
    """Return the content that was packed with pieces elsewhere; None for any other form.

    Where a row is not found, or cannot be read, the content lacks its pieces, and has another
    digest. Raises `DamagedContentError` where this one cannot be read.
    """
    if not kept.startswith(_SHARED):
        return None
    names, parts = _index(kept)
    found = rows(names)
    of_rows = [_own_if_sound(found.get(name, b"")) for name in names]
    own, done, pieces = _own(kept), 0, []
    for part in parts:
        if len(part) == 1:
            pieces.append(own[done : done + part[0]])
            done += part[0]
        else:
            row, at, size = part
            pieces.append(of_rows[row][at : at + size])
    return b"".join(pieces)


def lacks_pieces(kept: bytes, content: bytes) -> bool:
    """Tell whether a content that was put together is without pieces that other rows keep."""
    return sum(part[-1] for part in _index(kept)[1]) != len(content)


def _index(kept: bytes) -> tuple[list[str], list[list[int]]]:
    index = kept[len(_SHARED) + _LENGTH : _end_of_index(kept)]
    try:
        names, parts = json.loads(zlib.decompress(index))
    except FAULTS as fault:
        raise DamagedContentError from fault
    return names, parts


def _end_of_index(kept: bytes) -> int:
    start = len(_SHARED) + _LENGTH
    return start + int.from_bytes(kept[len(_SHARED) : start], "big")


def _own(kept: bytes) -> bytes:
    """Return the bytes a row keeps itself: all of them, but for a form around pieces of others."""
    return unpack(kept[_end_of_index(kept) :] if kept.startswith(_SHARED) else kept)


def _own_if_sound(kept: bytes) -> bytes:
    try:
        return _own(kept)
    except DamagedContentError:
        return b""


def _pieces(content: bytes, cut: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    for found in cut.finditer(content):
        start, end = found.span(1)
        if end - start >= _WORTH:
            yield start, end


def _known(earlier: Iterable[EarlierRow], cut: re.Pattern[bytes]) -> dict[bytes, _Run]:
    """Return by its digest where each piece of earlier rows is kept."""
    known: dict[bytes, _Run] = {}
    for row in earlier:
        try:
            runs = _runs(row)
        except DamagedContentError:
            continue
        if sum(run.size for run in runs) != len(row.content):
            # where a row it needs is lost, its pieces are not where they were
            continue
        starts = [run.start for run in runs]
        for start, end in _pieces(row.content, cut):
            run = runs[bisect_right(starts, start) - 1]
            if end <= run.start + run.size:
                place = _Run(start, end - start, run.name, run.at + start - run.start)
                known.setdefault(hashlib.sha256(row.content[start:end]).digest(), place)
    return known


def _runs(row: EarlierRow) -> list[_Run]:
    """Return the content of a row as runs of bytes, each where it is kept; none of it is empty."""
    if not row.kept.startswith(_SHARED):
        return [_Run(0, len(row.content), row.name, 0)]
    names, parts = _index(row.kept)
    runs, start, own = [], 0, 0
    for part in parts:
        if len(part) == 1:
            runs.append(_Run(start, part[0], row.name, own))
            own += part[0]
        else:
            runs.append(_Run(start, part[2], names[part[0]], part[1]))
        start += part[-1]
    return [run for run in runs if run.size]
