"""Every page fits the screens people have: a desk at 1366 pixels, a telephone at 390.

At the desk no list is cut at the edge; on a telephone what is cut says so; no page scrolls
sideways by itself, and the tab one is at is among those that are seen. Walked are all addresses.
"""

import pytest

from tests.browser import wait_until_still
from tests.people import client_of
from tests.project.address_world import World
from tests.project.test_nothing_lost import addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {
    # what the bar for scrolling leaves of 1366
    "desk": {"width": 1351, "height": 768},
    "telephone": {"width": 390, "height": 844},
}
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


def findings(page, address: str) -> list[str]:
    answer = page.request.get(address)
    if answer.status != 200 or "<main" not in answer.text():
        return []
    page.goto(address, wait_until="load")
    wait_until_still(page)
    return page.evaluate(FINDINGS)


@pytest.mark.parametrize("screen", SIZES)
def test_every_page_fits(page, live_server, context, transactional_db, screen):
    world = World()
    walked = {
        name: live_server.url + address
        for name, address in addresses(world).items()
        if not name.startswith("admin:")
    }
    session = client_of(world.people["rpct"]).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size(SIZES[screen])
    told = {name: findings(page, address) for name, address in walked.items()}
    said = [one for found in told.values() for one in found if one.startswith("cut: ")]
    if screen == "telephone":
        assert said
        told = {name: [one for one in found if one not in said] for name, found in told.items()}
    assert {name: found for name, found in told.items() if found} == {}
