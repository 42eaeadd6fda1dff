"""No page is left in silence with something typed in it, in a real browser over all addresses.

On each page that somebody may open, each form that sends is typed in, and the page is asked whether
it would let itself be left. What is listed in `NO_WORK` is typed in, and is not work to be lost.
On the same pages what describes a field is there: what is wrong with it is said to whoever listens.
The pages are opened once for this and for their screens: the walk is in `test_pages_fit.py`.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from playwright.sync_api import Page

from tests.project.address_table import ADDRESSES
from tests.project.routes import routes

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


def addresses(world) -> dict[str, str]:
    """Return the addresses of pages a person with rights may open: of an RPCT, or of an officer."""
    found = {name: reverse(name) for name in BACK_OFFICE}
    for name, line in ADDRESSES.items():
        kind, _space, code = line.get.rpartition(" ")
        if code == "200" and kind != "nobody" and name not in NO_WORK:
            found[name] = world.address(ROUTES[name], "own", line.parts)
    return found


@dataclass
class Leaving:
    """What pages say when they are left, over all those of a walk."""

    silent: dict[str, list[str]] = field(default_factory=dict)
    loose: dict[str, list[str]] = field(default_factory=dict)
    asks_for_nothing: list[str] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)

    def try_page(self, name: str, page: Page) -> None:
        """Type in each form of the page one is on, and take it back."""
        if undescribed := page.evaluate(DESCRIBED_BY_NOTHING):
            self.loose[name] = undescribed
        told = page.evaluate(SILENT)
        if told["silent"]:
            self.silent[name] = told["silent"]
        if not told["before"]:
            self.asks_for_nothing.append(name)
        if told["typed"]:
            self.typed.add(name)

    def check(self) -> None:
        """Fail where something would be lost, or where nothing was typed in."""
        assert self.silent == {}
        assert self.loose == {}
        assert self.asks_for_nothing == []
        assert {"risk:mapping", "risk:process_sheet", "risk:programme", "risk:bulk"} <= self.typed
        assert {"risk:remarks", "registry:invite", *BACK_OFFICE} <= self.typed


def test_the_list_of_what_is_no_work_has_no_dead_lines():
    assert set(NO_WORK) <= set(ADDRESSES)
    assert reverse("risk:verify")
