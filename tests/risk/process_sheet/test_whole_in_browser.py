"""The sheet in a browser that runs no scripts: one press saves all, and no button loses a word."""

import re

import pytest
from playwright.sync_api import expect

from registry.models import Phase, Process
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser, live_server, client, editor):
    with scriptless_page(browser, live_server, client, editor) as page:
        yield page


@pytest.fixture
def address(live_server, process) -> str:
    return f"{live_server.url}/processi/{process.uid}/"


def save(page):
    return page.get_by_role("button", name="Salva", exact=True).last


def test_three_blocks_and_two_rows_are_saved_by_one_press(page, process, behaviours, address):
    page.goto(address)
    page.locator("#svolgimento .sheet-empty > summary").click()
    page.get_by_label("Input").fill("Istanza di parte")
    page.locator("#condizioni .sheet-empty > summary").click()
    page.get_by_label("Risorse", exact=False).first.fill("Due persone\nun programma")
    page.locator("#presenza textarea").fill("C’è discrezionalità")
    page.locator("#fasi .sheet-key").first.fill("Istruttoria formale")
    page.locator("#comportamenti .sheet-key").last.fill("Ritardare a danno di uno")
    page.get_by_label("Fase 3, esecutore").fill("nessuno così")
    page.locator(".sheet-matrix input").first.uncheck()
    expect(save(page)).to_have_count(1)
    save(page).click()
    expect(page.get_by_text("Non tutto è salvato")).to_be_visible()
    expect(page.get_by_label("Fase 3, esecutore")).to_have_value("nessuno così")
    expect(page.locator("#fasi").get_by_text("non è in elenco")).to_be_visible()
    saved = Process.objects.get()
    assert (saved.input, saved.resources) == ("Istanza di parte", "Due persone\nun programma")
    assert saved.risk_presence_reason == "C’è discrezionalità"
    assert process.phases.filter(title="Istruttoria formale").exists()
    assert process.behaviours.filter(text="Ritardare a danno di uno").exists()
    assert behaviours[0].coverages.count() == 1
    # the Enter key in a line of text saves, and adds no row nor takes one away
    page.get_by_label("Fase 3, esecutore").fill("")
    page.get_by_label("Fase 2, esecutore").fill("")
    page.locator("#nuova-fase").fill("")
    page.get_by_label("Fase 3, esecutore").press("Enter")
    expect(page.get_by_text("Salvato.")).to_be_visible()
    assert Phase.objects.count() == 3


def test_buttons_that_add_move_and_lead_on_lose_nothing(page, process, phases, address):
    page.goto(address)
    page.locator("#presenza textarea").fill("Potere di scelta")
    page.locator("#fasi .sheet-key").first.fill("Avvio")
    page.locator("#nuova-fase").fill("Archivio")
    page.get_by_role("button", name=re.compile("Nuova fase")).click()
    expect(page.locator("#fasi .sheet-key")).to_have_count(6)
    expect(page.locator("#presenza textarea")).to_have_value("Potere di scelta")
    expect(page.locator("#fasi .sheet-key").first).to_have_value("Avvio")
    page.locator("#presenza textarea").fill("Potere di scelta ampio")
    page.get_by_role("button", name="Fase 1: tutte le azioni").click()
    expect(page.get_by_text("Salvato.")).to_be_visible()
    expect(page.locator("#presenza textarea")).to_have_value("Potere di scelta ampio")
    page.get_by_label("Fase 1, descrizione").fill("Si apre")
    page.locator("#fasi").get_by_role("button", name="Sposta giù").click()
    expect(page.locator("#fasi .sheet-key").first).to_have_value("Verifica")
    assert process.phases.get(title="Avvio").description == "Si apre"
    page.locator("#nuova-comportamento").fill("Omettere")
    page.locator("#fasi .sheet-more.is-inner > summary").first.click()
    page.locator("#fasi .sheet-more.is-inner").first.get_by_role("button", name="Scrivi").click()
    page.get_by_label("Nuova azione della fase 1").fill("Protocollo")
    page.locator("#presenza textarea").fill("Potere di scelta amplissimo")
    page.get_by_role("button", name=re.compile("Nuova azione della fase 1")).click()
    assert process.behaviours.get().text == "Omettere"
    assert Process.objects.get().risk_presence_reason == "Potere di scelta amplissimo"
    page.get_by_role("button", name="Fase 1: tutte le azioni").click()
    page.locator("#nuova-comportamento").fill("Ritardare")
    page.locator("#fasi .sheet-menu-body").get_by_role("button", name="Elimina…").click()
    expect(page.get_by_role("heading", name="Elimina «Verifica»?")).to_be_visible()
    assert process.behaviours.filter(text="Ritardare").exists()
    page.get_by_role("button", name="Elimina").click()
    expect(page.locator("#fasi .sheet-key").first).to_have_value("Avvio")
