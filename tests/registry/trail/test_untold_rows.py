"""Grades whose records do not tell of them: those of before an upgrade are held to what it told.

`tests/project/test_migrations.py` makes the upgrade itself.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from registry import clock, trail
from registry.models import Phase, TrailRecord
from registry.services.trail_rows import row_findings
from registry.services.untold_rows import KIND, UPGRADE, tell_untold_rows
from registry.trail.records import history_line
from tests.untold_grades import assess_as_before, grade_of

pytestmark = pytest.mark.django_db

Past = apps.get_model("risk", "HistoricalRating")


def upgrade() -> None:
    tell_untold_rows(records=TrailRecord._default_manager, past=Past, kind="assess")


def findings() -> list[str]:
    return [sentence for _number, sentence in row_findings()]


def test_what_was_not_told_is_named_until_an_upgrade_has_told_it():
    assess_as_before(grades=2)
    assess_as_before(grades=0)

    assert findings() == ["Della registrazione n. 1 restano 3 righe di storia su 1."]
    upgrade()
    assert findings() == []


def test_an_empty_register_has_nothing_to_tell():
    upgrade()

    assert not TrailRecord.objects.exists()


def test_acts_that_have_told_of_their_grades_stay_as_they_are():
    act = uuid4()
    rows = [grade_of(act), grade_of(act)]
    trail.write(kind="assess", by=None, uid=act, lines=map(history_line, rows))
    upgrade()

    assert not TrailRecord.objects.filter(kind=KIND).exists()
    assert findings() == []


def _a_grade_more() -> None:
    grade_of(TrailRecord.objects.get(number=1).uid)


def _a_grade_for_an_act_without() -> None:
    grade_of(TrailRecord.objects.get(number=2).uid)


def _the_same_gap_again() -> None:
    assess_as_before(grades=1)


def _another_history() -> None:
    act = TrailRecord.objects.get(number=1).uid
    past = Phase.history.model
    phase = past(id=7, uid=uuid4(), position=1, title="Mai scritta", version=1, history_type="+")
    phase.history_date, phase.history_change_reason = timezone.now(), f"assess:{act}"
    phase.save(force_insert=True)


def _told_twice() -> None:
    _a_grade_more()
    upgrade()


CHANGED = (
    "Le righe di storia scritte prima dell’aggiornamento con le valutazioni non sono più quelle "
    "della registrazione n. 3: erano 2, ora sono 3."
)
LATER = {
    "a grade more": (_a_grade_more, CHANGED),
    "a grade for an act that had none": (_a_grade_for_an_act_without, CHANGED),
    "the same gap after the upgrade": (
        _the_same_gap_again,
        "Della registrazione n. 4 restano 2 righe di storia su 1.",
    ),
    "a row of another history": (
        _another_history,
        "Della registrazione n. 1 restano 4 righe di storia su 1.",
    ),
    "told once more": (_told_twice, CHANGED),
}
"""What somebody may do after the upgrade, and what is said of it."""


def test_what_claims_to_be_an_upgrade_after_the_upgrade_tells_nothing():
    with connection.cursor() as cursor:
        columns = "app TEXT, name TEXT, applied TIMESTAMP WITH TIME ZONE, id INTEGER"
        cursor.execute(f"CREATE TABLE django_migrations ({columns})")
        applied = [*UPGRADE, clock.now() - timedelta(hours=2)]
        cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, 1)", applied)
    assess_as_before(grades=2)
    upgrade()

    assert findings() == ["Della registrazione n. 1 restano 3 righe di storia su 1."]


@pytest.mark.parametrize(("later", "said"), LATER.values(), ids=LATER)
def test_what_was_not_there_at_the_upgrade_is_named(later, said):
    assess_as_before(grades=2)
    assess_as_before(grades=0)
    upgrade()
    later()

    assert said in findings()
