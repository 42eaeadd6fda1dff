"""What is done quickly, while answers are slow, is done in its turn, wherever its row then is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from registry.models import Process
from risk.models import Coverage
from tests.browser import wait_until, wait_until_still
from tests.risk.desk.desk_world import (
    NEW,
    row_of,
    steps,
    uid_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLOW = 0.4
"""Seconds an answer takes: much longer than a hand needs for the next key."""


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
    assert wait_until(desk, lambda: bool(held))
    while held:
        held.pop(0).continue_()
    expect(desk.locator("#fasi textarea")).to_have_count(3)
    desk.unroute_all()
    desk.keyboard.press("Enter")
    expect(desk.locator("#fasi textarea")).to_have_count(4)
    assert steps() == ["Avvio", "Seconda", "Terza"]


# --- a press takes a moment -----------------------------------------------------------------------


def with_the_key(page: Page, place: str) -> tuple[Callable[[], None], Callable[[], None]]:
    page.locator(place).first.focus()
    return lambda: page.keyboard.down("Space"), lambda: page.keyboard.up("Space")


def with_the_pointer(page: Page, place: str) -> tuple[Callable[[], None], Callable[[], None]]:
    page.locator(place).first.hover()
    return page.mouse.down, page.mouse.up


@contextmanager
def answer_of(page: Page, act: Callable[[Page], None]) -> Iterator[Callable[[], None]]:
    """Do what sends something; its answer is there, and comes to the page when the block says so.

    A press waits for two seconds at most: what the server needs on a busy machine is none of them.
    """
    held: list[Route] = []
    page.route("**/*", lambda route: held.append(route))
    act(page)
    # what a key sends is seen here a moment after it was pressed
    assert wait_until(page, lambda: bool(held))
    first = held.pop(0)
    answer = first.fetch()

    def let_come() -> None:
        with page.expect_response(first.request.url) as come:
            first.fulfill(response=answer)
        come.value.finished()

    yield let_come
    while held:
        held.pop(0).continue_()
    page.unroute_all()


def add_a_phase(page: Page) -> None:
    page.locator("#nuova-fase").fill("Terza")
    page.locator("#nuova-fase").press("Enter")


def save_the_title(page: Page) -> None:
    title = page.locator(f"{row_of(1)} [name=title]")
    title.fill("Scritto")
    title.press("Tab")


PRESSED: dict[str, tuple[str, Callable[[Page], None], str, Callable[[Page], bool]]] = {
    "a box": (
        "process_sheet",
        add_a_phase,
        ".sheet-matrix input",
        lambda _page: Coverage.objects.count() == 2,
    ),
    "the menu of a phase": (
        "process_sheet",
        add_a_phase,
        "#fasi .sheet-menu summary",
        lambda page: page.locator("#fasi .sheet-menu[open]").count() == 1,
    ),
    "the menu of a row": (
        "mapping",
        save_the_title,
        ".map-row summary",
        lambda page: page.locator(".map-row details[open]").count() == 1,
    ),
}
"""What is pressed while the answer to an act comes, and what shows that it was."""


@pytest.mark.parametrize("hand", [with_the_key, with_the_pointer])
def test_an_answer_that_comes_during_a_press_waits_for_it(desk, addresses, hand):
    missed = []
    for name, (where, act, place, is_so) in PRESSED.items():
        desk.goto(addresses[where])
        wait_until_still(desk)
        with answer_of(desk, act) as let_come:
            down, up = hand(desk, place)
            down()
            let_come()
        desk.wait_for_timeout(SLOW * 1000)
        up()
        wait_until_still(desk)
        if not wait_until(desk, lambda is_so=is_so: is_so(desk)):
            missed.append(name)
    assert missed == []
