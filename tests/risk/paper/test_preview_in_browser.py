"""The annex on the screen: drawn as its file; its PDF is asked for once, with a word meanwhile."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.enums import Layout
from risk.paper.html import render_html
from tests.browser import wait_until
from tests.people import people_of
from tests.register import complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAWN = """
() => [...document.querySelectorAll(".paper, .paper *")].map((node) => {
  const style = getComputedStyle(node);
  const says = ["fontSize", "lineHeight", "fontWeight", "fontStyle", "textAlign", "color", "margin",
    "padding", "display", "backgroundColor", "letterSpacing", "listStyleType", "textTransform"];
  return [node.tagName, node.className, ...says.map((name) => style[name])].join(" ");
})
"""
CELLS = "[...document.querySelectorAll('.paper th, .paper td')].map((cell) => cell.textContent)"


def test_each_layout_is_drawn_on_the_page_as_in_its_file(page, live_server, sign_in, context):
    annex = complete_annex()
    document = build_document(read_annex(annex))
    sign_in(people_of(annex)["editor"])
    plain = context.new_page()
    for layout in Layout:
        page.goto(live_server.url + reverse("risk:annex", args=[annex.uid, layout]))
        plain.set_content(render_html(document, layout=layout))
        assert page.evaluate(DRAWN) == plain.evaluate(DRAWN), layout
        assert page.evaluate(CELLS) == plain.evaluate(CELLS), layout


def test_a_pdf_is_asked_for_once_and_says_that_it_is_on_its_way(
    page, live_server, sign_in, axe, context
):
    annex = complete_annex()
    sign_in(people_of(annex)["editor"])
    page.goto(live_server.url + reverse("risk:annex", args=[annex.uid, "tabella"]))
    asked, waiting = [], []

    def holds(route):
        asked.append(route)
        waiting.append(route)

    context.route("**/*.pdf", holds)
    link = page.get_by_role("link", name="Scarica il PDF")
    link.click()
    expect(page.get_by_text("Il PDF è in preparazione")).to_be_visible()
    axe(page)
    assert wait_until(page, lambda: bool(waiting))
    link.click(force=True)
    with page.expect_download() as fetched:
        waiting.pop().continue_()
    assert fetched.value.suggested_filename == "tributi-tabella.pdf"
    assert fetched.value.path().read_bytes().startswith(b"%PDF")
    assert len(asked) == 1
    expect(page.get_by_text("Il PDF è in preparazione")).to_be_hidden()
