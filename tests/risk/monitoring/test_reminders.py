"""What a round waits for: on the desk, and in the mail of the day."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import clock
from registry.models import Office, User
from risk.models import FollowUp, MonitoringRound, Notice, RoundAnswer
from risk.services.answer_books.contents import books_of
from risk.services.monitoring.checking import check_answer
from risk.services.notices.mails import letters
from risk.services.notices.rounds import LastMail, asked_rounds, is_reminded, round_lines
from tests.people import client_of
from tests.risk.monitoring.acts import answer, confirm
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
        told = {"on": today - last * DAY, "sent_at": timezone.now() + (LATER - last) * DAY}
        Notice.objects.create(user=user, digest="0", **told)
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
    check = (
        f"Intermedio 2021: 3 risposte da verificare entro il {clock.today() + 60 * DAY:%d/%m/%Y}."
    )
    assert found == {
        **dict.fromkeys(("penna", "testa"), [mine]),
        "rpct": [check, "Intermedio 2021: 1 seguito è in ritardo e senza risposta."],
    }
    assert set(due_in(30, last=2)) == set(), "told since it became late"
    page = client_of(mailed.people["editor"]).get(reverse("risk:desk")).content.decode()
    assert "room-bad" in page[page.index("resta da fare") :][:600]

    FollowUp.objects.filter(pk=row.pk).update(reply="Mandato.")
    waits = "Intermedio 2021: 1 seguito ha una risposta e aspetta di essere chiuso."
    assert due_in(30) == {"rpct": [check, waits]}
    FollowUp.objects.filter(pk=row.pk).update(closed_on=clock.today(), reference="Prot. 3")
    assert due_in(30) == {}


def told_to(world, who: str, sent_at: datetime.datetime) -> list[tuple[str, int, bool]]:
    """Return what a round asks of a person: sentence, days left, and whether it makes a mail.

    Their last mail, of today, left at a moment.
    """
    person = User.objects.get(pk=world.people[who].pk)
    person.last_notice, person.last_sent = clock.today(), sent_at
    lines = round_lines(person, asked_rounds([person]))
    return [(line.sentence.partition(": ")[2], line.days, rings) for line, rings in lines]


def test_what_was_sent_back_is_due_by_the_day_it_was_asked_for(mailed):
    """Whatever the term of the round: it has passed, and that day has not."""
    today = clock.today()
    term, by = today - 10 * DAY, today + 20 * DAY
    MonitoringRound.objects.update(answers_by=term, checks_by=today + 30 * DAY)
    answer(mailed)
    confirm(mailed, "own")
    before = clock.now()
    asked = {"request": "Manca il verbale.", "by": mailed.people["rpct"]}
    check_answer(item=item_of(mailed, "own"), request_by=by, **asked)

    left = (f"1 misura da compilare entro il {term:%d/%m/%Y}.", -10, False)
    said = f"1 risposta restituita dal RPCT, da rivedere entro il {by:%d/%m/%Y}."
    for who in ("editor", "head"):
        assert told_to(mailed, who, before) == [left, (said, 20, True)], "of the same day, later"
        assert told_to(mailed, who, clock.now()) == [left, (said, 20, False)], "it was told"
    awaited = f"1 risposta restituita e non ancora confermata, attesa entro il {by:%d/%m/%Y}."
    assert told_to(mailed, "rpct", before)[1:] == [(awaited, 20, False)]
    answer(mailed, done="Ecco il verbale.")
    said = f"1 risposta da confermare entro il {by:%d/%m/%Y}."
    assert told_to(mailed, "editor", before) == [left]
    assert told_to(mailed, "head", before) == [left, (said, 20, True)]
    confirm(mailed, "own")
    check_answer(item=item_of(mailed, "own"), **asked)
    said = f"1 risposta restituita dal RPCT, da rivedere entro il {term:%d/%m/%Y}."
    assert told_to(mailed, "editor", before)[1] == (said, -10, True), "no day: that of the round"
    MonitoringRound.objects.update(answers_by=today - 50 * DAY)
    said = f"1 risposta restituita dal RPCT, da rivedere entro il {today + 30 * DAY:%d/%m/%Y}."
    assert told_to(mailed, "editor", before)[1] == (said, 30, True), "that had passed: of the check"
    with at_most(11):
        letters()


def test_its_page_and_its_workbook_say_by_which_day_an_answer_was_asked_again(mailed):
    by, term = clock.today() + 20 * DAY, mailed.round.answers_by
    answer(mailed)
    asked = {"request": "Manca il verbale.", "request_by": by, "by": mailed.people["rpct"]}
    check_answer(item=item_of(mailed, "own"), **asked)
    client = client_of(mailed.people["editor"])
    grid = reverse("risk:round_office", args=[mailed.round.uid, mailed.annex.office_id])
    asks = f"chiede, entro il {by:%d/%m/%Y}: Manca il verbale."
    assert asks in " ".join(client.get(grid).content.decode().split())
    page = reverse("risk:round_item", args=[item_of(mailed, "own").uid])
    head, _chosen, _rest = client.get(page).content.decode().partition('id="chiesto"')
    assert asks in " ".join(head.split()), "before all else"
    (book,) = books_of(mailed.round, Office.objects.filter(pk=mailed.annex.office_id))
    assert [one for one in book.measures if asks in one.asked[-1]]

    page = client.get(reverse("risk:answered")).content.decode()
    assert f"le risposte entro il {term:%d/%m/%Y}" in page, "one was never answered"
    mailed.round.items.filter(state="to_answer").update(state="confirmed")
    page = client.get(reverse("risk:answered")).content.decode()
    assert "aspetta di nuovo le risposte" in page


def test_what_is_confirmed_waits_for_the_rpct_by_the_day_of_the_check(mailed):
    mailed.round.items.update(state="confirmed")
    for days, last, rings in (
        *((0, None, False), (-1, 1, True), (-2, 1, False)),  # the check begins
        *((-22, 5, False), (-23, 5, True), (-24, 1, False)),  # seven days before its end
        *((-30, 1, True), (-31, 1, True), (-32, 1, False), (-38, 1, True)),
    ):
        day = clock.today() + (days + 30) * DAY
        said = f"Intermedio 2021: 3 risposte da verificare entro il {day:%d/%m/%Y}."
        assert due_in(days, last=last) == ({"rpct": [said]} if rings else {}), (days, last)


@pytest.mark.parametrize(
    ("on", "sent", "rings"),
    [
        *((None, None, True), (0, 1, False), (0, -1, True)),  # before it, or after, the same day
        *((-1, 9, True), (1, 20, False)),  # noted late that it had left; and told since
    ],
)
def test_what_was_asked_is_told_by_the_first_mail_after_it(on, sent, rings):
    asked_at = datetime.datetime(2021, 6, 1, 12, tzinfo=timezone.get_current_timezone())
    last = LastMail()
    if on is not None:
        last = LastMail(asked_at.date() + on * DAY, asked_at + sent * datetime.timedelta(hours=1))
    far = clock.today() + 100 * DAY
    assert is_reminded(far, last, asked_at=asked_at) == rings
