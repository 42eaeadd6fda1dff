"""Plain values as a person reads them: yes and no in words, a number without zeros nobody typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import localize, number_format
from django.utils.translation import gettext as _


def plain(number: Decimal) -> Decimal:
    """Return a number as a person writes it: 22 and not 22.000, 1000 and not 1E+3."""
    is_whole = number == number.to_integral()
    return number.quantize(Decimal(1)) if is_whole else number.normalize()


def readable(value: Any) -> str:
    """Return what is neither empty nor a row as a person reads it, in the language of the page."""
    if isinstance(value, bool):
        return _("sì") if value else _("no")
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
