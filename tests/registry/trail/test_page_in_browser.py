"""The page of the trail in a browser: accessible, by keyboard, on a telephone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry import trail
from registry.services.trail import record_refusal
from tests.people import people_of
from tests.register import make_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 390, "height": 844}


def test_the_auditor_finds_what_was_refused(page, live_server, sign_in, axe):
    annex = make_annex()
    people = people_of(annex)
    trail.write(kind="export", by=people["head"], subject=f"annex {annex.uid}")
    record_refusal(
        kind="annex-submit",
        by=people["head"],
        subject=f"annex {annex.uid}",
        reason="Mancano le motivazioni di tre livelli, e l’area di rischio di un processo.",
    )
    sign_in(people["auditor"])
    page.set_viewport_size(NARROW)

    page.goto(f"{live_server.url}{reverse('risk:desk')}")
    page.get_by_text("Menu", exact=True).click()
    menu = page.get_by_role("navigation", name="Principale")
    menu.get_by_role("link", name="Registrazioni").click()
    expect(page.get_by_role("heading", name="Registrazioni")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    page.get_by_text("Filtri", exact=True).click()
    page.get_by_label("Esito").focus()
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Filtra").press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Trasmissione")
    expect(rows).to_contain_text("Mancano le motivazioni")
    expect(page.get_by_role("link", name="CSV")).to_have_attribute(
        "href", re.compile("esito=refused.*formato=csv")
    )
    axe(page)

    page.goto(f"{page.url}&dal=9999-12-31")
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(1)
    axe(page)
