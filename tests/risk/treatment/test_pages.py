"""The pages of the treatment: who may, what they refuse, how much they ask the database."""

import uuid

import pytest
from django.urls import reverse

from risk.models import ImplementationStep, PlannedMeasure, ProgressIndicator
from risk.services.treatment.programming import add_indicator, add_measure, add_step
from tests.register import close_all, make_behaviour, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TRAIL = 3
"""Statements of an act’s record in the trail and of its lock, over those of the save itself."""


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def to(process):
    """Return a function that gives an address of the process's treatment."""
    return lambda name, *args: reverse(f"risk:{name}", args=[process.uid, *args])


@pytest.fixture
def planned(annex, process, measures, editor):
    row, _new = add_measure(
        annex=annex, measure=measures["by_category"], targets=process.behaviours.all(), by=editor
    )
    return row


def test_one_click_takes_a_suggestion(as_editor, to, process, measures, high):
    page = as_editor.get(to("treatment"))
    assert "non è prevista alcuna misura specifica" in text_of(page)
    assert "Perché: categoria «Conflitto di interessi»." in text_of(page)
    first = process.behaviours.order_by("position").first()

    sent = {"misura": "MS01", "oggetti": [f"comportamenti:{first.uid}"]}
    answer = as_editor.post(to("measure_add"), sent, headers=HTMX, follow=True)

    assert PlannedMeasure.objects.get().targets.get().behaviour == first
    assert "Ora va programmata" in text_of(answer)
    assert "alcuna misura specifica:" not in text_of(answer)
    assert "<html" not in text_of(answer)
    as_editor.post(to("measure_add"), sent)
    assert PlannedMeasure.objects.count() == 1


def test_a_general_measure_is_said_once_for_the_office(as_editor, to, annex, measures):
    as_editor.post(to("measure_general"), {"misura": "codice di COMPORTAMENTO"})
    assert PlannedMeasure.objects.get().scope == "annex"

    answer = as_editor.post(to("measure_general"), {"misura": "MS01"})
    assert "misura specifica" in str(answer.context["form"].errors["misura"])
    answer = as_editor.post(to("measure_general"), {"misura": "Codice di comportamneto"})
    assert "Forse: «Codice di comportamento»" in text_of(answer)
    assert "Codice di comportamneto" in text_of(answer)
    assert PlannedMeasure.objects.count() == 1


def test_wrong_rows_keep_what_was_typed(as_editor, to, annex, process, measures):
    other = make_process(annex, "Altro processo")
    cases = {
        "almeno un oggetto": [],
        "non è di questo processo": [f"processo:{other.uid}"],
        "un solo tipo": [f"processo:{process.uid}", f"fasi:{process.phases.first().uid}"],
    }
    for said, rows in cases.items():
        answer = as_editor.post(to("measure_add"), {"misura": "MS02", "oggetti": rows})
        assert said in text_of(answer)
        assert 'value="MS02"' in text_of(answer)
    assert not PlannedMeasure.objects.exists()


def test_a_measure_is_taken_off(as_editor, to, planned):
    address = to("measure_remove", planned.uid)

    as_editor.post(address)
    as_editor.post(address)

    assert not PlannedMeasure.objects.exists()


def test_the_programming_is_saved_row_by_row(as_editor, planned, role, editor):
    step = add_step(planned=planned, uid=uuid.uuid4(), description="Avvio", by=editor)
    address = reverse("risk:programme_row", args=[planned.uid, "fasi", step.uid])
    sent = {
        "version": "1",
        "description": "Avvio del registro",
        "timing": "primo semestre",
        "due_on": "30/06/2021",
        "responsible_role": "RUP",
        "responsible_office": "Tributi",
    }

    with at_most(15 + TRAIL):
        answer = as_editor.post(address, sent, headers=HTMX)

    step.refresh_from_db()
    assert (step.description, step.responsible_role) == ("Avvio del registro", role)
    assert str(step.due_on) == "2021-06-30"
    assert "Salvato." in text_of(answer)
    assert step.history.first().history_change_reason.startswith("programme:")
    answer = as_editor.post(address, sent | {"version": "2", "due_on": "31/02/2021"})
    assert "due_on" in answer.context["steps"]["forms"][0].errors
    assert 'value="31/02/2021"' in text_of(answer)


