"""Small rules of the printed word."""

import unicodedata

from risk.content.values import DASH

# Neither HTML nor XML metadata may carry these, and no font draws them. Line feed and tab are kept.
_UNPRINTABLE = {"Cc", "Cs"}


def _is_printable(char: str) -> bool:
    if char in "\n\t":
        return True
    # Not the category Cn: it depends on the Unicode version of Python and would eat a new emoji.
    code = ord(char)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not noncharacter and unicodedata.category(char) not in _UNPRINTABLE


def printable(text: str | None) -> str:
    """Return `text` without control characters, its line ends as line feeds and its edges trimmed.

    A control character between two letters becomes a space: dropped, it would weld two words.
    """
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if _is_printable(char) else " " for char in lines).strip()


def without_controls(html: str) -> str:
    """Return a document without the characters no paper carries, whoever put them there."""
    return "".join(char if _is_printable(char) else " " for char in html)


def or_dash(text: str | None) -> str:
    """Return the printable `text`, or the dash of an empty cell (docs/decisions/0028)."""
    return printable(text) or DASH


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the printable lines of `text` that are not blank."""
    return tuple(line.strip() for line in printable(text).split("\n") if line.strip())
