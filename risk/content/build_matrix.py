"""Where a judgement stands between probability and impact, for methods that have both."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.models import Process
from risk.enums import Dimension, Moment, Scale
from risk.models import Assessment, Level, MatrixCell, Method, Rating
from risk.scoring.kinds import Grade, Place, Scales


@dataclass(frozen=True, slots=True)
class Axes:
    """Both scales of a method, lowest level first, and the level each pair of them gives."""

    method: Method
    scales: Scales
    results: dict[Place, Level]

    @property
    def probability(self) -> Sequence[Level]:
        return self.scales.probability

    @property
    def impact(self) -> Sequence[Level]:
        return self.scales.impact

    def side(self, dimension: Dimension) -> Sequence[Level]:
        """Return the levels of one side."""
        return self.probability if dimension == Dimension.PROBABILITY else self.impact


def scales_of(method: Method, levels: Iterable[Level]) -> Scales:
    """Return the scales of a method from its levels, lowest first; one query, for a matrix only."""
    by_scale: dict[str, list[Level]] = {scale.value: [] for scale in Scale}
    for level in levels:
        by_scale[level.scale].append(level)
    cells = {}
    if method.scoring.has_cells:
        rows = MatrixCell.objects.filter(method=method)
        sides = ("probability__ordinal", "impact__ordinal", "result__ordinal")
        cells = {(one, other): result for one, other, result in rows.values_list(*sides)}
    return Scales(
        overall=tuple(by_scale[Scale.OVERALL]),
        probability=tuple(by_scale[Scale.PROBABILITY]),
        impact=tuple(by_scale[Scale.IMPACT]),
        cells=cells,
        decimals=method.decimals,
    )


def axes_of(method: Method | None) -> Axes | None:
    """Return the axes of a method, None for one without both; no query for a kind without axes."""
    if method is None or not method.scoring.has_axes:
        return None
    scales = scales_of(method, Level.objects.filter(method=method).order_by("ordinal"))
    if not scales.probability or not scales.impact:
        return None
    by_ordinal = {level.ordinal: level for level in scales.overall}
    places = itertools.product(
        *((level.ordinal for level in side) for side in (scales.probability, scales.impact))
    )
    ordinal_at = {place: method.scoring.level_at(scales, place) for place in places}
    results = {
        place: by_ordinal[level] for place, level in ordinal_at.items() if level in by_ordinal
    }
    return Axes(method, scales, results)


def place_of(axes: Axes, ratings: Iterable[Rating]) -> Place | None:
    """Return where the ratings of one assessment stand; None while a side is not graded."""
    return axes.method.scoring.place(axes.scales, grades_of(ratings))


def grades_of(ratings: Iterable[Rating]) -> list[Grade]:
    """Return the grades given: a level, or a number by an answer or as it is."""
    return [
        Grade(
            indicator=row.indicator.label,
            side=row.indicator.dimension,
            level=row.level,
            score=row.answer.score if row.answer else row.score,
        )
        for row in ratings
    ]


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
