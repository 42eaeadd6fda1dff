"""What has moved since a process was copied, and what the annex says on paper."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock
from registry.acts import RuleRefused
from registry.models import Annex, Office
from registry.services.trail_verification import verify_trail
from registry.services.undo import undo
from risk.content.build import build_document
from risk.content.canonical import restore, snapshot
from risk.content.reading import read_annex
from risk.content.reconfirmed import reconfirmed_of
from risk.enums import Layout
from risk.enums import ReconfirmationState as State
from risk.models import Reconfirmation
from risk.models.reconfirmations import labels_of
from risk.paper.annex_blocks import annex_book
from risk.paper.blocks import Paragraph
from risk.paper.html import render_html
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.reconfirmation import (
    annex_standings,
    confirm_process,
    standing_of,
)
from risk.services.completeness.causes import CAUSES
from risk.services.completeness.reconfirmation import standings_of
from risk.services.desk.last_act import act_to_take_back
from risk.services.reporting.open_data.plans import annex_line
from tests.people import people_of
from tests.register import make_phase, make_process
from tests.risk.annexes.moving import (
    CAUSED,
    annex_that_moves,
    badly_monitored,
    contribution_received,
    fact_recorded,
    measure_late,
    monitored,
    office_renamed,
    old_judgement,
    remark_left,
    repealed,
    somebody,
    unsuitable,
)
from tests.risk.annexes.reconfirming import (
    confirm,
    confirm_all,
    fresh,
    named,
    next_edition,
    states,
    unread,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> Annex:
    """An annex of two processes; in the first, things can move."""
    return annex_that_moves()


@pytest.fixture
def moved(first) -> Annex:
    """Its copy in the next edition."""
    return next_edition(first.plan)


def test_what_is_moved_here_is_every_cause(moved):
    codes = set()
    for move in CAUSED:
        with transaction.atomic():
            move(moved)
            codes |= {one.cause.code for one in annex_standings(fresh(moved))[0].causes}
            transaction.set_rollback(True)
    assert codes == {cause.code for cause in CAUSES}


@pytest.mark.parametrize("move", CAUSED)
def test_what_has_moved_is_told_and_decided_by_itself(moved, move):
    editor = people_of(moved)["editor"]
    move(moved)
    first, second = annex_standings(fresh(moved))
    assert [one.detail for one in first.causes] == [CAUSED[move]]
    assert second.causes == ()
    done = confirm_all(moved, editor)
    assert done.count == 1
    needs_change = move is old_judgement
    refusal = RuleRefused if needs_change else ValidationError
    with pytest.raises(refusal):
        confirm(moved, editor)
    if needs_change:
        with pytest.raises(RuleRefused, match="Non basta"):
            confirm(moved, editor, reason="Guardato.")
        named(moved).assessments.update(assessed_on=clock.today())
        assert states(moved) == [State.CHANGED, State.CONFIRMED]
    else:
        confirm(moved, editor, reason="Guardato con l’ufficio.")
        assert states(moved) == [State.CONFIRMED] * 2
    assert not unread(moved)


UPDATE = {"title": "Aggiornamento 2021", "kind": "update", "first_year": 2021, "last_year": 2023}


def test_what_an_update_in_between_did_not_ask_is_asked_by_the_next_edition(first):
    update = next_edition(first.plan, **UPDATE)
    office_renamed(update)
    edition = next_edition(update.plan)
    told = {office_renamed}
    for move in (remark_left, badly_monitored, unsuitable, fact_recorded):
        move(edition)
        told.add(move)
    found, second = annex_standings(fresh(edition))
    assert {one.detail for one in found.causes} == {CAUSED[move] for move in told}
    assert second.causes == ()


LATE = CAUSED[measure_late]


@pytest.mark.parametrize(
    ("outcome", "said", "day", "is_late"),
    [
        ("done", {}, "2021-03-31", False),
        ("unproven", {}, "2021-03-31", False),
        ("no_case", {}, "2021-03-31", False),
        ("not_due", {}, "2021-06-30", False),
        ("in_progress", {"declared": "on_time"}, "2021-06-30", False),
        # the term passed after the day the round speaks of
        ("not_due", {}, "2021-03-31", True),
        ("in_progress", {"declared": "on_time"}, "2021-03-31", True),
        ("in_progress", {"declared": "late"}, "2021-06-30", True),
        ("in_progress", {"declared": "on_time", "late_days": 3}, "2021-06-30", True),
        ("not_done", {}, "2021-06-30", True),
        ("", {}, "2021-06-30", True),
    ],
)
def test_no_term_is_late_of_what_a_round_found_carried_out(moved, outcome, said, day, is_late):
    measure_late(moved)
    monitored(moved, "Prima", "2021-01-31", "not_done")
    monitored(moved, "Ultima", day, outcome, **said)
    assert (LATE in [one.detail for one in annex_standings(fresh(moved))[0].causes]) == is_late


def test_what_moves_after_a_confirmation_asks_again(moved):
    editor = people_of(moved)["editor"]
    confirm_all(moved, editor)
    remark_left(moved)
    assert states(moved) == [State.TO_CONFIRM, State.CONFIRMED]
    seen = standing_of(named(moved)).seen
    first = confirm(moved, editor, reason="Guardata la soglia.")
    assert (first.in_block, states(moved)) == (False, [State.CONFIRMED] * 2)
    # another of a kind that was looked at asks as well, also whoever has the page open
    remark_left(moved)
    contribution_received(moved)
    with pytest.raises(RuleRefused, match="rileggilo"):
        confirm_process(process=named(moved), seen=seen, reason="La soglia.", by=editor)
    second = confirm(moved, editor, reason="Anche il contributo.")
    assert [*second.causes] == ["remark-open", "contribution"]
    assert states(moved) == [State.CONFIRMED] * 2
    for left in ([State.TO_CONFIRM, State.CONFIRMED],) * 2 + ([State.TO_CONFIRM] * 2,):
        last = act_to_take_back(annex=fresh(moved), by=editor)
        undo(uid=last.record.uid, at=last.record.at, by=editor, cancelled=last.cancelled)
        assert states(moved) == left
    assert not [one for one in verify_trail() if "riconferma" in one.sentence]
    confirm_all(moved, editor)
    confirm(moved, editor, reason="Guardato tutto.")
    assert not unread(moved)


def test_what_was_confirmed_before_there_were_marks_holds_for_its_kind(moved):
    remark_left(moved)
    row = standing_of(named(moved))
    told = {"words": row.kept.words, "reason": "Guardato.", "at": clock.now()}
    told["causes"] = {"remark-open": "osservazione aperta"}
    Reconfirmation.objects.create(process=named(moved), by=somebody(), **told)
    remark_left(moved)
    assert states(moved)[0] == State.CONFIRMED
    assert any("osservazione aperta: 1" in one for one in reconfirmed_of(fresh(moved)))
    contribution_received(moved)
    again = confirm(moved, people_of(moved)["editor"], reason="Guardato anche il contributo.")
    assert labels_of(again.causes) == ["osservazione aperta", "contributo alla consultazione"]


def test_causes_take_as_many_statements_for_many_as_for_two(moved):
    def cost() -> int:
        kept = kept_annex(fresh(moved))
        with CaptureQueriesContext(connection) as captured:
            standings_of([kept])
        return len(captured)

    for move in (
        repealed,
        office_renamed,
        remark_left,
        measure_late,
        badly_monitored,
        unsuitable,
        fact_recorded,
    ):
        move(moved)
    few = cost()
    source = named(moved)
    for place in range(10, 30):
        copy = {"origin": source.origin, "origin_uid": source.origin_uid}
        row = make_process(moved, f"Altro {place}", **copy)
        make_phase(row, executor_office=Office.objects.get(code="ES"))
    assert cost() == few


def test_the_sheet_asks_what_was_looked_at(client, moved):
    remark_left(moved)
    client.force_login(people_of(moved)["editor"])
    process = named(moved)
    page = client.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    assert "Osservazione lasciata aperta: «Manca la soglia.»." in page
    assert "Che cosa hai guardato" in page
    way = reverse("risk:reconfirm_process", args=[process.uid])
    sent = {"seen": standing_of(process).seen, "reason": "  "}
    again = client.post(way, sent, follow=True).content.decode()
    assert "Scrivi che cosa hai guardato" in again
    assert not Reconfirmation.objects.exists()
    client.post(way, {**sent, "reason": "Guardata la soglia."})
    contribution_received(moved)
    page = client.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    assert "lo ha riconfermato il" in page
    assert "Contributo n. 1" in page
    assert "Osservazione lasciata aperta" not in page, "that was looked at"
    past = client.get(reverse("risk:process_history", args=[process.uid])).content.decode()
    assert "Guardata la soglia." in past
    assert "osservazione aperta" in past


# --- On paper -------------------------------------------------------------------------------------

BLOCK = (
    "Riconfermati in blocco 1 processi su 2 copiati dall’edizione precedente; uno per uno: 1; "
    "modificati: 0; nuovi: 1."
)
PRINTED = BLOCK.replace("Riconfermati in blocco 1 processi", "Riconfermato in blocco 1 processo")
WHY = "Riconfermati uno per uno perché qualcosa era cambiato – osservazione aperta: 1."


@pytest.fixture
def reread(moved) -> Annex:
    editor = people_of(moved)["editor"]
    remark_left(moved)
    confirm_all(moved, editor)
    confirm(moved, editor, reason="Guardato.")
    make_process(moved, "Nuovo")
    kept_annex(fresh(moved))
    return fresh(moved)


def test_the_annex_says_how_it_was_read_again(reread):
    document = build_document(read_annex(reread))
    assert document.reconfirmed == (BLOCK, WHY)
    assert document.reread_told == (PRINTED, WHY)
    for layout in Layout:
        page = render_html(document, layout=layout)
        assert page.count(PRINTED) == page.count(WHY) == 1
    told = [
        block.text
        for block in annex_book(document, Layout.CATALOGUE).blocks
        if isinstance(block, Paragraph)
    ]
    assert {PRINTED, WHY} <= {*told}
    line = json.loads(annex_line(document, None))
    assert line["riconferma"] == [BLOCK, WHY]


def test_what_was_said_is_frozen_with_the_issue_and_read_back(reread):
    data = snapshot(build_document(read_annex(reread)))
    assert restore(data).reconfirmed == (BLOCK, WHY)
    Reconfirmation.objects.all().delete()
    assert restore(data).reconfirmed == (BLOCK, WHY)
    bare = snapshot(build_document(read_annex(reread)))
    # what was issued before there were confirmations says the same as it did
    assert "reconfirmed" not in bare
    assert restore(bare).reconfirmed == ()
