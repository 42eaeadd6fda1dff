"""Two people on one map: each takes back their own last act, and nothing of the other's."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.enums import MembershipRole
from registry.models import Process
from tests.people import client_of
from tests.register import make_annex, make_process
from tests.risk.treatment.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def annex(transactional_db):
    annex = make_annex()
    for title in ("Prima", "Seconda", "Terza"):
        make_process(annex, title)
    return annex


def at_the_map(browser, live_server, annex, who: str) -> Page:
    """Open the map in a browser of its own, as another writer of the office."""
    writer = member(annex, MembershipRole.EDITOR, username=who)
    context = browser.new_context(locale="it-IT")
    value = client_of(writer).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("risk:mapping", args=[annex.uid]))
    return page


def write(page: Page, number: int, title: str) -> None:
    """Type a title into a row, and go on when it is saved."""
    process = Process.objects.get(number=number)
    cell = page.locator(f"#c-{process.uid}-title")
    cell.fill(title)
    cell.press("Tab")
    expect(page.locator(f"#stato-{process.uid}")).to_have_text("Salvato")


def take_back(page: Page, said: str) -> None:
    page.locator(".map-row [name=kind]").first.press("Control+z")
    expect(page.locator(".house-message", has_text=said)).to_be_visible()


def titles() -> list[str]:
    return list(Process.objects.order_by("number").values_list("title", flat=True))


def test_each_takes_back_what_is_theirs(browser, live_server, annex):
    anna = at_the_map(browser, live_server, annex, "anna.prova")
    bruno = at_the_map(browser, live_server, annex, "bruno.prova")

    write(anna, 1, "Prima di Anna")
    write(bruno, 2, "Seconda di Bruno")
    take_back(anna, "Operazione annullata")
    assert titles() == ["Prima", "Seconda di Bruno", "Terza"]
    expect(anna.locator("#annulla")).to_be_hidden()

    write(anna, 3, "Terza di Anna")
    bruno.reload()
    write(bruno, 3, "Terza di Bruno")
    take_back(anna, "«n. 3 Terza di Bruno» è stato modificato dopo da bruno.prova")
    assert titles() == ["Prima", "Seconda di Bruno", "Terza di Bruno"]

    take_back(bruno, "Operazione annullata")
    assert titles() == ["Prima", "Seconda di Bruno", "Terza di Anna"]
    for page in (anna, bruno):
        page.context.close()
