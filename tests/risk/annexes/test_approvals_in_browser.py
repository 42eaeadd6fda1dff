"""A head approves process by process; after a return only what changed is approved again."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import AnnexState
from registry.models import Annex, Process
from risk.enums import Verb
from risk.models import Approval
from risk.services.annexes.moves import move_annex
from tests.people import people_of
from tests.register import add_complete_process, complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMES = ("dark", "light")
WIDTHS = (1280, 390)


def move(annex, verb, by):
    fresh = Annex.objects.with_names().get(pk=annex.pk)
    return move_annex(annex=fresh, verb=verb, by=by, reason="Rivedere i tempi.")


def looked_at(page, axe):
    """Look at the page in both colour schemes and at both widths."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_only_what_changed_is_approved_again(page, live_server, sign_in, axe):
    annex = complete_annex()
    add_complete_process(annex, "Sgravi e rateizzazioni")
    people = people_of(annex)
    move(annex, Verb.SUBMIT, people["editor"])
    sign_in(people["head"])
    page.goto(live_server.url + reverse("risk:workflow", args=[annex.uid]))
    page.get_by_role("link", name="Vedi che cosa è cambiato").click()
    looked_at(page, axe)
    for title in ("Rimborso di tributi", "Sgravi e rateizzazioni"):
        button = page.get_by_role("button", name=re.compile(f"Approva questo processo: .*{title}"))
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".house-message", has_text="Fatto: ")).to_be_visible()
    page.locator(".house-message", has_text="l’allegato è approvato").wait_for()

    move(annex, Verb.RETURN, people["rpct"])
    process = Process.objects.get(annex=annex, position=2)
    process._history_user = people["editor"]
    process.times = "Trenta giorni dalla domanda."
    process.save()
    move(annex, Verb.SUBMIT, people["editor"])

    page.goto(live_server.url + reverse("risk:changes", args=[annex.uid]))
    buttons = page.get_by_role("button", name=re.compile("Approva questo processo"))
    assert buttons.count() == 1
    changed = page.get_by_role("article", name=re.compile("Sgravi"))
    expect(changed.get_by_text("cambiato dopo l’approvazione")).to_be_visible()
    expect(changed.locator("ins")).to_contain_text("Trenta giorni dalla domanda.")
    looked_at(page, axe)
    buttons.click()
    page.get_by_text("l’allegato è approvato").wait_for()
    assert Annex.objects.get(pk=annex.pk).state == AnnexState.APPROVED
    assert Approval.objects.count() == 3


def test_what_changed_meanwhile_is_refused_beside_the_process_and_sent_back(
    page, live_server, sign_in, axe, page_checks
):
    page_checks.expect("409")
    annex = complete_annex()
    people = people_of(annex)
    process = Process.objects.get(annex=annex)
    move(annex, Verb.SUBMIT, people["editor"])
    sign_in(people["head"])
    page.goto(live_server.url + reverse("risk:changes", args=[annex.uid]))
    move(annex, Verb.RETURN, people["rpct"])
    process._history_user = people["editor"]
    process.description = "Scritto mentre il responsabile leggeva."
    process.save()
    move(annex, Verb.SUBMIT, people["editor"])
    page.get_by_role("button", name=re.compile("Approva questo processo")).click()
    page.get_by_role("link", name="Leggi perché").click()
    expect(page.get_by_text("rileggilo, poi approvalo")).to_be_visible()
    looked_at(page, axe)
    page.get_by_role("link", name=re.compile("Restituisci per questo processo")).click()
    reason = page.get_by_label("Motivo della restituzione")
    assert reason.input_value() == f"{process.printed}: "
    reason.fill("Manca il motivo del cambiamento.")
    page.get_by_role("button", name="Restituisci all’ufficio").click()
    expect(
        page.get_by_text("1 processo, 0 approvati così come sono, 1 mai aperto da te.")
    ).to_be_visible()
    looked_at(page, axe)
    page.get_by_role("button", name="Sì, restituisci all’ufficio").click()
    page.get_by_text("l’allegato è restituito").wait_for()
