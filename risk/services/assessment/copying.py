"""The same judgement as another row: its levels, and its motivations as drafts to be read.

What is copied is the level with its motivation, and of each indicator that was graded the grade
with its motivation. Evidence is of the row it was found in and stays there; what the other row does
not say stays as it is (docs/decisions/0064).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.acts import Act, act
from registry.models import Process
from registry.services.bulk import create_in_bulk, update_in_bulk
from registry.services.ordering import lock_open_annex
from risk.enums import Moment
from risk.models import Assessment, Method, Rating
from risk.models.assessments import text_digest
from risk.services.assessment.assessments import Subject, column_of
from risk.services.assessment.sources import JudgedRow

GRADE = ("level", "answer", "score")
_OF_ASSESSMENT = ("level", "motivation", "assessed_on", "copied_digest")
_OF_RATING = (*GRADE, "motivation", "copied_digest")


@dataclass(frozen=True)
class RatedAssessment:
    """An assessment with its ratings by indicator; neither where nothing was judged yet."""

    assessment: Assessment | None = None
    ratings: Mapping[int, Rating] | None = None

    @property
    def version(self) -> int:
        return self.assessment.version if self.assessment else 0

    @property
    def has_level(self) -> bool:
        return self.assessment is not None and bool(self.assessment.level_id)

    @property
    def grades(self) -> Mapping[int, Rating]:
        """The ratings by indicator, those without a grade left out."""
        rows = self.ratings or {}
        return {key: row for key, row in rows.items() if is_graded(row)}

    @property
    def says_something(self) -> bool:
        """Whether there is a level, a grade or a motivation."""
        row, rows = self.assessment, (self.ratings or {}).values()
        own = row is not None and bool(row.level_id or row.motivation)
        return own or any(is_graded(one) or one.motivation for one in rows)

    def is_as(self, source: "RatedAssessment") -> bool:
        """Return whether all that would be copied from `source` is said here already."""
        row, other = self.assessment, source.assessment
        if row is None or other is None:
            return False
        own = (row.level_id, row.motivation) == (other.level_id, other.motivation)
        mine = self.ratings or {}
        return own and all(_is_same(mine.get(key), one) for key, one in source.grades.items())


def grade_of(rating: Rating) -> Any:
    """Return the grade of a rating: a level, an answer or a number; None without any."""
    return rating.level or rating.answer or rating.score


def is_graded(rating: Rating) -> bool:
    """Return whether a rating has a grade; nothing is read."""
    return bool(rating.level_id or rating.answer_id) or rating.score is not None


def _is_same(rating: Rating | None, other: Rating) -> bool:
    if rating is None:
        return False
    columns = ("level_id", "answer_id", "score", "motivation")
    return all(getattr(rating, name) == getattr(other, name) for name in columns)


def judgements_of(
    subjects: Sequence[Subject], *, method: Method, moment: Moment
) -> dict[int, RatedAssessment]:
    """Return the judgements of processes, or of behaviours, by their keys; two statements."""
    if not subjects:
        return {}
    column = column_of(subjects[0])
    rows = Assessment.objects.filter(
        method=method, moment=moment, **{f"{column}__in": [row.pk for row in subjects]}
    ).select_related("level")
    return _with_ratings(list(rows), column)


def source_of(source: JudgedRow, *, method: Method, moment: Moment) -> RatedAssessment:
    """Return the judgement of a row by a method, empty where it has none; two statements."""
    rows = Assessment.objects.filter(
        method=method, moment=moment, **{f"{source.column}__uid": source.uid}
    ).select_related("level")
    return next(iter(_with_ratings(list(rows), source.column).values()), RatedAssessment())


def _with_ratings(rows: Sequence[Assessment], column: str) -> dict[int, RatedAssessment]:
    ratings: dict[int, dict[int, Rating]] = {row.pk: {} for row in rows}
    found = Rating.objects.filter(assessment__in=list(ratings)) if ratings else ()
    if ratings:
        found = found.select_related("level", "answer", "indicator").order_by("indicator__position")
    for rating in found:
        ratings[rating.assessment_id][rating.indicator_id] = rating
    return {getattr(row, f"{column}_id"): RatedAssessment(row, ratings[row.pk]) for row in rows}


def write_copies(
    subjects: Sequence[Subject],
    *,
    source: RatedAssessment,
    known: Mapping[int, RatedAssessment],
    opened: Act,
) -> None:
    """Give subjects the judgement of `source`, its motivations as drafts, inside an open act.

    `known` are their judgements now, read under the lock. Six statements and their history at most.
    """
    origin = source.assessment
    if origin is None:
        raise ValueError("nothing to copy")
    created, changed, rows = [], [], []
    for subject in subjects:
        row = known.get(subject.pk, RatedAssessment()).assessment
        if row is None:
            key = {column_of(subject): subject, "method_id": origin.method_id}
            row = Assessment(**key, moment=origin.moment, version=1)
            created.append(row)
        else:
            changed.append(row)
        row.level, row.motivation = origin.level, origin.motivation
        # whoever reads it decides, and then it has a day
        row.assessed_on, row.copied_digest = None, text_digest(origin.motivation)
        rows.append(row)
    create_in_bulk(created, kind=opened.kind, by=opened.by)
    update_in_bulk(changed, fields=_OF_ASSESSMENT, opened=opened)
    _write_ratings(subjects, rows, source=source, known=known, opened=opened)


def _write_ratings(
    subjects: Sequence[Subject],
    rows: Sequence[Assessment],
    *,
    source: RatedAssessment,
    known: Mapping[int, RatedAssessment],
    opened: Act,
) -> None:
    created, changed = [], []
    for subject, row in zip(subjects, rows, strict=True):
        mine = known.get(subject.pk, RatedAssessment()).ratings or {}
        for key, one in source.grades.items():
            rating = mine.get(key)
            if rating is None:
                rating = Rating(assessment=row, indicator_id=key, version=1)
                created.append(rating)
            else:
                changed.append(rating)
            for name in (*GRADE, "motivation"):
                setattr(rating, name, getattr(one, name))
            rating.copied_digest = text_digest(one.motivation)
    create_in_bulk(created, kind=opened.kind, by=opened.by)
    update_in_bulk(changed, fields=_OF_RATING, opened=opened)


def copy_judgement(
    *,
    source: JudgedRow,
    subject: Subject,
    method: Method,
    moment: Moment,
    version: int,
    replaces: bool,
    by: Any,
) -> None:
    """Give one subject the judgement of another row of its annex; one act ("copy-judgement").

    `version` is that of the assessment as the person saw it (0: none), `replaces` whether they know
    that there is one already. Raises `ValidationError` where it has changed meanwhile, where there
    is something that is not to be replaced, and where there is nothing to copy.
    """
    with act("copy-judgement", by=by) as opened:
        process = subject if isinstance(subject, Process) else subject.process
        lock_open_annex(process.annex_id)
        known = judgements_of([subject], method=method, moment=moment)
        current = known.get(subject.pk, RatedAssessment())
        if current.version != version:
            raise ValidationError(
                _("Nel frattempo la valutazione è cambiata: rileggila prima di copiarne un’altra.")
            )
        if current.says_something and not replaces:
            raise ValidationError(
                _("C’è già una valutazione: spunta che può essere sostituita, o lasciala com’è.")
            )
        found = source_of(source, method=method, moment=moment)
        refuse_nothing_to_copy(found, source, subjects=[subject])
        write_copies([subject], source=found, known=known, opened=opened)


def refuse_nothing_to_copy(
    found: RatedAssessment, source: JudgedRow, *, subjects: Sequence[Subject] = ()
) -> None:
    """Raise `ValidationError` where a row has no level to be copied, or is the row itself."""
    if not found.has_level:
        raise ValidationError(
            _("«%(row)s» non ha un livello con questo metodo: non c’è nulla da copiare.")
            % {"row": source.text}
        )
    if any(row.uid == source.uid for row in subjects):
        raise ValidationError(_("È la stessa riga: scegline un’altra."))
