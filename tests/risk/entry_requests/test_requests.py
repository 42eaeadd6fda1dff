"""An entry somebody misses: asked for from its field, decided, and put where it was missed."""

import pytest
from django.core import mail
from django.urls import reverse

from registry.models import Annex, ExecutorRole, Macroprocess, RiskArea, TrailRecord
from risk.models import (
    EnablingFactor,
    EventCategory,
    ListEntryRequest,
    Measure,
    MeasureTypology,
    PlannedMeasure,
)
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.points import missing_points
from risk.services.entry_requests.asking import RequestRefusedError
from risk.services.entry_requests.deciding import map_request
from risk.services.entry_requests.lists import LISTS
from tests.people import client_of, people_of
from tests.register import (
    close,
    make_annex,
    make_area,
    make_behaviour,
    make_body,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db

WANTED = "Gestione dei beni confiscati"


@pytest.fixture
def process(db):
    return make_process(make_annex())


@pytest.fixture
def people(process):
    people = people_of(process.annex)
    for person in people.values():
        person.email = f"{person.username}@prova.example"
        person.save()
    return people


@pytest.fixture
def editor(people):
    return client_of(people["editor"])


@pytest.fixture
def rpct(people):
    return client_of(people["rpct"])


def ask(client, process, kind="macroprocess", text=WANTED, **data):
    address = reverse("risk:entry_ask", args=[process.annex.uid])
    asked = {"elenco": kind, "voce": text, "processo": process.uid}
    return client.post(address, {**asked, **data})


def decide(client, verb, **data):
    address = reverse("risk:entry_request", args=[ListEntryRequest.objects.get().uid])
    return client.post(address, {"atto": verb, **data})


KINDS = {
    "risk_area": (RiskArea, lambda process: process.risk_area),
    "macroprocess": (Macroprocess, lambda process: process.macroprocess),
    "executor_role": (ExecutorRole, lambda process: process.phases.get().executor_role),
    "measure": (Measure, lambda process: PlannedMeasure.objects.get().measure),
    "typology": (MeasureTypology, lambda process: MeasureTypology.objects.get()),
    "event_category": (EventCategory, lambda process: process.behaviours.get().categories.get()),
    "enabling_factor": (EnablingFactor, lambda process: process.behaviours.get().factors.get()),
}
MORE = {"risk_area": {"tipo": "general"}, "measure": {"carattere": "specific"}}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_accepted_is_in_the_list_and_in_the_field(kind, process, people, editor, rpct):
    parts = {"fase": make_phase(process).uid, "comportamento": make_behaviour(process).uid}
    answer = ask(editor, process, kind, **parts, torna=f"/processi/{process.uid}/")
    assert answer.url == f"/processi/{process.uid}/"
    model, chosen = KINDS[kind]
    assert not model.objects.exists()

    label = f"{WANTED} mafiosi"
    decide(rpct, "accogli", denominazione=label, codice="", **MORE.get(kind, {}))

    process.refresh_from_db()
    asked = ListEntryRequest.objects.get()
    assert (asked.state, asked.unfollowed, asked.decided_by) == ("accepted", "", people["rpct"])
    entry = model.objects.get()
    assert (entry.label, entry.administration) == (label, process.annex.plan.administration)
    assert chosen(process) == entry
    kinds = set(TrailRecord.objects.filter(outcome="done").values_list("kind", flat=True))
    assert {"entry-asked", "entry-decided"} <= kinds
    (told,) = mail.outbox
    assert told.to == ["penna@prova.example"]
    assert WANTED in told.subject
    assert label in told.body


POINTS = {
    "risk_area": "process-area",
    "macroprocess": "process-macroprocess",
    "executor_role": "phase-executor",
    "measure": "treatment-none",
}
"""What is missed where an entry of a list is not chosen, by the list."""


@pytest.mark.parametrize("outcome", ["as asked", "corrected", "mapped"])
@pytest.mark.parametrize("kind", POINTS)
def test_what_is_missing_stays_missing_until_it_is_decided(kind, outcome, process, editor, rpct):
    process.risk_presence = "present"
    process.save()
    ask(editor, process, kind, fase=make_phase(process).uid)

    assert POINTS[kind] in missed(process)

    model, _chosen = KINDS[kind]
    if outcome == "mapped":
        body, more = process.annex.plan.administration, LISTS[kind].defaults
        entry = model.objects.create(administration=body, code="C", label="Beni", **more)
        decide(rpct, "riconduci", altra=entry.code)
    else:
        label = WANTED if outcome == "as asked" else f"{WANTED} mafiosi"
        decide(rpct, "accogli", denominazione=label, **MORE.get(kind, {}))
    assert ListEntryRequest.objects.get().unfollowed == ""
    assert POINTS[kind] not in missed(process)


def missed(process) -> set[str]:
    annex = Annex.objects.with_names().get(pk=process.annex_id)
    return {point.rule.code for point in missing_points(kept_annex(annex))}


def test_what_is_there_already_is_found_and_chosen(process, editor, rpct):
    body = process.annex.plan.administration
    # the entry all bodies have, of which this one keeps a copy
    Macroprocess.objects.create(code="M1", label="Beni confiscàti")
    near = Macroprocess.objects.create(administration=body, code="M1", label="Beni confiscàti")
    Macroprocess.objects.create(administration=body, code="M2", label="Anagrafe")
    ask(editor, process)
    page = rpct.get(reverse("risk:entry_request", args=[ListEntryRequest.objects.get().uid]))
    assert page.context["forms"]["riconduci"].near == [near]

    decide(rpct, "riconduci", vicina=str(near.pk))

    process.refresh_from_db()
    assert process.macroprocess == near
    assert Macroprocess.objects.count() == 3
    assert ListEntryRequest.objects.get().entry == str(near)


def test_an_entry_of_another_list_or_body_is_none(process, people, editor):
    ask(editor, process)
    asked = ListEntryRequest.objects.get()
    elsewhere = Macroprocess.objects.create(
        administration=make_body("c_x002"), code="M1", label=WANTED
    )
    for entry in (make_area(process.annex.plan.administration), elsewhere):
        with pytest.raises(RequestRefusedError, match="non è in elenco"):
            map_request(request=asked, entry=entry, by=people["rpct"])
    asked.refresh_from_db()
    assert asked.is_open


def test_a_refusal_says_why_and_changes_nothing(process, editor, rpct):
    ask(editor, process)
    assert "obbligatorio" in decide(rpct, "respingi", motivo=" ").content.decode()

    decide(rpct, "respingi", motivo="È una fase, non un macroprocesso.")

    process.refresh_from_db()
    assert process.macroprocess is None
    assert not Macroprocess.objects.exists()
    page = editor.get(reverse("risk:entry_requests")).content.decode()
    assert "È una fase, non un macroprocesso." in page
    assert "non accolta" in page


def test_who_has_chosen_meanwhile_keeps_their_choice(process, editor, rpct):
    ask(editor, process, "risk_area")
    area = make_area(process.annex.plan.administration)
    process.risk_area = area
    process.save()

    answer = decide(rpct, "accogli", denominazione=WANTED, tipo="general")

    process.refresh_from_db()
    assert process.risk_area == area
    assert "scelta un’altra voce" in ListEntryRequest.objects.get().unfollowed
    assert "scelta un’altra voce" in rpct.get(answer.url).content.decode()


def test_a_closed_annex_stays_as_it_is_and_the_list_has_the_entry(process, editor, rpct):
    ask(editor, process)
    close(process.annex, "issued")

    decide(rpct, "accogli", denominazione=WANTED)

    process.refresh_from_db()
    assert process.macroprocess is None
    assert Macroprocess.objects.get().label == WANTED
    assert "non è più aperto" in ListEntryRequest.objects.get().unfollowed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ANAGRAFÈ", "è già in elenco"),
        ("gestione  dei beni confiscati", "è già stata chiesta"),
        (" ", "obbligatorio"),
        ("x" * 501, "500"),
        ("Ana\x07grafe", "car"),
    ],
)
def test_what_need_not_be_asked_is_said_and_stays_typed(process, editor, text, said):
    body = process.annex.plan.administration
    Macroprocess.objects.create(administration=body, code="M2", label="Anagrafe")
    ask(editor, process)

    page = ask(editor, process, text=text)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert page.context["form"]["voce"].value() == text
    assert ListEntryRequest.objects.count() == 1


