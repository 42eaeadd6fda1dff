"""How a method comes to a level: pure functions over places on a scale and numbers.

Every result is a proposal. The level of an assessment is the motivated decision of a person (PNA
2019, All. 1: the qualitative judgement prevails over a mere calculation). A level is known here by
its ordinal, the higher the graver, because names mislead: for ANCI "alto" is above "critico".
Numbers are `Decimal`, never `float`, so that what is printed is what was computed.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

Side = TypeVar("Side", bound=Hashable)
Result = TypeVar("Result")

Band = tuple[int, Decimal | None, Decimal | None]
"""Ordinal of a level, lower and upper bound of its scores; None where it has no end."""

_FINEST = Decimal("1e-9")
"""Far below any printed digit, far above what one division cuts off."""


def highest(ordinals: Iterable[int]) -> int | None:
    """Return the gravest of the grades, None without any.

    PNA 2019, All. 1: indicators are not averaged, and where events of one object have different
    levels the highest tells the exposure of the whole (criterion of prudence).
    """
    return max(ordinals, default=None)


def most_frequent(ordinals: Iterable[int]) -> int | None:
    """Return the grade met most often, the gravest of those met equally often; None without any.

    ANCI, Quaderno 20: probability and impact are the mode of their variables. The source does not
    say what happens on a tie; the criterion of prudence decides.
    """
    times = Counter(ordinals)
    return max(times, key=lambda ordinal: (times[ordinal], ordinal), default=None)


def mean(scores: Collection[Decimal]) -> Decimal | None:
    """Return the arithmetic mean, not rounded; None without scores (PNA 2013, All. 5)."""
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def product(probability: Collection[Decimal], impact: Collection[Decimal]) -> Decimal | None:
    """Return mean of probability × mean of impact, not rounded; None while a side is empty.

    PNA 2013, All. 5. Sums are multiplied first and divided once, so that no digit is cut twice.
    """
    if not probability or not impact:
        return None
    total = sum(probability, Decimal(0)) * sum(impact, Decimal(0))
    return total / (len(probability) * len(impact))


def agrees(probability: Decimal, impact: Decimal, result: Decimal) -> bool:
    """Return whether a printed result can be the product of two printed factors.

    Each may have been rounded to its last digit after the product was computed ("2,7 × 1,5 = 4,1",
    "3,33 × 1,75 = 5,83"), so the result may be off by what those halves of a digit come to. A
    factor without decimals is taken as exact.
    """
    one, other = (
        _half_digit(side) if _digits(side) else Decimal(0) for side in (probability, impact)
    )
    off = one * impact + other * probability + one * other + _half_digit(result)
    return abs(probability * impact - result) <= off


def _digits(number: Decimal) -> int:
    """Return how many decimals a number is written with."""
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _half_digit(number: Decimal) -> Decimal:
    """Return half of the last decimal a number is written with; 0,5 for a whole number."""
    return Decimal(5).scaleb(-_digits(number) - 1)


def band_of(score: Decimal, bands: Iterable[Band]) -> int | None:
    """Return the ordinal of the lowest band whose upper bound `score` does not exceed.

    None above them all. A band holds its upper bound and not its lower one, and a score in a hole
    between two bands (5,5 between 1–5 and 6–15) belongs to the upper one: where in doubt,
    prudence. The PNA 2013 fixes no bands; they are data of the method.
    """
    # mean(10/6) × 3 is 5 and not the 5.000…01 that a cut last digit makes of it
    exact = score.quantize(_FINEST)
    for ordinal, _lower, upper in sorted(bands, key=lambda band: band[0]):
        if upper is None or exact <= upper:
            return ordinal
    return None


def matrix_result(
    probability: Side | None, impact: Side | None, cells: Mapping[tuple[Side, Side], Result]
) -> Result | None:
    """Return what the matrix gives for a probability and an impact.

    None while a side is unknown. Raises `KeyError` for a pair the matrix lacks: such a method is
    not complete and must not pass for one without result.
    """
    if probability is None or impact is None:
        return None
    return cells[probability, impact]


def printed(score: Decimal, decimals: int = 2) -> str:
    """Return a score as printed: decimal comma, halves rounded up, zeros kept ("5,83", "4,00")."""
    rounded = score.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded:f}".replace(".", ",")
