"""Taking apart what one cell holds: a number before a title, several entries, a label's value."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from registry.spreadsheets.workbook import Value
from risk.workbooks.rowids import OWN_BULLET

# As printed: "n. 17 Gestione S.I. e rete: …". A bare number may be part of the title.
_NUMBERED = re.compile(r"n\s*[.°º]?\s*(\d{1,9})(?:\s*[.)\-–:]\s*|\s+)(?=\S)", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"(?:n\s*[.°º]?\s*)?(\d{1,9})\s*[.)]?", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:ul|ol|li|br|p)\b[^<>]*>", re.IGNORECASE)
# "n. report" is counted, and no list from its fourteenth letter on.
# "§" and "Ø" are bullets of Wingdings without their font.
_BULLET = re.compile(
    r"\s*(?:[•·▪‣◦●○■□►➢✓*]|[§Ø](?=\s)|[-–—](?=\s)|(?:\d{1,2}|(?!n\.)[a-z])[.)](?=\s))\s*"
)
_COUNT = re.compile(r"nr?[.°º]\s", re.IGNORECASE)
_INLINE_BULLET = re.compile(r"(?<=\S)\s*[•▪‣◦●■►➢]\s*")
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,6})?")


@lru_cache(maxsize=1024)
def split_number(text: str) -> tuple[int | None, str]:
    """Return the number and the title of "n. 2 Sviluppo software: …"; None without a number."""
    title = " ".join(text.split())
    if match := _NUMBERED.match(title):
        return int(match[1]), title[match.end() :]
    return None, title


def number_of(value: Value) -> int | None:
    """Return the number of a process from its own column (3, "3.", "n. 3"); None for no number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (match := _PLAIN_NUMBER.fullmatch(value.strip())):
        return int(match[1])
    return None


def decimal_of(value: Value) -> Decimal | None:
    """Return a score, from a number or from a text with a decimal comma; None for anything else.

    A date is no number, though a spreadsheet stores it as one.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        # What a spreadsheet shows as 2,8 it may store as 2.8000000000000003.
        return Decimal(f"{value:.10g}")
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        try:
            return Decimal(value.strip().replace(",", "."))
        except InvalidOperation:
            return None
    return None


def entries_of(text: str) -> tuple[str, ...]:
    """Return the entries of a cell that lists several: by bullets where it has any, else by lines.

    A line that goes on with a small letter after an unfinished one belongs to it.
    """
    lines = [line for line in _lines(text) if line.strip()]
    bulleted = any(_BULLET.match(line) for line in lines)
    entries: list[str] = []
    for line in lines:
        bullet = _BULLET.match(line)
        words = " ".join((line[bullet.end() :] if bullet else line).split())
        if not words:
            continue
        goes_on = not bullet if bulleted else _goes_on(words, entries)
        if goes_on and entries:
            entries[-1] = f"{entries[-1]} {words}"
        else:
            entries.append(words)
    return tuple(entry.rstrip(";").rstrip() for entry in entries)


def is_marked_list(text: str) -> bool:
    """Return whether a text has several lines, each with the mark of an entry."""
    lines = [line for line in _lines(text) if line.strip()]
    return len(lines) > 1 and all(map(_BULLET.match, lines))


def own_entries(text: str) -> tuple[str, ...]:
    """Return the entries of a cell of a file of ours: one a line, to the letter.

    What follows our bullet is taken whole. A line people add may have a bullet of theirs, or none.
    """
    entries: list[str] = []
    for line in (" ".join(line.split()) for line in text.split("\n")):
        if line.startswith(OWN_BULLET):
            entries.append(line.removeprefix(OWN_BULLET).strip())
        else:
            bullet = _BULLET.match(line)
            entries.append(line[bullet.end() :] if bullet else line)
    return tuple(filter(None, entries))


def _lines(text: str) -> list[str]:
    return _INLINE_BULLET.sub("\n• ", _MARKUP.sub("\n", text)).split("\n")


def _goes_on(words: str, entries: list[str]) -> bool:
    """Return whether a line goes on with the one above; "n. report", "n. incontri" are two."""
    if not entries or not words[0].islower() or entries[-1].endswith((".", ";", "!", "?")):
        return False
    return not (_COUNT.match(words) and _COUNT.match(entries[-1]))
