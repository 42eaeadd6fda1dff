"""Assessing a process or a behaviour: one assessment and the ratings of its indicators, at once.

Their values travel flat, by name: "level" (the code of an overall level), "motivation",
"assessed_on", and for each question of the method "i1-grade" (a level's code, an answer's
position, or a number), "i1-motivation", "i1-evidence". Empty is "" for texts and grades.
"""

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from concurrency.exceptions import RecordModifiedError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import Act, act
from registry.kept_statements import KeptStatement
from registry.models import Process
from registry.readable import plain
from registry.readable import readable as read_out
from registry.services.editing import Clash, StaleRow
from registry.services.ordering import lock_open_annex
from registry.services.three_way_merge import three_way_merge
from risk.enums import Moment
from risk.models import Answer, Assessment, Level, Rating, RiskBehaviour
from risk.services.assessment.methods import MethodQuestion, MethodSheet

PARTS = ("grade", "motivation", "evidence")
Subject = Process | RiskBehaviour
Ratings = Mapping[int, Rating]


def column_of(subject: Subject) -> str:
    """Return the column of `Assessment` that points to a subject."""
    return "process" if isinstance(subject, Process) else "behaviour"


def stored_values(
    sheet: MethodSheet, assessment: Assessment | None, ratings: Ratings
) -> dict[str, Any]:
    """Return an assessment as flat values, all empty for None; `ratings` by indicator."""
    level = None
    if assessment is not None:
        level = next((row for row in sheet.overall if row.pk == assessment.level_id), None)
    values: dict[str, Any] = {
        "level": level.code if level else "",
        "motivation": assessment.motivation if assessment else "",
        "assessed_on": assessment.assessed_on if assessment else None,
    }
    for question in sheet.questions:
        rating = ratings.get(question.indicator.pk)
        values[f"{question.key}-grade"] = _grade_value(question, rating)
        values[f"{question.key}-motivation"] = rating.motivation if rating else ""
        values[f"{question.key}-evidence"] = rating.evidence if rating else ""
    return values


def _grade_value(question: MethodQuestion, rating: Rating | None) -> str | Decimal:
    if rating is None:
        return ""
    if rating.score is not None:
        return plain(rating.score)
    chosen = rating.answer_id or rating.level_id
    return next((value for value, grade in question.grades.items() if grade.pk == chosen), "")


def grades_in(sheet: MethodSheet, values: Mapping[str, Any]) -> dict[str, Level | Answer | Decimal]:
    """Return the grades that flat values give, by the key of their question."""
    grades = {}
    for question in sheet.questions:
        value = values.get(f"{question.key}-grade")
        grade = value if isinstance(value, Decimal) else question.grades.get(value)
        if grade is not None:
            grades[question.key] = grade
    return grades


def save_assessment(
    *,
    subject: Subject,
    sheet: MethodSheet,
    moment: Moment,
    values: Mapping[str, Any],
    version: int,
    by: Any,
    known: tuple[Assessment | None, Ratings] | None = None,
    is_read: bool = False,
) -> Assessment | None:
    """Write the flat `values` of one assessment, last seen by the person at `version` (0: none).

    A motivation that was copied is a draft no more once it is changed, or all of them are read and
    stand (`is_read`).

    The caller has checked the right and the form's rules, and may pass the assessment and ratings
    it has just read as `known`. Only what differs is written, in one act ("assess"); the
    assessment's version rises also when only a rating changes, so that a later save sees it.
    Returns the assessment, None when all is empty. Raises `StaleRow` when somebody changed the
    same values meanwhile, `ValidationError` when the annex has been closed meanwhile.
    """
    key = {column_of(subject): subject, "method": sheet.method, "moment": moment}
    how = {"version": version, "is_read": is_read}
    with act("assess", by=by) as opened:
        how["opened"] = opened
        # before the rows, as everybody: the guards hold the annex for whoever writes below it
        process = subject if isinstance(subject, Process) else subject.process
        lock_open_annex(process.annex_id)
        if known is not None:
            try:
                with transaction.atomic():
                    return _save(sheet, key, values, known=known, **how)
            except (IntegrityError, RecordModifiedError):
                # somebody wrote in the same instant: what was known is old, so it is read again
                pass
        try:
            with transaction.atomic():
                return _save(sheet, key, values, known=_read(key), **how)
        except IntegrityError:
            # the same assessment was made by another just now: there is a row to compare with
            return _save(sheet, key, values, known=_read(key), **how)


def _read(key: Mapping[str, Any]) -> tuple[Assessment | None, Ratings]:
    """Return an assessment, locked, and its ratings."""
    row = Assessment.objects.select_for_update().filter(**key).first()
    return row, ratings_of(row)


def _save(
    sheet, key, values, *, version: int, known, opened: Act, is_read: bool
) -> Assessment | None:
    # a refused save must leave what the caller knows as it was
    current, ratings = copy.deepcopy(known)
    saved = stored_values(sheet, current, ratings)
    typed = {name: values[name] for name in saved}
    if current is not None and current.version != version:
        shown = _values_at(sheet, current, version)
        typed, clashing = three_way_merge(shown=shown, typed=typed, saved=saved)
        if clashing:
            raise _stale(sheet, current, clashing, shown=shown, typed=typed, saved=saved)
    changed = {name for name, value in typed.items() if value != saved[name]}
    read = drafts_in(sheet, current, ratings) if is_read else set()
    if not changed | read:
        return current
    at = clock.now()
    row = current or Assessment(**key)
    row.level = sheet.overall_level(typed["level"])
    row.motivation = typed["motivation"]
    row.assessed_on = typed["assessed_on"]
    if "motivation" in changed | read:
        row.copied_digest = ""
    # The ratings of one act carry the same time, so that a past version can be put together.
    row._history_date = at
    row.clean_fields(exclude={"process", "behaviour", "method", "level", "origin"})
    row.save(force_update=current is not None)
    touched = [
        _rating(row, question, ratings.get(question.indicator.pk), typed, changed | read)
        for question in sheet.questions
        if any(f"{question.key}-{part}" in changed | read for part in PARTS)
    ]
    _write(touched, opened=opened, at=at)
    return row


