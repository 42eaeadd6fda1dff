"""The sheet in a browser: by keyboard alone, without JavaScript, in light and in dark."""

import re

import pytest
from playwright.sync_api import expect

from registry.models import Office
from risk.models import Coverage, EnablingFactor, EventCategory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server, process) -> str:
    return f"{live_server.url}/processi/{process.uid}/"


def test_three_phases_and_a_behaviour_by_keyboard(page, sign_in, editor, process, lists, address):
    sign_in(editor)
    page.goto(address)
    page.locator("#nuova-fase").focus()
    for place, title in enumerate(("Istruttoria", "Verifica", "Pagamento"), start=1):
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        expect(page.locator("#fasi .sheet-key")).to_have_count(place)
        expect(page.locator("#nuova-fase")).to_be_focused()
        expect(page.locator("#nuova-fase")).to_have_value("")
    page.locator("#fasi .sheet-key").nth(2).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#fasi .sheet-key").nth(1)).to_have_value("Pagamento")
    expect(page.locator("#fasi .sheet-key").nth(1)).to_be_focused()
    executor = page.get_by_label("Fase 1, esecutore")
    executor.focus()
    page.keyboard.type("rup")
    page.keyboard.press("Tab")
    row = page.locator("#fasi .sheet-row").first
    expect(row.get_by_text("Salvato")).to_be_visible()
    executor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("nessuno così")
    page.keyboard.press("Tab")
    expect(row.get_by_text("non è in elenco")).to_be_visible()
    expect(executor).to_have_value("nessuno così")
    expect(executor).to_have_attribute("aria-invalid", "true")
    page.locator("#nuova-comportamento").focus()
    page.keyboard.type("Favorire un utente")
    page.keyboard.press("Enter")
    first = page.locator(".sheet-matrix input").first
    expect(first).to_be_visible()
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".sheet-covered")).to_have_text(re.compile("riguarda 1, 2"))
    assert Coverage.objects.count() == 2
    assert process.phases.order_by("position").first().executor_role == lists["role"]


TYPES_ON = """
(id) => window.addEventListener(
  "htmx:beforeSend", () => { document.getElementById(id).value += " e poi"; }, { once: true }
)
"""


def test_what_is_typed_outlives_a_change_of_the_presence_of_risk(
    page, sign_in, editor, behaviours, address
):
    sign_in(editor)
    page.goto(address)
    new_behaviour, executor = (
        page.locator("#nuova-comportamento"),
        page.get_by_label("Fase 1, esec"),
    )
    executor.fill("nessuno così")
    page.keyboard.press("Tab")
    expect(executor).to_have_attribute("aria-invalid", "true")
    new_behaviour.fill("Chiedere un compenso")
    with page.expect_response(lambda one: one.url == address and one.request.method == "GET"):
        page.locator("#presenza").get_by_label("da accertare").check()
    page.locator("#valutazione").get_by_text("Prima della valutazione").wait_for()
    expect(new_behaviour).to_have_value("Chiedere un compenso")
    expect(executor).to_have_value("nessuno così")


def test_what_is_typed_elsewhere_outlives_an_act_that_draws_the_lists_anew(
    page, sign_in, editor, process, behaviours, address
):
    sign_in(editor)
    page.goto(address)
    new_phase, new_behaviour = page.locator("#nuova-fase"), page.locator("#nuova-comportamento")
    executor = page.get_by_label("Fase 1, esecutore")
    executor.fill("nessuno così")
    page.keyboard.press("Tab")
    expect(executor).to_have_attribute("aria-invalid", "true")
    page.get_by_text("Aggiungi un’azione alla fase 1").click()
    new_action = page.get_by_label("Nuova azione della fase 1")
    new_action.fill("Protocollo")
    new_behaviour.fill("Chiedere un compenso")
    page.get_by_label("Fase 2: altre azioni").click()
    page.locator("#fasi").get_by_role("link", name="Dividi in due…").click()
    second_half = page.locator(".sheet-question [name=second_title]")
    second_half.fill("Riscontro")
    new_phase.fill("Esito")
    page.evaluate(TYPES_ON, "nuova-fase")
    page.keyboard.press("Enter")
    expect(page.locator("#fasi .sheet-key[id^=titolo]")).to_have_count(6)
    # what went is not there twice, what came after it waits
    expect(new_phase).to_have_value(" e poi")
    expect(new_phase).to_be_focused()
    expect(new_behaviour).to_have_value("Chiedere un compenso")
    expect(new_action).to_be_visible()
    expect(new_action).to_have_value("Protocollo")
    expect(executor).to_have_value("nessuno così")
    expect(executor).to_have_attribute("aria-invalid", "true")
    assert process.phases.order_by("position").last().title == "Esito"
    expect(second_half).to_have_value("Riscontro")
    new_behaviour.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#comportamenti .sheet-key")).to_have_count(3)
    expect(new_action).to_have_value("Protocollo")
    expect(new_phase).to_have_value(" e poi")
    page.get_by_role("button", name="Dividi").click()
    expect(second_half).to_have_count(0)
    assert process.phases.filter(title="Riscontro").exists()


