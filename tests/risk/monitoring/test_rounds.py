"""A round of monitoring: opened, answered, confirmed, checked, closed, issued for ever."""

import datetime
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from registry.acts import RuleRefused
from registry.clock import today
from registry.models import Office, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.canonical import digest_of
from risk.content.round_values import report_of
from risk.models import (
    Evidence,
    Measure,
    Measurement,
    MonitoringRound,
    PlannedMeasure,
    RoundAnswer,
    RoundCheck,
    RoundCorrection,
    RoundIssue,
    RoundItem,
)
from risk.services.monitoring.checking import check_answer, set_not_due
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.issuing import correct_round, issue_round
from risk.services.monitoring.opening import assign_office, faults_of, open_round
from risk.services.monitoring.report import report_now
from risk.services.monitoring.report_data import round_content
from risk.services.monitoring.rounds import create_round
from risk.services.plans.editions import copy_plan
from tests.people import client_of, make_member
from tests.register import adopt, make_annex, make_body
from tests.risk.monitoring.acts import answer, closed, confirm, measure, seen
from tests.risk.monitoring.conftest import DAY, ROUND, item_of
from tests.statements import at_most

pytestmark = pytest.mark.django_db


# --- opening ------------------------------------------------------------------------------------


def test_each_measure_is_asked_of_the_office_that_answers_for_it(world):
    offices = {item.planned_measure_id: item.office_id for item in world.round.items.all()}

    assert offices == {row.pk: row.annex.office_id for row in world.planned.values()}
    assert RoundAnswer.objects.filter(item__round=world.round).count() == 3
    assert all(len(item.asked) == 64 for item in world.round.items.all())


def test_programming_errors_are_told_before_it_opens(world):
    row = create_round(plan=world.plan, by=world.people["rpct"], **{**ROUND, "label": "Altro"})

    assert {(fault.code, fault.measure.pk) for fault in faults_of(row)} == {
        ("no-indicator", world.planned["late"].pk),
        ("no-indicator", world.planned["other"].pk),
    }
    page = client_of(world.people["rpct"]).get(reverse("risk:round", args=[row.uid]))
    assert "non monitorabile" in page.content.decode()


def test_a_measure_nobody_answers_for_blocks_the_opening(db, settings):
    settings.TODAY = DAY
    annex = make_annex(make_body("c_y002"))
    rpct = make_member("altro-rpct", "rpct", body=annex.plan.administration)
    general = Measure.objects.create(code="G", label="Formazione", character="general")
    whole = PlannedMeasure.objects.create(plan=annex.plan, measure=general, scope="plan")
    told = ({}, {"is_master": False}, {"baseline": 40, "target": 40})
    for n, values in enumerate(told):
        row = PlannedMeasure.objects.create(
            plan=annex.plan,
            annex=annex,
            scope="annex",
            measure=Measure.objects.create(code=f"S{n}", label=f"S{n}", character="specific"),
        )
        row.progress_indicators.create(position=1, label="Pratiche", **values)
    with pytest.raises(RuleRefused, match="piano adottato"):
        create_round(plan=annex.plan, by=rpct, **ROUND)
    adopt(annex.plan)
    annex.plan.refresh_from_db()
    row = create_round(plan=annex.plan, by=rpct, **ROUND)
    client, address = client_of(rpct), reverse("risk:round", args=[row.uid])

    client.post(address, {"verb": "open"})
    assert MonitoringRound.objects.get(pk=row.pk).state == "draft"
    assert [fault.code for fault in faults_of(row) if fault.blocks] == ["round-unassigned"]
    faults = {fault.measure.measure.code: fault.code for fault in faults_of(row)}
    assert [faults[f"S{n}"] for n in range(len(told))] == [
        *("no-target", "no-master", "target-already-met-at-baseline")
    ]
    assert "Nessun ufficio risponde" in client.get(address).content.decode()
    client.post(
        reverse("risk:round_assign", args=[row.uid]),
        {"misura": str(whole.uid), "ufficio": annex.office_id},
    )
    client.post(address, {"verb": "open"})
    assert MonitoringRound.objects.get(pk=row.pk).state == "open"
    assert RoundItem.objects.get(round=row, planned_measure=whole).office == annex.office
    with pytest.raises(RuleRefused, match="prima dell’apertura"):
        assign_office(row=row, measure=whole, office=annex.office, by=rpct)


