"""The draft of a plan open to everybody: who reads it, and how contributions come in."""

import datetime
import re
import shutil
from io import BytesIO

import pytest
from django.conf import settings
from django.core import mail, signing
from django.core.cache import cache
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from registry import clock
from registry.acts import Refused, act
from registry.models import Office, Plan, PlanDeadline, TrailRecord
from registry.services.trail_verification import verify_trail
from registry.trail.subjects import annex_subject
from risk.enums import PlanVerb
from risk.models import (
    Chapter,
    Consultation,
    Contribution,
    ContributionSender,
    PendingContribution,
    TextBlock,
)
from risk.services.plans.bound import bound_plan
from risk.services.plans.choices import Chosen
from risk.services.plans.consultation import (
    confirm_contribution,
    forget_pending,
    keep_paper,
    open_consultation,
    withdraw_consultation,
)
from risk.services.plans.contribution_rows import Topic
from risk.services.plans.contributions import add_contribution, answer_contribution
from risk.services.plans.moves import make_plan_move
from risk.services.reporting.open_data.files import STORE
from risk.views.reporting import consultation as views
from tests.people import client_of
from tests.risk.admin.world import build

pytestmark = pytest.mark.django_db

ANNEXES = Chosen(("allegati",), frozenset())
NAME, EMAIL = "Ersilia Boldrin", "ersilia@example.org"


@pytest.fixture
def world():
    # pages of a test before, whose rows had the same keys
    shutil.rmtree(storages[STORE].path(""), ignore_errors=True)
    built = build()
    Contribution.objects.all().delete()
    PendingContribution.objects.all().delete()
    cache.clear()
    annex = built.a.annex
    annex.head_surname, annex.head_name = "Pratesi", "Nunzia"
    annex.save()
    body = built.a.administration
    for layout, slot in (("schede", "introduction"), ("completo", "note")):
        text = "A cura di {{responsabile}}, che ne risponde."
        TextBlock.objects.create(administration=body, layout=layout, slot=slot, text=text)
    built.a.process.responsible = "Nunzia Pratesi"
    built.a.process.save()
    return built


@pytest.fixture
def plan(world) -> Plan:
    make_plan_move(plan=world.a.plan, verb=PlanVerb.CONSULT, by=world.people["rpct"])
    return Plan.objects.select_related("administration").get(pk=world.a.plan.pk)


@pytest.fixture
def consultation(world, plan) -> Consultation:
    return open_consultation(plan=plan, ends_on=clock.today(), by=world.people["rpct"])


def at(name: str, *parts) -> str:
    return reverse(f"risk:{name}", args=parts)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def form_of(**values) -> dict:
    return {"sender": "citizen", "about": "", "text": "Manca un <b>termine</b>.", **values} | {
        "name": values.get("name", NAME),
        "email": values.get("email", EMAIL),
    }


def link_in(message) -> str:
    (found,) = re.findall(rf"{settings.SITE_URL}(\S+)", message.body)
    return found


def test_everybody_reads_the_draft_and_nobody_s_name(world, consultation):
    stranger, token = Client(), consultation.token
    pages = [
        at("consultation", token),
        at("consultation_part", token, "capitoli"),
        at("consultation_part", token, "sintesi"),
        at("consultation_part", token, "programma"),
        at("consultation_part", token, "graduatoria"),
        at("consultation_annex", token, world.a.annex.uid),
    ]
    for page in pages:
        answer = stranger.get(page)
        assert answer.status_code == 200, page
        assert "BOZZA IN CONSULTAZIONE" in text_of(answer)
        assert "Pratesi" not in text_of(answer)
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert "no-store" in answer.headers["Cache-Control"]
    assert world.a.process.title in text_of(answer)
    assert "A cura di —, che ne risponde." in text_of(answer)
    assert Chapter.objects.filter(plan=consultation.plan).first().title in text_of(
        stranger.get(pages[1])
    )
    # the ranked list leads to the sheet in the draft, and follows what is changed
    sheet = f"{pages[-1]}#processo-{world.a.process.uid}"
    assert f'href="{sheet}"' in stranger.get(pages[-2]).content.decode()
    with act("prova", by=None, subject=annex_subject(world.a.annex)):
        world.a.process.title = "Un altro titolo"
        world.a.process.save()
    assert "Un altro titolo" in text_of(stranger.get(pages[-2]))


