"""How the map looks on a desk and on a phone, measured: rows, heads, head of the page, cards."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Process
from risk.views.mapping.grid import ROWS_A_PAGE
from tests.browser import accessibility_findings
from tests.risk.mapping.conftest import make_processes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WIDE = "document.documentElement.scrollWidth > window.innerWidth"
ROWS_SEEN = """() => {
  const head = document.querySelector(".map-table thead").getBoundingClientRect();
  return [...document.querySelectorAll(".map-row")].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= head.bottom - 1 && bottom <= window.innerHeight;
  }).length;
}"""
CUT_HEADS = """() => [...document.querySelectorAll(".map-table thead th")]
  .filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.innerText)"""
HEADS_END = """() => Math.round(Math.max(...[...document.querySelectorAll(".map-table thead th")]
  .map((head) => head.getBoundingClientRect().right)))"""
TABLE_ENDS = """() => Math.round(
  document.querySelector(".map-table").getBoundingClientRect().right)"""
TOPS = "nodes => [...new Set(nodes.map((node) => Math.round(node.getBoundingClientRect().top)))]"


@pytest.fixture
def address(live_server, world) -> str:
    area = {"risk_area": world.digital, "macroprocess": world.general}
    make_processes(world.annex, ROWS_A_PAGE + 5, kind="support", **area)
    return live_server.url + reverse("risk:mapping", args=[world.annex.uid])


def test_on_a_desk_the_page_scrolls_and_heads_stay(page, sign_in, world, address):
    sign_in(world.editor)
    page.set_viewport_size(DESK)
    page.goto(address)

    assert page.evaluate(ROWS_SEEN) > 11
    assert not page.evaluate(WIDE)
    assert page.evaluate(CUT_HEADS) == []
    assert (
        page.locator(".map-scroll").evaluate("box => getComputedStyle(box).overflowY") == "visible"
    )
    expect(page.get_by_label("Area di rischio", exact=True).first).to_be_visible()
    page.evaluate("window.scrollTo(0, 600)")
    assert page.locator(".map-table thead th").evaluate_all(TOPS) == [0]
    assert page.evaluate(ROWS_SEEN) > 16
    page.evaluate("window.scrollTo(0, 0)")

    title_is_a_link_and_a_field(page)


def title_is_a_link_and_a_field(page) -> None:
    """Follow the title to the sheet, after it was typed in by keyboard and by its pencil."""
    process = Process.objects.get(number=2)
    title = page.locator(f"#c-{process.uid}-title")
    link = page.get_by_role("link", name="Processo 2", exact=True)
    assert link.get_attribute("href") == reverse("risk:process_sheet", args=[process.uid])
    page.locator(f"#r-{process.uid} .map-edit").click()
    expect(title).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Rilascio carte")
    expect(link).to_be_hidden()
    page.keyboard.press("Enter")
    renamed = page.get_by_role("link", name="Rilascio carte", exact=True)
    expect(renamed).to_be_visible()
    # what is said of a row makes no room for a column nobody sees
    menu = page.locator(f"#r-{process.uid}")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Archivia").click()
    expect(page.get_by_text("Scrivi perché il processo va in archivio.")).to_be_visible()
    assert page.evaluate(HEADS_END) == page.evaluate(TABLE_ENDS)
    # what is refused stays in sight, not behind a link
    title.fill("")
    page.keyboard.press("Tab")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(renamed).to_be_hidden()
    title.fill("Rilascio di carte")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Rilascio di carte", exact=True)
    expect(link).to_be_visible()
    assert accessibility_findings(page) == []
    link.click()
    page.wait_for_url(f"**{reverse('risk:process_sheet', args=[process.uid])}")


def test_on_a_phone_a_row_is_a_card_that_opens_its_sheet(page, sign_in, world, address):
    sign_in(world.editor)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    page.goto(address)

    assert page.locator(".house-bar").bounding_box()["height"] <= 56
    assert len(page.locator(".house-tabs li > a").evaluate_all(TOPS)) == 1
    assert not page.evaluate(WIDE)
    expect(page.locator("#id_q")).to_be_hidden()
    page.get_by_text("Filtri", exact=True).click()
    expect(page.locator("#id_q")).to_be_visible()
    page.get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("link", name="Cerca", exact=True)).to_be_visible()
    assert page.locator(".house-bar").bounding_box()["height"] <= 56
    assert accessibility_findings(page) == []
    page.get_by_text("Menu", exact=True).click()

    # wherever it is touched
    process = Process.objects.get(number=2)
    card = page.locator(f"#r-{process.uid}")
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box["width"] <= PHONE["width"]
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] - 12)
    page.wait_for_url(f"**{reverse('risk:process_sheet', args=[process.uid])}")


def test_a_table_cut_at_the_edge_says_so(page, sign_in, world, address):
    sign_in(world.editor)
    page.set_viewport_size(PHONE)
    page.goto(address.partition("/allegati")[0] + reverse("risk:figures", args=[world.annex.uid]))
    hint = page.get_by_text("Ci sono altre colonne: scorri di lato.")

    expect(hint).to_be_visible()
    assert not page.evaluate(WIDE)
    page.set_viewport_size(DESK)
    expect(hint).to_have_count(0)


def test_an_empty_cell_of_a_card_takes_no_line_until_one_is_there(page, sign_in, world, address):
    Process.objects.update(kind="", risk_area=None)
    sign_in(world.editor)
    page.set_viewport_size(PHONE)
    page.goto(address)
    row = page.locator(".map-row:not(.map-new)").first
    kind = row.locator("[name=kind]")
    assert kind.bounding_box()["height"] <= 1
    assert row.locator("[name=risk_area]").bounding_box()["height"] <= 1
    expect(row.locator(".map-none")).to_be_hidden()
    kind.focus()
    assert kind.bounding_box()["height"] > 10
