"""A risk officer takes a suggestion and programmes the measure, with the keyboard only."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.models import PlannedMeasure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, target):
    target.focus()
    page.keyboard.press("Enter")


def test_a_measure_is_suggested_added_and_programmed(
    page, live_server, sign_in, axe, process, measures, high, role, editor
):
    sign_in(editor)
    page.goto(live_server.url + reverse("risk:treatment", args=[process.uid]))
    press(page, page.get_by_role("button", name=re.compile("Aggiungi.*Controllo a campione")))
    page.get_by_text("Ora va programmata").wait_for()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    press(page, page.get_by_role("link", name="Controllo a campione", exact=True))
    page.wait_for_url("**/misure/**")
    page.locator("#fasi textarea").last.focus()
    page.keyboard.type("Estrazione delle pratiche")
    page.keyboard.press("Tab")
    page.keyboard.type("ogni trimestre")
    press(page, page.get_by_role("button", name="Aggiungi una fase di attuazione"))
    page.get_by_text("Aggiunto.").wait_for()

    step = PlannedMeasure.objects.get().steps.get()
    assert (step.description, step.timing) == ("Estrazione delle pratiche", "ogni trimestre")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(live_server.url + reverse("risk:measure_add", args=[process.uid]))
    axe(page)


def test_without_javascript_a_measure_is_put_on_a_phase(
    browser, live_server, client, process, measures, editor
):
    client.force_login(editor)
    context = browser.new_context(java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("risk:treatment", args=[process.uid]))
    page.get_by_role("link", name="Aggiungi una misura").click()
    page.get_by_label("Misura", exact=True).fill("MS01")
    page.get_by_label("1. Istruttoria").check()
    page.get_by_role("button", name="Aggiungi la misura").click()

    expect(page.get_by_text("Ora va programmata")).to_be_visible()
    assert PlannedMeasure.objects.get().targets.get().phase.title == "Istruttoria"
    context.close()
