"""Levels initial, expected and actual, for the methods that have that arithmetic.

It is a reckoning over an ordinal scale, which its authors call an abuse: it stands beside the
judgement a person motivated, and never in its place (docs/decisions/0096).
"""

import datetime
import tomllib
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("level_arithmetic.toml")


@dataclass(frozen=True, kw_only=True)
class LevelArithmetic:
    """What one measure of each kind takes away, in steps of the scale, and how long a level lasts.

    `years` after its day a judgement is too old to be lowered.
    """

    method: str
    general: Decimal
    specific: Decimal
    years: int
    since: datetime.date
    source: str
    sure: bool

    def lowered(self, ordinal: int, *, general: int, specific: int, lowest: int) -> int:
        """Return the place in the scale that is left after so many measures, rounded up."""
        left = ordinal - general * self.general - specific * self.specific
        return max(lowest, int(left.to_integral_value(ROUND_CEILING)))

    def is_void(self, judged_on: datetime.date | None, on: datetime.date) -> bool:
        """Tell whether a level judged on a day is too old on another; without a day it is."""
        if judged_on is None:
            return True
        until = (judged_on.year + self.years, judged_on.month, judged_on.day)
        return until < (on.year, on.month, on.day)


@cache
def level_arithmetics() -> dict[str, LevelArithmetic]:
    """Return what is known of each method, by its code."""
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["arithmetic"]
    numbers = ("general", "specific")
    return {
        row["method"]: LevelArithmetic(**row | {name: Decimal(row[name]) for name in numbers})
        for row in rows
    }
