"""The door and the pages about people, in a browser: accessible, in both lights, by keyboard."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from tests.registry.accounts.sign_in import PASSWORD, code_of, give_second_factor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def look(page, live_server, axe):
    """Open an address, check it in both lights and on a narrow screen."""

    def do_look(address: str, *, status: int = 200) -> None:
        for light in ("light", "dark"):
            # before the page opens: a change of light fades, and a fading text has no contrast
            page.emulate_media(color_scheme=light)
            answer = page.goto(live_server.url + address)
            assert answer.status == status, address
            assert page.locator("html").get_attribute("lang") == "it"
            axe(page)
        wide = page.viewport_size
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], address
        page.set_viewport_size(wide)

    return do_look


def test_the_open_pages(look, people, page_checks):
    page_checks.expect("404")
    for address in (
        "/accedi/",
        "/accedi/sospeso/",
        "/accedi/ente/annullato/",
        "/password/dimenticata/",
        "/password/dimenticata/inviata/",
        "/password/nuova/1-scaduta/",
        "/password/nuova/fatta/",
    ):
        look(address)
    look("/accedi/ente/ritorno/?code=x&state=x", status=404)


def test_the_pages_of_ones_own_access(look, page, live_server, people, sign_in):
    sign_in(people["rpct"])
    for address in ("/accesso/", "/password/", "/accedi/conferma/"):
        look(address)
    page.goto(f"{live_server.url}/accesso/app/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Conferma").click()
    look("/accesso/app/")
    assert page.locator("img.house-code").evaluate("image => image.naturalWidth") > 0
    give_second_factor(people["rpct"])
    for address in ("/accesso/", "/accesso/app/togli/", "/accesso/codici/"):
        look(address)
    look("/accesso/codici/nuovi/")


def test_the_pages_about_people(look, people, sign_in, annex):
    sign_in(people["rpct"])
    row = people["head"].memberships.get()
    body = annex.plan.administration.ipa_code
    for address in (
        f"/persone/{body}/",
        f"/persone/{body}/?tutte",
        f"/persone/{body}/invita/",
        f"/persone/appartenenze/{row.pk}/fine/",
        f"/persone/appartenenze/{row.pk}/subentro/",
        f"/persone/appartenenze/{row.pk}/sostituto/",
    ):
        look(address)


def test_coming_in_by_keyboard_with_a_code(page, live_server, people, axe):
    give_second_factor(people["head"])
    page.goto(f"{live_server.url}/accesso/")
    page.get_by_label("Nome utente o posta elettronica").focus()
    page.keyboard.type("testa@esempio.it")
    page.keyboard.press("Tab")
    page.keyboard.type("sbagliata")
    page.keyboard.press("Enter")
    page.get_by_text("Nome o password non corretti").wait_for()
    axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Codice").wait_for()
    axe(page)
    page.get_by_label("Codice").fill(code_of())
    page.keyboard.press("Enter")
    page.wait_for_url("**/accesso/")
    assert page.get_by_role("heading", level=1).inner_text() == "Il mio accesso"


def test_from_the_invitation_to_the_desk_without_scripts(browser, live_server, people, annex):
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    page = context.new_page()

    def come_in(name: str, password: str) -> None:
        page.goto(f"{live_server.url}/accedi/")
        page.get_by_label("Nome utente o posta elettronica").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Accedi").click()

    come_in("rpct", PASSWORD)
    page.get_by_role("link", name="Persone").click()
    page.get_by_role("link", name="Invita una persona").click()
    page.get_by_label("Posta elettronica").fill("ada@esempio.it")
    page.locator("#id_first_name").fill("Ada")
    page.locator("#id_last_name").fill("Neri")
    page.get_by_label("Ruolo").select_option("editor")
    page.get_by_label("Ufficio").select_option(label="Tributi")
    page.get_by_role("button", name="Invita").click()
    expect(page.locator("main")).to_contain_text("Ada Neri")
    page.get_by_role("button", name="Esci").click()

    link = re.search(r"//[^/]+(/password/nuova/\S+)", mail.outbox[0].body)[1]
    page.goto(live_server.url + link)
    page.locator("#id_password1").fill("una-frase-molto-lunga")
    page.locator("#id_password2").fill("una-frase-molto-lunga")
    page.get_by_role("button", name="Salva la password").click()
    come_in("ada.neri", "una-frase-molto-lunga")
    assert "Ada Neri" in page.inner_text("header")
    context.close()
