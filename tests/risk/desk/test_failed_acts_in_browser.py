"""No act fails in silence, and none is lost: what is said, what stays typed, what goes on.

One line an act. Where an answer is none (an error, another page, nothing at all), the reason stands
in view, is announced, and what was typed is still there. What is done while the server is slow is
done in its turn, wherever its row is by then.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from registry.enums import MembershipRole, RiskPresence
from registry.models import Process
from risk.models import Coverage, ImplementationStep, PlannedMeasure
from risk.services.treatment.programming import add_measure
from tests.browser import wait_until_still
from tests.register import (
    make_annex,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)
from tests.risk.treatment.conftest import make_measure, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLOW = 0.4
"""Seconds an answer takes: much longer than a hand needs for the next key."""
REASONS = {
    0: "il servizio non risponde",
    400: "c’è stato un errore",
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


def row_of(number: int) -> str:
    return f"#r-{uid_of(number)}"


def uid_of(number: int) -> str:
    return str(Process.objects.get(number=number).uid)


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


NEW, CELL = "#c-nuovo-title", ".map-row [name=title]"
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


@pytest.fixture
def annex(transactional_db):
    annex = make_annex()
    use_method(annex, make_method())
    for number in (1, 2, 3, 4):
        make_process(annex, f"Processo {number}", risk_presence=RiskPresence.PRESENT)
    process = annex.processes.get(number=1)
    phases = [make_phase(process, f"Fase {number}") for number in (1, 2)]
    behaviour = make_behaviour(process, "Favorire un utente", phases[1:])
    planned, _new = add_measure(
        annex=annex, measure=make_measure("MS01", "Dichiarazione"), targets=[behaviour], by=None
    )
    planned.steps.create(position=1, description="Avvio", version=1)
    return annex


@pytest.fixture
def addresses(annex, live_server):
    pages = {
        "mapping": reverse("risk:mapping", args=[annex.uid]),
        "programme": reverse("risk:programme", args=[PlannedMeasure.objects.get().uid]),
    }
    for name in ("process_sheet", "assessment", "treatment"):
        pages[name] = reverse(f"risk:{name}", args=[uid_of(1)])
    return {name: live_server.url + page for name, page in pages.items()}


@pytest.fixture
def desk(page, sign_in, annex, page_checks):
    """The page of an editor, where errors are no surprise."""
    for text in (
        "Failed to load resource",
        "Response Status Error Code",
        "htmx:sendError",
        "htmx:afterRequest",
    ):
        page_checks.expect(text)
    sign_in(member(annex, MembershipRole.EDITOR))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    # what the page asks for by itself is answered before the rows go
    wait_until_still(page)


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


# --- a slow server --------------------------------------------------------------------------------


def slowly(page: Page) -> None:
    def answer(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(SLOW)
        route.continue_()

    page.route("**/*", answer)


def two_edits_of_a_row(page: Page) -> None:
    row = page.locator(row_of(2))
    row.locator("[name=title]").fill("Prima")
    row.locator("[name=title]").press("Tab")
    row.locator("[name=title]").fill("Seconda")
    row.locator("[name=title]").press("Alt+ArrowUp")
    row.locator("[name=kind]").select_option(index=1)


def two_rows_added(page: Page) -> None:
    page.locator(NEW).focus()
    for title in ("Quinto", "Sesto"):
        page.keyboard.type(title)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("resta")


def two_moves(page: Page) -> None:
    cell = page.locator(f"{row_of(1)} [name=title]")
    cell.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")


def two_phases_and_a_tick(page: Page) -> None:
    page.locator("#nuova-fase").focus()
    for title in ("Terza", "Quarta"):
        page.keyboard.type(title)
        page.keyboard.press("Enter")
    box = page.locator(".sheet-matrix input").first
    box.press("Space")


def two_moves_of_a_phase(page: Page) -> None:
    page.locator("#fasi .sheet-key").nth(0).press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")


def two_steps(page: Page) -> None:
    page.locator("#nuova-fasi summary").click()
    page.locator("#nuova-fasi textarea").first.focus()
    for text in ("Seconda", "Terza"):
        page.keyboard.type(text)
        page.locator("#nuova-fasi").get_by_role("button").press("Enter")
        page.locator("#nuova-fasi textarea").first.focus()


def wait_until(page: Page, is_so: Callable[[], bool]) -> bool:
    for _n in range(40):
        if is_so():
            return True
        page.wait_for_timeout(100)
    return False


def titles() -> list[str]:
    return list(Process.objects.order_by("position").values_list("title", flat=True))


QUICK = {
    "two edits of a row": (
        "mapping",
        two_edits_of_a_row,
        lambda: titles()[0] == "Seconda" and Process.objects.get(title="Seconda").kind != "",
    ),
    "two moves": ("mapping", two_moves, lambda: titles()[:3][2] == "Processo 1"),
    "two rows": ("mapping", two_rows_added, lambda: titles()[-2:] == ["Quinto", "Sesto"]),
    "two phases and a tick": (
        "process_sheet",
        two_phases_and_a_tick,
        lambda: (
            phases() == ["Fase 1", "Fase 2", "Terza", "Quarta"] and Coverage.objects.count() == 2
        ),
    ),
    "two moves of a phase": (
        "process_sheet",
        two_moves_of_a_phase,
        lambda: phases() == ["Fase 2", "Terza", "Fase 1", "Quarta"],
    ),
    "two steps": (
        "programme",
        two_steps,
        lambda: steps() == ["Avvio", "Seconda", "Terza"],
    ),
}


def steps() -> list[str]:
    rows = ImplementationStep.objects.order_by("position")
    return list(rows.values_list("description", flat=True))


def phases() -> list[str]:
    rows = Process.objects.get(uid=FIRST["uid"]).phases.order_by("position")
    return list(rows.values_list("title", flat=True))


FIRST: dict[str, str] = {}


def test_what_is_done_quickly_is_done_in_its_turn(desk, addresses):
    FIRST["uid"] = uid_of(1)
    missed = []
    slowly(desk)
    for name, (where, do, is_so) in QUICK.items():
        desk.goto(addresses[where])
        desk.wait_for_load_state("networkidle")
        do(desk)
        if not wait_until(desk, is_so):
            missed.append((name, titles(), phases(), steps()))
        desk.wait_for_load_state("networkidle")
        if not is_so():
            missed.append((name, "later"))
        if where == "mapping" and name == "two rows":
            expect(desk.locator(NEW)).to_have_value("resta")
            desk.locator(NEW).fill("")
    assert missed == []


def test_who_is_at_the_button_of_the_next_row_when_the_answer_comes_presses_it(desk, addresses):
    held = []
    desk.goto(addresses["programme"])
    wait_until_still(desk)
    desk.route("**/*", lambda route: held.append(route))
    new = desk.locator("#nuova-fasi")
    new.locator("summary").click()
    for text in ("Seconda", "Terza"):
        new.locator("textarea").first.fill(text)
        new.get_by_role("button").focus()
        if text == "Seconda":
            desk.keyboard.press("Enter")
    while held:
        held.pop(0).continue_()
    expect(desk.locator("#fasi textarea")).to_have_count(3)
    desk.unroute_all()
    desk.keyboard.press("Enter")
    expect(desk.locator("#fasi textarea")).to_have_count(4)
    assert steps() == ["Avvio", "Seconda", "Terza"]


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
