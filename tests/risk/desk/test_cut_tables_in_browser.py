"""On a telephone what is cut says so, of pages and of papers, in words that cover nothing."""

import pytest
from django.urls import reverse

from registry.models import Annex
from tests.browser import wait_until_still
from tests.people import people_of
from tests.register import close, complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
# what the bar for scrolling leaves of 1366
DESK = {"width": 1351, "height": 768}
LONG = {
    "office_name": "SERVIZI INFORMATIVI E STATISTICI",
    "head_title": "Dott.ssa",
    "head_surname": "Montefiascone",
    "head_name": "Massimiliana",
}
COVERED = """
() => [...document.querySelectorAll(".house-cut")].map((hint) => {
  const before = hint.previousElementSibling;
  return before ? before.getBoundingClientRect().bottom - hint.getBoundingClientRect().top : 0;
})
"""
UNSAID = """
() => [...document.querySelectorAll(".house-scroll, .paper-scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .filter((box) => !box.previousElementSibling?.matches(".house-cut"))
  .map((box) => box.getAttribute("aria-label") || box.className)
"""
CAPTIONS = """
() => [...document.querySelectorAll("caption:not(.visually-hidden)")]
  .map((words) => words.getBoundingClientRect().right)
"""
TAB = """
() => {
  const tab = document.querySelector(".house-tabs [aria-current]").getBoundingClientRect();
  const row = document.querySelector(".house-tabs").getBoundingClientRect();
  return [tab.left - row.left, row.right - tab.right];
}
"""


@pytest.fixture
def annex():
    return complete_annex()


@pytest.fixture
def phone(page, annex, sign_in):
    sign_in(people_of(annex)["rpct"])
    page.set_viewport_size(PHONE)
    return page


def test_the_words_of_a_cut_table_cover_nothing(phone, live_server, annex):
    hints = 0
    for name, parts in (("annex_history", [annex.uid]), ("figures", [annex.uid])):
        phone.goto(live_server.url + reverse(f"risk:{name}", args=parts))
        covered = phone.evaluate(COVERED)
        hints += len(covered)
        assert [one for one in covered if one > 0.5] == [], name
    assert hints


@pytest.mark.parametrize("layout", ["catalogo", "tabella", "schede"])
def test_a_paper_on_the_screen_says_which_tables_are_cut(phone, live_server, annex, layout):
    phone.goto(live_server.url + reverse("risk:annex", args=[annex.uid, layout]))
    wait_until_still(phone)
    assert phone.evaluate(UNSAID) == []
    assert phone.locator(".paper .house-cut").count() >= 1
    assert [one for one in phone.evaluate(COVERED) if one > 0.5] == []


def test_the_words_of_a_table_of_figures_are_not_cut(phone, live_server, annex):
    phone.goto(live_server.url + reverse("risk:figures", args=[annex.uid]))
    wait_until_still(phone)
    rights = phone.evaluate(CAPTIONS)
    assert rights
    assert max(rights) <= PHONE["width"]


def test_the_tab_one_is_at_is_seen_whenever_its_letters_come(phone, live_server, annex):
    late, may_come = [], []

    def hold(route):
        if may_come:
            route.continue_()
        else:
            late.append(route)

    phone.route("**/*.woff2", hold)
    phone.goto(
        live_server.url + reverse("risk:figures", args=[annex.uid]), wait_until="domcontentloaded"
    )
    phone.wait_for_function("document.fonts.status === 'loading'")
    may_come.append(True)
    for route in late:
        route.continue_()
    wait_until_still(phone)
    assert min(phone.evaluate(TAB)) >= 0


@pytest.mark.parametrize("name", ["desk", "plan"])
def test_the_longest_words_of_an_annex_fit_a_desk_screen(phone, live_server, annex, name):
    Annex.objects.filter(pk=annex.pk).update(**LONG)
    close(annex, "approved")
    parts = [annex.plan.administration.ipa_code, annex.plan.slug] if name == "plan" else []
    phone.set_viewport_size(DESK)
    phone.goto(live_server.url + reverse(f"risk:{name}", args=parts))
    wait_until_still(phone)
    assert phone.locator(".house-chip", has_text="approvato dal responsabile").is_visible()
    assert phone.locator(".house-cut").count() == 0
