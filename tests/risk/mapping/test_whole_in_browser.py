"""The map in a browser that runs no scripts: one press saves all, and no button loses a word."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Process
from tests.risk.mapping.conftest import make_processes
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser, live_server, client, world):
    make_processes(world.annex, 3)
    with scriptless_page(browser, live_server, client, world.editor) as page:
        page.goto(live_server.url + reverse("risk:mapping", args=[world.annex.uid]))
        yield page


def save(page):
    return page.get_by_role("button", name="Salva", exact=True).last


def cell(page, number: int, label: str):
    return page.get_by_label(f"{label}, n. {number}", exact=True)


def titles() -> list[str]:
    rows = Process.objects.in_use().order_by("position")
    return list(rows.values_list("title", flat=True))


def test_three_rows_are_saved_by_one_press(page):
    cell(page, 1, "Processo").fill("Rilascio carte")
    cell(page, 2, "Area di rischio").fill("nessuna così")
    cell(page, 3, "Tipo di processo").select_option("primary")
    expect(save(page)).to_be_in_viewport()
    save(page).click()
    expect(page.get_by_text("Non tutto è salvato")).to_be_visible()
    expect(cell(page, 2, "Area di rischio")).to_have_value("nessuna così")
    expect(page.get_by_text("«nessuna così» non è in elenco.")).to_be_visible()
    assert titles()[0] == "Rilascio carte"
    assert Process.objects.get(number=3).kind == "primary"
    # the Enter key in a line of text saves, and does nothing else
    cell(page, 2, "Area di rischio").fill("S")
    cell(page, 1, "Numero").press("Enter")
    expect(page.get_by_text("Salvato.", exact=True)).to_be_visible()
    assert Process.objects.get(number=2).risk_area.code == "S"
    assert len(titles()) == 3


def test_buttons_that_add_open_and_move_lose_nothing(page):
    cell(page, 1, "Processo").fill("Rilascio carte")
    page.get_by_label("Processo da aggiungere").fill("Nuovo dall’alto")
    page.get_by_role("button", name="Aggiungi processo").click()
    expect(page.get_by_text("Aggiunto: n. 4.")).to_be_visible()
    cell(page, 2, "Processo").fill("Notifica")
    page.locator("#c-nuovo-title").fill("Nuovo")
    page.get_by_role("button", name="Aggiungi", exact=True).click()
    expect(page.get_by_text("Aggiunto: n. 5.")).to_be_visible()
    first = ["Rilascio carte", "Notifica", "Processo 3", "Nuovo dall’alto", "Nuovo"]
    assert titles() == first
    cell(page, 3, "Processo").fill("Archivio")
    whole = "region => region.scrollHeight <= region.clientHeight"
    page.locator(".map-menu summary").nth(1).click()
    assert page.locator(".map-scroll").evaluate(whole)
    page.get_by_role("button", name="Tutte le azioni").click()
    assert page.locator(".map-scroll").evaluate(whole)
    cell(page, 4, "Processo").fill("Protocollo")
    page.get_by_role("button", name="Sposta su").click()
    expect(page.get_by_text("Spostato: n. 2.")).to_be_visible()
    assert titles() == ["Notifica", "Rilascio carte", "Archivio", "Protocollo", "Nuovo"]


def test_with_scripts_a_page_with_a_menu_open_is_as_ever(browser, live_server, client, world, page):
    row = Process.objects.get(number=2)
    context = browser.new_context(locale="it-IT", storage_state=page.context.storage_state())
    desk = context.new_page()
    desk.goto(page.url + f"?riga={row.uid}")
    expect(desk.locator("[form=tutte], #tutte")).to_have_count(0)
    expect(save(desk)).to_have_count(0)
    desk.get_by_role("button", name="Sposta su").click()
    expect(desk.locator(".map-row .map-input[name=title]").first).to_have_value("Processo 2")
    context.close()