def test_the_measures_that_serve_an_objective_are_told_with_their_sheets(world, consultation):
    stranger, token, objective = Client(), consultation.token, world.a.objective
    page, page_of_draft = at("consultation_part", token, "obiettivi"), at("consultation", token)
    assert page in text_of(stranger.get(page_of_draft))
    with act("prova", by=None, subject=annex_subject(world.a.annex)):
        world.a.plannedmeasure.objective = objective
        world.a.plannedmeasure.save()
    shown = stranger.get(page)
    assert "Misure che lo servono" in text_of(shown)
    assert "Nessuna misura lo serve ancora." not in text_of(shown)
    sheet = f"{at('consultation_annex', token, world.a.annex.uid)}#processo-{world.a.process.uid}"
    assert f'href="{sheet}"' in shown.content.decode()
    objective.retired_on, objective.retired_reason = clock.today(), "Non serve più."
    objective.save()
    assert page not in text_of(stranger.get(page_of_draft))
    assert stranger.get(page).status_code == 404


def test_offices_of_the_draft_come_a_page_at_a_time(world, consultation, monkeypatch):
    monkeypatch.setattr(views, "OFFICES_A_PAGE", 1)
    office = Office(administration=world.a.administration, code="ZZ", name="Zeta")
    office.save()
    consultation.plan.annexes.create(office=office)
    address = at("consultation", consultation.token)
    assert "Zeta" not in text_of(Client().get(address))
    assert "Zeta" in text_of(Client().get(f"{address}?pagina=2"))


def test_only_what_is_open_is_there(world, plan, consultation):
    stranger, token, rpct = Client(), consultation.token, world.people["rpct"]
    for page in (
        at("consultation", "x"),
        at("consultation_annex", token, world.b.annex.uid),
        at("consultation_part", token, "quadro"),
        at("consultation_part", token, "x"),
    ):
        assert stranger.get(page).status_code == 404, page
    with pytest.raises(Refused, match="già un indirizzo"):
        open_consultation(plan=plan, ends_on=clock.today(), by=rpct)
    make_plan_move(plan=plan, verb=PlanVerb.BACK, by=rpct, reason="Si rivede.")
    assert stranger.get(at("consultation", token)).status_code == 404
    assert stranger.get(at("consultation_contribute", token)).status_code == 404
    make_plan_move(plan=plan, verb=PlanVerb.CONSULT, by=rpct)
    assert stranger.get(at("consultation", token)).status_code == 200
    withdraw_consultation(row=consultation, version=consultation.version, by=rpct)
    assert stranger.get(at("consultation", token)).status_code == 404
    other = open_consultation(plan=plan, ends_on=clock.today(), by=rpct)
    assert other.token != token
    assert stranger.get(at("consultation", other.token)).status_code == 200
    assert token not in str(list(TrailRecord.objects.values_list("detail", flat=True)))
    assert list(verify_trail()) == []


def test_what_a_stranger_wrote_is_public_once_it_is_answered(world, plan, consultation):
    rpct = world.people["rpct"]
    texts = {"sender": "citizen", "way": "form", "topic": Topic(), "received_on": clock.today()}
    rows = [
        add_contribution(plan=plan, text=text, by=None, **texts)
        for text in ("Un insulto.", "Contro Tizio.")
    ]
    stranger, page = Client(), at("consultation_part", consultation.token, "consultazione")
    assert stranger.get(page).status_code == 404
    chosen = Chosen(("consultazione",), frozenset())

    def printed(mark: str) -> str:
        content = bound_plan(plan=plan, chosen=chosen, mark=mark)
        return " ".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages)

    # whoever reads the plan inside reads them all, as before
    assert "Un insulto." in printed("")
    assert "Un insulto." not in printed("BOZZA IN CONSULTAZIONE")
    answer_contribution(
        row=rows[1],
        outcome="not_accepted",
        reason="Non riguarda il piano.",
        published="Contro una persona.",
        changed=(),
        version=rows[1].version,
        by=rpct,
    )
    for told in (text_of(stranger.get(page)), printed("BOZZA IN CONSULTAZIONE")):
        assert "Contro una persona." in told
        assert "Non riguarda il piano." in told
        assert "Tizio" not in told
        assert "insulto" not in told


