"""The hand stays: after every act the same row is at the same height, and the focus goes on.

One line an act: where it is done, what is done there, which row is looked at before and after (the
one where the person goes on), and where the focus is then. On the screen of an office and of a
telephone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from registry.enums import MembershipRole, RiskPresence
from registry.models import Process
from risk.models import Method, PlannedMeasure
from risk.services.treatment.programming import add_measure
from tests.browser import wait_until_still
from tests.register import (
    assess,
    make_annex,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)
from tests.risk.treatment.conftest import make_measure, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(1366, 768), (390, 844)]
ANSWER = """() => {
  window.answer = new Promise((done) => document.addEventListener("htmx:afterRequest", done));
}"""
AT_REST = """(row) => new Promise((done) => {
  let last = null, frames = 0;
  const look = () => {
    const top = row.getBoundingClientRect().top;
    frames = top === last ? frames + 1 : 0;
    last = top;
    if (frames < 5) return requestAnimationFrame(look);
    done(top);
  };
  look();
})"""
"""Where a row is once it stays there: a busy machine is still laying the page out meanwhile."""
GLIDES = "() => getComputedStyle(document.documentElement).scrollBehavior"
"""A page that glides is still on its way when the next key is pressed."""
NEAR = 24
"""Pixels a row may move: the line that says, in the row before, what became of it."""


@dataclass(frozen=True)
class Act:
    """One act: its page, what is got ready there, what is pressed at last (a key, or what is
    clicked), the row where the person goes on, and the element that has the focus then.

    `is_load` says that the whole page comes again, `is_new` that the row comes with the act, and
    is then in view. `row`, `focus` and what is clicked are selectors; `{20}` in them is the uid of
    process 20.
    """

    page: str
    row: str
    ready: Callable[[Page], None]
    act: str
    focus: str
    is_load: bool = False
    is_new: bool = False


def type_in(selector: str, text: str):
    return lambda page: page.locator(named(selector)).fill(text)


def stand_in(selector: str):
    return lambda page: page.locator(named(selector)).first.focus()


def begin_to_archive(page: Page) -> None:
    row = page.locator(named("#r-{15}"))
    row.locator("summary").click()
    row.locator("[name=motivo]").fill("Non si svolge più.")


def write_no_date(page: Page) -> None:
    page.locator("#fasi [name$=due_on]").first.focus()
    page.keyboard.type("31")


def write_a_step(page: Page) -> None:
    new = page.locator("#nuova-fasi")
    new.locator("summary").first.click()
    new.locator("textarea").first.fill("Verifica")
    new.locator("input:visible").first.focus()


def ask_to_remove(selector: str):
    def ask(page: Page) -> None:
        row = page.locator(selector)
        row.locator(".sheet-menu summary").first.click()
        row.get_by_role("link", name="Elimina…").click()
        row.locator(".sheet-question button").wait_for()

    return ask


def name_a_judgement(words: str):
    def name(page: Page) -> None:
        page.locator("#assessment-copy summary").click()
        page.locator("#copia-come").fill(words)
        page.locator("#copia-sostituisci").check()

    return name


def retype(page: Page) -> None:
    page.locator("#fasi .sheet-key").nth(4).fill("Protocollo")


def open_filters(page: Page) -> None:
    fold = page.get_by_text("Filtri", exact=True)
    # folded on a telephone alone
    if fold.is_visible():
        fold.click()
    page.locator(SEARCH).first.focus()


def choose_an_act(page: Page) -> None:
    page.locator("[name=atto]").first.check()


def ask_for_a_kind(page: Page) -> None:
    page.locator("[name=righe]").first.check()
    page.locator("[name=atto][value=tipo]").check()
    page.locator("[name=tipo]").select_option(index=1)
    with page.expect_navigation():
        page.locator(".bulk-act .btn").click()


def paste_a_measure(page: Page) -> None:
    page.locator("[name=testo]").fill("Misura\nRotazione")
    with page.expect_navigation():
        page.locator("main form [type=submit]").click()


WORDS = "#fasi .sheet-key"
LAST = "#c-nuovo-title"
SEARCH = "form[role=search] .btn"
ACTS = {
    "add to the map": Act("mapping", LAST, type_in(LAST, "Ultimo"), "Enter", LAST),
    "refuse a cell": Act(
        "mapping", "#r-{21}", type_in("#c-{20}-risk_area", "zzz"), "Enter", "#c-{21}-risk_area"
    ),
    "move a row": Act(
        "mapping", "#r-{20}", stand_in("#c-{20}-title"), "Alt+ArrowUp", "#c-{20}-title"
    ),
    "archive a row": Act("mapping", "#r-{14}", begin_to_archive, "Enter", "#r-{16} *"),
    "add a phase": Act(
        "process_sheet", "#nuova-fase", type_in("#nuova-fase", "Esito"), "Enter", "#nuova-fase"
    ),
    "move a phase": Act(
        "process_sheet",
        ":focus",
        stand_in("#fasi li:nth-child(6) .sheet-key"),
        "Alt+ArrowUp",
        WORDS,
    ),
    "save a phase": Act("process_sheet", "#fasi li:nth-child(5)", retype, "Tab", "#fasi *"),
    "remove a phase": Act(
        "process_sheet",
        "#fasi li:nth-child(5)",
        ask_to_remove("#fasi li:nth-child(6)"),
        "#fasi .sheet-question button",
        "#fasi *",
    ),
    "add a step": Act("programme", "#nuova-fasi", write_a_step, "Enter", "#fasi *"),
    "take back": Act(
        "mapping", "#r-{20}", stand_in("#c-{20}-kind"), "Control+z", "#c-{20}-kind", is_load=True
    ),
    "choose a level": Act(
        "assessment", "[name=level]", stand_in("[name=level]"), "ArrowDown", "[name=level]"
    ),
    "copy a judgement": Act(
        "assessment",
        "#assessment-panel",
        name_a_judgement("ritardare"),
        "#assessment-copy button",
        "#assessment-open",
    ),
    "find no judgement": Act(
        "assessment",
        "#assessment-panel",
        name_a_judgement("niente"),
        "#assessment-copy button",
        "#copia-come",
    ),
    "refuse a date": Act("programme", "#fasi [name$=responsible_role]", write_no_date, "Tab", "*"),
    "refuse a bulk act": Act(
        "bulk",
        ".bulk-act [aria-invalid], #id_area",
        choose_an_act,
        ".bulk-act .btn",
        "#id_area",
        is_load=True,
    ),
    "confirm a bulk act": Act(
        "bulk",
        "main > .house-message",
        ask_for_a_kind,
        "main .btn-primary",
        ".bulk-rows",
        is_load=True,
        is_new=True,
    ),
    "paste a measure": Act(
        "measures_paste",
        ".house-message",
        paste_a_measure,
        "[name=conferma]",
        "[id^=misura] *",
        is_load=True,
        is_new=True,
    ),
    "filter a list": Act("plan_processes", SEARCH, open_filters, SEARCH, ".btn", is_load=True),
    "remove a behaviour": Act(
        "process_sheet",
        "#titolo-comportamenti",
        ask_to_remove("#comportamenti li:nth-child(2)"),
        "#comportamenti .sheet-question button",
        "#comportamenti *",
    ),
}
KEYS = ("Enter", "Tab", "Alt+ArrowUp", "ArrowDown", "Control+z")


def uid(number: int) -> str:
    return str(Process.objects.get(number=number).uid)


@pytest.fixture
def annex(transactional_db):
    annex = make_annex()
    use_method(annex, make_method())
    for number in range(1, 27):
        process = make_process(annex, f"Processo {number}", risk_presence=RiskPresence.PRESENT)
    process = annex.processes.get(number=20)
    phases = [make_phase(process, f"Fase {number}") for number in range(12)]
    behaviour = make_behaviour(process, "Favorire un utente", phases[:1])
    judged = make_behaviour(process, "Ritardare la pratica", phases[:1])
    assess(judged, Method.objects.get(), "Alto", "Motivo.")
    make_measure("MS02", "Rotazione")
    measure = make_measure("MS01", "Dichiarazione")
    planned, _new = add_measure(annex=annex, measure=measure, targets=[behaviour], by=None)
    for position in (1, 2):
        planned.steps.create(position=position, description="Avvio", version=1)
    return annex


def addresses(annex) -> dict[str, str]:
    plan = [annex.plan.administration.ipa_code, annex.plan.slug]
    return {
        "mapping": reverse("risk:mapping", args=[annex.uid]),
        "bulk": reverse("risk:bulk", args=[annex.uid, "processi"]),
        "process_sheet": reverse("risk:process_sheet", args=[uid(20)]),
        "measures_paste": reverse("risk:measures_paste", args=[uid(20)]),
        "assessment": reverse("risk:assessment", args=[uid(20)]),
        "programme": reverse("risk:programme", args=[PlannedMeasure.objects.get().uid]),
        "plan_processes": reverse("risk:plan_processes", args=plan),
    }


def named(selector: str) -> str:
    for number in (14, 15, 16, 20, 21):
        if f"{{{number}}}" in selector:
            selector = selector.replace(f"{{{number}}}", uid(number))
    return selector


def top_of(page: Page, selector: str) -> float:
    row = page.locator(selector)
    return row.first.evaluate(AT_REST) if row.count() else -1000


@contextmanager
def answered(page: Page, *, is_load: bool) -> Iterator[None]:
    """Wait until the answer of an act stands on the page."""
    if is_load:
        with page.expect_navigation():
            yield
    else:
        page.evaluate(ANSWER)
        yield
        page.evaluate("() => window.answer.then(() => true)")
    wait_until_still(page)


def after(page: Page, act: Act) -> tuple[int, str]:
    """Do one act: how far its row went (pixels), and what has the focus if it is the wrong one."""
    row = named(act.row)
    act.ready(page)
    if not act.is_new:
        page.locator(row).first.evaluate(
            "(row) => row.scrollIntoView({ block: 'center', behavior: 'instant' })"
        )
    if act.act not in KEYS:
        page.locator(act.act).first.scroll_into_view_if_needed()
    before = top_of(page, row)
    with answered(page, is_load=act.is_load):
        if act.act in KEYS:
            page.keyboard.press(act.act)
        else:
            page.locator(act.act).first.click()
    has_focus = page.evaluate("(name) => document.activeElement.matches(name)", named(act.focus))
    other = "" if has_focus else page.evaluate("document.activeElement.outerHTML")
    now = top_of(page, row)
    if act.is_new and 0 <= now < page.viewport_size["height"]:
        before = now
    return round(now - before), other[:200]


@pytest.mark.parametrize("size", SIZES, ids=["screen", "telephone"])
def test_after_each_act_the_row_is_where_it_was(page, live_server, sign_in, annex, size):
    sign_in(member(annex, MembershipRole.EDITOR))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    pages, moved = addresses(annex), {}
    for name, act in ACTS.items():
        page.goto(live_server.url + pages[act.page])
        wait_until_still(page)
        assert page.evaluate(GLIDES) == "auto"
        way, other = after(page, act)
        if abs(way) > NEAR or other:
            moved[name] = (way, other)
    assert moved == {}
