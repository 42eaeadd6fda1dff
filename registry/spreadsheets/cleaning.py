"""Signs nobody sees: taken out of a text, and said where they changed it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from registry.spreadsheets.looks import NO_LOOK, Box, boxes_in, moved
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
PLACEHOLDERS = frozenset(
    {
        "Scegliere un elemento.",
        "Scegliere un blocco predefinito.",
        "Fare clic o toccare qui per immettere il testo.",
        "Fare clic o toccare qui per immettere una data.",
        "Fare clic qui per immettere testo.",
        "Fare clic qui per immettere una data.",
        "Choose an item.",
        "Click or tap here to enter text.",
        "Click or tap to enter a date.",
        "Click here to enter text.",
        "Click here to enter a date.",
        "Wählen Sie ein Element aus.",
        "Klicken oder tippen Sie hier, um Text einzugeben.",
        "Klicken oder tippen Sie, um ein Datum einzugeben.",
    }
)
"""What a form of Word says where nobody has written yet, also once it has been copied."""


def clean_text(text: str) -> tuple[str, bool]:
    """Return a text without unseen signs, and whether any was there.

    Every kind of blank becomes a space and every line break "\\n"; these are not worth a word
    (`changed` is False), while a sign inside a word is.
    """
    # what is printable is no sign of these but the written ones, and that is known at once
    if text.isprintable() and "_x" not in text:
        return text, False
    if not _SUSPECT.search(text):
        return text, False
    text = _ODD_BREAK.sub("\n", _WRITTEN_BREAK.sub("\n", text))
    plain = _UNSEEN.sub("", _WRITTEN_CONTROL.sub("", text))
    return _ODD_BLANK.sub(" ", plain), plain != text


def _clean(text: str) -> str:
    return clean_text(text)[0]


@dataclass(slots=True)
class _Cleaned:
    """What was changed in a sheet: places from 0 and texts."""

    plain: dict[str, str] = field(default_factory=dict)
    """Texts that stay as they are: a register repeats the same ones, each is kept once."""
    known: dict[str, tuple[str | None, bool, tuple[Box, ...]]] = field(default_factory=dict)
    signs: list[tuple[int, int, str]] = field(default_factory=list)
    unfilled: list[tuple[int, int, str]] = field(default_factory=list)

    def of_text(self, text: str) -> tuple[str | None, bool, tuple[Box, ...]]:
        """Return a text cleaned, whether that is told, and its boxes; each text once."""
        if text not in self.known:
            clean, is_reported = clean_text(text)
            said = clean.strip()
            value = clean if said and said not in PLACEHOLDERS else None
            self.known[text] = (value, is_reported, boxes_in(value) if value else ())
            if value is text and not self.known[text][2]:
                self.plain[text] = text
        return self.known[text]

    def long_words(self) -> dict[str, str]:
        """Return the warnings about texts in which blanks may have been lost, by text."""
        texts = (value for value, _is_reported, _boxes in self.known.values() if value)
        long = (text for text in texts if len(text) >= LONG_WORD)
        return {text: warning for text in long if (warning := long_word_warning(text))}


def clean_sheet(sheet: WorkbookSheet) -> list[Finding]:
    """Clean all texts of a sheet in place; blank texts become None, boxes drawn in them are noted.

    Findings: "unseen-signs", "not-filled-in" for the words of a form nobody has written over, and
    "long-word" where blanks may have been lost.
    """
    cleaned = _Cleaned()
    plain = cleaned.plain
    for row, cells in enumerate(sheet.rows):
        for column, text in enumerate(cells):
            if text.__class__ is not str:
                continue
            if text in plain:
                cells[column] = plain[text]
            else:
                _clean_cell(sheet, cleaned, row, column, text)
    for place, seen in sheet.shown.items():
        sheet.shown[place] = _clean(seen)
    return _told(sheet, cleaned)


def _clean_cell(sheet: WorkbookSheet, cleaned: _Cleaned, row: int, column: int, text: str) -> None:
    value, is_reported, boxes = cleaned.of_text(text)
    place = (row + 1, column + 1)
    if value is not text:
        sheet.rows[row][column] = value
        if place in sheet.looks:
            sheet.looks[place] = moved(sheet.looks[place], text, _clean)
        if is_reported:
            cleaned.signs.append((row, column, value or ""))
        if value is None and _clean(text).strip():
            cleaned.unfilled.append((row, column, text.strip()))
    if boxes:
        sheet.looks[place] = replace(sheet.looks.get(place, NO_LOOK), boxes=boxes)


def _told(sheet: WorkbookSheet, cleaned: _Cleaned) -> list[Finding]:
    reason = _("Tolti caratteri invisibili.")
    told = [("unseen-signs", reason, *place) for place in cleaned.signs]
    empty = _("Nessuno ha compilato la cella: si prende per vuota.")
    told += [("not-filled-in", empty, *place) for place in cleaned.unfilled]
    long_words = cleaned.long_words()
    told += [
        ("long-word", long_words[text], row, column, text)
        for row, column, text in (_texts(sheet) if long_words else ())
        if text in long_words
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
