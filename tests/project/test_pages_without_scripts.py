"""What a page says where no script runs is true there, in a real browser over all addresses.

Nothing is promised that only a script does; and where something is typed that a button saves, the
page says so before the first link: a browser asks nobody before it leaves.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from registry.enums import RiskPresence
from registry.models import Process
from tests.browser import is_page
from tests.project.address_world import World
from tests.project.files import files_under, read
from tests.project.routes import routes
from tests.project.test_nothing_lost import addresses
from tests.register import make_method, use_method
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONLY_BY_SCRIPT = re.compile(
    r"si salva(no)? da sol|frecc[ei]|barra spaziatrice|ctrl|mentre si scrive|con i tasti|"
    r"in una cella|il tasto|si aggiorna da sol",
    re.IGNORECASE,
)
"""Words for what keys do, what saves itself, and what comes while one types."""
SAID = """
() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  return document.querySelector("main").innerText;
}
"""
IS_TYPED_IN = """
() => [...document.querySelectorAll("main form[method=post]")].some((form) =>
  [...form.elements].some((field) => /^(textarea|text|email|number|date)$/.test(field.type)))
"""
WARNED = """() => {
  const said = document.querySelector(".house-save-first");
  return Boolean(said?.checkVisibility());
}"""


@pytest.fixture
def world(transactional_db):
    world = World()
    own = world.homes["own"]
    # there is something to judge
    Process.objects.filter(pk=own.process.pk).update(risk_presence=RiskPresence.PRESENT)
    own.plan.methods.filter(is_default=True).update(is_default=False)
    use_method(own.annex, make_method())
    return world


def test_what_a_page_says_is_true_without_scripts(browser, live_server, client, world):
    untrue, unwarned, warned = {}, {}, set()
    with scriptless_page(browser, live_server, client, world.people["rpct"]) as page:
        for name, address in addresses(world).items():
            if name.startswith("admin:") or not is_page(page, live_server.url + address):
                continue
            page.goto(live_server.url + address)
            if words := [word[0] for word in ONLY_BY_SCRIPT.finditer(page.evaluate(SAID))]:
                untrue[name] = words
            is_warned = page.evaluate(WARNED)
            if is_warned != page.evaluate(IS_TYPED_IN):
                unwarned[name] = is_warned
            if is_warned:
                warned.add(name)
    assert untrue == {}
    assert unwarned == {}
    assert {"risk:mapping", "risk:process_sheet", "risk:programme", "risk:assessment"} <= warned
    assert "risk:desk" not in warned
    assert {route.name for route in routes()} > warned


def test_help_of_fields_that_are_seldom_shown_is_as_true():
    """Of lists that are long in few bodies only."""
    untrue = [
        (str(name), line)
        for app in ("registry", "risk", "ptpct")
        for name in files_under(app, ending=".py")
        for line in unmarked(read(name))
    ]
    assert untrue == []


def unmarked(source: str) -> list[str]:
    """Return the sentences of a source that only a script makes true, and that do not say so."""
    marked = re.sub(r"scripted_hint\((?:[^()]|\([^()]*\))*\)", "", source)
    said = re.findall(r'"[^"\n]*"', marked)
    return [line for line in said if re.search("mentre si scrive", line, re.IGNORECASE)]


WHOLE_PAGES = {
    "risk:mapping": ".map-row .map-title textarea",
    "risk:process_sheet": "#presenza textarea",
    "risk:assessment": ".assess-form textarea",
    "risk:programme": "textarea[name=notes]",
}
"""The pages that save whole, each with a field somebody types in."""


def test_what_is_typed_is_saved_before_one_goes_on(browser, live_server, client, world):
    places = addresses(world)
    with scriptless_page(browser, live_server, client, world.people["rpct"]) as page:
        for name, typed_in in WHOLE_PAGES.items():
            save_and_go_on(page, live_server.url, places[name], typed_in)


def save_and_go_on(page: Page, site: str, place: str, typed_in: str) -> None:
    """Type in a page and leave by each of its ways; what was typed is there after each."""
    address = site + place
    page.goto(address)
    ways = page.locator("[name=poi]").evaluate_all("all => all.map((one) => one.value)")
    assert ways, place
    for way in ways:
        page.goto(address)
        page.locator(typed_in).first.fill(f"Scritto prima di {way}")
        page.locator(f"[name=poi][value='{way}']").click()
        expect(page).to_have_url(site + way)
        assert page.get_by_text(re.compile("salvat[ao]", re.IGNORECASE)).first.is_visible()
        page.goto(address)
        saved = page.locator(typed_in).first.input_value()
        assert saved == f"Scritto prima di {way}"


def test_a_button_leads_to_no_other_site(world):
    client = world.clients["rpct"]
    answer = client.post(addresses(world)["risk:process_sheet"], {"poi": "//esempio.example/"})
    assert answer.url.startswith("/processi/")
