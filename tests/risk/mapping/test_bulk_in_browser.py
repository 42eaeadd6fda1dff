"""The page of the acts on many rows in a browser: by keyboard, without scripts, on a telephone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import MembershipRole
from registry.models import Macroprocess, Process
from tests.browser import wait_until_still
from tests.register import make_annex, make_process
from tests.risk.treatment.conftest import member
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Nessuna discrezionalità: gli importi sono fissati per legge."
TELEPHONE = {"width": 390, "height": 844}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def annex(transactional_db):
    annex = make_annex()
    for number in range(1, 5):
        make_process(annex, f"Rimborso {number}")
    make_process(annex, "Accertamento")
    return annex


def opens(page, live_server, annex) -> None:
    """Open the page of the acts on processes; the browser hears no key before it has shown it."""
    page.goto(live_server.url + reverse("risk:bulk", args=[annex.uid, "processi"]))
    wait_until_still(page)


def absent() -> list[int]:
    rows = Process.objects.filter(risk_presence="absent", risk_presence_reason=REASON)
    return list(rows.order_by("number").values_list("number", flat=True))


def test_all_rows_found_are_given_a_presence_by_keyboard(page, live_server, sign_in, annex, axe):
    sign_in(member(annex, MembershipRole.EDITOR))
    page.set_viewport_size(TELEPHONE)
    opens(page, live_server, annex)
    keys = page.keyboard
    page.get_by_label("Cerca fra le righe").focus()
    keys.type("rimborso")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_text("4 righe trovate")).to_be_visible()
    wait_until_still(page)
    page.get_by_role("button", name="Spunta le 4 mostrate").focus()
    with page.expect_navigation():
        keys.press("Enter")
    wait_until_still(page)
    page.get_by_label("Accerta la presenza del rischio").focus()
    keys.press("Space")
    expect(page.get_by_label("Area di rischio")).to_be_hidden()
    page.get_by_label("Presenza del rischio", exact=True).focus()
    keys.type("assente")
    keys.press("Tab")
    keys.type(REASON)
    axe(page)
    assert page.evaluate(OVERFLOW) == 0
    keys.press("Tab")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_text("4 righe cambiano")).to_be_visible()
    assert absent() == []
    axe(page)
    page.get_by_role("button", name="Conferma").focus()
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_text("Presenza del rischio accertata su 4 righe").first).to_be_visible()
    assert absent() == [1, 2, 3, 4]
    wait_until_still(page)
    with page.expect_navigation():
        keys.press("Control+z")
    expect(page.get_by_text("Operazione annullata")).to_be_visible()
    assert absent() == []


def macroprocesses() -> list[str | None]:
    rows = Process.objects.order_by("number")
    return list(rows.values_list("macroprocess__label", flat=True))


def test_processes_ticked_get_their_macroprocess(page, live_server, sign_in, annex, axe):
    body = annex.plan.administration
    Macroprocess.objects.create(administration=body, code="M1", label="Entrate", position=1)
    sign_in(member(annex, MembershipRole.EDITOR))
    opens(page, live_server, annex)
    keys = page.keyboard
    for name in ("n. 2 Rimborso 2", "n. 5 Accertamento"):
        page.get_by_label(name).focus()
        keys.press("Space")
    page.get_by_label("Assegna un macroprocesso").focus()
    keys.press("Space")
    field = page.get_by_label("Macroprocesso", exact=True)
    field.focus()
    keys.type("boh")
    with page.expect_navigation():
        keys.press("Enter")
    # what is in no list changes nothing, stays in the field, and the ticks stay
    expect(field).to_have_value("boh")
    expect(field).to_be_focused()
    expect(page.get_by_label("n. 5 Accertamento")).to_be_checked()
    expect(page.get_by_text("Nulla è cambiato")).to_be_visible()
    axe(page)
    field.fill("")
    keys.type("entrate")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_text("2 righe cambiano")).to_be_visible()
    assert macroprocesses() == [None] * 5
    axe(page)
    page.get_by_role("button", name="Conferma").focus()
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_text("su 2 righe").first).to_be_visible()
    assert macroprocesses() == [None, "Entrate", None, None, "Entrate"]
    page.goto(live_server.url + reverse("risk:mapping", args=[annex.uid]))
    for number, value in ((1, ""), (2, "Entrate"), (5, "Entrate")):
        cell = page.get_by_label(f"Macroprocesso, n. {number}", exact=True)
        expect(cell).to_have_value(value)
    page.get_by_role("button", name="Annulla l’ultima modifica").press("Enter")
    expect(page.get_by_text("Operazione annullata")).to_be_visible()
    assert macroprocesses() == [None] * 5


def test_without_scripts_the_same_is_done(browser, live_server, client, annex):
    person = member(annex, MembershipRole.EDITOR)
    address = live_server.url + reverse("risk:bulk", args=[annex.uid, "processi"])
    with scriptless_page(browser, live_server, client, person) as page:
        page.goto(address)
        page.get_by_label("Mostra", exact=True).select_option("da-accertare")
        page.get_by_role("button", name="Filtra").click()
        page.get_by_role("button", name="Spunta le 5 mostrate").click()
        page.get_by_label("n. 5 Accertamento").uncheck()
        page.get_by_label("Accerta la presenza del rischio").check()
        page.get_by_label("Presenza del rischio", exact=True).select_option("absent")
        page.get_by_role("button", name="Mostra che cosa cambia").last.click()
        expect(page.get_by_text("Scrivi perché il rischio è assente.")).to_be_visible()
        page.get_by_label("Motivo dell’accertamento").fill(REASON)
        page.get_by_role("button", name="Mostra che cosa cambia").last.click()
        page.get_by_role("button", name="Conferma").click()
        expect(page.get_by_text("Presenza del rischio accertata su 4 righe").first).to_be_visible()
    assert absent() == [1, 2, 3, 4]