def test_the_rpct_opens_and_withdraws_it(world, plan):
    client = client_of(world.people["rpct"])
    names = (plan.administration.ipa_code, plan.slug)
    past = client.post(at("plan_consultation_open", *names), {"ends_on": "2020-01-01"})
    assert "Il giorno è già passato." in text_of(past)
    day = clock.today() + datetime.timedelta(days=30)
    for kind, ahead in (("adoption", 3), ("consultation", -3), ("consultation", 30)):
        due_on = clock.today() + datetime.timedelta(days=ahead)
        PlanDeadline.objects.create(plan=plan, kind=kind, label=f"{kind} {ahead}", due_on=due_on)
    proposed = client.get(at("plan_consultation_open", *names))
    assert f'value="{day.isoformat()}"' in text_of(proposed)
    client.post(at("plan_consultation_open", *names), {"ends_on": day.isoformat()})
    row = Consultation.objects.get(plan=plan, withdrawn_at=None)
    assert at("consultation", row.token) in text_of(client.get(at("plan_contributions", *names)))
    head = client_of(world.people["head"])
    withdrawing = at("plan_consultation_withdraw", *names)
    assert head.post(withdrawing, {"version": row.version}).status_code == 404
    client.post(withdrawing, {"version": row.version})
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_a_contribution_is_taken_when_its_link_is_opened_once(world, plan, consultation):
    stranger, page = Client(), at("consultation_contribute", consultation.token)
    about = f"process-{world.a.process.uid}"
    assert world.a.process.title in text_of(stranger.get(f"{page}?su={about}"))
    for _twice in range(2):
        assert "Controlla la posta" in text_of(stranger.post(page, form_of(about=about)))
    assert PendingContribution.objects.count() == 1
    assert not Contribution.objects.exists()
    link = link_in(mail.outbox[0])
    assert "&lt;b&gt;termine&lt;/b&gt;" in text_of(stranger.get(link))
    assert not Contribution.objects.exists()
    assert "contributo n. 1" in text_of(stranger.post(link))
    row = Contribution.objects.get()
    assert (row.way, row.about, row.annex_uid) == ("form", "process", world.a.annex.uid)
    assert ContributionSender.objects.get().email == EMAIL
    assert not PendingContribution.objects.exists()
    for again in (stranger.get(link), stranger.post(link), stranger.post(link_in(mail.outbox[1]))):
        assert again.status_code == 404
        assert "è già stato usato" in text_of(again)
    assert Contribution.objects.count() == 1
    told = str(list(TrailRecord.objects.values_list("detail", "subject")))
    assert EMAIL not in told
    assert NAME not in told
    assert list(verify_trail()) == []


def test_a_link_that_is_old_or_not_whole_confirms_nothing(consultation, monkeypatch):
    stranger = Client()
    stranger.post(at("consultation_contribute", consultation.token), form_of())
    link = link_in(mail.outbox[0])
    for wrong in (link[:-2] + "/", at("consultation_confirm", signing.dumps("x"))):
        assert stranger.post(wrong).status_code == 404
    now = clock.now()
    monkeypatch.setattr(signing.time, "time", lambda: now.timestamp() + 49 * 3600)
    assert "è scaduto" in text_of(stranger.post(link))
    monkeypatch.setattr(clock, "now", lambda: now + datetime.timedelta(hours=49))
    assert forget_pending() == 1
    assert not Contribution.objects.exists()


