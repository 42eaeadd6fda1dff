"""A remark from the sheet to its closing, and the locked boxes of the matrix, in a browser."""

import pytest
from playwright.sync_api import expect

from registry.enums import RiskPresence
from risk.models import Coverage, Remark, RiskBehaviour
from tests.register import make_behaviour, make_phase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_remark_is_made_from_the_menu_of_its_row(
    page, live_server, sign_in, people, annex, process, axe
):
    sign_in(people["rpct"])
    page.goto(f"{live_server.url}/processi/{process.uid}/")
    page.get_by_label("Fase 1: altre azioni").click()
    page.locator("#fasi .sheet-menu-body").get_by_role("link", name="Osserva").click()
    expect(page.get_by_text("Istruttoria")).to_be_visible()
    axe(page)
    page.get_by_label("Osservazione", exact=True).fill("Chi controlla gli atti?")
    page.get_by_label("Blocca un passo").select_option("submit")
    page.get_by_role("button", name="Aggiungi l’osservazione").click()
    expect(page.get_by_text("blocca: trasmissione")).to_be_visible()
    axe(page)

    page.goto(f"{live_server.url}/processi/{process.uid}/")
    expect(page.locator("#fasi").get_by_text("Chi controlla gli atti?")).to_be_visible()
    axe(page)
    page.goto(f"{live_server.url}/allegati/{annex.uid}/osservazioni/")
    axe(page)
    page.get_by_role("link", name="Chi controlla gli atti?").click()
    page.get_by_role("button", name="Chiudi l’osservazione").click()
    expect(page.get_by_text("Chiusa da")).to_be_visible()
    assert not Remark.objects.open().exists()


def test_the_arrows_pass_over_boxes_that_are_the_rpcts(
    page, live_server, sign_in, people, process, axe
):
    assert process.risk_presence == RiskPresence.PRESENT
    make_phase(process, "Verifica")
    theirs = make_behaviour(process, "Omettere un controllo")
    RiskBehaviour.objects.filter(pk=theirs.pk).update(is_ex_officio=True)
    make_behaviour(process, "Ritardare il visto")
    sign_in(people["editor"])
    page.goto(f"{live_server.url}/processi/{process.uid}/")
    boxes = page.locator(".sheet-matrix tbody tr").first.locator("input")
    expect(boxes.nth(1)).to_be_disabled()
    axe(page)
    boxes.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(boxes.nth(2)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("riguarda 1", exact=True).nth(1)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(boxes.nth(0)).to_be_focused()
    assert Coverage.objects.filter(behaviour=theirs).count() == 0


def test_an_executor_reads_and_remarks(page, live_server, sign_in, executor, process, axe):
    sign_in(executor)
    page.goto(f"{live_server.url}/")
    axe(page)
    page.get_by_role("link", name="Rimborso di tributi").click()
    expect(page.get_by_text("di altro ufficio")).to_be_visible()
    axe(page)
    page.locator("#fasi").get_by_role("link", name="Azione 1.1").click()
    page.get_by_label("Osservazione", exact=True).fill("Paghiamo noi.")
    page.get_by_role("button", name="Aggiungi l’osservazione").click()
    expect(page.get_by_text("Paghiamo noi.")).to_be_visible()
