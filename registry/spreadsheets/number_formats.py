"""A number as its format shows it to an Italian: 36:00, 2,50%, 30 giorni, 007, € 40.000,00.

The codes are those of ECMA-376, part 1, 18.8.31. No library is kept up that knows them all: the one
there is on PyPI is of 2020 and of other languages. What is not known here is None, and the plain
value is shown then.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from registry.spreadsheets.date_formats import date_text, is_date_code, serial_of

LONGEST = 255
"""Characters of a code; no spreadsheet takes more."""
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\[\]]*)\]|(General|Standard)|([eE][+-])|(.)',
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:[.,]\d+)?)")
_PLACES = "0#?"
_MOST = Decimal(10) ** 15

Value = int | float | datetime.date | datetime.time | datetime.timedelta


@dataclass(frozen=True, slots=True)
class _Section:
    """One of up to four parts of a code: `tokens` are (kind, text) with kind "text" or "sign"."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    code: str = ""

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for _kind, text in self.tokens)


def formatted(value: Value, code: str) -> str | None:
    """Return a value as a code shows it, "" where it shows nothing; None for a code not known."""
    if isinstance(value, bool) or len(code) > LONGEST:
        return None
    sections = _sections(code)
    if not sections:
        return None
    try:
        number = serial_of(value)
        section, is_negative_part = _section_for(sections, number)
        if section is None:
            return None
        if is_date_code(section.code):
            return date_text(value, section.code)
        if not isinstance(value, int | float):
            return None
        size = abs(number) if is_negative_part else number
        return _number_text(size, section.tokens)
    except (ValueError, OverflowError, InvalidOperation, ArithmeticError):
        return None


def hides(code: str) -> bool:
    """Return whether a code shows no number at all, as ";;;" does."""
    sections = _sections(code)
    return len(sections) > 1 and all(section.is_blank for section in sections[:3])


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    start = 0
    for found in _TOKEN.finditer(code):
        quoted, escaped, wide, filling, bracket, general, power, sign = found.groups()
        if sign == ";":
            parts.append(_Section(tuple(tokens), condition, code[start : found.start()]))
            tokens, condition, start = [], None, found.end()
        elif quoted is not None or escaped or wide:
            tokens.append(("text", " " if wide else quoted or escaped or ""))
        elif bracket is not None:
            if compared := _CONDITION.fullmatch(bracket):
                condition = (compared[1], Decimal(compared[2].replace(",", ".")))
            elif bracket.startswith("$"):
                tokens.append(("text", bracket[1:].split("-", 1)[0]))
        elif general or power:
            tokens.append(("general" if general else "power", (general or power).upper()))
        elif filling is None:
            tokens.append(("sign", sign))
    parts.append(_Section(tuple(tokens), condition, code[start:]))
    return tuple(parts[:4])


def _section_for(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section | None, bool]:
    """Return the part that shows a number, and whether it is the one for what is below zero."""
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or _holds(number, *section.condition):
                return section, False
        return None, False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _holds(number: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": number < limit,
        ">": number > limit,
        "=": number == limit,
        "<=": number <= limit,
        ">=": number >= limit,
        "<>": number != limit,
    }[sign]


def _number_text(number: Decimal, tokens: tuple[tuple[str, str], ...]) -> str | None:
    signs = "".join(text if kind == "sign" else "\x00" for kind, text in tokens)
    if any(kind == "general" for kind, _text in tokens):
        plain = f"{float(number):.10g}".replace(".", ",")
        shown = ("" if kind == "sign" and text == "@" else text for kind, text in tokens)
        kinds = (kind for kind, _text in tokens)
        return "".join(
            plain if kind == "general" else text for kind, text in zip(kinds, shown, strict=True)
        ).strip()
    if not any(place in signs for place in _PLACES):
        # words alone, or an "@": then the number as it is
        words = "".join(text for _kind, text in tokens).replace("\x00", "")
        if "@" in signs:
            return words.replace("@", f"{float(number):.10g}".replace(".", ",")).strip()
        return words.strip()
    if any(kind == "power" for kind, _text in tokens):
        return _scientific(number, signs)
    if "/" in signs:
        return _fraction(number, tokens)
    return _plain(number, tokens)


