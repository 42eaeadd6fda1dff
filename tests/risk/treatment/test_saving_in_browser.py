"""Nothing typed on the page of a programmed measure is lost, with a script and without one."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.models import ImplementationStep, PlannedMeasure, ProgressIndicator
from risk.services.treatment.programming import add_measure
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def planned(annex, process, measures, role, editor):
    row, _new = add_measure(
        annex=annex, measure=measures["by_category"], targets=process.behaviours.all(), by=editor
    )
    row.steps.create(position=1, description="Avvio", version=1)
    row.progress_indicators.create(position=1, label="Controlli", kind="quantity", version=1)
    return row


@pytest.fixture
def address(live_server, planned):
    return live_server.url + reverse("risk:programme", args=[planned.uid])


def test_each_field_saves_itself_and_what_cannot_be_saved_stays(
    page, sign_in, editor, address, planned
):
    sign_in(editor)
    page.goto(address)
    step = page.locator("#fasi .treat-block")
    notes = page.get_by_label("Modalità di attuazione")
    notes.fill("Si parte dal registro.")
    page.keyboard.press("Tab")
    expect(notes.locator("xpath=..").get_by_text("Salvato")).to_be_visible()
    page.get_by_label("Ufficio responsabile").first.fill("Tributi")
    step.get_by_label("Entro il").fill("31/02/2021")
    step.get_by_label("Fase di attuazione").fill("Avvio del registro")
    page.keyboard.press("Tab")
    expect(step.get_by_text("data valida")).to_be_visible()
    expect(step.get_by_label("Entro il")).to_have_value("31/02/2021")
    page.get_by_label("Ritardare la pratica").uncheck()
    page.locator("#oggetti").get_by_text("Salvato").wait_for()

    planned.refresh_from_db()
    assert (planned.notes, str(planned.responsible_office)) == (
        "Si parte dal registro.",
        "Tributi",
    )
    assert planned.targets.count() == 1
    assert ImplementationStep.objects.get().description == "Avvio del registro"


def test_no_text_is_left_behind_and_the_hand_goes_on(page, sign_in, editor, address):
    sign_in(editor)
    page.goto(address)
    blocks = page.locator("#fasi .treat-block")
    new = page.locator("#nuova-fasi")
    new.locator("summary").click()
    new.get_by_label("Fase di attuazione").fill("Formazione")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Scrivania").first.click()
    assert asked == ["beforeunload"]
    new.get_by_role("button").click()
    expect(blocks).to_have_count(2)
    assert page.evaluate("document.activeElement.closest('#nuova-fasi') !== null")
    blocks.last.get_by_text("Togli").click()
    blocks.last.get_by_role("button").click()
    expect(blocks).to_have_count(1)
    blocks.get_by_label("Entro il").fill("28/02/2021")
    page.get_by_role("link", name="Scrivania").first.click()
    page.wait_for_url(lambda url: "misure" not in url)
    assert str(ImplementationStep.objects.get().due_on) == "2021-02-28"
    assert asked == ["beforeunload"]


def test_without_a_script_one_button_sends_all(browser, live_server, client, editor, address):
    with scriptless_page(browser, live_server, client, editor) as page:
        page.goto(address)
        page.get_by_label("Modalità di attuazione").fill("Tutto insieme.")
        page.locator("#fasi .treat-block").get_by_label("Tempi").fill("ogni mese")
        page.locator("#nuova-fasi summary").click()
        page.locator("#nuova-fasi").get_by_label("Fase di attuazione").fill("Formazione")
        page.locator("#indicatori .treat-block").get_by_label("Valore atteso").fill("tanti")
        page.get_by_role("button", name="Salva", exact=True).last.click()

        expect(page.get_by_text("Non tutto è salvato")).to_be_visible()
        target = page.locator("#indicatori .treat-block").get_by_label("Valore atteso")
        expect(target).to_have_value("tanti")
        target.fill("97,5")
        page.locator("#fasi .treat-block").last.get_by_text("Togli").click()
        page.locator("#fasi .treat-block").last.get_by_role("button").click()
        page.get_by_text("Tolto.").wait_for()

    assert PlannedMeasure.objects.get().notes == "Tutto insieme."
    assert ImplementationStep.objects.get().timing == "ogni mese"
    assert ProgressIndicator.objects.get().target == 97.5