def drafts_in(sheet: MethodSheet, row: Assessment | None, ratings: Ratings) -> set[str]:
    """Return the names of the motivations that are drafts copied from another judgement."""
    own = {"motivation"} if row is not None and row.is_draft else set()
    drafts = {key for key, rating in ratings.items() if rating.is_draft}
    return own | {
        f"{question.key}-motivation"
        for question in sheet.questions
        if question.indicator.pk in drafts
    }


def ratings_of(assessment: Assessment | None) -> dict[int, Rating]:
    """Return the ratings of an assessment by indicator; no query when there is none."""
    if assessment is None:
        return {}
    return {row.indicator_id: row for row in _RATINGS(assessment.pk)}


_RATINGS = KeptStatement(lambda assessment: Rating.objects.filter(assessment=assessment))


def _rating(
    assessment, question: MethodQuestion, current: Rating | None, values, changed: set[str]
) -> Rating:
    rating = current or Rating(assessment=assessment, indicator=question.indicator)
    value = values[f"{question.key}-grade"]
    grade = question.grades.get(value) if isinstance(value, str) else value
    rating.level = grade if isinstance(grade, Level) else None
    rating.answer = grade if isinstance(grade, Answer) else None
    rating.score = grade if isinstance(grade, Decimal) else None
    rating.motivation = values[f"{question.key}-motivation"]
    rating.evidence = values[f"{question.key}-evidence"]
    if f"{question.key}-motivation" in changed:
        rating.copied_digest = ""
    rating.clean_fields(exclude={"assessment", "indicator", "level", "answer"})
    return rating


def _write(ratings: list[Rating], *, opened: Act, at: datetime) -> None:
    """Insert or update ratings, and their history: two statements whatever their number."""
    if not ratings:
        return
    kinds = ["~" if rating.pk else "+" for rating in ratings]
    for rating in ratings:
        rating.version += 1
    columns = ["level", "answer", "score", "motivation", "evidence", "copied_digest", "version"]
    identities = {id(rating): (rating.pk, rating.uid) for rating in ratings if rating.pk}
    for rating in ratings:
        # One statement for new and old rows alike: an old one is told by assessment and indicator.
        if rating.pk:
            rating.pk, rating.uid = None, Rating._meta.get_field("uid").get_default()
    Rating.objects.bulk_create(
        ratings,
        update_conflicts=True,
        unique_fields=["assessment", "indicator"],
        update_fields=columns,
    )
    for rating in ratings:
        rating.pk, rating.uid = identities.get(id(rating), (rating.pk, rating.uid))
    past = Rating.history.model
    made = past.objects.bulk_create(
        past(
            history_type=kind,
            history_date=at,
            history_user=opened.by,
            history_change_reason=opened.mark,
            **{field.attname: getattr(rating, field.attname) for field in past.tracked_fields},
        )
        for kind, rating in zip(kinds, ratings, strict=True)
    )
    opened.touched.extend(made)


def _values_at(sheet: MethodSheet, row: Assessment, version: int) -> dict[str, Any] | None:
    """Return the flat values a version had, None when the history does not reach so far back."""
    if version == 0:
        return stored_values(sheet, None, {})
    record = row.history.filter(version=version).order_by("-history_id").first()
    if record is None:
        return None
    past = Rating.history.filter(assessment_id=row.pk, history_date__lte=record.history_date)
    ratings = {rating.indicator_id: rating.instance for rating in past.order_by("history_id")}
    return stored_values(sheet, record.instance, ratings)


def _stale(sheet, row: Assessment, clashing: Iterable[str], *, shown, typed, saved) -> StaleRow:
    last = row.history.select_related("history_user").first()
    return StaleRow(
        row=row,
        clashes=[
            Clash(
                field=name,
                label=label_of(sheet, name),
                shown=readable(sheet, name, (shown or {}).get(name)),
                typed=readable(sheet, name, typed[name]),
                saved=readable(sheet, name, saved[name]),
            )
            for name in clashing
        ],
        by=last and last.history_user,
        at=last and last.history_date,
    )


def label_of(sheet: MethodSheet, name: str) -> str:
    """Return how a flat value is called on the page."""
    key, _dash, part = name.rpartition("-")
    question = next((row for row in sheet.questions if row.key == key), None)
    if question is None:
        return str(Assessment._meta.get_field(name).verbose_name)
    parts = {
        "grade": _("misura"),
        "motivation": _("motivazione"),
        "evidence": _("dati ed evidenze"),
    }
    return f"{question.indicator.label}: {parts[part]}"


def readable(sheet: MethodSheet, name: str, value: Any) -> str:
    """Return a flat value as people read it."""
    if value in (None, ""):
        return _("(vuoto)")
    if name == "level":
        level = sheet.overall_level(value)
        return level.label if level else str(value)
    key = name.removesuffix("-grade")
    question = next((row for row in sheet.questions if row.key == key), None)
    if question is not None and value in question.grades:
        return question.grades[value].label
    return read_out(value)
