"""Small rules of the printed word."""

import re

from risk.content.values import DASH

# Neither HTML nor XML metadata may carry controls (Cc, all but line feed and tab), surrogates (Cs)
# and noncharacters, and no font draws them: three sets Unicode never changes. Not the category Cn:
# it depends on the Unicode version of Python and would eat a new emoji.
_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNPRINTABLE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")

_TYPED = re.compile(r"(?<=\w)'")


def printable(text: str | None) -> str:
    """Return `text` without control characters, its line ends as line feeds and its edges trimmed.

    A control character between two letters becomes a space: dropped, it would weld two words.
    """
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub(" ", lines).strip()


def without_controls(html: str) -> str:
    """Return a document without the characters no paper carries, whoever put them there."""
    return _UNPRINTABLE.sub(" ", html)


def or_dash(text: str | None) -> str:
    """Return the printable `text`, or the dash of an empty cell (docs/decisions/0028)."""
    return printable(text) or DASH


def with_apostrophes(text: str) -> str:
    """Return a text whose typewriter apostrophes behind letters are those of print: e' is e’."""
    return _TYPED.sub("’", text)


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the printable lines of `text` that are not blank."""
    return tuple(line.strip() for line in printable(text).split("\n") if line.strip())


def capital(text: str) -> str:
    """Return a text with a capital in front, as a head or the label of a row has it."""
    return text[:1].upper() + text[1:]