def test_lists_and_acts_are_written_out_for_the_row_that_asks(
    page, sign_in, editor, process, behaviours, body, address, axe
):
    office = Office.objects.create(administration=body, code="Q1", name="Controllo di qualità")
    category = EventCategory.objects.create(administration=body, code="C 1", label="Tempi")
    factor = EnablingFactor.objects.create(administration=body, code="F 1", label="Monopolio")
    behaviours[1].factors.add(factor)
    sign_in(editor)
    page.goto(address)
    field = page.get_by_label("Fase 1, ufficio esecutore")
    field.focus()
    page.keyboard.type("qualita")
    expect(page.locator("#elenco-uffici option")).to_have_count(1)
    field.fill(page.locator("#elenco-uffici option").get_attribute("value"))
    page.keyboard.press("Tab")
    expect(page.locator("#fasi .sheet-row").first.get_by_text("Salvato")).to_be_visible()
    assert process.phases.order_by("position").first().executor_office == office

    row = page.locator("#comportamenti .sheet-row").nth(1)
    row.locator(".sheet-more summary").click()
    expect(row.get_by_label("Monopolio")).to_be_checked()
    row.get_by_label("Tempi").check()
    expect(row.get_by_text("Salvato")).to_be_visible()
    assert list(behaviours[1].categories.all()) == [category]
    assert list(behaviours[1].factors.all()) == [factor]
    axe(page, within="#comportamenti")
    page.get_by_label("Comportamento 2: altre azioni").click()
    expect(row.get_by_role("button", name="Sposta giù")).to_have_count(0)
    row.get_by_role("button", name="Sposta su").click()
    expect(page.locator("#comportamenti .sheet-key").first).to_have_value(behaviours[1].text)


def test_the_same_without_javascript(browser, sign_in, editor, process, address, context):
    sign_in(editor)
    plain = browser.new_context(java_script_enabled=False, locale="it-IT")
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(address)
    for title in ("Istruttoria", "Verifica"):
        page.locator("#nuova-fase").fill(title)
        page.get_by_role("button", name=re.compile("Nuova fase")).click()
    page.locator("#nuova-comportamento").fill("Favorire un utente")
    page.get_by_role("button", name=re.compile("Nuovo comportamento")).click()
    page.locator(".sheet-matrix input").nth(1).check()
    page.get_by_role("button", name="Salva", exact=True).last.click()
    expect(page.locator(".sheet-covered")).to_have_text(re.compile("riguarda 2"))
    page.locator("#svolgimento .sheet-empty > summary").click()
    page.get_by_label("Input").fill("Istanza di parte")
    page.get_by_role("button", name="Salva", exact=True).last.click()
    expect(page.get_by_text("Salvato.")).to_be_visible()
    page.get_by_role("button", name="Fase 1: tutte le azioni").click()
    page.get_by_role("button", name="Elimina…").first.click()
    page.get_by_role("button", name="Elimina").click()
    expect(page.locator("#fasi .sheet-key")).to_have_count(1)
    process.refresh_from_db()
    assert process.input == "Istanza di parte"
    plain.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_never_scrolls_sideways(
    page, sign_in, editor, behaviours, address, axe, scheme
):
    sign_in(editor)
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    for part in ("#descrizione", "#fasi", "#comportamenti"):
        axe(page, within=part)
    page.get_by_label("Fase 1: altre azioni").click()
    page.get_by_role("link", name="Dividi in due…").first.click()
    expect(page.get_by_role("button", name="Dividi")).to_be_visible()
    axe(page, within="#fasi")
    page.set_viewport_size({"width": 320, "height": 800})
    overflow = page.evaluate(
        "[...document.querySelectorAll('#descrizione, #fasi, #comportamenti')]"
        ".filter((part) => part.scrollWidth > innerWidth).map((part) => part.id)"
    )
    assert overflow == []
