"""No page is left in silence with something typed in it, in a real browser over all addresses.

On each page that somebody may open, each form that sends is typed in, and the page is asked whether
it would let itself be left. What is listed in `NO_WORK` is typed in, and is not work to be lost.
On the same pages what describes a field is there: what is wrong with it is said to whoever listens.
"""

import pytest
from django.urls import reverse

from tests.browser import is_page
from tests.people import client_of
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import routes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_WORK = {
    "account_login": "name and password",
    "account_reset_password": "one’s own address",
    "risk:verify": "a file, which its owner has",
}
BACK_OFFICE = (
    *("admin:risk_measure_add", "admin:registry_office_add"),
    # with a field that is named as an attribute of its form
    "admin:registry_plan_add",
)
"""Some of its forms: all are made alike."""
ROUTES = {route.name: route for route in routes()}
SILENT = """
() => {
  const leaves = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const isTyped = (field) =>
    field.matches("textarea, input") &&
    /^(textarea|text|email|number|date|search|checkbox|radio)$/.test(field.type) &&
    !field.disabled && !field.checked;
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  const silent = [];
  let typed = 0;
  const before = leaves();
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const field = [...form.elements].find(isTyped);
    if (!field || form.querySelector("[type=password]")) continue;
    typed += 1;
    const value = field.value;
    if (isTick(field)) field.checked = true;
    else field.value = { date: "2099-01-31", number: "97" }[field.type] || `${value} prova`;
    if (leaves()) silent.push(`${form.action} ${field.name}`);
    if (isTick(field)) field.checked = false; else field.value = value;
  }
  return { before, typed, silent };
}
"""

DESCRIBED_BY_NOTHING = """
() => [...document.querySelectorAll("main [aria-describedby]")].flatMap((field) =>
  field.getAttribute("aria-describedby").split(/\\s+/).filter(
    (id) => id && !document.getElementById(id)))
"""


@pytest.fixture
def world(transactional_db):
    return World()


def addresses(world) -> dict[str, str]:
    """Return the addresses of pages a person with rights may open: of an RPCT, or of an officer."""
    found = {name: reverse(name) for name in BACK_OFFICE}
    for name, line in ADDRESSES.items():
        kind, _space, code = line.get.rpartition(" ")
        if code == "200" and kind != "nobody" and name not in NO_WORK:
            found[name] = world.address(ROUTES[name], "own", line.parts)
    return found


def test_no_page_is_left_in_silence_and_every_field_is_described(page, live_server, context, world):
    session = client_of(world.people["rpct"]).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    silent, asks_for_nothing, typed, loose = {}, [], set(), {}
    for name, address in addresses(world).items():
        if not is_page(page, live_server.url + address):
            continue
        page.goto(live_server.url + address, wait_until="load")
        if undescribed := page.evaluate(DESCRIBED_BY_NOTHING):
            loose[name] = undescribed
        told = page.evaluate(SILENT)
        if told["silent"]:
            silent[name] = told["silent"]
        if not told["before"]:
            asks_for_nothing.append(name)
        if told["typed"]:
            typed.add(name)
    assert silent == {}
    assert loose == {}
    assert asks_for_nothing == []
    assert {"risk:mapping", "risk:process_sheet", "risk:programme", "risk:bulk"} <= typed
    assert {"risk:remarks", "registry:invite", *BACK_OFFICE} <= typed


def test_the_list_of_what_is_no_work_has_no_dead_lines():
    assert set(NO_WORK) <= set(ADDRESSES)
    assert reverse("risk:verify")
