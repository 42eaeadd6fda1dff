"""Moments and lengths of time as a format shows them: dic 2024, 36:00, martedì 31 dicembre 2024."""

import datetime
import re
from decimal import Decimal
from functools import lru_cache

_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zone
_DAY = Decimal(86_400)
_LAST_DAY = 2_958_466
_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
_DAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_LONG_DATE = "dddd d mmmm yyyy"
_SYSTEM = {"F800": _LONG_DATE, "F400": "hh:mm:ss"}
_SYSTEM_CODE = re.compile(r"\[\$-(F800|F400)\]", re.IGNORECASE)
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[(h+|m+|s+)\]|\[[^\[\]]*\]'
    r"|(AM/PM|A/P)|(y+|m+|d+|h+|s+)(\.0+)?|(.)",
    re.DOTALL | re.IGNORECASE,
)


@lru_cache(maxsize=512)
def is_date_code(code: str) -> bool:
    """Return whether a part of a code shows a moment, or a length of time."""
    return bool(_SYSTEM_CODE.search(code)) or any(
        found[5] or found[7] for found in _TOKEN.finditer(code) if not _is_general(code, found)
    )


def _is_general(code: str, found: re.Match[str]) -> bool:
    # the letters of "General" and "Standard" are none of a date
    return any(
        word.start() <= found.start() < word.end()
        for word in re.finditer("general|standard", code, re.IGNORECASE)
    )


def serial_of(
    value: float | datetime.date | datetime.time | datetime.timedelta,
) -> Decimal:
    """Return the number a spreadsheet stores for a value: days since the end of 1899."""
    if isinstance(value, datetime.timedelta):
        return Decimal(round(value.total_seconds() * 1000)) / 1000 / _DAY
    if isinstance(value, datetime.time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return (Decimal(seconds) + Decimal(value.microsecond) / 1_000_000) / _DAY
    if isinstance(value, datetime.date):
        return serial_of(_moment(value) - _EPOCH)
    return Decimal(repr(value))


def _moment(value: datetime.date) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001


def date_text(
    value: float | datetime.date | datetime.time | datetime.timedelta, code: str
) -> str | None:
    """Return a value as a code of dates shows it. Raises `OverflowError` beyond the calendar."""
    if system := _SYSTEM_CODE.search(code):
        code = _SYSTEM[system[1].upper()]
    tokens = [found.groups() for found in _TOKEN.finditer(code)]
    serial = serial_of(value)
    if abs(serial) > _LAST_DAY:  # no calendar has it: a number of something else
        return None
    seconds = round(serial * _DAY)
    elapsed = next((token[4][0].lower() for token in tokens if token[4]), "")
    moment = _EPOCH
    if not elapsed or any(token[6] and token[6][0].lower() in "yd" for token in tokens):
        if serial < 0:
            return None
        decimals = any(token[7] for token in tokens)
        moment = _EPOCH + datetime.timedelta(
            milliseconds=round(serial * _DAY * 1000) if decimals else seconds * 1000
        )
    is_noon_clock = any(token[5] for token in tokens)
    told: list[str] = []
    for i, token in enumerate(tokens):
        quoted, escaped, wide, filling, length, noon, part, fraction, other = token
        if quoted is not None or escaped or wide:
            told.append(" " if wide else quoted or escaped or "")
        elif length:
            told.append(_elapsed(seconds, length.lower()))
        elif noon:
            told.append("AM" if moment.hour < 12 else "PM")
        elif part:
            letters = _minutes(tokens, i) if part[0] in "mM" else part.lower()
            told.append(_part(moment, letters, seconds, elapsed, is_noon_clock=is_noon_clock))
            if fraction:
                told.append("," + f"{moment.microsecond:06d}"[: len(fraction) - 1])
        elif other and not filling:
            told.append(other)
    return "".join(told).strip()


def _minutes(tokens: list[tuple], i: int) -> str:
    """Return the m of a token as "n" where they are minutes: after hours, or before seconds."""
    parts = [(n, token[6] or token[4]) for n, token in enumerate(tokens) if token[6] or token[4]]
    at = next(place for place, (n, _text) in enumerate(parts) if n == i)
    before = parts[at - 1][1][0].lower() if at else ""
    after = parts[at + 1][1][0].lower() if at + 1 < len(parts) else ""
    letters = tokens[i][6].lower()
    return "n" * len(letters) if len(letters) < 3 and (before == "h" or after == "s") else letters


def _elapsed(seconds: int, letters: str) -> str:
    unit = {"h": 3600, "m": 60, "s": 1}[letters[0]]
    size = abs(seconds) // unit
    return ("-" if seconds < 0 else "") + str(size).zfill(len(letters))


def _part(
    moment: datetime.datetime, letters: str, seconds: int, elapsed: str, *, is_noon_clock: bool
) -> str:
    kind, length = letters[0], len(letters)
    if elapsed and kind in "hns":
        size = abs(seconds)
        number = {"h": size // 3600 % 24, "n": size // 60 % 60, "s": size % 60}[kind]
        return str(number).zfill(min(length, 2))
    if kind == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    if kind == "m" and length > 2:
        month = _MONTHS[moment.month - 1]
        return {3: month[:3], 5: month[0].upper()}.get(length, month)
    if kind == "d" and length > 2:
        day = _DAYS[moment.weekday()]
        return day[:3] if length == 3 else day
    hour = (moment.hour - 1) % 12 + 1 if is_noon_clock else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute}.get(
        kind, moment.second
    )
    return str(number).zfill(min(length, 2))
