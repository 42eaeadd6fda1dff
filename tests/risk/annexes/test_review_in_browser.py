"""The story of a head who reads, observes, returns two processes, and later approves the rest."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import AnnexState
from registry.models import Annex, Process
from risk.enums import Verb
from risk.models import Approval, Transition
from risk.services.annexes.moves import move_annex
from tests.people import people_of
from tests.register import add_complete_process, complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = ("Sgravi", "Rateizzazioni", "Accertamenti")


def moved(annex, verb, by):
    fresh = Annex.objects.with_names().get(pk=annex.pk)
    move_annex(annex=fresh, verb=verb, by=by, reason="Rivedere i tempi.")


def submitted():
    """Return an annex of four processes that waits for its head, and its people."""
    annex = complete_annex()
    for title in TITLES:
        add_complete_process(annex, title)
    people = people_of(annex)
    moved(annex, Verb.SUBMIT, people["editor"])
    return annex, people


def looked_at(page, axe):
    """Look at the page in both colour schemes, wide and narrow."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def pressed(page, role, name, key="Enter"):
    """Go to a control by the tabulator from where the hand is, as without a mouse; press it."""
    wanted = page.get_by_text(name, exact=True).filter(visible=True)
    if role:
        wanted = page.get_by_role(role, name=name, exact=True)
    for _step in range(40):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press(key)


def asked(page, axe, numbers) -> None:
    """Answer yes, by keyboard, to what is asked with these numbers."""
    page.get_by_text(numbers).wait_for()
    looked_at(page, axe)
    page.keyboard.press("Enter")


def begins(read, process):
    """Expect a process under the hand from its beginning: a key pressed twice approves nothing."""
    expect(read).to_have_text(process.printed)
    expect(read).to_be_focused()
    expect(read).to_be_in_viewport()


def test_a_head_reads_returns_two_and_approves_the_rest_by_keyboard(
    page, live_server, sign_in, axe
):
    annex, people = submitted()
    _first, second, third, fourth = Process.objects.filter(annex=annex).order_by("position")
    sign_in(people["head"])
    page.goto(live_server.url + reverse("risk:review", args=[annex.uid]))
    read = page.locator("#letto")
    # what is read begins under the hand
    expect(read).to_be_focused()
    looked_at(page, axe)

    pressed(page, "button", "Approva e vai al prossimo")
    begins(read, second)
    expect(page.locator(".review-count")).to_contain_text("Approvati 1 di 4. Ne restano 3.")
    pressed(page, None, "Osserva")
    page.keyboard.press("Tab")
    page.keyboard.type("Mancano i tempi.")
    pressed(page, "button", "Aggiungi l’osservazione")
    expect(read).to_have_text(third.printed)
    pressed(page, "button", "Approva e vai al prossimo")
    expect(read).to_have_text(fourth.printed)
    pressed(page, None, "Restituisci l’allegato all’ufficio")
    page.keyboard.press("Tab")
    page.keyboard.type("Il livello non è motivato.")
    looked_at(page, axe)
    pressed(page, "button", "Restituisci all’ufficio")
    asked(page, axe, "2 da correggere.")
    page.locator(".house-message", has_text="è restituito all’ufficio").wait_for()
    assert Transition.objects.get(verb=Verb.RETURN).reason.splitlines() == [
        f"{fourth.printed}: Il livello non è motivato.",
        f"{second.printed}: Mancano i tempi.",
    ]

    moved(annex, Verb.SUBMIT, people["editor"])
    page.goto(live_server.url + reverse("risk:review", args=[annex.uid]))
    expect(read).to_have_text(second.printed)
    pressed(page, "button", "Approva e vai al prossimo")
    expect(read).to_have_text(fourth.printed)
    pressed(page, "button", "Approva, e con questo l’allegato")
    page.locator(".house-message", has_text="l’allegato è approvato").wait_for()
    assert Annex.objects.get(pk=annex.pk).state == AnnexState.APPROVED
    assert Approval.objects.count() == 4
