"""The judgements of a file beside those of the register, with their grades."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from registry.services.new_rows import new_row
from risk.enums import Moment
from risk.models import Answer, Assessment, Indicator, Level, Rating
from risk.services.imports.compare.changes import ChangeSet
from risk.services.imports.compare.emptied import EmptiedCells
from risk.services.imports.compare.register import Register
from risk.services.imports.resolve.resolved import ResolvedAssessment, ResolvedProcess
from risk.services.imports.resolve.scores import comma

_GRADES = {"level": Level, "answer": Answer}
"""The columns of a grade that is a row."""


class ScoreComparison:
    """Compares the grade of one indicator after the other."""

    def __init__(self, register: Register, changes: ChangeSet) -> None:
        self._register = register
        self._changes = changes

    def compare(
        self, assessment: Assessment, indicator: Indicator, grade: Any, process: ResolvedProcess
    ) -> None:
        """Add the grade of an indicator: a level, an answer, or a score."""
        column = next((name for name, kind in _GRADES.items() if isinstance(grade, kind)), "score")
        row = None
        if assessment.pk:
            row = self._register.ratings.get((assessment.pk, indicator.pk))
        if row is None:
            row = new_row(Rating, assessment=assessment, indicator=indicator, **{column: grade})
            told = comma(grade) if isinstance(grade, Decimal) else grade
            self._changes.create(row, process, f"{indicator.label}: {told}")
        else:
            # a grade of one kind takes the place of one of another
            values = {name: None for name in (*_GRADES, "score") if name != column}
            self._changes.settle(row, {**values, column: grade}, None, process, indicator.label)


class AssessmentComparison:
    """Compares one judgement after the other with the one there is by its method."""

    def __init__(self, register: Register, changes: ChangeSet, emptied: EmptiedCells) -> None:
        self._register = register
        self._changes = changes
        self._emptied = emptied
        self._scores = ScoreComparison(register, changes)
        self._own = {row.uid: row for row in register.assessments.values()}

    def compare(
        self,
        kind: str,
        subject: Any,
        said: ResolvedAssessment | None,
        process: ResolvedProcess,
        is_new: bool,
    ) -> None:
        """Add what has to be written of the judgement of a process or a behaviour."""
        if said is None:
            return
        parsed = said.parsed
        own = self._own.get(parsed.uid) if parsed.uid else None
        if own is not None and not self._is_of(own, kind, subject):
            # whoever has made the id up would read and change the judgement of another row
            own, parsed.uid = None, None
        if said.level is None and not said.grades and not parsed.motivation and not own:
            return
        known = own
        if not is_new and known is None:
            known = self._register.assessments.get((kind, subject.pk, said.method.pk))
        if known is None:
            known = self._create(kind, subject, said, process)
        else:
            self._settle(known, subject, said, process, is_own=own is not None)
        for indicator, grade in said.grades.items():
            self._scores.compare(known, indicator, grade, process)

    def compare_residual(
        self,
        kind: str,
        subject: Any,
        said: ResolvedAssessment | None,
        process: ResolvedProcess,
        is_new: bool,
    ) -> None:
        """Add what has to be written of the residual level of a process or a behaviour."""
        if said is None or said.level is None:
            return
        known = None if is_new else self._register.residual.get((kind, subject.pk, said.method.pk))
        if known is not None:
            label = _("%(subject)s (rischio residuo)") % {"subject": subject}
            self._changes.settle(known, {"level": said.level}, None, process, label)
            return
        row = new_row(
            Assessment,
            **{kind: subject},
            method=said.method,
            moment=Moment.RESIDUAL,
            level=said.level,
        )
        self._changes.create(row, process, _("%(level)s (residuo)") % {"level": said.level.label})

    def _create(
        self, kind: str, subject: Any, said: ResolvedAssessment, process: ResolvedProcess
    ) -> Assessment:
        row = new_row(
            Assessment,
            **{kind: subject},
            method=said.method,
            moment=Moment.INHERENT,
            level=said.level,
            motivation=said.parsed.motivation,
        )
        label = said.level.label if said.level else str(said.method)
        self._changes.create(row, process, label)
        return row

    def _settle(
        self,
        row: Assessment,
        subject: Any,
        said: ResolvedAssessment,
        process: ResolvedProcess,
        *,
        is_own: bool,
    ) -> None:
        cell = said.parsed.level
        # an empty cell of ours may say that there is none, in other files it says nothing
        is_cleared = is_own and not (cell and cell.text)
        if is_cleared:
            is_cleared = self._emptied.clears_level(row, said.parsed, process.parsed)
        values: dict[str, Any] = {"level": said.level} if said.level or is_cleared else {}
        if said.parsed.motivation or is_own:
            values["motivation"] = said.parsed.motivation
        self._changes.settle(row, values, said.parsed, process, str(subject))

    def _is_of(self, own: Assessment, kind: str, subject: Any) -> bool:
        """Whether a judgement is of a row, or of a behaviour of the process that is judged."""
        if subject.pk and getattr(own, f"{kind}_id") == subject.pk:
            return True
        rows = self._register.behaviours[subject.pk] if kind == "process" else ()
        return own.behaviour_id is not None and own.behaviour_id in {row.pk for row in rows}
