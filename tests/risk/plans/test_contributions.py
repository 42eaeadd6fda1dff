"""Contributions to the consultation of a plan: received, answered, printed, forgotten."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import clock
from registry.acts import Refused
from registry.models import Plan, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.kept import KeptProcess
from risk.content.plan_facts import PlanFacts
from risk.content.plan_parts import parts_of
from risk.enums import PlanVerb
from risk.models import Chapter, Contribution, ContributionSender, PlanTransition
from risk.paper.plan import render_plan_html, render_plan_pdf
from risk.services.completeness.causes import Copies, contributions_received
from risk.services.completeness.plan_points import plan_points
from risk.services.plans.contribution_rows import Topic, process_topic, topic_called
from risk.services.plans.contributions import (
    add_contribution,
    answer_contribution,
    forget_senders,
    plan_contributions,
)
from risk.services.plans.documents import draft_document, plan_snapshot
from risk.services.reporting.open_data.plans import _without_annexes
from tests.people import client_of
from tests.register import adopt
from tests.risk.admin.world import build

pytestmark = pytest.mark.django_db

NAME = "Ersilia Boldrin"


@pytest.fixture
def world():
    built = build()
    Contribution.objects.all().delete()
    return built


@pytest.fixture
def plan(world) -> Plan:
    return world.a.plan


@pytest.fixture
def rpct(world):
    return world.people["rpct"]


@pytest.fixture
def contribution(world, plan, rpct) -> Contribution:
    return add_contribution(
        plan=plan,
        sender="citizen",
        way="mail",
        text="Mancano i tempi.\n<b>Subito</b>.",
        topic=process_topic(world.a.process),
        received_on=clock.today(),
        name=NAME,
        email="ersilia@example.org",
        by=rpct,
    )


def at(name: str, plan: Plan, *more) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, *more])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_rpct_takes_one_down_and_answers_it(world, plan, rpct):
    client, process = client_of(rpct), world.a.process
    process.code = "GA-1"
    process.save()
    sent = {"sender": "union", "way": "meeting", "received_on": "2020-01-02", "text": "Più tempo."}
    wrong = client.post(at("plan_contribution_new", plan), {**sent, "process": "ZZ"})
    assert "Nel piano non c’è un processo con codice o titolo «ZZ»." in text_of(wrong)
    assert "Più tempo." in text_of(wrong)
    wrong = client.post(at("plan_contribution_new", plan), {**sent, "office": "Nessuno"})
    assert "Nessuno" in text_of(wrong)
    assert not Contribution.objects.exists()
    client.post(at("plan_contribution_new", plan), {**sent, "office": "Ufficio 1"})
    assert Contribution.objects.get().about_uid == world.a.annex.uid
    Contribution.objects.get().delete()
    answer = client.post(at("plan_contribution_new", plan), {**sent, "process": "ga-1"})
    row = Contribution.objects.get()
    assert answer.url == at("plan_contribution", plan, row.uid)
    assert (row.number, row.about, row.about_uid) == (1, "process", process.uid)
    assert row.annex_uid == world.a.annex.uid
    chapter = Chapter.objects.filter(plan=plan).first()
    decided = {"outcome": "in_part", "version": str(row.version), "published": ""}
    lines = f"{chapter.title}\nGA-1\nuna cosa che non c’è"
    refused = client.post(answer.url, {**decided, "changed": lines})
    assert "Chi decide un contributo ne scrive il motivo." in text_of(refused)
    assert "che si chiami «una cosa che non c’è»" in text_of(refused)
    lines = f"{chapter.title}\nGA-1"
    client.post(answer.url, {**decided, "reason": "In parte.", "changed": lines})
    row.refresh_from_db()
    assert [one.uid for one in row.changed_rows] == [str(chapter.uid), str(process.uid)]
    shown = text_of(client.get(answer.url))
    assert reverse("risk:process_sheet", args=[process.uid]) in shown
    assert "GA-1</textarea>" in shown
    # somebody who still saw it unanswered
    stale = client.post(answer.url, {**decided, "reason": "Un altro.", "changed": ""})
    assert "Qualcuno ha scritto un altro esito" in text_of(stale)
    assert "Un altro." in text_of(stale)
    row.refresh_from_db()
    assert row.reason == "In parte."
    kinds = list(TrailRecord.objects.values_list("kind", flat=True).order_by("pk"))
    assert kinds[-2:] == ["contribution", "contribution-answer"]
    assert list(verify_trail()) == []


def test_what_changed_is_looked_for_and_put_below_by_a_button(world, plan, rpct, contribution):
    client, process = client_of(rpct), world.a.process
    process.code = "GA-1"
    process.save()
    chapter = Chapter.objects.filter(plan=plan).first()
    page = at("plan_contribution", plan, contribution.uid)
    decided = {"outcome": "in_part", "version": str(contribution.version), "published": ""}
    offered = client.get(at("plan_contribution_rows", plan, "tutte"), {"q": chapter.title[:6]})
    assert chapter.title in [one["short"] for one in offered.json()["rows"]]
    found = client.get(at("plan_contribution_rows", plan, "processi"), {"q": "ga-1"}).json()
    assert [one["short"] for one in found["rows"]] == ["GA-1"]
    assert client.get(at("plan_contribution_rows", plan, "altro")).status_code == 404
    adding = {**decided, "changed": "GA-1", "more": f"{chapter.title} x", "aggiungi": ""}
    shown = text_of(client.post(page, adding))
    assert f"Forse: {chapter.title}" in shown
    assert "ne scrive il motivo" not in shown
    shown = client.post(page, {**adding, "more": chapter.title}).content.decode()
    assert f"GA-1\n{chapter.title}</textarea>" in shown
    contribution.refresh_from_db()
    assert not contribution.changed


def test_an_office_reads_its_own_and_never_who_sent_it(world, plan, rpct, contribution):
    everything = Topic()
    told = {"sender": "organ", "way": "protocol", "received_on": clock.today(), "by": rpct}
    other = add_contribution(plan=plan, text="Sul piano.", topic=everything, **told)
    page = at("plan_contribution", plan, contribution.uid)
    head = client_of(world.people["head"])
    assert "Mancano i tempi." in text_of(head.get(page))
    assert NAME not in text_of(head.get(page))
    assert head.get(at("plan_contribution", plan, other.uid)).status_code == 404
    assert "Sul piano." not in text_of(head.get(at("plan_contributions", plan)))
    assert NAME in text_of(client_of(rpct).get(page))
    assert NAME not in str(list(TrailRecord.objects.values_list("detail", flat=True)))
    assert not any(NAME in str(row.__dict__) for row in Contribution.history.all())


def test_what_is_wrong_is_refused(world, plan, rpct, contribution):
    told = {"plan": plan, "sender": "citizen", "way": "mail", "by": rpct, "topic": Topic()}
    for text, day, sentence in (
        ("a" * 5_001, clock.today(), "5000"),
        ("a\x07", clock.today(), "controllo"),
        ("a", clock.today() + datetime.timedelta(days=1), "data futura"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            add_contribution(text=text, received_on=day, **told)
    other = world.b.annex
    for key in (f"annex-{other.uid}", f"process-{world.b.process.uid}", "process-x", "x"):
        assert topic_called(plan, key) is None
    contribution.changed = [["html", "x", "<b>"]]
    with pytest.raises(ValidationError):
        contribution.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk).update(outcome="accepted")


def test_the_adoption_waits_and_then_freezes(plan, rpct, contribution):
    (point,) = [
        one
        for one in plan_points(plan, verb=PlanVerb.ADOPT)
        if one.rule.code == "plan-contribution-unanswered"
    ]
    assert point.blocks
    assert point.sentence == "Il contributo n. 1 alla consultazione aspetta un esito."
    _answer(contribution, rpct)
    codes = {one.rule.code for one in plan_points(plan, verb=PlanVerb.ADOPT)}
    assert "plan-contribution-unanswered" not in codes
    adopt(plan)
    contribution.refresh_from_db()
    with pytest.raises(Refused, match="adottato"):
        _answer(contribution, rpct)
    for act in (
        lambda: Contribution.objects.filter(pk=contribution.pk).update(reason="Altro"),
        lambda: Contribution.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_senders_are_forgotten_by_the_term_alone(plan, rpct, contribution, monkeypatch):
    _answer(contribution, rpct)
    adopt(plan)
    row = {"plan": plan, "from_state": "proposed", "to_state": "adopted", "by": rpct}
    PlanTransition.objects.create(verb=PlanVerb.ADOPT, **row)
    assert forget_senders() == 0
    later = clock.now() + datetime.timedelta(days=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert forget_senders() == 1
    assert not ContributionSender.objects.exists()
    assert TrailRecord.objects.filter(kind="contribution-senders").get().detail["count"] == 1
    assert forget_senders() == 0


def test_it_is_printed_without_a_name(world, plan, rpct, contribution):
    before = draft_document(plan)
    _answer(contribution, rpct)
    (told,) = plan_contributions(plan)
    document = draft_document(plan)
    (part,) = parts_of(PlanFacts(contributions=(told,)), names=["consultazione"])
    (row,) = part.sections[0].table.rows
    assert row[0].lines[0] == "n. 1, cittadino"
    assert row[2].lines == ("non accolto", "Non serve.")
    html = render_plan_html(document)
    assert "Esiti della consultazione" in html
    # nothing is issued yet: no table without rows, which could not be drawn
    assert render_plan_pdf(document).startswith(b"%PDF")
    assert "&lt;b&gt;Subito&lt;/b&gt;" in html
    data = json.loads(plan_snapshot(document))["plan"]
    assert data["contributions"][0]["outcome"] == "non accolto"
    (open_row,) = _without_annexes(document)["consultazione"]
    assert (open_row["esito"], open_row["motivo"]) == ("non accolto", ["Non serve."])
    for said in (html, plan_snapshot(document), json.dumps(open_row)):
        assert NAME not in said
        assert "example.org" not in said
    assert before.contributions[0].outcome == ""
    Contribution.objects.all().delete()
    assert "contributions" not in json.loads(plan_snapshot(draft_document(plan)))["plan"]


def test_it_is_a_cause_for_the_process_it_speaks_of(world, contribution):
    process = world.a.process
    names = {"number": 1, "code": "", "title": "", "position": 1, "origin_uid": None}
    texts = dict.fromkeys(("digest", "edition_digest", "words", "words_before", "found"), "")
    kept = KeptProcess(
        pk=process.pk, uid=str(process.uid), annex=world.a.annex, since=None, **names, **texts
    )
    ((key, detail, marks),) = contributions_received(Copies(world.a.annex.plan, [kept]))
    assert (key, marks) == (process.pk, ["1"])
    assert detail.startswith("contributo n. 1: «Mancano i tempi.")


def _answer(row: Contribution, by) -> None:
    told = {"outcome": "not_accepted", "reason": "Non serve.", "published": "", "changed": ()}
    answer_contribution(row=row, version=row.version, by=by, **told)
