"""The key of the search leads there from any page, never out of a text, and can be turned off."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import MembershipRole
from risk.services.treatment.programming import add_measure
from tests.browser import wait_until_still
from tests.register import make_annex, make_behaviour, make_phase, make_process
from tests.risk.treatment.conftest import make_measure, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_key_leads_to_the_search_and_to_what_it_finds(page, live_server, sign_in, axe):
    annex = make_annex()
    make_process(annex, "Località: concessione")
    sign_in(member(annex, MembershipRole.EDITOR))
    page.goto(live_server.url + reverse("risk:mapping", args=[annex.uid]))
    title = page.get_by_label("Processo, n. 1", exact=True)
    title.press("End")
    title.press("/")
    expect(title).to_have_value("Località: concessione/")
    title.press("Backspace")

    page.locator("h1").click()
    page.keyboard.press("/")
    field = page.get_by_label("Parole da cercare")
    expect(field).to_be_focused()
    page.keyboard.type("localita")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Processi", exact=True)).to_be_visible()
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.get_by_label("Il tasto / porta qui").uncheck()
    page.get_by_role("link", name="Località: concessione").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Località")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Località")


def test_each_kind_of_what_is_found_opens_by_keyboard_and_nothing_of_others_is_there(
    page, live_server, sign_in, axe
):
    annex = make_annex()
    process = make_process(annex, "Concessione di spazi")
    phase = make_phase(process, "Verifica della società")
    behaviour = make_behaviour(process, "Favorire una società vicina", [phase])
    measure = make_measure("MS09", "Rotazione fra società")
    add_measure(annex=annex, measure=measure, targets=[behaviour], by=None)
    other = make_annex(annex.plan.administration, office="Altro ufficio")
    make_process(other, "Società di altri")
    sign_in(member(annex, MembershipRole.EDITOR))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("risk:desk"))
    for kind, found, opened in (
        ("Fasi", "Verifica della società", "Concessione di spazi"),
        ("Comportamenti a rischio", "Favorire una società vicina", "Concessione di spazi"),
        ("Misure programmate", "Rotazione fra società", "Rotazione fra società"),
    ):
        # the browser hears no key before it has shown the page
        wait_until_still(page)
        page.keyboard.press("/")
        expect(page.get_by_label("Parole da cercare")).to_be_focused()
        page.keyboard.type("SOCIETA")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=kind, exact=True)).to_be_visible()
        expect(page.get_by_text("Società di altri")).to_have_count(0)
        axe(page)
        page.get_by_role("link", name=found).press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(opened)
