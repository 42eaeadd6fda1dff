"""How far each step of a measure is: told with its answer, merged, frozen when the round closes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry.acts import RuleRefused
from registry.models import TrailRecord
from risk.models import StepState
from risk.services.monitoring.steps import days_of_steps
from tests.people import client_of
from tests.risk.monitoring.acts import answer, closed, confirm, step_of, tell_step
from tests.risk.monitoring.conftest import DAY, item_of
from tests.statements import at_most

pytestmark = pytest.mark.django_db


def said(world):
    return [(row.progress, row.done_on, row.note) for row in StepState.objects.all()]


def test_a_day_alone_says_that_a_step_was_done(world):
    client = client_of(world.people["editor"])
    answered = tell_step(world, client=client, done_on="28/06/2021").content.decode()

    assert said(world) == [("done", datetime.date(2021, 6, 28), "")]
    assert 'data-saved="done"' in answered
    page = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    with at_most(13):  # one of them is that of the test
        shown = client.get(page).content.decode()
    assert 'value="28/06/2021"' in shown
    assert (
        "28/06/2021"
        in client.get(reverse("risk:round_item", args=[item_of(world, "own").uid])).content.decode()
    )
    with at_most(21):  # four of them are those of the test
        tell_step(world, client=client, version=1, progress="in_progress", note="Metà")
    assert said(world) == [("in_progress", None, "Metà")]
    assert TrailRecord.objects.filter(kind="round-answer").count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"progress": "done"}, "Scrivi il giorno"),
        ({"progress": "done", "done_on": "01/07/2021"}, "un giorno precedente"),
        ({"progress": "not_begun", "done_on": "28/06/2021"}, "di una fase fatta"),
        ({"progress": "forse"}, "forse"),
        ({"note": "x" * 251}, "250"),
    ],
)
def test_what_may_not_be_said_is_told_beside_its_field(world, sent, words):
    assert words in tell_step(world, **sent).content.decode()
    assert said(world) == []


def test_who_does_not_answer_for_it_says_nothing_of_its_steps(world):
    for who, code in (("rpct", 403), ("auditor", 403), ("colleague", 404), ("stranger", 404)):
        assert tell_step(world, who=who, progress="not_begun").status_code == code
    address = reverse(
        "risk:round_step", args=[item_of(world, "late").uid, step_of(world, "own").uid]
    )
    assert client_of(world.people["editor"]).post(address, {}).status_code == 404
    assert said(world) == []


def test_two_people_never_overwrite_each_other(world):
    tell_step(world, progress="not_begun")
    answered = tell_step(world, who="head", progress="in_progress").content.decode()

    assert "house-conflict" in answered
    assert said(world) == [("not_begun", None, "")]
    tell_step(world, who="head", version=1, progress="not_begun", note="Da settembre")
    assert said(world) == [("not_begun", None, "Da settembre")]


def test_without_scripts_the_one_button_sends_steps_too(world):
    item, step = item_of(world, "own"), step_of(world)
    prefix = f"risposta-{item.uid}"
    sent = {f"{prefix}-version": item.answer.version, f"{prefix}-declared": "done"}
    sent |= {f"{prefix}-done": "Fatto.", f"fase-{step.uid}-version": 0}
    address = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    client = client_of(world.people["editor"])

    wrong = client.post(address, {**sent, f"fase-{step.uid}-progress": "done"})
    assert "Scrivi il giorno" in wrong.content.decode()
    assert item_of(world, "own").answer.done == "Fatto."
    sent[f"{prefix}-version"] += 1
    assert client.post(address, {**sent, f"fase-{step.uid}-done_on": "28/06/2021"}).url == address
    assert said(world) == [("done", datetime.date(2021, 6, 28), "")]


def test_who_told_of_a_step_does_not_confirm_it(world):
    answer(world)
    tell_step(world, who="head", done_on="28/06/2021")

    with pytest.raises(RuleRefused, match="per ultimo"):
        confirm(world, "own")
    tell_step(world, version=1, done_on="27/06/2021", progress="done")
    assert confirm(world, "own").confirmed == 1
    assert "confermata" in tell_step(world, version=2, progress="not_begun").content.decode()
    assert said(world)[0][0] == "done"


def test_a_closed_round_keeps_its_steps_as_they_are(world):
    tell_step(world, done_on="28/06/2021")
    closed(world)
    row, step = StepState.objects.get(), step_of(world)
    assert "non si risponde più" in tell_step(world, version=1, note="Altro").content.decode()
    late = item_of(world, "late")
    for change in (
        lambda: StepState.objects.update(note="Altro"),
        lambda: StepState.objects.all().delete(),
        lambda: StepState.objects.create(item=late, step=step),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    row.progress = ""
    with pytest.raises(ValidationError, match="solo di quella"):
        row.full_clean()


def test_a_step_counts_as_late_where_its_office_says_it_is_not_done(world):
    item, later = item_of(world, "own"), DAY + datetime.timedelta(days=9)
    assert days_of_steps(item, later) == 0  # nothing is said of it: nobody knows
    for version, (progress, days) in enumerate((("in_progress", 9), ("not_begun", 9))):
        tell_step(world, version=version, progress=progress)
        assert days_of_steps(item_of(world, "own"), later) == days
        assert days_of_steps(item_of(world, "own"), DAY) == 0
    tell_step(world, version=2, done_on="28/06/2021", progress="done")
    assert days_of_steps(item_of(world, "own"), later) == 0
