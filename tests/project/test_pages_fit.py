"""Every page fits the screens people have: a desk at 1366 pixels, a telephone at 390.

At the desk no list is cut at the edge; on a telephone what is cut says so; no page scrolls
sideways by itself, and the tab one is at is among those that are seen. Walked are all addresses.
On a telephone those that anybody may open are read by axe as well: nobody is there to be asked.
On the same walk each is typed in, and none lets itself be left in silence (`test_nothing_lost.py`).
"""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from tests.browser import accessibility_findings, is_page, wait_until_still
from tests.people import client_of
from tests.project.address_world import World
from tests.project.test_nothing_lost import NO_WORK, Leaving, addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"width": 390, "height": 844}
DESK = {"width": 1351, "height": 768}
"""What the bar for scrolling leaves of 1366."""
FINDINGS = """
() => {
  const found = [];
  const seen = (box) => box.getClientRects().length > 0;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`page: ${root.scrollWidth}`);
  for (const box of document.querySelectorAll("main .house-scroll, main .paper-scroll")) {
    if (!seen(box) || box.scrollWidth <= box.clientWidth + 1) continue;
    const says = box.previousElementSibling?.matches(".house-cut");
    found.push(`${says ? "cut" : "cut in silence"}: ${box.getAttribute("aria-label") || box.id}`);
  }
  for (const tab of document.querySelectorAll(".house-tabs [aria-current]")) {
    const row = tab.closest(".house-tabs").getBoundingClientRect();
    const place = tab.getBoundingClientRect();
    if (place.left < row.left - 1 || place.right > row.right + 1) found.push("tab unseen");
  }
  return found;
}
"""


OPEN = (
    *("risk:consultation", "risk:consultation_part", "risk:consultation_annex"),
    *("risk:consultation_contribute", "risk:consultation_confirm"),
    *("risk:published", "risk:verify", "account_reset_password"),
)
"""Some that anybody may open: these at least are read by axe."""


def findings(page, screen: dict[str, int]) -> list[str]:
    """Return what is wrong with the page one is on, on a screen."""
    page.set_viewport_size(screen)
    wait_until_still(page)
    return page.evaluate(FINDINGS)


def is_open(address: str) -> bool:
    """Return whether anybody may open an address, signed in or not."""
    return not getattr(resolve(urlsplit(address).path).func, "login_required", True)


def test_every_page_fits_and_is_not_left_in_silence(page, live_server, context, transactional_db):
    world = World()
    walked = {name: live_server.url + address for name, address in addresses(world).items()}
    session = client_of(world.people["rpct"]).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    walked |= {name: live_server.url + reverse(name) for name in NO_WORK}
    at_desk, told, read, leaving = {}, {}, set(), Leaving()
    for name, address in walked.items():
        if not is_page(page, address):
            continue
        # loaded by a telephone, and then widened: what a page does as it opens is hardest there
        page.set_viewport_size(TELEPHONE)
        page.goto(address, wait_until="load")
        if not name.startswith("admin:"):
            told[name] = findings(page, TELEPHONE)
            if is_open(address):
                told[name] += accessibility_findings(page)
                read.add(name)
            at_desk[name] = findings(page, DESK)
        if name not in NO_WORK:
            leaving.try_page(name, page)
    leaving.check()
    said = [one for found in told.values() for one in found if one.startswith("cut: ")]
    assert said
    assert read >= set(OPEN)
    told = {name: [one for one in found if one not in said] for name, found in told.items()}
    assert {name: found for name, found in told.items() if found} == {}
    assert {name: found for name, found in at_desk.items() if found} == {}
