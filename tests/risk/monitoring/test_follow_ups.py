"""What is still to be done after a round, and what is odd in its answers."""

import datetime
import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import clock
from registry.acts import RuleRefused
from registry.normalise import fold
from risk.content.round_values import written
from risk.models import FollowUp, Measurement, RoundAnswer
from risk.services.monitoring.answers import add_measurement
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.evidence_files import BroughtFile
from risk.services.monitoring.follow_ups import (
    add_follow_up,
    close_follow_up,
    days_overdue,
    follow_ups_of,
    reply_to_follow_up,
)
from risk.services.monitoring.issuing import issue_round
from risk.services.monitoring.opening import open_round
from risk.services.monitoring.page import office_items
from risk.services.monitoring.report_data import round_content
from risk.services.monitoring.rounds import create_round
from risk.services.monitoring.rules import oddities, same_text, seen_by_rules
from tests.people import client_of
from tests.risk.monitoring.conftest import DAY, ROUND, item_of, start_checks
from tests.statements import at_most

NEXT = {"label": "Finale 2021", "kind": "final", "situation_on": datetime.date(2021, 12, 31)}


def ask(world, **values) -> FollowUp:
    values = {"asked": "Mandare il verbale.", "due_on": clock.today(), **values}
    values.setdefault("office", world.annex.office)
    return add_follow_up(row=world.round, by=world.people["rpct"], **values)


def next_round(world):
    rpct = world.people["rpct"]
    days = dict.fromkeys(("answers_by", "checks_by"), NEXT["situation_on"])
    row = create_round(plan=world.plan, by=rpct, **{**ROUND, **NEXT, **days})
    open_round(row=row, by=rpct)
    row.refresh_from_db()
    return row


def prove(item, who, *names: str) -> None:
    files = [BroughtFile(f"{name}.txt", io.BytesIO(name.encode())) for name in names]
    add_evidence(item=item, files=files, proves="Tutto", has_personal_data=False, by=who)


# --- follow-ups -----------------------------------------------------------------------------------


