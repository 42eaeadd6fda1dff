"""Entries that stand on one line of a cell: by marks in sequence, or by a sign between them.

"1) … 2) … 3) …", "a. …; b. …", "1- … 2- …" begin with the first mark of a sequence. Signs part
sentences and names as well: what they part is for a person, or the list, to say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from risk.services.imports.file_cells import on_one_line

_MARK = re.compile(r"\s*\(?(\d|[a-z]|[A-Z])\s?([).\-–:]\)?|°\)?)\s+(?=\S)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGNS = {
    ";": re.compile(r"\s*;\s+"),
    "/": re.compile(r"\s+/\s+"),
    "|": re.compile(r"\s+\|\s+"),
    "-": re.compile(r"\s+[-–—]\s+"),
    "+": re.compile(r"\s+\+\s+"),
    ",": re.compile(r"\s*,\s+"),
}
_DRAWN = {"-": "-–—"}
"""How a sign is drawn, where in several ways: most texts hold none of them."""
_END = " ;,"


@dataclass(frozen=True, slots=True)
class Cut:
    """How one text may be cut. `sign` is that between the parts, or the first two marks."""

    sign: str
    parts: tuple[str, ...]
    is_marked: bool = False


def marked_cut(text: str) -> Cut | None:
    """Return the entries of "1) … 2) …"; None where marks do not stand in sequence."""
    text = on_one_line(text)
    first = _MARK.match(text)
    if first is None or first[1] not in ("1", "a", "A", "i"):
        return None
    marks = _sequence(first[1])
    parts: list[str] = []
    start = first.end()
    for mark in marks:
        separator = re.escape(first[2])
        found = re.compile(rf"(?:(?<=\s)|(?<=;)|(?<=,))\(?{mark}\s?{separator}\s+(?=\S)").search(
            text, start
        )
        if found is None:
            break
        parts.append(text[start : found.start()])
        start = found.end()
    parts.append(text[start:])
    entries = tuple(part.strip(_END) for part in parts)
    if len(entries) < 2 or not all(entries):
        return None
    return Cut(f"{first[1]}{first[2]} {marks[0]}{first[2]}", entries, is_marked=True)


def cut_by(text: str, signs: Iterable[str]) -> Cut | None:
    """Return the parts of a text between the first of some signs it holds; None without any."""
    for sign in signs:
        if not any(one in text for one in _DRAWN.get(sign, sign)):
            continue
        parts = tuple(part.strip(_END) for part in _SIGNS[sign].split(text))
        parts = tuple(filter(None, parts))
        if len(parts) > 1:
            return Cut(sign, parts)
    return None


def _sequence(first: str) -> list[str]:
    """Return the marks that follow the first one."""
    if first.isdigit():
        return [str(number) for number in range(2, 30)]
    letters = list(_LETTERS[1:])
    return [letter.upper() for letter in letters] if first.isupper() else letters
