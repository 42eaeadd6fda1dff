"""The library in a browser: with the keyboard only, without JavaScript, for everybody's eyes."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import MembershipRole
from registry.models import Membership, Process, User
from tests.register import make_annex
from tests.risk.library.conftest import make_library_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def annex(sign_in, tender):
    annex = make_annex()
    make_library_process("PE-01", "Concorso pubblico")
    editor = User.objects.create(username="referente", first_name="Ada", last_name="Bellarosa")
    Membership.objects.create(
        user=editor,
        administration=annex.plan.administration,
        office=annex.office,
        role=MembershipRole.EDITOR,
        starts_on=datetime.date(2020, 1, 1),
    )
    sign_in(editor)
    return annex


def test_two_typical_processes_are_copied_and_taken_back_by_keyboard(page, live_server, annex):
    page.goto(live_server.url + reverse("risk:library"))
    for name in ("Affidamento diretto", "Concorso pubblico"):
        page.get_by_role("checkbox", name=f"Scegli: {name}").focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(
        page.get_by_text("2 processi copiati dai processi tipo in «Tributi»: n. 1–2.")
    ).to_be_visible()
    assert Process.objects.filter(annex=annex).count() == 2

    page.get_by_role("button", name="Annulla", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Operazione annullata")).to_be_visible()
    assert not Process.objects.exists()


def test_one_is_looked_up_and_copied_without_javascript(browser, context, live_server, annex):
    plain = browser.new_context(java_script_enabled=False, locale="it-IT")
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(live_server.url + reverse("risk:library"))
    page.get_by_label("Cerca nel titolo").fill("affid")
    page.get_by_role("button", name="Filtra").click()
    page.get_by_role("link", name="Affidamento diretto").click()
    page.get_by_role("button", name="Copia questo processo").click()

    expect(page.get_by_text("già nell’allegato: n. 1")).to_be_visible()
    plain.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_for_everybody(page, live_server, annex, axe, scheme, tender):
    page.emulate_media(color_scheme=scheme)
    addresses = (
        reverse("risk:library"),
        reverse("risk:library_process", args=[tender.owner_slug, tender.code]),
    )
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + address)
        axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{address} scrolls sideways: {wide}"
