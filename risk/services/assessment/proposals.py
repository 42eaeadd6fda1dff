"""What a method would say of the grades given so far.

A proposal is never stored and never decides: a person does (PNA 2019, Allegato 1, criterio di
prudenza). A method added as data needs no code: its kind says how grades become a level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from risk.models import Answer, Level
from risk.scoring.kinds import Grade
from risk.services.assessment.methods import MethodQuestion, MethodSheet


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
    given = [_given(question, grades[question.key]) for question in asked]
    level, reason = sheet.method.scoring.propose(sheet.scales, given)
    highest = max(of_behaviours, key=lambda one: one.ordinal, default=None)
    if highest is not None and (level is None or highest.ordinal > level.ordinal):
        level = highest
        reason = _("il livello più alto fra i comportamenti a rischio del processo")
    return Proposal(level, reason, graded=len(asked), asked=len(sheet.questions))


def _given(question: MethodQuestion, grade: Any) -> Grade:
    """Return a grade as the kinds of method know it: a level, an answer's score, or a number."""
    level = grade if isinstance(grade, Level) else None
    score = grade.score if isinstance(grade, Answer) else grade
    return Grade(
        indicator=question.indicator.label,
        side=question.indicator.dimension,
        level=level,
        score=None if level else score,
    )
