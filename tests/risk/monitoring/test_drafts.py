"""A round is corrected in draft, or taken away; of one that is open the two terms are put off."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry import clock
from registry.acts import RuleRefused
from registry.models import TrailRecord, User
from registry.services.trail_verification import verify_trail
from risk.models import MonitoringRound
from risk.services.monitoring.rounds import changing_round, create_round
from risk.services.monitoring.sampling import announce_sample
from risk.services.notices.mails import letters
from tests.people import client_of
from tests.risk.monitoring.acts import closed
from tests.risk.monitoring.conftest import ROUND

pytestmark = pytest.mark.django_db
SENT = {
    **{name: value for name, value in ROUND.items() if isinstance(value, str)},
    "label": "Bozza",
    "situation_on": "2021-06-30",
    "answers_by": "2021-07-15",
    "checks_by": "2021-07-31",
}


@pytest.fixture
def draft(world) -> MonitoringRound:
    return create_round(plan=world.plan, by=world.people["rpct"], **{**ROUND, "label": "Bozza"})


def address(row: MonitoringRound, what: str) -> str:
    return reverse(f"risk:round_{what}", args=[row.uid])


def _change(row: MonitoringRound, values: dict, *, by: User) -> None:
    with changing_round(row, values, by=by):
        pass


def test_a_draft_is_corrected_whole_and_who_was_faster_is_told(world, draft):
    client = client_of(world.people["rpct"])
    page, change = reverse("risk:round", args=[draft.uid]), address(draft, "change")
    assert change in client.get(page).content.decode()
    assert 'value="Bozza"' in client.get(change).content.decode()
    version = draft.version
    answered = client.post(change, {**SENT, "situation_on": "2021-12-31", "version": version})
    assert answered.url == page
    draft.refresh_from_db()
    assert (draft.situation_on, draft.label) == (datetime.date(2021, 12, 31), "Bozza")

    stale = client.post(change, {**SENT, "situation_on": "2021-09-30", "version": version})
    assert "Tieni la mia" in stale.content.decode()
    taken = client.post(change, {**SENT, "label": ROUND["label"], "version": draft.version})
    assert "si chiama già così" in taken.content.decode()
    wrong = client.post(change, {**SENT, "checks_by": "2021-01-01", "version": draft.version})
    assert "non finisce prima delle risposte" in wrong.content.decode()
    assert MonitoringRound.objects.get(pk=draft.pk).version == draft.version
    assert TrailRecord.objects.filter(kind="round-changed").exists()
    assert not [one for one in verify_trail() if str(draft.uid) in one.sentence]


def test_of_an_open_round_the_terms_are_put_off_and_reminders_follow(world, settings):
    row, client = world.round, client_of(world.people["rpct"])
    settings.TODAY = clock.today()
    later = clock.today() + datetime.timedelta(days=7)
    told = {"answers_by": later.isoformat(), "checks_by": later.isoformat()}
    change = address(row, "change")
    page = client.get(change).content.decode()
    assert "Sposta i termini" in page
    assert 'name="criteria"' not in page

    asked = {**SENT, **told, "version": row.version}
    assert "è stato aperto" in client.post(change, asked, follow=True).content.decode()
    client.post(change, {**told, "version": row.version})
    row.refresh_from_db()
    assert (row.answers_by, row.checks_by) == (later, later)
    User.objects.filter(pk=world.people["editor"].pk).update(email="penna@prova.example")
    lines = [line.sentence for one in letters() for line in one.lines]
    assert f"Intermedio 2021: 2 misure da compilare entro il {later:%d/%m/%Y}." in lines
    with pytest.raises(RuleRefused, match="si spostano soltanto i termini"):
        _change(row, {"criteria": "Altri."}, by=world.people["rpct"])
    head = client_of(world.people["head"])
    assert head.get(change).status_code == head.post(change, told).status_code == 403
    closed(world)
    assert client.get(change).status_code == 404
    with pytest.raises(RuleRefused, match="è chiuso"):
        _change(world.round, {"answers_by": later}, by=world.people["rpct"])


def test_a_situation_outside_the_plan_and_a_level_not_said_are_refused_at_both_doors(world, draft):
    client = client_of(world.people["rpct"])
    new = reverse("risk:plan_round_new", args=[world.plan.administration.ipa_code, world.plan.slug])
    for values, words in (
        ({"situation_on": "2031-12-31"}, "dal 2021 al 2023"),
        ({"situation_on": "2020-12-31"}, "dal 2021 al 2023"),
        ({"coverage": "level"}, "Scegli il livello."),
    ):
        sent = {**SENT, **values}
        assert words in client.post(new, {**sent, "label": "Nuova"}).content.decode()
        changed = client.post(address(draft, "change"), {**sent, "version": draft.version})
        assert words in changed.content.decode()
    assert MonitoringRound.objects.filter(plan=world.plan).count() == 2


def test_a_round_whose_term_is_past_does_not_open_and_asks_first(world, draft, settings):
    client, page = client_of(world.people["rpct"]), reverse("risk:round", args=[draft.uid])
    settings.TODAY = draft.answers_by + datetime.timedelta(days=1)
    for door in (page, address(draft, "ask")):
        said = client.post(door, {"verb": "open"}, follow=True).content.decode()
        assert "è già passato: con «Modifica»" in said
    shown = client.get(page).content.decode()
    assert "è già passato" in shown
    assert "si può aprire" not in shown
    settings.TODAY = draft.answers_by
    asked = client.post(address(draft, "ask"), {"verb": "open"}).content.decode()
    assert "3 misure, 2 uffici" in asked
    assert f"rispondono entro il {draft.answers_by:%d/%m/%Y}" in asked
    draft.refresh_from_db()
    assert draft.state == "draft"
    client.post(page, {"verb": "open"})
    draft.refresh_from_db()
    assert draft.state == "open"


def test_a_term_is_put_off_to_a_day_to_come_and_the_page_says_so(world, settings):
    row, client = world.round, client_of(world.people["rpct"])
    old, page = row.answers_by, reverse("risk:round", args=[row.uid])
    settings.TODAY = old + datetime.timedelta(days=3)
    kept = {"checks_by": row.checks_by.isoformat(), "version": row.version}
    for day, is_moved in (
        (settings.TODAY - datetime.timedelta(days=1), False),
        (row.checks_by, True),
    ):
        sent = client.post(address(row, "change"), {**kept, "answers_by": day.isoformat()})
        assert ("giorno già passato" in sent.content.decode()) is not is_moved
        told = f"termini spostati: risposte dal {old:%d/%m/%Y} al {day:%d/%m/%Y} <"
        assert (told in client.get(page).content.decode()) is is_moved


def test_a_draft_goes_when_it_is_asked_and_its_name_is_free_again(world, draft):
    rpct, plan = world.people["rpct"], world.plan
    client, remove = client_of(rpct), address(draft, "remove")
    assert remove in client.get(reverse("risk:round", args=[draft.uid])).content.decode()
    assert "Sì, elimina la bozza" in client.get(remove).content.decode()
    assert MonitoringRound.objects.filter(pk=draft.pk).exists()
    assert client_of(world.people["head"]).post(remove).status_code == 404, "it is in draft"
    assert client_of(world.people["auditor"]).post(remove).status_code == 404

    gone = client.post(remove, follow=True).content.decode()
    assert "Bozza eliminata" in gone
    assert not MonitoringRound.objects.filter(pk=draft.pk).exists()
    assert TrailRecord.objects.filter(kind="round-removed").exists()
    create_round(plan=plan, by=rpct, **{**ROUND, "label": "Bozza"})
    assert client.post(address(world.round, "remove")).status_code == 404, "it was opened"


def test_an_announced_sample_stays_with_its_round(world):
    rpct = world.people["rpct"]
    values = {**ROUND, "label": "A campione", "coverage": "sample"}
    row = create_round(plan=world.plan, by=rpct, **values)
    day = clock.today()
    announce_sample(row=row, percent=30, seed_source="Il lotto.", seed_known_on=day, by=rpct)
    client, remove = client_of(rpct), address(row, "remove")
    assert remove not in client.get(reverse("risk:round", args=[row.uid])).content.decode()
    assert "già annunciato" in client.post(remove, follow=True).content.decode()
    assert MonitoringRound.objects.filter(pk=row.pk).exists()
    MonitoringRound.objects.filter(pk=row.pk).update(answers_by=day, checks_by=day)
    shown = client.get(reverse("risk:round", args=[row.uid])).content.decode()
    assert "Prima di aprire si estrae il campione." in shown
    assert "si può aprire" not in shown
    with pytest.raises(ValidationError, match="già annunciato"):
        _change(row, {"coverage": "all"}, by=rpct)
    sent = {**SENT, "label": "A campione", "version": row.version}
    said = client.post(address(row, "change"), sent).content.decode()
    assert "Il campione è già annunciato" in said
