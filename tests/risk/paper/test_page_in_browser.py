"""The exported page in a real browser: read by everybody, at the desk and on a telephone."""

import pytest

from risk.enums import Layout
from risk.paper.html import render_html
from tests.risk.paper import samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("layout", Layout.values)
def test_the_page_is_accessible_and_never_scrolls_sideways(page, axe, layout):
    page.set_content(render_html(samples.worked(), layout=layout))
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe(page)


def test_hostile_text_stays_on_a_small_screen(page, axe):
    page.set_content(render_html(samples.nasty(), layout="completo"))
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    axe(page)
