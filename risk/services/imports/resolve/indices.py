"""Indices a file gives in numbers, as bodies do that weigh by PNA 2013: answers with a score."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from risk.models import Answer, Indicator, Level, Method
from risk.scoring.kinds import Grade
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import Ledger
from risk.services.imports.parse.cells import decimal_of
from risk.services.imports.resolve.scores import Scored, ScoreLookup, comma

Graded = Level | Answer | Decimal


class IndexLookup:
    """Finds what the number of one index after the other stands for."""

    def __init__(self, scores: ScoreLookup, ledger: Ledger) -> None:
        self._scores = scores
        self._ledger = ledger
        self._answers: dict[int, dict[tuple[int, Decimal], Answer]] = {}

    def grade(self, method: Method, indicator: Indicator, cell: FileCell) -> Graded | None:
        """Return the answer that has a number as its score, or the number where there are none.

        None for what is no number, and for a number nobody can answer: it is left out and noted.
        """
        number = decimal_of(cell.value)
        if number is None:
            return None
        answers = self._of(method)
        if found := answers.get((indicator.pk, number)):
            return found
        if not any(pk == indicator.pk for pk, _score in answers):
            return number
        reason = _("«%(indicator)s» non ha una risposta da %(number)s: lasciato fuori.") % {
            "indicator": indicator.label,
            "number": comma(number),
        }
        self._ledger.note(cell, reason)
        self._ledger.leave_out(cell, _("celle senza effetto"), reason)
        return None

    def compare(
        self, method: Method, printed: Level, grades: Mapping[Indicator, Any], cell: FileCell
    ) -> None:
        """Note that the level a file prints is another one than its indices give."""
        given = [
            Grade(row.label, row.dimension, score=getattr(grade, "score", grade))
            for row, grade in grades.items()
            if not isinstance(grade, Level)
        ]
        level, told = method.scoring.propose(self._scores.scales_of(method), given)
        if given and isinstance(level, Level):
            self._scores.compare(printed, Scored(level=level, told=told), cell)

    def _of(self, method: Method) -> dict[tuple[int, Decimal], Answer]:
        if method.pk not in self._answers:
            rows = Answer.objects.filter(indicator__method=method)
            self._answers[method.pk] = {
                (row.indicator_id, row.score): row for row in rows if row.score is not None
            }
        return self._answers[method.pk]
