"""A stranger reads a published plan on a telephone, with and without a script."""

import shutil

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from playwright.sync_api import Page, expect

from risk.services.reporting.open_data.files import STORE
from tests.risk.reporting.test_stored_open_data import adopted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def place(live_server) -> str:
    shutil.rmtree(storages[STORE].path(""), ignore_errors=True)
    plan = adopted(processes=12, high=1).plan
    names = [plan.administration.ipa_code, plan.slug]
    return live_server.url + reverse("risk:published_plan", args=names)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]


def test_a_stranger_comes_from_the_summary_to_a_sheet_and_back(page, place, axe):
    page.set_viewport_size(TELEPHONE)
    page.goto(place)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    assert fits(page)
    page.get_by_role("link", name="Sintesi per i cittadini").click()
    expect(page.get_by_role("link", name="Processo 11", exact=True)).to_be_visible()
    axe(page)
    assert fits(page)
    # the third press since the plan was opened
    page.get_by_role("link", name="Processo 11", exact=True).click()
    expect(page.get_by_role("heading", name="Processo 11", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="Graduatoria").click()
    expect(page.get_by_role("heading", name="Graduatoria dei processi")).to_be_visible()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    assert fits(page)
    # the gravest stands on the second page of its annex
    page.get_by_role("link", name="1. Processo 11").click()
    expect(page.get_by_role("heading", name="Processo 11", exact=True)).to_be_in_viewport()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    assert fits(page)
    page.get_by_role("link", name="Precedente").click()
    expect(page.get_by_text("Pagina 1 di 2")).to_be_visible()
    page.get_by_role("link", name="Sintesi").click()
    expect(page.get_by_role("heading", name="Sintesi per i cittadini", level=1)).to_be_visible()
    axe(page)
    assert fits(page)


def test_it_is_read_without_a_script(browser, place):
    context = browser.new_context(java_script_enabled=False, locale="it-IT", viewport=TELEPHONE)
    page = context.new_page()
    page.goto(place)
    for part in ("Sintesi per i cittadini", "Programma delle misure", "Graduatoria dei processi"):
        page.get_by_role("link", name=part).click()
        expect(page.get_by_role("heading", name=part, level=1)).to_be_visible()
        page.get_by_role("link", name="Tutto il piano").click()
    page.get_by_role("link", name="Tributi", exact=True).click()
    expect(page.get_by_role("heading", name="UFFICIO: Tributi", level=1)).to_be_visible()
    page.get_by_role("link", name="Processo 3").click()
    expect(page.get_by_role("heading", name="Processo 3", exact=True)).to_be_in_viewport()
    context.close()