def test_two_people_on_one_step_are_asked(as_editor, planned, editor):
    step = add_step(planned=planned, uid=uuid.uuid4(), description="Avvio", by=editor)
    address = reverse("risk:programme_row", args=[planned.uid, "fasi", step.uid])
    as_editor.post(address, {"version": "1", "description": "La sua"})

    answer = as_editor.post(address, {"version": "1", "description": "La mia"}, headers=HTMX)

    step.refresh_from_db()
    assert step.description == "La sua"
    assert "Tieni la mia" in text_of(answer)


def test_rows_are_added_and_removed(as_editor, planned):
    add = reverse("risk:programme_add", args=[planned.uid, "indicatori"])
    sent = {
        "row_uid": str(uuid.uuid4()),
        "version": "0",
        "label": "Controlli svolti",
        "kind": "percentage",
        "target": "97,5",
    }
    as_editor.post(add, sent)
    as_editor.post(add, sent)

    row = ProgressIndicator.objects.get()
    assert (str(row.target), row.is_master) == ("97.500", True)
    answer = as_editor.post(add, sent | {"row_uid": str(uuid.uuid4()), "label": ""})
    assert "Scrivi che cosa si misura." in text_of(answer)
    page = text_of(as_editor.get(reverse("risk:programme", args=[planned.uid])))
    assert 'value="97,5"' in page
    as_editor.post(reverse("risk:programme_remove", args=[planned.uid, "indicatori", row.uid]))
    assert not ProgressIndicator.objects.exists()


def test_what_it_covers_is_changed(as_editor, planned, process):
    first = process.behaviours.order_by("position").first()
    address = reverse("risk:programme_reach", args=[planned.uid])

    as_editor.post(address, {"oggetti": [str(first.uid)]})
    assert [target.behaviour for target in planned.targets.all()] == [first]

    answer = as_editor.post(address, {"oggetti": []})
    assert "almeno un oggetto" in text_of(answer)
    assert planned.targets.count() == 1


def test_strangers_find_nothing_and_readers_may_not_save(
    client, to, planned, stranger, auditor, editor
):
    step = add_step(planned=planned, uid=uuid.uuid4(), description="Avvio", by=editor)
    pages = [to("treatment"), reverse("risk:programme", args=[planned.uid])]
    posts = [
        to("measure_general"),
        to("measure_add"),
        to("measure_remove", planned.uid),
        reverse("risk:programme", args=[planned.uid]),
        reverse("risk:programme_reach", args=[planned.uid]),
        reverse("risk:programme_add", args=[planned.uid, "fasi"]),
        reverse("risk:programme_row", args=[planned.uid, "fasi", step.uid]),
        reverse("risk:programme_remove", args=[planned.uid, "fasi", step.uid]),
    ]
    client.force_login(stranger)
    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page).status_code for page in posts} == {404}
    client.force_login(auditor)
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Togli" not in text_of(answer)
    assert {client.post(page).status_code for page in posts} == {403}
    close_all()
    client.force_login(editor)
    assert {client.post(page).status_code for page in posts} == {403}
    assert ImplementationStep.objects.get().description == "Avvio"


@pytest.mark.parametrize("rows", [3, 40])
def test_the_pages_ask_little(as_editor, to, process, planned, measures, high, role, editor, rows):
    for number in range(rows):
        make_behaviour(process, f"Comportamento {number}").categories.add(
            *process.behaviours.first().categories.all()
        )
        uid = uuid.uuid4()
        add_step(
            planned=planned, uid=uid, description=str(number), responsible_role=role, by=editor
        )
        add_indicator(planned=planned, uid=uid, label=str(number), kind="quantity", by=editor)
    with at_most(12):
        assert as_editor.get(to("treatment")).status_code == 200
    with at_most(12):
        assert as_editor.get(to("measure_add")).status_code == 200
    with at_most(12):
        assert as_editor.get(reverse("risk:programme", args=[planned.uid])).status_code == 200
    oggetti = [f"comportamenti:{row.uid}" for row in process.behaviours.all()]
    with at_most(16 + TRAIL):
        as_editor.post(to("measure_add"), {"misura": "MS02", "oggetti": oggetti})
    with at_most(15 + TRAIL):
        as_editor.post(to("measure_general"), {"misura": "MG01"})
    new = {"row_uid": str(uuid.uuid4()), "version": "0", "description": "Nuova"}
    new |= {"responsible_role": "RUP", "responsible_office": "Tributi"}
    with at_most(15 + TRAIL):
        as_editor.post(reverse("risk:programme_add", args=[planned.uid, "fasi"]), new)
    assert PlannedMeasure.objects.count() == 3
    assert planned.steps.count() == rows + 1
