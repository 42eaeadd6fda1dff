"""Plain values as a person reads and writes them: yes and no, numbers, codes of processes."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import localize, number_format
from django.utils.translation import gettext as _

_CODE = re.compile(
    r"(?:n(?:um)?\s*[.°º]?\s*)?"
    r"(?:\d{1,4}\s*-?\s*(?:bis|ter|quater|quinquies|sexies|[a-z])\b"
    r"|[A-Z]{1,4}[._-]?\d{1,4}[a-z]?(?:[._-]\d{1,4}[a-z]?)*"
    r"|[A-Z][.)]\d{1,4}(?:\.\d{1,4})*"
    r"|\d{1,4}(?:[.\-/]\d{1,4})+)"
    r"\.?[)\].:–-]?(?=\s|$)",
)
_COUNTING = re.compile(r"^\s*n(?:um)?\s*[.°º]?\s*(?=\d)")


def plain(number: Decimal) -> Decimal:
    """Return a number as a person writes it: 22 and not 22.000, 1000 and not 1E+3."""
    is_whole = number == number.to_integral()
    return number.quantize(Decimal(1)) if is_whole else number.normalize()


def readable(value: Any) -> str:
    """Return what is neither empty nor a row as a person reads it, in the language of the page."""
    if isinstance(value, bool):
        return _("sì") if value else _("no")
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return str(localize(plain(value) if isinstance(value, Decimal) else value))


def numbered(number: int | str, code: str) -> str:
    """Return the number of a process and, beside it, the code it has of its own: 1 (A1)."""
    return f"{number} ({code})" if code else str(number)


def named(number: int | str, code: str, title: str) -> str:
    """Return number, code and title of a process as annexes print them: n. 1 (A1) Gestione."""
    return f"n. {numbered(number, code)} {title}"


def grouped(number: int) -> str:
    """Return a number with the dots of its thousands: 80.888."""
    return number_format(number, force_grouping=True)


def all_grouped(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a sentence is filled with, its whole numbers with the dots of their thousands."""
    return {name: grouped(value) if type(value) is int else value for name, value in values.items()}


def code_of(text: str) -> str:
    """Return the code that is no integer before a title, "" where there is none."""
    match = _CODE.match(text.strip())
    return match[0].strip() if match else ""


def whole_code(text: str) -> str:
    """Return a text that is nothing but a code, bare, "" of any other and of a plain number."""
    said = code_of(text)
    return bare_code(said) if said and said == text.strip() else ""


def bare_code(text: str) -> str:
    """Return a code without what counts it and what parts it from a title: "n. 4 bis)" is 4 bis."""
    return _COUNTING.sub("", text).strip().rstrip(".)]:–- ").strip()
