"""Assessments as they were written before their records told of the grades as well."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.utils import timezone

from registry import trail
from registry.trail.records import history_line

_keys = count(1)


def past_of(name: str, act: UUID, **values: Any) -> Any:
    """Return a row of a history, not saved, with the mark of an act of assessing."""
    return apps.get_model("risk", f"Historical{name}")(
        id=next(_keys),
        uid=uuid4(),
        version=1,
        history_type="+",
        history_date=timezone.now(),
        history_change_reason=f"assess:{act}",
        **values,
    )


def grade_of(act: UUID) -> Any:
    """Store and return the history of a grade, of which no record tells."""
    row = past_of("Rating", act, motivation="Pochi casi.")
    row.save(force_insert=True)
    return row


def assess_as_before(*, grades: int) -> None:
    """Store an assessment with its grades, as history rows, and the record of the former alone."""
    act = uuid4()
    assessment = past_of("Assessment", act, motivation="Interessi noti.")
    assessment.save(force_insert=True)
    for _grade in range(grades):
        grade_of(act)
    trail.write(kind="assess", by=None, uid=act, lines=[history_line(assessment)])