def _plain(number: Decimal, tokens: tuple[tuple[str, str], ...]) -> str:
    """Return a number with its decimals, thousands, percent, and the words around or in it."""
    places = [i for i, (kind, text) in enumerate(tokens) if kind == "sign" and text in _PLACES]
    first, last = places[0], places[-1]
    signs = [text if kind == "sign" else "" for kind, text in tokens]
    number = number.scaleb(2 * signs.count("%"))
    after = last + 1
    while after < len(signs) and signs[after] == ",":
        number, after = number.scaleb(-3), after + 1
    point = signs.index(".") if "." in signs else -1
    whole_places = [i for i in places if point < 0 or i < point]
    decimal_places = [i for i in places if i not in whole_places]
    is_grouped = "," in signs[first : point if point > first else last]
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(decimal_places)), ROUND_HALF_UP)
    if rounded > _MOST:
        raise OverflowError
    digits, _point, decimals = f"{rounded:f}".partition(".")
    shown = dict(_whole(digits, whole_places, signs, is_grouped=is_grouped))
    shown |= _decimals(decimals, decimal_places, signs)
    told = []
    for i, (kind, text) in enumerate(tokens):
        if i in shown:
            told.append(shown[i])
        elif i == point:
            told.append(("" if whole_places else digits.lstrip("0")) + ",")
        elif not (kind == "sign" and text in ",@" and first < i < after):
            told.append(text)
    text = "".join(told).strip()
    return f"-{text}" if number < 0 and rounded else text


def _whole(
    digits: str, places: list[int], signs: list[str], *, is_grouped: bool
) -> list[tuple[int, str]]:
    """Return what each place before the comma shows; the first has all that goes beyond them."""
    digits = digits.lstrip("0")
    filled: list[tuple[int, str]] = []
    for n, i in enumerate(reversed(places)):
        is_first = n == len(places) - 1
        digit = (
            (digits[: len(digits) - n] if is_first else digits[len(digits) - n - 1 :][:1])
            if (n < len(digits))
            else {"0": "0", "?": " "}.get(signs[i], "")
        )
        if is_grouped:
            digit = _grouped(digit, n)
        filled.append((i, digit))
    return filled


def _grouped(digits: str, from_right: int) -> str:
    """Return digits, the last of which has `from_right` behind it, with the dots of thousands."""
    told = ""
    for n, digit in enumerate(reversed(digits)):
        at = from_right + n
        is_group = at > 0 and at % 3 == 0 and digit.isdigit()
        told = digit + ("." if is_group else "") + told
    return told


def _decimals(decimals: str, places: list[int], signs: list[str]) -> dict[int, str]:
    shown: dict[int, str] = {}
    is_needed = False
    for i, digit in reversed(list(zip(places, decimals, strict=False))):
        is_needed = is_needed or digit != "0" or signs[i] == "0"
        shown[i] = digit if is_needed else {"?": " "}.get(signs[i], "")
    return shown


def _scientific(number: Decimal, signs: str) -> str | None:
    mantissa = re.match(r"[0#?]*(?:\.([0#?]*))?", signs.lstrip("\x00"))
    decimals = len(mantissa[1] or "") if mantissa else 0
    return f"{float(number):.{decimals}E}".replace(".", ",")


def _fraction(number: Decimal, tokens: tuple[tuple[str, str], ...]) -> str | None:
    code = "".join(text for kind, text in tokens if kind == "sign")
    found = re.search(r"([0#?]*)\s*([0#?]+)\s*/\s*([0#?]+|\d+)", code)
    if not found:
        return None
    size = abs(number)
    whole = int(size) if found[1] else 0
    part = Fraction(size) - whole
    if found[3].isdigit() and int(found[3]):
        below = int(found[3])
        above = int((part * below) + Fraction(1, 2))
    else:
        nearest = part.limit_denominator(10 ** min(len(found[3]), 6) - 1)
        above, below = nearest.numerator, nearest.denominator
    if above == below and found[1]:
        whole, above = whole + 1, 0
    told = [str(whole)] if whole or not above else []
    told += [f"{above}/{below}"] if above else []
    return ("-" if number < 0 else "") + " ".join(told)
