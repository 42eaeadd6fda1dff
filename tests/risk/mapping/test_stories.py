"""The map in a browser: by keyboard alone, without JavaScript, seen by everybody."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Process
from tests.risk.mapping.conftest import make_processes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server, world) -> str:
    make_processes(world.annex, 3)
    return live_server.url + reverse("risk:mapping", args=[world.annex.uid])


def titles() -> list[str]:
    return list(Process.objects.order_by("position").values_list("title", flat=True))


def cell(page, number: int, name: str):
    process = Process.objects.get(number=number)
    return page.locator(f"#c-{process.uid}-{name}")


def state(page, number: int):
    return page.locator(f"#stato-{Process.objects.get(number=number).uid}")


def test_the_map_is_kept_by_keyboard(page, sign_in, world, address):
    sign_in(world.editor)
    page.goto(address)
    keys = page.keyboard
    cell(page, 1, "title").focus()
    keys.press("ArrowDown")
    expect(cell(page, 2, "title")).to_be_focused()
    keys.type("Rilascio carte")
    keys.press("Enter")
    expect(cell(page, 3, "title")).to_be_focused()
    expect(state(page, 2)).to_have_text("Salvato")
    assert Process.objects.get(number=2).title == "Rilascio carte"

    cell(page, 2, "risk_area").focus()
    keys.type("z")
    keys.press("Tab")
    expect(state(page, 2)).to_have_text("Non salvato")
    expect(cell(page, 2, "risk_area")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, 2, "risk_area")).to_have_value("z")
    keys.press("Shift+Tab")
    keys.type("s")
    keys.press("Enter")
    expect(cell(page, 2, "risk_area")).to_have_value(str(world.digital))
    expect(state(page, 2)).to_have_text("Salvato")


def test_rows_are_moved_doubled_and_added_by_keyboard(page, sign_in, world, address):
    sign_in(world.editor)
    page.goto(address)
    keys = page.keyboard
    page.locator("#c-nuovo-title").fill("Ultimo")
    page.locator(".map-menu summary").last.click()
    page.get_by_label("Perché va in archivio").fill("Non si svolge più.")
    cell(page, 2, "title").focus()
    keys.press("Alt+ArrowUp")
    expect(page.locator(".map-row").first).to_have_attribute(
        "data-row", str(Process.objects.get(number=2).uid)
    )
    expect(cell(page, 2, "title")).to_be_focused()
    keys.press("Control+d")
    expect(page.locator(".map-row")).to_have_count(5)
    expect(cell(page, 4, "title")).to_be_focused()
    assert titles()[:2] == ["Processo 2", "Processo 2"]

    keys.type("prova")
    keys.press("Escape")
    expect(cell(page, 4, "title")).to_have_value("Processo 2")
    # typed before two acts that drew the grid anew
    expect(page.get_by_label("Perché va in archivio")).to_have_value("Non si svolge più.")
    expect(page.locator("#c-nuovo-title")).to_have_value("Ultimo")
    page.locator("#c-nuovo-title").focus()
    keys.press("Enter")
    expect(page.locator(".map-row")).to_have_count(6)
    expect(page.locator("#c-nuovo-title")).to_be_focused()
    expect(page.locator("#c-nuovo-title")).to_have_value("")
    assert titles()[-1] == "Ultimo"


def test_a_key_pressed_as_soon_as_the_grid_is_drawn_again_counts(page, sign_in, world, address):
    sign_in(world.editor)
    page.goto(address)
    cell(page, 2, "title").focus()
    # the next key comes in the very moment in which the moved row is there
    page.evaluate(
        """() => {
          document.body.dataset.same = "yes";
          new MutationObserver((_, watcher) => {
            watcher.disconnect();
            document.activeElement.dispatchEvent(
              new KeyboardEvent("keydown", { key: "d", ctrlKey: true, bubbles: true })
            );
          }).observe(document.getElementById("mappa").parentElement, { childList: true });
        }"""
    )
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".map-row")).to_have_count(5)
    expect(page.locator("body")).to_have_attribute("data-same", "yes")
    expect(cell(page, 4, "title")).to_be_focused()


PASTED = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  );
}"""


def test_cells_copied_elsewhere_are_pasted_into_the_grid(page, sign_in, world, address):
    sign_in(world.editor)
    page.goto(address)
    cell(page, 1, "title").focus()
    page.evaluate(PASTED, "Nuovo\tPrimario\tOrgani istituzionali\tS\r\n")
    page.get_by_role("button", name="Aggiungi 1 riga").click()
    expect(page.locator(".map-row")).to_have_count(5)
    assert titles()[-1] == "Nuovo"


def test_cells_copied_elsewhere_go_over_those_below_when_that_is_asked(
    page, sign_in, world, address, axe
):
    sign_in(world.editor)
    page.goto(address)
    cell(page, 2, "title").focus()
    page.evaluate(PASTED, "Seconda\tPrimario\r\nTerza\tPrimario\r\n")
    page.get_by_label("al posto di ciò che c’è").press("Space")
    page.get_by_role("button", name="Rivedi l’anteprima").first.press("Enter")
    expect(page.locator(".map-preview del").first).to_have_text("Processo 2")
    axe(page)
    page.get_by_role("button", name="Cambia 4 celle").press("Enter")
    expect(page.locator(".house-message", has_text="Righe cambiate: 2.")).to_be_visible()
    assert titles() == ["Processo 1", "Seconda", "Terza"]


@pytest.mark.parametrize("count", [1, 40])
def test_the_menu_of_every_row_is_seen_whole(page, sign_in, world, live_server, count):
    make_processes(world.annex, count)
    sign_in(world.editor)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(live_server.url + reverse("risk:mapping", args=[world.annex.uid]))
    summary = page.locator(".map-menu summary").last
    summary.click()
    box = page.locator(".map-menu[open] .map-menu-box")
    expect(box.get_by_role("button", name="Archivia")).to_be_in_viewport(ratio=1)
    expect(box.get_by_role("button", name="Duplica")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(summary).to_be_focused()


def test_two_versions_are_shown_below_the_row(page, sign_in, world, address, axe):
    sign_in(world.editor)
    page.goto(address)
    other = Process.objects.get(number=1)
    other.title = "Titolo di altri"
    other.save()
    cell(page, 1, "title").fill("Titolo mio")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Qualcuno ha modificato gli stessi dati")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Salva la scelta").click()
    expect(cell(page, 1, "title")).to_have_value("Titolo di altri")
    expect(page.get_by_text("Qualcuno ha modificato gli stessi dati")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(page, sign_in, world, address, axe, scheme):
    sign_in(world.editor)
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    page.locator(".map-menu summary").first.click()
    expect(page.locator(".map-menu").first).to_have_attribute("open", "")
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(address + "incolla/")
    axe(page)
    page.fill("#testo", "\t\tOrgani\tTitolo\tS\n\t\t\tAltro\tD")
    page.get_by_role("button", name="Vedi l’anteprima").click()
    expect(page.locator(".map-preview").first).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
