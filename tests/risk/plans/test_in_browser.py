"""The pages of a plan in a real browser: accessible, and a move without a word of JavaScript."""

import pytest
from playwright.sync_api import expect

from registry.models import Plan
from tests.people import people_of
from tests.register import adopt, complete_annex, make_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESSED_TWICE = """(button) => {
  const refused = [];
  window.addEventListener("submit", (event) => refused.push(event.defaultPrevented));
  button.click();
  button.click();
  return refused;
}"""
"""Says of each press whether it was kept from leading away."""


def test_the_rpct_exempts_an_office_and_opens_the_consultation(page, live_server, sign_in, axe):
    annex = complete_annex()
    make_annex(annex.plan.administration, office="Tributi minori")
    sign_in(people_of(annex)["rpct"])
    address = f"{live_server.url}/piani/c_x001/ptpct-2021-2023/"
    page.goto(address)
    axe(page)

    page.get_by_role("checkbox", name="Tributi minori", exact=True).check()
    page.get_by_role("button", name="Esonera…", exact=True).click()
    page.get_by_label("Motivo dell’esonero").fill("Ufficio soppresso.")
    page.get_by_role("button", name="Esonera 1 ufficio").click()
    expect(page.get_by_text("Ufficio soppresso.")).to_be_visible()

    page.get_by_role("button", name="Apri la consultazione").click()
    pressed = page.get_by_role("button", name="Sì, apri la consultazione").evaluate(PRESSED_TWICE)
    assert pressed == [False, True], "pressed twice, it is asked for once"
    expect(page.get_by_text("Fatto: il piano è in consultazione.")).to_be_visible()
    axe(page)


def test_the_pages_of_an_adopted_plan(page, live_server, sign_in, axe, page_checks):
    annex = complete_annex()
    adopt(annex.plan, "published")
    public = f"{live_server.url}/pubblicati/"
    page.goto(public)
    axe(page)
    page.get_by_role("link", name="PTPCT 2021/2023").click()
    expect(page.get_by_role("heading", level=1, name="PTPCT 2021/2023")).to_be_visible()
    axe(page)

    sign_in(people_of(annex)["rpct"])
    address = f"{live_server.url}/piani/c_x001/ptpct-2021-2023/"
    for part in ("", "conferma/", "nuova-edizione/"):
        page.goto(f"{address}{part}")
        axe(page)
    # what is refused floats at the lower edge, and lies over no button at the end of the page
    page.set_viewport_size({"width": 1280, "height": 600})
    page_checks.expect("status of 409")
    page.locator("[name^=cambio-]").first.select_option("chiuso")
    page.get_by_role("button", name="Crea l’edizione").click()
    expect(page.locator(".is-afloat")).to_contain_text("un ufficio si chiude con il motivo.")
    page.locator("[name^=cambio-]").first.select_option("uguale")
    page.get_by_role("button", name="Crea l’edizione").click()
    expect(page.get_by_role("heading", name="PTPCT 2022/2024", level=1)).to_be_visible()
    assert Plan.objects.count() == 2
