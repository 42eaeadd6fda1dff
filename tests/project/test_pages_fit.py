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

SIZES = {"desk": {"width": 1366, "height": 768}, "telephone": {"width": 390, "height": 844}}
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
    session = client_of(world.people["rpct"]).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size(SIZES[screen])
    wrong, cut = {}, 0
    for name, address in addresses(world).items():
        if name.startswith("admin:"):
            continue
        told = findings(page, live_server.url + address)
        if screen == "telephone":
            cut += len(told)
            told = [one for one in told if not one.startswith("cut: ")]
        if told:
            wrong[name] = told
    assert wrong == {}
    assert screen == "desk" or cut