def test_two_decisions_are_one(process, editor, rpct):
    ask(editor, process)
    decide(rpct, "accogli", denominazione=WANTED)

    answer = decide(rpct, "respingi", motivo="Tardi.")

    assert answer.status_code == 302
    assert ListEntryRequest.objects.get().state == "accepted"


def test_a_name_the_list_has_by_now_is_not_added_twice(process, editor, rpct):
    ask(editor, process)
    body = process.annex.plan.administration
    Macroprocess.objects.create(administration=body, code="M1", label=WANTED)

    page = decide(rpct, "accogli", denominazione=WANTED)

    assert "scegli quella voce" in page.content.decode()
    assert ListEntryRequest.objects.get().state == "asked"


def test_a_row_of_another_annex_is_nobodys(process, editor, people):
    other = make_process(make_annex(process.annex.plan.administration, office="Anagrafe"))
    address = reverse("risk:entry_ask", args=[process.annex.uid])
    data = {"elenco": "macroprocess", "voce": WANTED, "processo": other.uid}
    editor.post(address, data)
    assert ListEntryRequest.objects.get().process_uid is None
    for wrong in ("boh", "https://altrove.example/", "//altrove.example"):
        answer = editor.post(address, {**data, "voce": wrong, "processo": wrong, "torna": wrong})
        assert answer.url == reverse("risk:entry_requests")


def test_who_may_ask_read_and_decide(process, people, editor):
    ask(editor, process)
    one = reverse("risk:entry_request", args=[ListEntryRequest.objects.get().uid])
    found = {name: client_of(person).get(one).status_code for name, person in people.items()}
    assert found == {
        "head": 200,
        "editor": 200,
        "rpct": 200,
        "auditor": 200,
        "colleague": 404,
        "stranger": 404,
    }
    for name in ("head", "editor", "auditor"):
        assert decide(client_of(people[name]), "accogli", denominazione=WANTED).status_code == 403
    assert ask(client_of(people["auditor"]), process, text="Altra").status_code == 403
    assert ask(client_of(people["colleague"]), process, text="Altra").status_code == 404
    assert not Macroprocess.objects.exists()


def test_the_rpct_is_told_on_the_desk_and_the_sheet_says_what_waits(process, editor, rpct):
    ask(editor, process)
    desk = rpct.get(reverse("risk:desk")).content.decode()
    assert f"Tributi chiede la voce «{WANTED}» (macroprocesso)." in desk
    assert reverse("risk:entry_request", args=[ListEntryRequest.objects.get().uid]) in desk
    ask(editor, process, text="Un’altra voce")
    desk = rpct.get(reverse("risk:desk")).content.decode()
    assert f"«{WANTED}» (macroprocesso), e c’è un’altra richiesta." in desk
    address = reverse("risk:entries_wanted", args=[process.uid])
    part = editor.get(address, headers={"HX-Request": "true"}).content.decode()
    assert f"Richiesta: «{WANTED}»" in part
    assert editor.get(address).url.startswith(reverse("risk:entry_ask", args=[process.annex.uid]))
