"""On a telephone the words of a table that is cut cover nothing of what stands above it."""

import pytest
from django.urls import reverse

from tests.people import people_of
from tests.register import complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COVERED = """
() => [...document.querySelectorAll(".house-cut")].map((hint) => {
  const before = hint.previousElementSibling;
  return before ? before.getBoundingClientRect().bottom - hint.getBoundingClientRect().top : 0;
})
"""


def test_the_words_of_a_cut_table_cover_nothing(page, live_server, sign_in):
    annex = complete_annex()
    sign_in(people_of(annex)["rpct"])
    page.set_viewport_size({"width": 390, "height": 844})
    hints = 0
    for name, parts in (("annex_history", [annex.uid]), ("desk", [])):
        page.goto(live_server.url + reverse(f"risk:{name}", args=parts))
        covered = page.evaluate(COVERED)
        hints += len(covered)
        assert [one for one in covered if one > 0.5] == [], name
    assert hints
