"""The kinds of method as data: one object each, asked wherever kinds differ.

A level is any object with the attributes of `Step`; nothing here knows a row or a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from risk.enums import Dimension, MethodKind
from risk.scoring import formulas

Value = TypeVar("Value")

Place = tuple[int, int]
"""The ordinals of a probability and of an impact."""


class Step(Protocol):
    """A level of a scale, as far as a method looks at it; a row of `risk.models.Level` is one."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def ordinal(self) -> int: ...
    @property
    def min_score(self) -> Decimal | None: ...
    @property
    def max_score(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Scales:
    """What the data of a method hold: its scales, lowest level first, and the cells of a matrix.

    `cells` give the ordinal of the overall level for the place of a probability and an impact.
    """

    overall: Sequence[Step]
    probability: Sequence[Step] = ()
    impact: Sequence[Step] = ()
    cells: Mapping[Place, int] = field(default_factory=dict)
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Grade:
    """What one indicator was given: a level of its scale, a number, or both of them."""

    indicator: str
    side: str
    level: Step | None = None
    score: Decimal | None = None

    @property
    def number(self) -> Decimal:
        """The score; for a level without one its place on the scale."""
        if self.score is not None:
            return self.score
        return Decimal(self.level.ordinal if self.level else 0)


@dataclass(frozen=True, slots=True)
class Calculation:
    """A level's calculation as printed: the sentence, and the number it ends with."""

    sentence: str
    result: str


Outcome = tuple[Step | None, str]
"""The level proposed, None while there is none, and the reason in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What a kind of method answers; every question has to be answered (docs/decisions/0021).

    `has_axes`: it grades a probability and an impact, so a judgement has a place between both.
    `in_words`: its grades in a file are levels, not numbers. `has_cells`: rows of its data say
    which level each place has. `propose` gives the level for grades; `place` where grades stand,
    None while a side is not graded; `level_at` the ordinal of the level a place has; `printed`
    the calculation behind a level, None for a kind that computes nothing; `review_years` after how
    many years a judgement has to be made again.
    """

    has_axes: bool
    review_years: int
    in_words: bool
    has_cells: bool
    propose: Callable[[Scales, Sequence[Grade]], Outcome]
    place: Callable[[Scales, Sequence[Grade]], Place | None]
    level_at: Callable[[Scales, Place], int | None]
    printed: Callable[[Scales, Sequence[Grade]], Calculation | None] | None

    def accepts(self, *, numbers: bool) -> bool:
        """Return whether a probability and an impact of a file, numbers or words, may be of it.

        A kind that reads numbers accepts words too: each is then refused at its place.
        """
        return self.has_axes and not (numbers and self.in_words)


def scoring_of(kind: str) -> Scoring:
    """Return what a kind of method answers."""
    return SCORINGS[MethodKind(kind)]


# qualitative: the gravest of the levels given


def _gravest(scales: Scales, grades: Sequence[Grade]) -> Outcome:
    """Propose the highest level graded, never an average (PNA 2019, All. 1)."""
    placed = [(_as_overall(scales, grade), grade.indicator) for grade in grades]
    graded = [(level, indicator) for level, indicator in placed if level is not None]
    top = _at(scales.overall, formulas.highest(level.ordinal for level, _indicator in graded))
    if top is None:
        return None, ""
    names = [indicator for level, indicator in graded if level == top]
    reason = _("il livello più alto fra gli indicatori (%(names)s)")
    return top, reason % {"names": "; ".join(names)}


def _as_overall(scales: Scales, grade: Grade) -> Step | None:
    """Return the overall level a grade stands for: same code, else the first as high or higher.

    A scored grade has the level whose band holds its score, where the method has bands.
    """
    level = grade.level
    if level is None:
        return _band(scales, grade.number)
    same = next((step for step in scales.overall if step.code == level.code), None)
    if same is not None:
        return same
    as_high = (step for step in scales.overall if step.ordinal >= level.ordinal)
    return next(as_high, scales.overall[-1] if scales.overall else None)


def _band(scales: Scales, score: Decimal) -> Step | None:
    bands = _bands(step for step in scales.overall if step.max_score is not None)
    return _at(scales.overall, formulas.band_of(score, bands))


def _bands(steps: Iterable[Step]) -> list[formulas.Band]:
    return [(step.ordinal, step.min_score, step.max_score) for step in steps]


def _at(steps: Iterable[Step], ordinal: int | None) -> Step | None:
    """Return the level at a place of one scale."""
    return next((step for step in steps if step.ordinal == ordinal), None)


def _no_place(scales: Scales, grades: Sequence[Grade]) -> Place | None:
    return None


def _no_level_at(scales: Scales, place: Place) -> int | None:
    return None


# product: mean of probability × mean of impact (PNA 2013, All. 5)


def _multiplied(scales: Scales, grades: Sequence[Grade]) -> Outcome:
    """Propose the level whose band holds the product; waits until both sides are graded."""
    numbers = _sides(grades, lambda grade: grade.number)
    risk = formulas.product(*numbers)
    calculation = _calculation(scales, numbers)
    if risk is None or calculation is None:
        return None, ""
    return _band(scales, risk), calculation.sentence


def _printed_product(scales: Scales, grades: Sequence[Grade]) -> Calculation | None:
    return _calculation(scales, _sides(grades, lambda grade: grade.score))


def _calculation(
    scales: Scales, numbers: tuple[list[Decimal], list[Decimal]]
) -> Calculation | None:
    risk = formulas.product(*numbers)
    means = [mean for side in numbers if (mean := formulas.mean(side)) is not None]
    if risk is None:
        return None
    one, other, result = (formulas.printed(number, scales.decimals) for number in (*means, risk))
    sentence = _("probabilità %(probability)s × impatto %(impact)s = %(risk)s")
    return Calculation(sentence % {"probability": one, "impact": other, "risk": result}, result)


def _place_of_means(scales: Scales, grades: Sequence[Grade]) -> Place | None:
    """Return the levels that hold the means of both sides, by the highest score of each level."""
    means = [formulas.mean(side) for side in _sides(grades, lambda grade: grade.score)]
    probability, impact = (
        None if mean is None else formulas.band_of(mean, [(s.ordinal, None, _top(s)) for s in side])
        for mean, side in zip(means, (scales.probability, scales.impact), strict=True)
    )
    return None if probability is None or impact is None else (probability, impact)


def _level_of_product(scales: Scales, place: Place) -> int | None:
    """Return the level of the highest product a pair of levels holds (criterion of prudence)."""
    one, other = (
        _at(steps, ordinal)
        for steps, ordinal in zip((scales.probability, scales.impact), place, strict=True)
    )
    if one is None or other is None:
        return None
    return formulas.band_of(_top(one) * _top(other), _bands(scales.overall))


def _top(step: Step) -> Decimal:
    """Return the highest score of a level; its place on the scale where it has none."""
    return Decimal(step.ordinal) if step.max_score is None else step.max_score


# matrix: a level for each pair of a probability and an impact


def _looked_up(scales: Scales, grades: Sequence[Grade]) -> Outcome:
    """Propose what the matrix gives for the modes of both sides; waits until both are graded."""
    probability, impact = (_mode(side) for side in _sides(grades, lambda grade: grade.level))
    if probability is None or impact is None:
        return None, ""
    pair = {"probability": probability.label, "impact": impact.label}
    try:
        result = formulas.matrix_result(probability.ordinal, impact.ordinal, scales.cells)
    except KeyError:
        missing = _("la matrice del metodo non ha la cella %(probability)s × %(impact)s")
        return None, missing % pair
    return _at(scales.overall, result), _("probabilità %(probability)s × impatto %(impact)s") % pair


def _place_of_modes(scales: Scales, grades: Sequence[Grade]) -> Place | None:
    probability, impact = (_mode(side) for side in _sides(grades, lambda grade: grade.level))
    if probability is None or impact is None:
        return None
    return probability.ordinal, impact.ordinal


def _mode(levels: Sequence[Step]) -> Step | None:
    return _at(levels, formulas.most_frequent(level.ordinal for level in levels))


def _level_of_cell(scales: Scales, place: Place) -> int | None:
    return scales.cells.get(place)


def _sides(
    grades: Iterable[Grade], value_of: Callable[[Grade], Value | None]
) -> tuple[list[Value], list[Value]]:
    """Return what the grades of probability and of impact have, where they have it."""
    sides: dict[str, list[Value]] = {Dimension.PROBABILITY: [], Dimension.IMPACT: []}
    for grade in grades:
        value = value_of(grade)
        if grade.side in sides and value is not None:
            sides[grade.side].append(value)
    return sides[Dimension.PROBABILITY], sides[Dimension.IMPACT]


SCORINGS: dict[MethodKind, Scoring] = {
    MethodKind.QUALITATIVE: Scoring(
        has_axes=False,
        review_years=3,
        in_words=True,
        has_cells=False,
        propose=_gravest,
        place=_no_place,
        level_at=_no_level_at,
        printed=None,
    ),
    MethodKind.PRODUCT: Scoring(
        has_axes=True,
        review_years=3,
        in_words=False,
        has_cells=False,
        propose=_multiplied,
        place=_place_of_means,
        level_at=_level_of_product,
        printed=_printed_product,
    ),
    MethodKind.MATRIX: Scoring(
        has_axes=True,
        review_years=3,
        in_words=True,
        has_cells=True,
        propose=_looked_up,
        place=_place_of_modes,
        level_at=_level_of_cell,
        printed=None,
    ),
}