def test_a_follow_up_is_carried_on_until_a_proof_closes_it(world):
    rpct, editor = world.people["rpct"], world.people["editor"]
    row = ask(world, item=item_of(world, "own"))
    prove(item_of(world, "own"), editor, "verbale")
    start_checks(world)
    close_round(row=world.round, by=rpct)
    world.round.refresh_from_db()
    issue_round(row=world.round, by=rpct)
    later = next_round(world)

    assert list(follow_ups_of(later, rpct)) == [row]
    assert list(follow_ups_of(later, world.people["colleague"])) == []
    row = reply_to_follow_up(row=row, reply="Mandato oggi.", reference="", by=editor)
    with pytest.raises(ValidationError, match="si chiude con una prova"):
        close_follow_up(row=row, by=rpct)
    with pytest.raises(RuleRefused, match="lo chiude il RPCT"):
        close_follow_up(row=row, reference="Prot. 3", by=world.people["head"])
    row = close_follow_up(row=row, evidence=item_of(world, "own").evidence.get(), by=rpct)
    assert list(follow_ups_of(later, rpct)) == []
    assert list(follow_ups_of(world.round, rpct)) == [row], "its own round still tells it"
    with pytest.raises(RuleRefused, match="è chiuso"):
        reply_to_follow_up(row=row, reply="Ancora.", reference="", by=editor)
    for change in (
        lambda: FollowUp.objects.update(asked="Altro"),
        row.delete,
        lambda: FollowUp.objects.create(
            round=later, item=row.item, office=row.office, asked="x", due_on=DAY
        ),
        lambda: FollowUp.objects.create(
            round=later, office=row.office, asked="x", due_on=DAY, closed_on=DAY
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_who_may_ask_reply_and_close_on_the_page(world, settings):
    rpct, office = client_of(world.people["rpct"]), world.annex.office
    listed = reverse("risk:round_follow_ups", args=[world.round.uid])
    late = clock.today() - datetime.timedelta(days=3)

    sent = {"office": office.pk, "asked": "Verbale", "due_on": late.isoformat()}
    assert "non sia già passato" in rpct.post(listed, sent).content.decode()
    settings.TODAY = late
    rpct.post(listed, sent)
    settings.TODAY = None
    row = FollowUp.objects.get()
    assert days_overdue(row) == 3
    with at_most(14):
        assert "in ritardo di 3 giorni" in rpct.get(listed).content.decode()
    address = reverse("risk:follow_up", args=[row.uid])
    told = {"reply": "Fatto.", "reference": "Prot. 12/2021", "version": row.version}
    for who, code in (("stranger", 404), ("colleague", 404), ("auditor", 403), ("editor", 302)):
        assert client_of(world.people[who]).post(address, told).status_code == code, who
    assert client_of(world.people["head"]).post(address, {"chiudi": "1"}).status_code == 403
    assert client_of(world.people["colleague"]).get(listed).status_code == 200
    assert "Verbale" not in client_of(world.people["colleague"]).get(listed).content.decode()
    stale = rpct.post(address, {"chiudi": "1", "version": row.version}, follow=True)
    assert "Un’altra persona l’ha cambiato ora" in stale.content.decode()
    row.refresh_from_db()
    rpct.post(address, {"chiudi": "1", "evidence": "", "version": row.version})
    row.refresh_from_db()
    assert (row.closed_on, row.reference) == (clock.today(), "Prot. 12/2021"), (
        "what the office named"
    )
    board = rpct.get(reverse("risk:round", args=[world.round.uid])).content.decode()
    assert "nessuno resta da chiudere" in board


def test_a_check_leaves_a_follow_up_and_the_issue_tells_it(world):
    item = item_of(world, "own")
    type(item).objects.filter(pk=item.pk).update(state="confirmed")
    address = reverse("risk:round_check", args=[item.uid])
    sent = {"resta": "Rifare il controllo.", "due_on": clock.today().isoformat()}

    assert client_of(world.people["head"]).post(address, sent).status_code == 403
    assert client_of(world.people["rpct"]).post(address, sent).status_code == 302
    assert FollowUp.objects.get().item == item
    page = client_of(world.people["editor"]).get(reverse("risk:round_item", args=[item.uid]))
    assert "Rifare il controllo." in page.content.decode()
    data = written(round_content(world.round))
    assert '"asked":"Rifare il controllo."' in data
    with pytest.raises(ValidationError, match="non chiede nulla"):
        ask(world, item=item_of(world, "other"))


# --- what is odd ----------------------------------------------------------------------------------


def odd(row, world, name: str) -> set[str]:
    items = list(office_items(row, [world.planned[name].annex.office_id]))
    with at_most(5):
        found = oddities(row, items)
    item = next(one for one in items if one.planned_measure_id == world.planned[name].pk)
    return {one.code for one in found[item.pk]}


def say(world, row, name: str, **values) -> None:
    answers = RoundAnswer.objects.filter(item__round=row, item__planned_measure=world.planned[name])
    answers.update(**values)


def test_done_without_proof_and_late_are_odd(world):
    say(world, world.round, "own", declared="done", done="Fatto.")
    assert odd(world.round, world, "own") == {"evidence-none"}
    prove(item_of(world, "own"), world.people["editor"], "verbale")
    assert odd(world.round, world, "own") == set()
    say(world, world.round, "own", declared="late")
    assert odd(world.round, world, "own") == {"measure-late"}
    page = client_of(world.people["head"]).get(
        reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    )
    assert "Una sua scadenza è passata da 10 giorni." in page.content.decode()


def test_the_same_words_on_more_than_three_answers_are_odd(world):
    office = world.annex.office_id
    RoundAnswer.objects.filter(item__round=world.round).update(done="Misura attuata.")
    world.round.items.update(office=office)
    item = item_of(world, "own")
    seen = seen_by_rules(world.round, [item])

    assert seen.alike == {(office, fold("MISURA attuata.")): 3}
    assert not same_text(item, seen), "three may"
    four = replace(seen, alike=dict.fromkeys(seen.alike, 4))
    assert same_text(item, four) == "Le stesse parole stanno in 4 risposte dell’ufficio."


def test_a_proof_of_before_and_a_measure_never_measured_are_odd(world):
    rpct, editor = world.people["rpct"], world.people["editor"]
    prove(item_of(world, "own"), editor, "verbale")
    start_checks(world)
    close_round(row=world.round, by=rpct)
    later = next_round(world)
    item = item_of(SimpleNamespace(**{**vars(world), "round": later}), "own")

    assert odd(later, world, "own") == {"measure-never-measured"}
    prove(item, editor, "verbale")
    assert odd(later, world, "own") == {"measure-never-measured", "evidence-old"}
    prove(item, editor, "nuovo")
    add_measurement(
        item=item,
        indicator=world.planned["own"].progress_indicators.get(),
        measured_on=DAY,
        source="Protocollo",
        numerator=1,
        denominator=2,
        by=editor,
    )
    assert Measurement.objects.count() == 1
    assert odd(later, world, "own") == set()
