"""Saving an assessment with its ratings: one act, only what changed, nothing overwritten."""

import pytest

from registry.services.editing import StaleRow
from risk.enums import Moment
from risk.models import Assessment, Rating
from risk.services.assessment.assessments import save_assessment
from risk.services.assessment.page import same_motivations
from tests.register import make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(page_of, process, editor):
    """Return a function that saves changes over what is stored, as last seen at a version."""

    def do(version=None, *, by=editor, subject=None, **changes):
        page = page_of(process, subject=subject)
        values = page.values | {name.replace("__", "-"): v for name, v in changes.items()}
        if version is None:
            version = page.assessment.version if page.assessment else 0
        return save_assessment(
            subject=subject or process,
            sheet=page.sheet,
            moment=Moment.INHERENT,
            values=values,
            version=version,
            by=by,
        )

    return do


def test_it_writes_the_assessment_and_the_ratings_given(save, editor):
    row = save(level="M", motivation="Pochi casi.", i1__grade="M", i1__motivation="Interessi noti.")

    assert (row.level.label, row.version) == ("MEDIO", 1)
    (rating,) = row.ratings.all()
    assert (rating.level.code, rating.motivation, rating.version) == ("M", "Interessi noti.", 1)
    past = rating.history.get()
    assert (past.history_type, past.history_user) == ("+", editor)
    assert past.history_change_reason == row.history.get().history_change_reason
    assert past.history_change_reason.startswith("assess:")


def test_all_empty_makes_no_assessment(save):
    assert save() is None
    assert not Assessment.objects.exists()


def test_a_second_identical_save_writes_nothing(save):
    save(0, level="M", motivation="Pochi casi.", i2__grade="B", i2__motivation="Vincolato.")
    again = save(0, level="M", motivation="Pochi casi.", i2__grade="B", i2__motivation="Vincolato.")

    assert again.version == 1
    assert again.history.count() == 1
    assert Rating.history.count() == 1


def test_a_changed_rating_raises_the_version_and_keeps_its_name(save):
    first = save(i1__grade="B", i1__motivation="Nulla.")
    uid = first.ratings.get().uid

    second = save(i1__grade="A", i1__motivation="Un caso.", i2__grade="M", i2__motivation="Sì.")

    assert second.version == 2
    changed = second.ratings.get(indicator__position=1)
    assert (changed.uid, changed.version, changed.level.code) == (uid, 2, "A")
    assert [row.history_type for row in changed.history.order_by("history_id")] == ["+", "~"]
    assert second.ratings.count() == 2


def test_two_people_on_different_indicators_are_joined(save):
    save(i1__grade="B", i1__motivation="Nulla.")
    save(1, i1__grade="A", i1__motivation="Un caso.")

    row = save(1, i1__grade="B", i1__motivation="Nulla.", i2__grade="M", i2__motivation="Sì.")

    grades = {rating.indicator.position: rating.level.code for rating in row.ratings.all()}
    assert grades == {1: "A", 2: "M"}


def test_two_people_on_the_same_indicator_are_asked(save, editor, head):
    save(i1__grade="B", i1__motivation="Nulla.", level="B", motivation="Nulla.")
    save(1, by=head, i1__grade="A", i1__motivation="Un caso.", level="A", motivation="Un caso.")

    with pytest.raises(StaleRow) as refused:
        save(1, i1__grade="M", i1__motivation="Nulla.", level="B", motivation="Nulla.")

    (clash,) = refused.value.clashes
    assert (clash.field, clash.shown, clash.typed, clash.saved) == (
        "i1-grade",
        "BASSO",
        "MEDIO",
        "ALTO",
    )
    assert refused.value.by == head
    assert Assessment.objects.get().version == 2


def test_two_people_making_the_same_assessment_at_first(save, head):
    save(0, level="B", motivation="Nulla.")

    with pytest.raises(StaleRow) as refused:
        save(0, by=head, level="A", motivation="Un caso.")

    assert {clash.field for clash in refused.value.clashes} == {"level", "motivation"}


def test_the_same_words_elsewhere_in_the_annex_are_found(save, page_of, process, annex, methods):
    save(level="B", motivation="Non significativo.", i1__grade="B", i1__motivation="Idem.")
    for number in (2, 3):
        other = make_process(annex, f"Processo {number}")
        row = other.assessments.create(method=methods["PNA2019"], motivation="Non significativo.")
        row.ratings.create(indicator=methods["PNA2019"].indicators.first(), motivation="Idem.")
    texts = ["Non significativo.", "Idem.", "", "Solo qui."]

    assert same_motivations(process=process, texts=texts) == {
        "Non significativo.": [2, 3],
        "Idem.": [2, 3],
    }
