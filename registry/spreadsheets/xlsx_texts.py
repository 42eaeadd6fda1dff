"""Texts of an XLSX file written in several runs: which of them are struck, and their blanks.

calamine returns such a text without the blanks at the ends of its runs where the file does not say
`xml:space`, as Gnumeric writes it: those texts are put together here.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.spreadsheets.looks import Span, joined_spans
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.symbols import is_symbol_font, symbols_of

_ITEM_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_RUN_END = re.compile(rb"</(?:\w+:)?r>")
_RUN = re.compile(rb"<(?:\w+:)?r(?:\s[^<>]*)?>(.*?)</(?:\w+:)?r>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)</")
_STRIKE = re.compile(rb"<(?:\w+:)?strike\b([^<>]*)>")
_OFF = re.compile(rb"\bval\s*=\s*[\"'](?:0|false)[\"']")
_FONT = re.compile(rb"<(?:\w+:)?rFont\b[^<>]*\bval\s*=\s*[\"']([^\"'<>]*)[\"']")
_SPECIAL = re.compile(
    rb"<(?:\w+:)?t>(?:\s|[^<]*\s<)|<(?:\w+:)?strike\b|<(?:\w+:)?rFont\b[^<>]*(?:ings|Symbol|Dingb)"
)


@dataclass(frozen=True, slots=True)
class RichText:
    """A text in several runs: as it is seen, and what of it is struck."""

    text: str
    is_struck: bool
    struck: tuple[Span, ...]


def shared_part(parts: Parts) -> bytes:
    """Return the part of the texts that cells share; empty without one."""
    found = (name for name in sorted(parts.names) if name.lower().endswith("sharedstrings.xml"))
    return next((parts.read(name) for name in found), b"")


def shared_items(data: bytes) -> list[bytes]:
    """Return the shared texts, as they are written, each at its number."""
    return _ITEM_END.split(data)


def rich_texts(data: bytes) -> dict[int, RichText]:
    """Return by number the shared texts in several runs of which there is something to say."""
    if not (_RUN_END.search(data) and _SPECIAL.search(data)):
        return {}
    return {
        number: found
        for number, item in enumerate(shared_items(data))
        if (found := rich_text(item)) is not None
    }


def rich_text(item: bytes) -> RichText | None:
    """Return a text of several runs; None where it is plain, and its words alone matter."""
    if not (_RUN_END.search(item) and _SPECIAL.search(item)):
        return None
    text, spans = "", []
    for words, is_struck in _runs(item):
        spans += [(len(text), len(text) + len(words))] if is_struck else []
        text += words
    whole, parts = joined_spans(text, spans)
    return RichText(text, whole, parts)


def _runs(item: bytes) -> Iterator[tuple[str, bool]]:
    # beyond the last end of a run none is looked for: files written for it would take hours
    last = max(found.end() for found in _RUN_END.finditer(item))
    for run in _RUN.finditer(item, 0, last):
        strike, font = _STRIKE.search(run[1]), _FONT.search(run[1])
        words = "".join(
            html.unescape(part.decode("utf-8", "replace")) for part in _TEXT.findall(run[1])
        )
        name = font[1].decode("utf-8", "replace") if font else ""
        if is_symbol_font(name):
            words = symbols_of(name, words)
        yield words, strike is not None and not _OFF.search(strike[1])
