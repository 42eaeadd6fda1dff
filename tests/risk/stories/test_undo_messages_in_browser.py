"""“Annulla” in what is said of an act: in view, and one goes on where one was."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.enums import MembershipRole
from registry.models import Phase, Process
from tests.register import make_annex, make_phase, make_process
from tests.risk.treatment.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """(node, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  node.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  );
}"""


@pytest.fixture
def annex(transactional_db, sign_in):
    annex = make_annex()
    for number in range(30):
        process = make_process(annex, f"Processo {number}")
    for number in range(12):
        make_phase(process, f"Fase {number}")
    sign_in(member(annex, MembershipRole.EDITOR))
    return annex


def button(page: Page):
    return page.get_by_role("button", name="Annulla", exact=True)


SETTLED = """() => document.fonts.ready.then(
  () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""


def top_of(page: Page, selector: str) -> float:
    return page.locator(selector).evaluate("node => node.getBoundingClientRect().top")


def test_after_a_paste_one_is_at_the_rows_and_takes_them_back(page, live_server, annex):
    page.goto(live_server.url + reverse("risk:mapping_paste", args=[annex.uid]))
    page.locator("#testo").fill("Processo\nIncollato\nE un altro")
    page.get_by_role("button", name="Vedi l’anteprima").click()
    page.get_by_role("button", name="Aggiungi 2 righe").click()

    expect(page.locator(".house-message", has_text="Righe aggiunte: 2.")).to_be_in_viewport()
    first = Process.objects.get(title="Incollato")
    expect(page.locator(f"#r-{first.uid}")).to_be_in_viewport()
    # the browser comes to the row of the address too, and takes the hand away
    page.wait_for_load_state("load")
    page.evaluate(SETTLED)
    expect(page.locator(f"#r-{first.uid} :focus")).to_have_count(1)
    expect(page.locator(".house-message", has_text="Righe aggiunte: 2.")).to_be_visible()
    button(page).click()
    expect(page.locator(".house-message", has_text="Operazione annullata")).to_be_in_viewport()
    expect(page.locator(f"#r-{first.uid}")).to_have_count(0)
    expect(button(page)).to_have_count(0)


def test_on_the_sheet_a_row_taken_away_comes_back_beside_the_hand(page, live_server, annex):
    process = Process.objects.get(title="Processo 29")
    phase, other = Phase.objects.get(title="Fase 8"), Phase.objects.get(title="Fase 9")
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    row = page.locator(f"#fase-{phase.uid}")
    row.locator(".sheet-menu summary").first.click()
    row.get_by_role("link", name="Elimina").click()
    row.get_by_role("button", name="Elimina").click()
    expect(row).to_have_count(0)
    said = page.locator("#fatto .house-message", has_text="Riga tolta.")
    expect(said).to_be_in_viewport()
    before = top_of(page, f"#fase-{other.uid}")

    button(page).click()

    expect(page.locator(".house-message", has_text="Operazione annullata")).to_be_in_viewport()
    expect(row).to_be_visible()
    assert abs(top_of(page, f"#fase-{other.uid}") - before) < 40
    assert Phase.objects.filter(title="Fase 8").exists()


def test_what_an_answer_has_said_goes_away(page, live_server, annex):
    process = Process.objects.get(title="Processo 29")
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    field = page.locator(".sheet-key").nth(2)
    field.press("Alt+ArrowDown")
    expect(page.locator("#fatto .house-message", has_text="Riga spostata.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#fatto > *")).to_have_count(0)
    page.locator(".sheet-key").nth(3).press("Alt+ArrowDown")
    expect(page.locator("#fatto .house-message", has_text="Riga spostata.")).to_be_visible()
    page.locator(".sheet-key").nth(5).fill("Altra")
    page.keyboard.press("Tab")
    expect(page.locator("#fatto > *")).to_have_count(0)


def test_a_block_goes_from_the_executor_of_a_phase_to_its_preview(page, live_server, annex):
    process = Process.objects.get(title="Processo 29")
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    page.locator("[name=executor_role]").nth(3).evaluate(PASTE, "-\tTributi\n-\tTributi")
    expect(page.get_by_role("heading", name="Incolla fasi da un foglio")).to_be_visible()
    over = page.get_by_role("radio", name="al posto di ciò che c’è, da «4. Fase 3» in giù")
    expect(over).to_be_checked()
    page.get_by_role("button", name="Cambia 2 celle").click()
    expect(page.locator(".house-message", has_text="Righe cambiate: 2.")).to_be_in_viewport()
    offices = Phase.objects.order_by("position").values_list("executor_office__name", flat=True)
    assert list(offices)[2:6] == [None, "Tributi", "Tributi", None]


def test_without_javascript_the_button_is_there(browser, context, live_server, annex):
    plain = browser.new_context(java_script_enabled=False, locale="it-IT")
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(live_server.url + reverse("risk:mapping_outline", args=[annex.uid]))
    page.locator("textarea").fill("Scritto a mano")
    page.get_by_role("button", name="Aggiungi alla mappa").click()
    button(page).click()
    expect(page.get_by_text("Operazione annullata")).to_be_visible()
    assert not Process.objects.filter(title="Scritto a mano").exists()
    plain.close()
