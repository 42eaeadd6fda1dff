"""No act fails in silence: what is said, and what stays typed.

One line an act. Where an answer is none (an error, another page, nothing at all), the reason stands
in view, is announced, and what was typed is still there. What is done quickly, while answers are
slow, is in `test_quick_hands_in_browser.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from registry.models import Process
from risk.models import Coverage
from tests.browser import wait_until_still
from tests.risk.desk.desk_world import NEW, row_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASONS = {
    0: "il servizio non risponde",
    400: "era troppo in una volta",
    403: "non è più aperto, o il tuo ruolo",
    404: "non c’è più",
    409: "c’è stato un errore",
    429: "troppe richieste",
    500: "c’è stato un errore",
    502: "il servizio non risponde",
    503: "altri stanno salvando",
    200: "c’è stato un errore",
}
"""What is said for each answer; 0 is none at all, 200 another whole page."""


@dataclass(frozen=True)
class Act:
    """One act that fails: its page, and how it is done."""

    page: str
    do: Callable[[Page], None]
    typed: str = ""
    """What has the text that must stay."""


def type_and_press(selector: str, key: str = "Enter"):
    def do(page: Page) -> None:
        page.locator(selector).first.fill("Scritto")
        page.locator(selector).first.press(key)

    return do


def key_on_title(key: str):
    return lambda page: page.locator(f"{row_of(1)} [name=title]").press(key)


def archive(page: Page) -> None:
    page.locator(f"{row_of(1)} summary").click()
    page.locator(f"{row_of(1)} [name=motivo]").fill("Scritto")
    page.keyboard.press("Enter")


def retype_cell(page: Page) -> None:
    page.locator(f"{row_of(1)} [name=title]").fill("Scritto")
    page.keyboard.press("Tab")


def take_away(page: Page) -> None:
    page.locator("#fasi .treat-remove summary").first.click()
    page.locator("#fasi .treat-remove button").first.click()


def add_a_step(page: Page) -> None:
    new = page.locator("#nuova-fasi")
    new.locator("summary").click()
    new.locator("textarea").first.fill("Scritto")
    new.get_by_role("button").click()


def tick(page: Page) -> None:
    page.locator(".sheet-matrix input").first.press("Space")


def ask_to_remove(page: Page) -> None:
    page.get_by_label("Fase 1: altre azioni").click()
    page.get_by_role("link", name="Elimina…").first.click()


CELL = ".map-row [name=title]"
ACTS = {
    "add to the map": Act("mapping", type_and_press(NEW), NEW),
    "save a cell": Act("mapping", retype_cell, CELL),
    "duplicate": Act("mapping", key_on_title("Control+d")),
    "move": Act("mapping", key_on_title("Alt+ArrowDown")),
    "archive": Act("mapping", archive, "[name=motivo]"),
    "renumber": Act("mapping", lambda page: page.get_by_role("button", name="Numera da 1").click()),
    "add a phase": Act("process_sheet", type_and_press("#nuova-fase"), "#nuova-fase"),
    "save a phase": Act("process_sheet", type_and_press("#fasi .sheet-key", "Tab"), ".sheet-key"),
    "tick a box": Act("process_sheet", tick),
    "open a question": Act("process_sheet", ask_to_remove),
    "save a measure": Act("programme", type_and_press("[name$=notes]", "Tab"), "[name$=notes]"),
    "add a step": Act("programme", add_a_step, "#nuova-fasi textarea"),
    "take a step away": Act("programme", take_away),
    "add a general measure": Act("treatment", type_and_press("[name=misura]"), "[name=misura]"),
    "save an assessment": Act(
        "assessment", type_and_press("[name=motivation]", "Tab"), "[name=motivation]"
    ),
}


def answer_with(status: int):
    def answer(route: Route) -> None:
        if status == 0:
            route.abort()
        else:
            route.fulfill(status=status, body="<!DOCTYPE html><html lang='it'></html>")

    return answer


def said(page: Page, reason: str) -> str:
    """Return what is wrong with how a reason is said; "" if it stands in view."""
    line = page.locator(".house-field-error", has_text=reason).first
    line.wait_for()
    return (
        "" if line.evaluate("(one) => one.getBoundingClientRect().bottom <= innerHeight") else "low"
    )


def test_what_is_not_done_says_so_and_keeps_what_was_typed(desk, addresses):
    wrong = {}
    for name, act in ACTS.items():
        desk.goto(addresses[act.page])
        wait_until_still(desk)
        desk.route("**/*", answer_with(500))
        act.do(desk)
        wrong[name] = said(desk, REASONS[500])
        if act.typed and desk.locator(act.typed).first.input_value() != "Scritto":
            wrong[name] += " lost"
        desk.unroute_all()
    assert {name: found for name, found in wrong.items() if found} == {}


def test_each_answer_that_is_none_has_its_reason(desk, addresses):
    desk.goto(addresses["mapping"])
    wrong = {}
    for status, reason in REASONS.items():
        desk.route("**/aggiungi/**", answer_with(status))
        desk.locator(NEW).fill("Scritto")
        desk.keyboard.press("Enter")
        wrong[status] = said(desk, reason)
        desk.unroute_all()
        expect(desk.locator(NEW)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(NEW)).to_have_value("")
    expect(desk.locator(".house-failed")).to_have_count(0)
    assert {status: found for status, found in wrong.items() if found} == {}
    assert Process.objects.filter(title="Scritto").count() == 1


def test_a_tick_that_failed_is_not_called_saved_and_goes_with_the_next(desk, addresses):
    desk.goto(addresses["process_sheet"])
    wait_until_still(desk)
    boxes = desk.locator(".sheet-matrix input")
    desk.route("**/matrice/**", answer_with(503))
    boxes.first.press("Space")
    said(desk, REASONS[503])
    expect(boxes.first).to_be_checked()
    assert desk.evaluate("window.saving.hasUnsaved()")
    desk.unroute_all()
    expect(desk.locator(".sheet-covered")).to_contain_text("riguarda 2")
    boxes.last.press("Space")
    expect(desk.locator(".sheet-covered")).to_contain_text("riguarda 1")
    expect(desk.locator(".house-failed")).to_have_count(0)
    assert not desk.evaluate("window.saving.hasUnsaved()")
    boxes.first.press("Space")
    expect(desk.locator(".sheet-covered")).to_contain_text("non è legato ad alcuna fase")
    assert Coverage.objects.count() == 0
