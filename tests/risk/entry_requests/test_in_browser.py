"""An officer misses a macroprocess on the sheet and asks for it; the RPCT finds it is there."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Macroprocess
from tests.people import people_of
from tests.register import make_annex, make_phase, make_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_word_is_asked_for_and_found(page, sign_in, live_server, axe, transactional_db):
    process = make_process(make_annex())
    make_phase(process)
    people, body = people_of(process.annex), process.annex.plan.administration
    there = Macroprocess.objects.create(administration=body, code="M1", label="Beni confiscati")

    sign_in(people["editor"])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    # the word the field refuses goes along, and no dialog asks whether to lose it
    warned = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.get_by_label("Macroprocesso", exact=True).fill("Gestione dei beni confiscati")
    page.keyboard.press("Tab")
    expect(page.get_by_text("non è in elenco").first).to_be_visible()
    page.get_by_role("link", name="Chiedi una voce: macroprocesso").click()
    expect(page.get_by_label("In quale elenco")).to_have_value("macroprocess")
    expect(page.get_by_label("La voce che manca")).to_have_value("Gestione dei beni confiscati")
    assert warned == []
    axe(page)
    page.get_by_role("button", name="Invia la richiesta").press("Enter")
    expect(page.get_by_text("Richiesta inviata al RPCT")).to_be_visible()
    expect(page.get_by_text("in attesa del RPCT.")).to_be_visible()
    # back where it was missed
    expect(page.get_by_label("Macroprocesso", exact=True)).to_be_focused()
    assert page.url.endswith(f"/processi/{process.uid}/#campo-{process.uid}-macroprocess")

    sign_in(people["rpct"])
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(live_server.url)
    page.get_by_role("link", name="chiede la voce «Gestione dei beni confiscati»").click()
    expect(page.get_by_role("button", name="Usa questa voce")).to_be_visible()
    axe(page)
    page.get_by_label(str(there)).press("Space")
    page.get_by_role("button", name="Usa questa voce").press("Enter")
    expect(page.locator(".house-message", has_text="c’era già")).to_be_visible()
    axe(page)
    process.refresh_from_db()
    assert process.macroprocess == there
