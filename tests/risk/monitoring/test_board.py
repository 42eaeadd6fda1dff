"""The page of a round: how far each office is, and what is asked before its next move."""

import datetime

import pytest
from django.urls import reverse

from registry.acts import RuleRefused
from registry.models import Office, User
from risk.models import MonitoringRound, PlannedMeasure
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.opening import assign_office, faults_of, open_round
from risk.services.monitoring.rounds import create_round
from tests.people import client_of, make_member, seen_ahead
from tests.risk.monitoring.acts import answer, confirm, seen
from tests.risk.monitoring.conftest import ROUND, item_of, start_checks
from tests.statements import at_most

pytestmark = pytest.mark.django_db


def test_an_office_closed_in_mid_round_is_told_and_its_people_still_answer(world):
    office, rpct = world.annex.office, client_of(world.people["rpct"])
    board = reverse("risk:round", args=[world.round.uid])
    page = reverse("risk:round_office", args=[world.round.uid, office.pk])
    told = rpct.get(board).content.decode()
    assert "chiuso il" not in told
    assert "nessuno ne risponde" not in told
    retired = {"retired_on": datetime.date(2021, 6, 1), "retired_reason": "Passa ad Ambiente."}
    Office.objects.filter(pk=office.pk).update(**retired)
    assert "chiuso il 01/06/2021" in rpct.get(board).content.decode()
    assert "chiuso dal 01/06/2021: Passa ad Ambiente." in rpct.get(page).content.decode()
    assert answer(world).status_code == 200
    assert item_of(world, "own").state == "answered"
    office.memberships.update(ends_on=datetime.date(2021, 6, 2))
    assert "nessuno ne risponde" in rpct.get(board).content.decode()


def test_an_office_is_answered_for_by_whoever_works_in_it_or_above(world):
    """As they may answer: the people of the office above do, who is suspended does not."""
    rpct, office = client_of(world.people["rpct"]), world.annex.office
    board = reverse("risk:round", args=[world.round.uid])
    above = Office.objects.create(administration_id=office.administration_id, code="SU", name="Su")
    own = [world.people[who] for who in ("editor", "head")]
    over = make_member("direttrice", "head", body=world.plan.administration, office=above)

    def is_told() -> bool:
        with at_most(12):
            page = rpct.get(board).content.decode()
        return "nessuno ne risponde" in page

    seen_ahead(rpct)
    assert not is_told()
    User.objects.filter(pk__in=[one.pk for one in own]).update(is_active=False)
    assert is_told(), "both are suspended"
    Office.objects.filter(pk=office.pk).update(parent=above)
    assert not is_told(), "who answers for the office above answers for it"
    grid = reverse("risk:round_office", args=[world.round.uid, office.pk])
    assert client_of(over).get(grid).status_code == 200
    over.memberships.update(ends_on=datetime.date(2021, 6, 2))
    assert is_told()


def test_a_closed_office_answers_for_nothing_and_another_is_chosen(world):
    rpct, values = world.people["rpct"], {**ROUND, "label": "Altro"}
    row = create_round(plan=world.plan, by=rpct, **values)
    client, address = client_of(rpct), reverse("risk:round", args=[row.uid])
    retired = {"retired_on": ROUND["situation_on"], "retired_reason": "Confluisce in Tributi."}
    Office.objects.filter(pk=world.other.office_id).update(**retired)

    assert [(one.code, one.measure) for one in faults_of(row) if one.blocks] == [
        ("round-unassigned", world.planned["other"])
    ]
    assert "«Ambiente», che ne risponde, è chiuso dal 30/06/2021" in (
        client.get(address).content.decode()
    )
    with pytest.raises(RuleRefused, match="non risponde alcun ufficio"):
        open_round(row=row, by=rpct)
    third = Office.objects.create(administration=row.plan.administration, code="A", name="Anagrafe")
    told = {"misura": str(world.planned["other"].uid)}
    assign = reverse("risk:round_assign", args=[row.uid])
    client.post(assign, {**told, "ufficio": third.pk})
    assert not [one for one in faults_of(row) if one.blocks]
    # that one is closed too before the opening
    Office.objects.filter(pk=third.pk).update(**retired)
    assert [one.code for one in faults_of(row) if one.blocks] == ["round-unassigned"]
    client.post(assign, {**told, "ufficio": world.annex.office_id})
    open_round(row=row, by=rpct)
    assert set(row.items.values_list("office", flat=True)) == {world.annex.office_id}
    assert row.items.count() == 3