def test_opening_asks_as_many_statements_for_many_measures(world):
    row = create_round(plan=world.plan, by=world.people["rpct"], **{**ROUND, "label": "Altro"})
    with at_most(60):
        open_round(row=row, by=world.people["rpct"])


def test_an_update_adopted_meanwhile_leaves_an_open_round_on_what_it_asked(world):
    asked = dict(world.round.items.values_list("uid", "asked"))
    years = {"first_year": world.plan.first_year, "last_year": world.plan.last_year}
    rpct = world.people["rpct"]
    made = copy_plan(plan=world.plan, title="Aggiornamento", kind="update", by=rpct, **years)
    PlannedMeasure.objects.get(plan=made, measure__code="own").progress_indicators.update(target=90)
    adopt(made, "published")
    client = client_of(world.people["editor"])
    page = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])

    assert answer(world, client=client).status_code == 200
    assert "0\u00a0% → 50\u00a0%" in client.get(page).content.decode()
    # outside the round it is the plan in force that counts, and the round is still found
    mine = client.get(reverse("risk:answered")).content.decode()
    assert "0\u00a0% → 90\u00a0%" in mine
    assert reverse("risk:round", args=[world.round.uid]) in mine
    assert dict(world.round.items.values_list("uid", "asked")) == asked
    assert {item.planned_measure.plan_id for item in world.round.items.all()} == {world.plan.pk}
    closed(world)
    assert item_of(world, "own").outcome == "done"
    assert not MonitoringRound.objects.filter(plan=made).exists()


# --- answering ----------------------------------------------------------------------------------


def test_an_answer_saves_itself_and_says_what_it_misses(world):
    client = client_of(world.people["editor"])
    nothing = answer(world, client=client, declared="no_case", done="").content.decode()
    assert "da dove risulta che i casi sono 0" in nothing
    assert item_of(world, "own").state == "to_answer"
    saved = answer(world, client=client, declared="late", done="")
    item = item_of(world, "own")
    assert saved.status_code == 200
    assert (item.answer.declared, item.state) == ("late", "to_answer")
    with at_most(15):  # one of them is that of the test
        reason = {"reason": "Manca il personale.", "cause": "resources"}
        answer(world, client=client, declared="late", done="", **reason)
    assert item_of(world, "own").state == "answered"


@pytest.mark.parametrize(
    ("who", "code"), [("rpct", 403), ("auditor", 403), ("colleague", 404), ("stranger", 404)]
)
def test_who_does_not_answer_for_it_writes_nothing(world, who, code):
    assert answer(world, who=who).status_code == code
    assert item_of(world, "own").answer.declared == ""


def test_two_people_never_overwrite_each_other(world):
    before = item_of(world, "own").answer.version
    answer(world, done="La mia.")
    item = item_of(world, "own")
    prefix = f"risposta-{item.uid}"
    sent = {f"{prefix}-declared": "done", f"{prefix}-done": "L’altra."}
    address = reverse("risk:round_item", args=[item.uid])
    answered = client_of(world.people["head"]).post(
        address, {**sent, f"{prefix}-version": before}, headers={"HX-Request": "true"}
    )

    assert "house-conflict" in answered.content.decode()
    assert item_of(world, "own").answer.done == "La mia."


def test_without_scripts_one_button_sends_all(world):
    items = {name: item_of(world, name) for name in ("own", "late")}
    sent = {}
    for item in items.values():
        prefix = f"risposta-{item.uid}"
        sent |= {f"{prefix}-version": item.answer.version, f"{prefix}-declared": "done"}
        sent[f"{prefix}-done"] = "Fatto."
    address = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])

    client = client_of(world.people["editor"])
    assert client.post(address, sent).status_code == 302
    assert {item_of(world, name).state for name in items} == {"answered"}
    with at_most(12):
        page = client.get(address).content.decode()
    assert "Registro degli accessi" not in page
    assert page.count("Fatto.") >= 2