def test_what_is_refused_is_shown_back(world, plan, consultation):
    stranger, page = Client(), at("consultation_contribute", consultation.token)
    # a browser would cut what is pasted, and say nothing
    assert (
        "maxlength" not in text_of(stranger.get(page)).partition('name="text"')[2].partition(">")[0]
    )
    huge = "a" * 2_000_000
    answer = stranger.post(page, form_of(text=huge))
    assert "5000" in text_of(answer)
    assert huge in answer.content.decode()
    assert "segno" in text_of(stranger.post(page, form_of(text="a\x00b")))
    assert "controllo" in text_of(stranger.post(page, form_of(text="a\x07b")))
    foreign = stranger.post(page, form_of(about=f"annex-{world.b.annex.uid}"))
    assert "Scegli" in text_of(foreign)
    # a program that fills in what people do not see is told the same, and nothing is kept
    assert "Controlla la posta" in text_of(stranger.post(page, form_of(site="x")))
    assert not PendingContribution.objects.exists()
    withdraw_consultation(row=consultation, version=consultation.version, by=world.people["rpct"])
    late = stranger.post(page, form_of(text="Scritto con cura."))
    assert late.status_code == 409
    assert "Scritto con cura." in text_of(late)
    assert "il contributo non è partito" in text_of(late)
    assert stranger.post(at("consultation_contribute", "x"), form_of()).status_code == 404
    assert mail.outbox == []


def test_five_hundred_are_stopped_by_place_and_by_plan(consultation, settings):
    rates = {**settings.ACCOUNT_RATE_LIMITS, "contribution": "3/h/ip,5/h/key"}
    settings.ACCOUNT_RATE_LIMITS = rates
    stranger, page = Client(), at("consultation_contribute", consultation.token)
    # who has to correct what was typed has sent nothing yet
    assert [stranger.post(page, form_of(text="")).status_code for _again in range(4)] == [200] * 4
    codes = [stranger.post(page, form_of(text=f"n. {n}")).status_code for n in range(5)]
    assert codes == [200] * 3 + [429] * 2
    refused = stranger.post(page, form_of(text="Scritto con cura."))
    assert "Scritto con cura." in text_of(refused)
    assert "riprova fra un’ora" in text_of(refused)
    elsewhere = [
        Client(REMOTE_ADDR=f"198.51.100.{n}").post(page, form_of(text=f"da {n}")).status_code
        for n in range(4)
    ]
    assert elsewhere[0] == 200
    assert elsewhere[-1] == 429
    assert PendingContribution.objects.count() == len(mail.outbox) <= 5


def test_one_sent_in_time_counts_after_the_consultation(world, plan, consultation, settings):
    stranger = Client()
    stranger.post(at("consultation_contribute", consultation.token), form_of())
    signed = link_in(mail.outbox[0]).rstrip("/").rpartition("/")[2]
    make_plan_move(plan=plan, verb=PlanVerb.BACK, by=world.people["rpct"], reason="Si rivede.")
    # moments are real; the installation, as the demo, may live in a day of before
    settings.TODAY = clock.today() - datetime.timedelta(days=1)
    taken = confirm_contribution(signed)
    assert (taken.number, taken.received_on) == (1, settings.TODAY)


def test_the_pdf_is_marked_and_names_nobody(world, plan, consultation):
    stranger, page = Client(), at("consultation_paper", consultation.token)
    assert stranger.get(page).status_code == 404
    keep_paper(
        plan=plan, content=bound_plan(plan=plan, chosen=ANNEXES, mark="BOZZA IN CONSULTAZIONE")
    )
    answer = stranger.get(page)
    assert answer.headers["Content-Type"] == "application/pdf"
    words: list[str] = []
    for sheet in PdfReader(BytesIO(answer.content)).pages:
        text = sheet.extract_text()
        assert "BOZZA IN CONSULTAZIONE" in text
        assert "Pratesi" not in text
        words.append(text)
    assert "A cura di —, che ne risponde." in " ".join(" ".join(words).split())
    shown = text_of(stranger.get(at("consultation", consultation.token)))
    assert "Tutta la bozza in PDF" in shown
