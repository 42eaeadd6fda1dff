"""Signs nobody sees: taken out of a text, and said where they changed it."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import PLACE_WIDTH, Finding, Value, WorkbookSheet
from registry.validators import LONG_WORD, long_word_warning

# Soft hyphen, zero widths, direction marks, byte order marks, and controls but tab and breaks.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u00ad\u061c\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
_ODD_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ODD_BREAK = re.compile("\r\n?|[\u2028\u2029\x85\x0b]")
# What XLSX writes for a control character it cannot hold.
_WRITTEN_CONTROL = re.compile(r"_x(?:00[01][0-9A-Fa-f]|007F)_")
_WRITTEN_BREAK = re.compile(r"_x000[Dd]_\n?")
_SUSPECT = re.compile(
    f"{_UNSEEN.pattern}|{_ODD_BLANK.pattern}|{_ODD_BREAK.pattern}|{_WRITTEN_CONTROL.pattern}"
)


def clean_text(text: str) -> tuple[str, bool]:
    """Return a text without unseen signs, and whether any was there.

    Every kind of blank becomes a space and every line break "\\n"; these are not worth a word
    (`changed` is False), while a sign inside a word is.
    """
    if not _SUSPECT.search(text):
        return text, False
    text = _ODD_BREAK.sub("\n", _WRITTEN_BREAK.sub("\n", text))
    plain = _UNSEEN.sub("", _WRITTEN_CONTROL.sub("", text))
    return _ODD_BLANK.sub(" ", plain), plain != text


def clean_sheet(sheet: WorkbookSheet) -> list[Finding]:
    """Clean all texts of a sheet in place; blank texts become None.

    Findings: "unseen-signs", and "long-word" where blanks may have been lost.
    """
    known: dict[str, tuple[str | None, bool]] = {}
    changed: list[tuple[int, int, str]] = []
    for row, column, text in _texts(sheet):
        if text not in known:
            clean, is_reported = clean_text(text)
            known[text] = (clean if clean.strip() else None, is_reported)
        value, is_reported = known[text]
        if value is not text:
            sheet.rows[row][column] = value
            if is_reported:
                changed.append((row, column, value or ""))
    reason = _("Tolti caratteri invisibili.")
    told = [("unseen-signs", reason, *place) for place in changed]
    told += [
        ("long-word", warning, row, column, text)
        for row, column, text in _texts(sheet)
        if len(text) >= LONG_WORD and (warning := long_word_warning(text))
    ]
    return [
        Finding(
            kind=kind,
            reason=said,
            sheet=sheet.name,
            row=row + 1,
            column=column + 1,
            value=value[:PLACE_WIDTH],
        )
        for kind, said, row, column, value in told
    ]


def _texts(sheet: WorkbookSheet) -> Iterator[tuple[int, int, str]]:
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if value.__class__ is str:
                yield row, column, value


def cut_blank_end(rows: list[list[Value]]) -> None:
    """Take away the empty rows at the end, which formats and frames leave behind."""
    while rows and not any(_filled(rows[-1])):
        rows.pop()


def _filled(row: Iterable[Value]) -> Iterator[bool]:
    return (value is not None for value in row)