def test_an_office_that_is_back_answers_again_whatever_was_chosen_meanwhile(world):
    rpct, values = world.people["rpct"], {**ROUND, "label": "Altro"}
    row = create_round(plan=world.plan, by=rpct, **values)
    third = Office.objects.create(administration=row.plan.administration, code="A", name="Anagrafe")
    closed_on = {"retired_on": ROUND["situation_on"], "retired_reason": "Confluisce."}
    Office.objects.filter(pk=world.other.office_id).update(**closed_on)
    other = PlannedMeasure.objects.get(pk=world.planned["other"].pk)
    assign_office(row=row, measure=other, office=third, by=rpct)
    Office.objects.filter(pk=world.other.office_id).update(retired_on=None, retired_reason="")
    Office.objects.filter(pk=third.pk).update(**closed_on)

    open_round(row=row, by=rpct)
    assert row.items.get(planned_measure=other).office_id == world.other.office_id


def test_what_is_not_taken_back_is_asked_first_with_its_numbers(world, settings):
    settings.TODAY = ROUND["answers_by"] - datetime.timedelta(days=9)
    answer(world)
    confirm(world, "own")
    client = client_of(world.people["rpct"])
    page = reverse("risk:round", args=[world.round.uid])
    ask = reverse("risk:round_ask", args=[world.round.uid])
    assert ask not in client.get(page).content.decode(), "offices go on answering meanwhile"
    assert client.post(ask, {"verb": "close"}).url == page, "it is not the next"
    start_checks(world)
    assert f'action="{ask}"' in client.get(page).content.decode()
    asked = client.post(ask, {"verb": "close"}).content.decode()
    for words in (
        "3 misure, 2 senza una risposta confermata, 1 confermata e non verificata",
        "al termine delle risposte mancano 9 giorni",
        "Non si riapre",
    ):
        assert words in asked
    settings.TODAY = ROUND["situation_on"] - datetime.timedelta(days=2)
    early = client.post(ask, {"verb": "close"}).content.decode()
    assert "al giorno della situazione mancano 2 giorni" in early
    settings.TODAY = ROUND["answers_by"]
    assert MonitoringRound.objects.get(pk=world.round.pk).state == "checking"
    client.post(page, {"verb": "close"})
    assert "3 misure, 2 non risposte" in client.post(ask, {"verb": "issue"}).content.decode()
    assert client.post(ask, {"verb": "check"}).status_code == 404, "that one asks nothing"
    assert client_of(world.people["head"]).post(ask, {"verb": "issue"}).status_code == 403


def test_measures_of_one_name_say_where_each_is_put(world):
    first = world.planned["late"].targets.get().process
    grid = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    client = seen_ahead(client_of(world.people["editor"]))
    client.get(grid)
    with at_most(12):
        client.get(grid)
    address = [world.plan.administration.ipa_code, world.plan.slug]
    judged = reverse("risk:plan_suitability", args=address)
    for page in (grid, reverse("risk:answered"), judged):
        shown = client.get(page).content.decode()
        assert f"n. {first.number} {first.title}<" in shown.replace("\n", "")
        assert "tutto l’ufficio" in shown
    late = item_of(world, "late")
    of_one = [reverse("risk:round_item", args=[late.uid])]
    of_one.append(reverse("risk:suitability", args=[late.planned_measure.uid]))
    for page in of_one:
        assert f"n. {first.number} {first.title}" in client.get(page).content.decode()
    start_checks(world)
    close_round(row=world.round, by=world.people["rpct"])
    ended = reverse("risk:round", args=[world.round.uid])
    assert f"n. {first.number} {first.title}" in client.get(ended).content.decode()


def test_each_goes_on_with_what_is_left(world):
    editor, rpct = client_of(world.people["editor"]), client_of(world.people["rpct"])
    own, late = item_of(world, "own"), item_of(world, "late")
    grid = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    assert "Vai alla prima" not in editor.get(grid).content.decode(), "it is the first of the page"
    answer(world)
    assert f'href="#riga-{late.uid}"' in editor.get(grid).content.decode()
    answer(world, "late")
    assert "Vai alla prima" not in editor.get(grid).content.decode()
    confirm(world, "own", "late")
    first, second = (reverse("risk:round_item", args=[one.uid]) for one in (own, late))
    assert f'href="{second}"' in rpct.get(first).content.decode()
    check = {"outcome": "confirmed", "looked_at": "Il verbale."}
    rpct.post(f"{first}verifica/", {**check, **seen(rpct, own)})
    assert f'href="{second}"' in rpct.get(first).content.decode()
    rpct.post(f"{second}verifica/", {**check, **seen(rpct, late)})
    assert "La prossima da verificare" not in rpct.get(second).content.decode()
