"""What a method would say of the grades given so far.

A proposal is never stored and never decides: a person does (PNA 2019, Allegato 1, criterio di
prudenza). A method added as data needs no code: its kind says how grades become a level.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from risk import scoring
from risk.enums import Dimension, MethodKind
from risk.models import Answer, Level
from risk.services.assessment.methods import MethodSheet, Question


@dataclass(frozen=True)
class Proposal:
    """What the method would say of the grades given so far, and why."""

    level: Level | None
    reason: str
    graded: int
    asked: int

    @property
    def is_partial(self) -> bool:
        return self.graded < self.asked


Grades = Mapping[str, Level | Answer | Decimal]
"""Grades given so far, by the key of their question."""


def propose(sheet: MethodSheet, grades: Grades, *, of_behaviours: Sequence[Level] = ()) -> Proposal:
    """Return the level the method proposes for the grades given so far.

    Qualitative: the highest level graded, never an average; `of_behaviours` are the levels already
    decided for the behaviours of the same process, and the highest counts (PNA 2019, All. 1). The
    other kinds compute probability and impact, and wait until both are known.
    """
    asked = [question for question in sheet.questions if question.key in grades]
    build = {
        MethodKind.QUALITATIVE: _highest,
        MethodKind.PRODUCT: _product,
        MethodKind.MATRIX: _matrix,
    }[MethodKind(sheet.method.kind)]
    level, reason = build(sheet, asked, grades)
    highest = _at(of_behaviours, scoring.highest(found.ordinal for found in of_behaviours))
    if highest is not None and (level is None or highest.ordinal > level.ordinal):
        level = highest
        reason = _("il livello più alto fra i comportamenti a rischio del processo")
    return Proposal(level, reason, graded=len(asked), asked=len(sheet.questions))


Outcome = tuple[Level | None, str]


def _highest(sheet: MethodSheet, asked: list[Question], grades: Grades) -> Outcome:
    found = [(_as_overall(sheet, grades[question.key]), question) for question in asked]
    graded = [(level, question) for level, question in found if level is not None]
    top = _at(sheet.overall, scoring.highest(level.ordinal for level, _question in graded))
    names = [question.indicator.label for level, question in graded if level == top]
    if top is None:
        return None, ""
    reason = _("il livello più alto fra gli indicatori (%(names)s)")
    return top, reason % {"names": "; ".join(names)}


def _as_overall(sheet: MethodSheet, grade: Any) -> Level | None:
    """Return the overall level a grade stands for: same code, else the first as high or higher.

    A scored grade has the level whose band holds its score, where the method has bands.
    """
    if not isinstance(grade, Level):
        return _band(sheet, grade.score if isinstance(grade, Answer) else grade)
    same = sheet.overall_level(grade.code)
    if same is not None:
        return same
    as_high = (level for level in sheet.overall if level.ordinal >= grade.ordinal)
    return next(as_high, sheet.overall[-1] if sheet.overall else None)


def _band(sheet: MethodSheet, score: Decimal) -> Level | None:
    bands = [
        (level.ordinal, level.min_score, level.max_score)
        for level in sheet.overall
        if level.max_score is not None
    ]
    return _at(sheet.overall, scoring.band_of(score, bands))


def _at(levels: Iterable[Level], ordinal: int | None) -> Level | None:
    """Return the level at a place of one scale."""
    return next((level for level in levels if level.ordinal == ordinal), None)


def _product(sheet: MethodSheet, asked: list[Question], grades: Grades) -> Outcome:
    probability, impact = (
        [_score(grades[question.key]) for question in _of_side(asked, side)]
        for side in (Dimension.PROBABILITY, Dimension.IMPACT)
    )
    risk = scoring.product(probability, impact)
    if risk is None:
        return None, ""
    decimals = sheet.method.decimals
    reason = _("probabilità %(probability)s × impatto %(impact)s = %(risk)s") % {
        "probability": scoring.printed(scoring.mean(probability), decimals),
        "impact": scoring.printed(scoring.mean(impact), decimals),
        "risk": scoring.printed(risk, decimals),
    }
    return _band(sheet, risk), reason


def _matrix(sheet: MethodSheet, asked: list[Question], grades: Grades) -> Outcome:
    probability, impact = (
        _most_frequent([grades[question.key] for question in _of_side(asked, side)])
        for side in (Dimension.PROBABILITY, Dimension.IMPACT)
    )
    if probability is None or impact is None:
        return None, ""
    pair = {"probability": probability.label, "impact": impact.label}
    try:
        result = scoring.matrix_result(probability.pk, impact.pk, sheet.cells)
    except KeyError:
        missing = _("la matrice del metodo non ha la casella %(probability)s × %(impact)s")
        return None, missing % pair
    level = next(level for level in sheet.overall if level.pk == result)
    return level, _("probabilità %(probability)s × impatto %(impact)s") % pair


def _most_frequent(levels: list[Level]) -> Level | None:
    return _at(levels, scoring.most_frequent(level.ordinal for level in levels))


def _of_side(asked: Iterable[Question], side: Dimension) -> list[Question]:
    return [question for question in asked if question.indicator.dimension == side]


def _score(grade: Any) -> Decimal:
    """Return the number of a grade: an answer's score, a level's place, or the number itself."""
    if isinstance(grade, Answer):
        return grade.score
    return Decimal(grade.ordinal) if isinstance(grade, Level) else grade
