"""Long names and titles in a browser: every column and act stays on the screen."""

import pytest
from django.urls import reverse

from registry.models import Job
from tests.people import people_of
from tests.register import make_annex, make_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1366, "height": 800}, {"width": 390, "height": 844}
WELDED = "Abcdefghij" * 15
BEYOND = """() => [...document.querySelectorAll(".house-scroll")]
  .filter((region) => region.scrollWidth > region.clientWidth)
  .map((region) => `${region.getAttribute("aria-label")}: ${region.scrollWidth}`)"""


def test_a_name_of_150_letters_hides_no_column(page, live_server, sign_in, axe):
    annex = make_annex()
    people = people_of(annex)
    body, rpct = annex.plan.administration, people["rpct"]
    people["editor"].first_name = WELDED
    people["editor"].save()
    Job.objects.create(
        kind="issue-annex", administration=body, by=rpct, subject="annex 1", title=WELDED
    )
    process = make_process(annex, WELDED * 2, risk_presence="present")
    sign_in(rpct)
    for address in (
        reverse("registry:people_of", args=[body.ipa_code]),
        reverse("registry:jobs"),
    ):
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.goto(live_server.url + address)
            assert page.evaluate(BEYOND) == [], f"{address} at {size['width']}"
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        axe(page)

    page.set_viewport_size(WIDE)
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
    warning = page.locator(".house-field-warning").first
    ground = warning.evaluate("note => getComputedStyle(note).backgroundColor")
    assert ground != "rgba(0, 0, 0, 0)"
    axe(page)