def test_a_percent_is_its_parts_and_a_correction_says_why(world):
    first = measure(world)

    for values in ({"numerator": Decimal(11)}, {"denominator": Decimal(0)}, {"numerator": None}):
        with pytest.raises(Exception, match="numeratore|denominatore"):
            measure(world, correction_reason="Era un altro.", **values)
    with pytest.raises(Exception, match="perché la correggi"):
        measure(world, numerator=Decimal(7))
    second = measure(world, numerator=Decimal(7), correction_reason="Ne mancava una.")
    assert second.replaces == first
    assert Measurement.objects.filter(replaced_by=None).get() == second
    for change in (first.delete, lambda: Measurement.objects.update(source="Altro")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- confirming and checking --------------------------------------------------------------------


def test_who_wrote_an_answer_does_not_confirm_it(world):
    answer(world, "own")
    answer(world, "late", who="head")

    with pytest.raises(RuleRefused, match="responsabile"):
        confirm(world, "own", who="editor")
    done = confirm(world, "own", "late")
    assert (done.confirmed, done.own) == (1, 1)
    assert item_of(world, "own").state == "confirmed"
    assert item_of(world, "late").state == "answered"
    with pytest.raises(RuleRefused, match="per ultimo"):
        confirm(world, "late")
    said = answer(world, "own", done="Ancora.").content.decode()
    assert "confermata" in said
    assert item_of(world, "own").answer.done == "Estratte 6 pratiche."


def test_the_rpct_asks_for_more_and_the_answer_goes_back(world):
    answer(world)
    confirm(world, "own")
    address = reverse("risk:round_check", args=[item_of(world, "own").uid])
    client = client_of(world.people["rpct"])

    item = item_of(world, "own")
    asked = {"request": "Manca il verbale.", "request_by": f"{today()}", "looked_at": "Le carte."}
    of_item = reverse("risk:round_item", args=[item.uid])
    assert "Confermata da" in client.get(of_item).content.decode()
    said = client.post(address, {**asked, **seen(client, item)}, follow=True).content.decode()
    assert "la risposta è tornata all’ufficio, senza un esito" in said
    assert "Guardato: Le carte." in said
    assert "Confermata da" not in said, "what was confirmed is sent back"
    assert item_of(world, "own").state == "returned"
    page = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    assert "Manca il verbale." in client_of(world.people["editor"]).get(page).content.decode()
    answer(world, done="Ecco il verbale.")
    confirm(world, "own")
    missing = client.post(address, {"outcome": "confirmed", **seen(client, item)})
    assert "che cosa è stato guardato" in missing.content.decode()
    found = {"outcome": "confirmed", "looked_at": "Verbale 3/2021."}
    client.post(address, {**found, **seen(client, item)})
    assert item_of(world, "own").state == "verified"
    assert client_of(world.people["head"]).post(address, {"request": "x"}).status_code == 403


def test_a_proof_is_answer_enough_where_a_proof_was_asked(world):
    for name in ("own", "late"):
        answer(world, name)
        confirm(world, name)
        asked = {"item": item_of(world, name), "by": world.people["rpct"]}
        check_answer(**asked, request="Manca il verbale.")
    answer(world, "late", declared="late", reason="")

    for name in ("own", "late"):
        proof = {"proves": "Il controllo", "reference": "Verbale 3/2021"}
        asked = {"item": item_of(world, name), "by": world.people["editor"]}
        add_evidence(**asked, **proof, has_personal_data=False)

    assert item_of(world, "own").state == "answered"
    # a reason is still missing there
    assert item_of(world, "late").state == "returned"


def test_what_was_not_due_says_why(world):
    set_not_due(item=item_of(world, "late"), reason="Nessun incarico.", by=world.people["rpct"])

    assert item_of(world, "late").state == "not_due"
    assert "non risposta" not in answer(world, "late").content.decode()
    assert item_of(world, "late").answer.declared == ""


# --- the end ------------------------------------------------------------------------------------


def test_the_outcome_is_derived_and_printed_with_its_reason(world):
    closed(world)

    outcomes = {name: item_of(world, name).outcome for name in world.planned}
    assert outcomes == {"own": "done", "late": "no_answer", "other": "no_answer"}
    page = client_of(world.people["rpct"]).get(reverse("risk:round", args=[world.round.uid]))
    text = page.content.decode()
    assert "Nessuna risposta confermata alla chiusura del monitoraggio." in text
    mine = client_of(world.people["colleague"]).get(reverse("risk:round", args=[world.round.uid]))
    assert "Rotazione" not in mine.content.decode()
    assert "Registro degli accessi" in mine.content.decode()
    assert "non si risponde più" in answer(world).content.decode()


def test_a_check_wins_over_what_was_declared(world):
    closed(world, outcome="not_confirmed")

    item = item_of(world, "own")
    assert (item.outcome, item.answer.declared) == ("not_done", "done")


def test_a_closed_round_is_read_once_until_something_it_tells_of_is_written(world):
    answer(world)
    closed(world)
    row = MonitoringRound.objects.select_related("plan__administration", "level").get()
    first = report_now(row)[0]
    with at_most(14):
        assert report_now(row)[0] == first
    changes = (
        lambda: Office.objects.filter(pk=world.annex.office_id).update(name="Tributi e canoni"),
        # as nobody can from a page
        lambda: RoundAnswer.objects.update(done="Altro", version=F("version") + 1),
    )
    for change in changes:
        change()
        told = report_now(row)[0]
        assert told != first
        assert told == report_of(round_content(row))
        first = told


def test_an_issued_round_changes_no_more(world):
    closed(world)
    issue = issue_round(row=world.round, by=world.people["rpct"])

    data = json.loads(RoundIssue.objects.get(pk=issue.pk).data)["round"]
    assert digest_of(issue.data) == issue.data_digest
    assert {one["measure"]: one["outcome"] for one in data["measures"]}["Rotazione"] == "no_answer"
    row = world.round
    for change in (
        lambda: MonitoringRound.objects.filter(pk=row.pk).update(answers_by=datetime.date.max),
        lambda: RoundItem.objects.filter(round=row).update(outcome="done"),
        lambda: RoundAnswer.objects.filter(item__round=row).update(done="Altro"),
        lambda: RoundIssue.objects.filter(pk=issue.pk).update(data="{}"),
        lambda: RoundItem.objects.filter(round=row).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    kinds = TrailRecord.objects.order_by("pk").values_list("kind", flat=True)
    assert [kind for kind in kinds if kind.startswith("round")][:2] == ["round", "round-open"]
    assert "round-issue" in kinds


def test_what_is_written_once_is_on_the_trail(world):
    closed(world)
    check = RoundCheck.objects.get()
    issue_round(row=world.round, by=world.people["rpct"])

    said = [sentence.sentence for sentence in verify_trail()]
    rows = [Measurement.objects.get(), Evidence.objects.get(), check, *RoundIssue.objects.all()]
    assert not [one for row in rows for one in said if str(row.uid) in one]
    assert not [one for one in said if str(world.round) in one]


def test_a_round_moves_by_its_transitions_alone(world):
    with pytest.raises(IntegrityError, match="moves_by_a_transition"), transaction.atomic():
        MonitoringRound.objects.filter(pk=world.round.pk).update(state="closed")
    client = client_of(world.people["head"])
    address = reverse("risk:round", args=[world.round.uid])
    assert client.post(address, {"verb": "check"}).status_code == 403
    client_of(world.people["rpct"]).post(address, {"verb": "close"})
    assert MonitoringRound.objects.get(pk=world.round.pk).state == "open"


def test_a_round_that_is_not_issued_is_not_corrected(world):
    said = {"said": "Altro.", "reason": "Perché sì."}
    with pytest.raises(RuleRefused, match="emesso"):
        correct_round(row=world.round, by=world.people["rpct"], **said)
    with pytest.raises(IntegrityError, match="issued_round"), transaction.atomic():
        RoundCorrection.objects.create(round=world.round, by=world.people["rpct"], **said)
    page = reverse("risk:round_report", args=[world.round.uid])
    assert client_of(world.people["rpct"]).get(page).status_code == 404
