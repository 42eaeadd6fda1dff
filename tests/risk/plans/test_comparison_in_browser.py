"""An RPCT reads what changed on a telephone: in numbers, then an office word by word."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.models import Annex
from tests.browser import wait_until_still
from tests.people import client_of, people_of
from tests.register import make_process
from tests.risk.plans.two_editions import adopted_plan, next_of, of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def place(live_server, context) -> str:
    """The page of a comparison with each kind of change, with its RPCT signed in."""
    before = adopted_plan()
    tributi = Annex.objects.get(plan=before, office__name="Tributi")
    rpct = people_of(tributi)["rpct"]
    after = next_of(before)
    of(after, "Riscossione").phases.update(title="Istruttoria e verifica")
    of(after, "Sgravi").delete()
    make_process(Annex.objects.get(plan=after, office=tributi.office), "Un nuovo processo")
    session = client_of(rpct).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    names = [after.administration.ipa_code, after.slug]
    return live_server.url + reverse("risk:plan_comparison", args=names)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]


def test_what_changed_is_read_on_a_telephone(page, place, axe):
    page.set_viewport_size(TELEPHONE)
    page.goto(place)
    wait_until_still(page)
    axe(page)
    assert fits(page)
    page.get_by_role("link", name="Tributi", exact=True).click()
    expect(page.get_by_role("heading", name="3 processi cambiati")).to_be_visible()
    expect(page.get_by_role("insertion").filter(has_text="e verifica").first).to_be_visible()
    wait_until_still(page)
    axe(page)
    assert fits(page)
