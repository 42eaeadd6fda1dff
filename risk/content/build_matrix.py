"""Where a judgement stands between probability and impact, for methods that have both."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from registry.models import Process
from risk import scoring
from risk.enums import Dimension, MethodKind, Moment, Scale
from risk.models import Assessment, Level, MatrixCell, Method, Rating

Place = tuple[int, int]
"""The ordinals of a probability and of an impact."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Both scales of a method, lowest level first, and the level each pair of them gives."""

    method: Method
    probability: tuple[Level, ...]
    impact: tuple[Level, ...]
    results: dict[Place, Level]

    def side(self, dimension: Dimension) -> tuple[Level, ...]:
        """Return the levels of one side."""
        return self.probability if dimension == Dimension.PROBABILITY else self.impact


def axes_of(method: Method | None) -> Axes | None:
    """Return the axes of a method, None for one without both; no query for a qualitative one."""
    if method is None or method.kind == MethodKind.QUALITATIVE:
        return None
    by_scale: dict[str, list[Level]] = {scale.value: [] for scale in Scale}
    for level in Level.objects.filter(method=method).order_by("ordinal"):
        by_scale[level.scale].append(level)
    probability, impact = by_scale[Scale.PROBABILITY], by_scale[Scale.IMPACT]
    if not probability or not impact:
        return None
    if method.kind == MethodKind.MATRIX:
        cells = MatrixCell.objects.filter(method=method).select_related(
            "probability", "impact", "result"
        )
        results = {(row.probability.ordinal, row.impact.ordinal): row.result for row in cells}
    else:
        results = _products(probability, impact, by_scale[Scale.OVERALL])
    return Axes(method, tuple(probability), tuple(impact), results)


def _products(
    probability: list[Level], impact: list[Level], overall: list[Level]
) -> dict[Place, Level]:
    """Return the level of the highest product each pair of levels holds (criterion of prudence)."""
    bands = [(row.ordinal, row.min_score, row.max_score) for row in overall]
    by_ordinal = {row.ordinal: row for row in overall}
    found = {}
    for one in probability:
        for other in impact:
            ordinal = scoring.band_of(_top(one) * _top(other), bands)
            if ordinal is not None:
                found[one.ordinal, other.ordinal] = by_ordinal[ordinal]
    return found


def _top(level: Level) -> Decimal:
    """Return the highest score of a level; its place on the scale where it has none."""
    return Decimal(level.ordinal) if level.max_score is None else level.max_score


def place_of(axes: Axes, ratings: Iterable[Rating]) -> Place | None:
    """Return where the ratings of one assessment stand; None while a side is not graded."""
    ratings = list(ratings)
    found = [_ordinal(axes, ratings, side) for side in (Dimension.PROBABILITY, Dimension.IMPACT)]
    probability, impact = found
    return None if probability is None or impact is None else (probability, impact)


def _ordinal(axes: Axes, ratings: list[Rating], side: Dimension) -> int | None:
    rows = [row for row in ratings if row.indicator.dimension == side]
    if axes.method.kind == MethodKind.MATRIX:
        return scoring.most_frequent(row.level.ordinal for row in rows if row.level)
    mean = scoring.mean(scores_of(rows))
    if mean is None:
        return None
    return scoring.band_of(mean, [(row.ordinal, None, _top(row)) for row in axes.side(side)])


def scores_of(ratings: Iterable[Rating]) -> list[Decimal]:
    """Return the numbers given, by an answer or as they are."""
    scores = (row.answer.score if row.answer else row.score for row in ratings)
    return [score for score in scores if score is not None]


def judged_place(axes: Axes, process: Process) -> Place | None:
    """Return where a process stands: by its own judgement, else by its gravest behaviour's.

    The inherent risk by the method of the axes, with a level: as lists and figures count it.
    """
    own = _by_method(axes, process.assessments.all())
    if own:
        return place_of(axes, own[0].ratings.all())
    rows = [row for behaviour in process.behaviours.all() for row in behaviour.assessments.all()]
    judged = _by_method(axes, rows)
    if not judged:
        return None
    gravest = max(judged, key=lambda row: row.level.ordinal)
    return place_of(axes, gravest.ratings.all())


def _by_method(axes: Axes, assessments: Iterable[Assessment]) -> list[Assessment]:
    return [
        row
        for row in assessments
        if row.level_id and row.method_id == axes.method.pk and row.moment == Moment.INHERENT
    ]
