"""What a round waits for: on the desk, and in the mail of the day."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import clock
from registry.models import User
from risk.models import FollowUp, MonitoringRound, Notice, RoundAnswer
from risk.services.notices.mails import letters
from tests.people import client_of
from tests.risk.monitoring.conftest import item_of
from tests.statements import at_most

DAY = datetime.timedelta(days=1)
LATER = 40
"""Days after its opening on which the round is looked at."""


@pytest.fixture
def mailed(world, settings):
    """People with addresses, forty days after the opening."""
    settings.TODAY = timezone.localdate() + LATER * DAY
    for person in world.people.values():
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@prova.example")
    return world


def due_in(days: int, *, last: int | None = None) -> dict[str, list[str]]:
    """Return who is written to of the round, with the sentences, so many days before its term.

    `last` is how many days ago they had their last mail; None is never.
    """
    today = clock.today()
    day = today + days * DAY
    MonitoringRound.objects.update(answers_by=day, checks_by=day + 30 * DAY)
    Notice.objects.all().delete()
    for user in User.objects.all() if last is not None else ():
        on = today - last * DAY
        Notice.objects.create(user=user, on=on, sent_at=timezone.now(), digest="0")
    return {
        letter.person.username: [line.sentence for line in letter.lines] for letter in letters()
    }


def test_a_round_rings_at_its_opening_before_its_term_on_it_and_after(mailed):
    everybody = {"penna", "testa", "rpct", "collega"}
    for days, last, rings in (
        *((30, 41, True), (30, 39, False)),  # the opening
        *((8, 5, False), (7, 5, True), (6, 2, True), (6, 1, False)),  # seven days before
        *((0, 1, True), (-1, 1, True), (-2, 1, False), (-8, 1, True), (-9, 1, False)),
    ):
        assert set(due_in(days, last=last)) == (everybody if rings else set()), (days, last)


def test_who_is_told_what(mailed):
    item = item_of(mailed, "own")
    RoundAnswer.objects.filter(item=item).update(declared="done")
    type(item).objects.filter(pk=item.pk).update(state="answered")
    found = due_in(0)
    day = f"{clock.today():%d/%m/%Y}"

    assert found["penna"] == [f"Intermedio 2021: 1 misura da compilare entro il {day}."]
    assert found["testa"] == [
        *found["penna"],
        f"Intermedio 2021: 1 risposta da confermare entro il {day}.",
    ]
    assert found["rpct"] == [
        f"Intermedio 2021: mancano 3 risposte confermate, uffici in attesa 2, termine il {day}."
    ]
    assert "oiv" not in found
    mailed.round.items.update(state="confirmed")
    assert due_in(0) == {}


def test_what_is_late_stays_on_the_desk_in_red(mailed):
    due_in(-12)
    page = client_of(mailed.people["editor"]).get(reverse("risk:desk")).content.decode()

    assert "Intermedio 2021: 2 misure da compilare" in page
    assert "room-bad" in page[page.index("misure da compilare") :][:600]
    with at_most(11):
        letters()


def test_what_is_left_to_do_waits_for_its_office_then_for_the_rpct(mailed):
    mailed.round.items.update(state="confirmed")
    due_in(30)
    told = {"round": mailed.round, "office": mailed.annex.office, "asked": "Mandare il verbale."}
    row = FollowUp.objects.create(due_on=clock.today() - 3 * DAY, **told)
    day = f"{row.due_on:%d/%m/%Y}"
    mine = f"Intermedio 2021: resta da fare «Mandare il verbale.» entro il {day}."

    found = due_in(30)
    assert found == {
        **dict.fromkeys(("penna", "testa"), [mine]),
        "rpct": ["Intermedio 2021: 1 seguito è in ritardo e senza risposta."],
    }
    assert set(due_in(30, last=2)) == set(), "told since it became late"
    page = client_of(mailed.people["editor"]).get(reverse("risk:desk")).content.decode()
    assert "room-bad" in page[page.index("resta da fare") :][:600]

    FollowUp.objects.filter(pk=row.pk).update(reply="Mandato.")
    waits = "Intermedio 2021: 1 seguito ha una risposta e aspetta di essere chiuso."
    assert due_in(30) == {"rpct": [waits]}
    FollowUp.objects.filter(pk=row.pk).update(closed_on=clock.today(), reference="Prot. 3")
    assert due_in(30) == {}
