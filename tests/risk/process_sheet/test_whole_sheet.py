"""Without scripts the sheet is one form: one press saves all of it, and nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from registry.models import Action, Phase, Process
from risk.models import EventCategory, RiskBehaviour
from risk.services.process_sheet.row_keys import key_of
from tests.register import close, make_behaviour, make_phase
from tests.sent_form import Sent

pytestmark = pytest.mark.django_db
NOT_ALL = "Non tutto è salvato"


def address(process) -> str:
    return reverse("risk:process_sheet", args=[process.uid])


def shown(desk, process, query: str = "") -> dict:
    """Return all that the page would send as it is shown."""
    values = Sent(desk.get(address(process) + query).content.decode(), "matrice").values
    values.pop("csrfmiddlewaretoken", None)
    return values


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def name(row, field: str) -> str:
    return f"{key_of(row.uid)}:{field}"


def test_all_that_is_typed_is_saved_at_once(desk, process, phases, behaviours, body, lists):
    category = EventCategory.objects.create(administration=body, code="C 1", label="Tempi")
    action = Action.objects.first()
    data = shown(desk, process, f"?riga={behaviours[0].uid}")
    data |= {
        "identita:objective": "Rendere\r\nil dovuto",
        "svolgimento:input": "Istanza",
        "condizioni:resources": "Due persone",
        "presenza:risk_presence_reason": "C’è discrezionalità",
        name(phases[0], "title"): "Istruttoria formale",
        name(phases[2], "executor_role"): "rup",
        name(action, "title"): "Controllo",
        name(behaviours[1], "text"): "Ritardare",
        name(behaviours[0], "categories"): "C 1",
        "copre": [],
        "fase:title": "Archivio",
        "comportamento:text": "Omettere",
    }
    answer = desk.post(address(process), data, follow=True)
    assert "Salvato." in text_of(answer)
    saved = Process.objects.get()
    assert (saved.objective, saved.input) == ("Rendere\nil dovuto", "Istanza")
    assert (saved.resources, saved.risk_presence_reason) == ("Due persone", "C’è discrezionalità")
    titles = list(process.phases.order_by("position").values_list("title", flat=True))
    assert titles == ["Istruttoria formale", "Verifica", "Pagamento", "Archivio"]
    assert Phase.objects.get(pk=phases[2].pk).executor_role == lists["role"]
    assert Action.objects.get(pk=action.pk).title == "Controllo"
    texts = process.behaviours.order_by("position").values_list("text", flat=True)
    assert list(texts) == ["Favorire un utente", "Ritardare", "Omettere"]
    assert list(behaviours[0].categories.all()) == [category]
    assert not any(row.coverages.exists() for row in behaviours)


def test_what_is_not_changed_is_not_written(desk, process, phases, behaviours):
    Process.objects.update(objective="Prima\nSeconda")
    data = shown(desk, process)
    before = (Process.history.count(), Phase.history.count(), RiskBehaviour.history.count())
    desk.post(address(process), data)
    assert before == (
        Process.history.count(),
        Phase.history.count(),
        RiskBehaviour.history.count(),
    )
    assert Process.objects.get().objective == "Prima\nSeconda"


def test_what_is_refused_stays_as_typed_with_its_reason_and_the_rest_is_saved(
    desk, process, phases, behaviours
):
    data = shown(desk, process) | {
        "identita:title": "",
        "identita:objective": "Nuovo",
        name(phases[0], "executor_role"): "nessuno così",
        name(phases[0], "title"): "Avvio",
        name(phases[1], "title"): "Verifica formale",
        "fase:title": "y" * 2_000,
        "comportamento:text": "Omettere",
    }
    page = text_of(answer := desk.post(address(process), data))
    assert answer.status_code == 200
    assert NOT_ALL in page
    assert "Questo campo è obbligatorio" in page
    assert "non è in elenco" in page
    typed = Sent(answer.content.decode(), "matrice").values
    assert typed["identita:title"] == [""]
    assert typed[name(phases[0], "executor_role")] == ["nessuno così"]
    assert typed["fase:title"] == ["y" * 2_000]
    assert "aria-invalid" in page
    saved = Process.objects.get()
    assert (saved.title, saved.objective) == ("Rimborso di tributi", "Nuovo")
    titles = [row.title for row in process.phases.order_by("position")]
    assert titles == ["Avvio", "Verifica formale", "Pagamento"]
    assert process.behaviours.filter(text="Omettere").exists()
    # mended on the page that came back, all is saved
    typed |= {
        "identita:title": "Rimborsi",
        name(phases[0], "executor_role"): "",
        "fase:title": "Archivio",
        "csrfmiddlewaretoken": "",
    }
    assert "Salvato." in text_of(desk.post(address(process), typed, follow=True))
    assert Process.objects.get().title == "Rimborsi"
    assert process.phases.filter(title="Archivio").count() == 1


def test_two_people_see_both_texts_and_choose_and_the_rest_is_saved(
    desk, process, phases, behaviours
):
    data = shown(desk, process)
    for row, field in ((phases[0], "title"), (process, "objective")):
        row.refresh_from_db()
        setattr(row, field, "Di altri")
        row.save()
    phases[2].refresh_from_db()
    phases[2].description = "Aggiunta da altri"
    phases[2].save()
    data |= {
        name(phases[0], "title"): "Mia",
        "identita:objective": "Mio",
        "svolgimento:output": "Mandato",
        name(phases[2], "title"): "Saldo",
    }
    answer = desk.post(address(process), data)
    assert text_of(answer).count("Qualcuno ha modificato gli stessi dati") == 2
    assert Phase.objects.get(pk=phases[0].pk).title == "Di altri"
    saved = Process.objects.get()
    assert (saved.objective, saved.output) == ("Di altri", "Mandato")
    last = Phase.objects.get(pk=phases[2].pk)
    assert (last.title, last.description) == ("Saldo", "Aggiunta da altri")
    again = Sent(answer.content.decode(), "matrice").values
    assert again[name(phases[0], "title")] == ["Mia"]
    again |= {name(phases[0], "tieni-title"): "mio", "identita:tieni-objective": "suo"}
    assert "Salvato." in text_of(desk.post(address(process), again, follow=True))
    assert Phase.objects.get(pk=phases[0].pk).title == "Mia"
    assert Process.objects.get().objective == "Di altri"


def test_a_row_taken_away_meanwhile_says_what_was_typed_in_it(desk, process, phases, behaviours):
    data = shown(desk, process) | {
        name(phases[2], "title"): "Saldo e chiusura",
        "svolgimento:input": "Istanza",
    }
    phases[2].delete()
    page = text_of(desk.post(address(process), data, follow=True))
    assert "è stata tolta nel frattempo da altri; vi era scritto: «Saldo e chiusura»" in page
    assert Process.objects.get().input == "Istanza"


def test_boxes_that_cannot_be_saved_stay_ticked(desk, process, phases, behaviours):
    data = shown(desk, process)
    gone = f"{key_of(behaviours[1].uid)}/{key_of(phases[2].uid)}"
    kept = f"{key_of(behaviours[1].uid)}/{key_of(phases[0].uid)}"
    data["copre"] = [*data.get("copre", []), gone, kept]
    phases[2].delete()
    answer = desk.post(address(process), data)
    assert "non è di questo processo, o non c’è più" in text_of(answer)
    assert kept in Sent(answer.content.decode(), "matrice").values["copre"]


@pytest.mark.parametrize(
    ("word", "leads"),
    [
        ("riga", "?riga={uid}"),
        ("aperta", "?aperta={uid}"),
        ("dividi", "/fasi/{uid}/dividi/"),
        ("unisci", "/fasi/{uid}/unisci/"),
        ("elimina", "/fasi/{uid}/elimina/"),
    ],
)
def test_a_button_saves_the_page_before_it_leads_on(desk, process, phases, word, leads):
    data = shown(desk, process) | {"svolgimento:input": "Istanza"}
    data["vai"] = f"{word}:{key_of(phases[0].uid)}"
    answer = desk.post(address(process), data)
    assert leads.format(uid=phases[0].uid) in answer.url
    assert "Salvato." in text_of(desk.get(answer.url))
    assert Process.objects.get().input == "Istanza"
    # and stays where something is not saved
    data["presenza:risk_presence"] = "inventata"
    assert NOT_ALL in text_of(desk.post(address(process), data))


def test_who_writes_in_two_tabs_is_told_that_the_other_text_is_their_own(desk, process):
    data = shown(desk, process)
    desk.post(address(process), data | {"identita:objective": "Di qui"})
    said = text_of(desk.post(address(process), data | {"identita:objective": "Di là"}))
    assert "Hai modificato gli stessi dati in un’altra scheda" in said
    assert "Qualcuno" not in said


def test_buttons_that_add_and_move_save_the_page_too(desk, process, phases):
    data = shown(desk, process, f"?riga={phases[0].uid}")
    data |= {"svolgimento:input": "Istanza", "fase:title": "Archivio", "aggiungi": "fase"}
    answer = desk.post(address(process), data)
    assert answer.url.endswith(f"#fase-{process.phases.get(title='Archivio').uid}")
    desk.post(address(process), data)
    assert process.phases.filter(title="Archivio").count() == 1
    data = shown(desk, process, f"?riga={phases[0].uid}") | {
        name(phases[0], "posto"): "2",
        name(phases[0], "description"): "Si apre",
        "svolgimento:output": "Mandato",
    }
    page = text_of(desk.post(address(process), data, follow=True))
    assert "Riga spostata." in page
    titles = process.phases.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Verifica", "Istruttoria", "Pagamento", "Archivio"]
    assert Phase.objects.get(pk=phases[0].pk).description == "Si apre"
    assert (Process.objects.get().input, Process.objects.get().output) == ("Istanza", "Mandato")
    data = shown(desk, process, f"?aperta={phases[0].uid}")
    word = f"azione-{key_of(phases[0].uid)}"
    empty = desk.post(address(process), data | {"aggiungi": word})
    assert "Scrivi la denominazione." in text_of(empty)
    desk.post(address(process), data | {f"{word}:title": "Protocollo", "aggiungi": word})
    assert phases[0].actions.get().title == "Protocollo"


@pytest.mark.parametrize("query", ["", "?riga={}", "?aperta={}"])
def test_the_enter_key_presses_a_button_that_only_saves(desk, process, phases, query):
    page = desk.get(address(process) + query.format(phases[0].uid)).content.decode()
    sent = Sent(page, "matrice")
    assert sent.buttons[0] == (None, None)
    assert sent.buttons.count((None, None)) >= 2
    # every field of the sheet is of the one form; those of rows would go without the others
    sheet = page[page.index('id="foglio"') : page.index('id="valutazione"')]
    sheet = re.sub(r"<template.*?</template>", "", sheet, flags=re.DOTALL)
    loose = re.findall(r"<(?:textarea|select|input)\b[^>]*>", sheet)
    loose = [tag for tag in loose if 'form="matrice"' not in tag]
    assert {re.search(r'name="([^"]*)"', tag)[1] for tag in loose} <= {
        "csrfmiddlewaretoken",
        "copre",
        "era",
    }


def test_a_sheet_without_rows_is_one_form_too(desk, process):
    data = shown(desk, process) | {"fase:title": "Avvio", "svolgimento:input": "Istanza"}
    assert "Salvato." in text_of(desk.post(address(process), data, follow=True))
    assert process.phases.get().title == "Avvio"


def test_who_may_not_write_is_told_and_has_no_button(
    client, process, phases, auditor, stranger, editor, annex
):
    client.force_login(stranger)
    assert client.post(address(process), {}).status_code == 404
    client.force_login(auditor)
    assert client.post(address(process), {}).status_code == 403
    assert Sent(client.get(address(process)).content.decode(), "matrice").buttons == []
    client.force_login(editor)
    data = shown(client, process) | {"svolgimento:input": "Istanza"}
    close(annex)
    assert client.post(address(process), data).status_code == 403
    assert Process.objects.get().input == ""


@pytest.mark.parametrize("size", [3, 40])
def test_one_changed_field_costs_the_same_at_any_size(desk, process, lists, size, counted):
    phases = [make_phase(process, f"Fase {n}") for n in range(size)]
    rows = [make_behaviour(process, f"Comportamento {n}", phases[:2]) for n in range(size // 2)]
    for changed in (
        {"svolgimento:input": "Istanza"},
        {"identita:risk_area": "F)"},
        {name(phases[1], "title"): "Nuova"},
        {name(phases[2], "executor_role"): "RUP"},
        {name(rows[0], "text"): "Altro"},
        {"fase:title": "Ultima"},
        {"comportamento:text": "Ultimo"},
        {"copre": [f"{key_of(rows[0].uid)}/{key_of(phases[2].uid)}"]},
        {},
    ):
        data = shown(desk, process)
        ticked = [*data.get("copre", []), *changed.get("copre", [])]
        cost = counted(desk.post, address(process), data | changed | {"copre": ticked})
        assert cost <= (15 if changed else 6), changed
