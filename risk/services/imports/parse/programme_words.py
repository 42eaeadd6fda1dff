"""The words of a measure’s programme: terms that are days, indicators and their targets."""

import re
from datetime import date, datetime
from decimal import Decimal

from registry.normalise import fold
from registry.spreadsheets.workbook import Value, shown
from risk.services.imports.parse.parsed import ParsedProgressIndicator

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"),
    *("settembre", "ottobre", "novembre", "dicembre"),
)
_BY = r"(?:(?:da attuare |da concludere |scadenza:? )?entro (?:e non oltre )?(?:il |l)?\s*)?"
_MIDNIGHT = r"(?: 0{1,2}[:.]00(?:[:.]00)?)?"
"""What a format of days and hours shows behind a day."""
_DAY = re.compile(_BY + r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\.?" + _MIDNIGHT)
_DAY_BACKWARDS = re.compile(_BY + r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _MIDNIGHT)
_DAY_IN_WORDS = re.compile(_BY + rf"(\d{{1,2}})[°º]? ({'|'.join(_MONTHS)}) (\d{{4}})\.?")
_AT_LEAST = r"(?:almeno |minimo |non meno d[ei]l? |pari (?:a|al) |(?:>=?|≥|=|\+)\s*)?"
_QUANTITY = re.compile(_AT_LEAST + r"(?:n\.?\s*)?([+-]?\d{1,9}(?:[.,]\d{1,3})?)\s*(.*)")
_OF_HUNDRED = re.compile(r"(?:%|per ?cento\b)")
_IS_PERCENTAGE = re.compile(r"%|\bpercentual|\btasso\b|\bquota\b|\S\s*/\s*(?:n\b|tot|\w{4,})")
_IS_ON_OFF = re.compile(r"\bs[iì]\s*/\s*no\b|\bon\s*/\s*off\b")
_IS_COUNT = re.compile(r"^(?:n|nr|num|numero|quantità|giorni|ore|gg)\b")
_YES = frozenset(("sì", "si", "x", "on", "vero", "realizzato", "attuato", "fatto"))
_NO = frozenset(("no", "off", "falso"))
ON_OFF, QUANTITY, PERCENTAGE = "on_off", "quantity", "percentage"
UNIT_LENGTH = 60


def day_of(value: Value) -> date | None:
    """Return the day a term says, "entro il 31/12/2024" or a date; None for any other words."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = fold(shown(value)).replace("’", "").replace("'", "")
    numbers = _DAY.fullmatch(text)
    if numbers:
        day, month, year = map(int, numbers.groups())
    elif numbers := _DAY_BACKWARDS.fullmatch(text):
        year, month, day = map(int, numbers.groups())
    elif words := _DAY_IN_WORDS.fullmatch(text):
        day, month, year = int(words[1]), _MONTHS.index(words[2]) + 1, int(words[3])
    else:
        return None
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def number_said(text: str) -> tuple[Decimal | None, str]:
    """Return the number a target says and what follows it: "almeno 80%" is 80 and "%"."""
    folded = fold(text)
    if folded in _YES:
        return Decimal(1), ON_OFF
    if folded in _NO:
        return Decimal(0), ON_OFF
    found = _QUANTITY.fullmatch(folded)
    if not found:
        return None, ""
    return Decimal(found[1].replace(",", ".")), found[2].strip()


def kind_of(label: str, target: Decimal | None, rest: str) -> tuple[str, bool]:
    """Return the kind of an indicator, and whether its words or its target tell it."""
    words = fold(label)
    if rest == ON_OFF or _IS_ON_OFF.search(words):
        return ON_OFF, True
    if _OF_HUNDRED.match(rest) or (_IS_PERCENTAGE.search(words) and not rest):
        return PERCENTAGE, True
    if target is not None or _IS_COUNT.match(words):
        return QUANTITY, True
    return ON_OFF, False


def indicator_of(
    label: str, target: str, baseline: str, year: int
) -> tuple[ParsedProgressIndicator, bool]:
    """Return an indicator, and whether something of it had to be guessed.

    A target that is no number is told with its label: nothing of it is lost.
    """
    number, rest = number_said(target)
    kind, is_told = kind_of(label, number, rest)
    if target and number is None:
        label, is_told = f"{label}: {target}", False
    unit = "%" if kind == PERCENTAGE else ""
    if kind == QUANTITY and rest:
        if len(rest) <= UNIT_LENGTH:
            unit = rest
        else:
            label = f"{label}: {target}"
    elif kind == PERCENTAGE and (more := _OF_HUNDRED.sub("", rest, count=1).strip()):
        label = f"{label} ({more})"
    start = number_said(baseline)[0]
    return ParsedProgressIndicator(label, kind, unit, start, number, year), is_told
