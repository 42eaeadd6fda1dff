"""The control room in a browser: reminding two offices, read as a table and on a telephone."""

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Annex, Office, PlanDeadline
from risk.models import Reminder
from tests.people import make_member, people_of
from tests.register import close, complete_annex

pytestmark = pytest.mark.browser


@pytest.fixture
def annex(transactional_db):
    annex = complete_annex()
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-18", kind="transmission", label="Trasmissione"
    )
    return annex


def test_two_late_offices_are_reminded_and_the_page_is_read_by_all(
    page, live_server, sign_in, axe, annex
):
    people, body = people_of(annex), annex.plan.administration
    for name in ("Cultura", "Demanio"):
        office = Office.objects.create(administration=body, code=name, name=name)
        other = Annex.objects.create(plan=annex.plan, office=office)
        writer = make_member(name.lower(), "editor", body=body, office=office)
        writer.email = f"{name.lower()}@prova.example"
        writer.save()
    close(other, "approved")
    people["editor"].email = "penna@prova.example"
    people["editor"].save()
    sign_in(people["rpct"])
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(live_server.url + reverse("risk:plan", args=[body.ipa_code, annex.plan.slug]))
    axe(page)
    page.emulate_media(color_scheme="dark")
    # drawn anew: buttons go over to their other colours slowly
    page.reload()
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("checkbox", name="Tributi", exact=True).check()
    page.get_by_role("checkbox", name="Cultura", exact=True).check()
    page.get_by_role("button", name="Sollecita…", exact=True).click()
    expect(page.get_by_role("button", name="Sollecita 2 uffici")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Sollecita 2 uffici").click()
    page.get_by_text("fatto per 2 su 2").wait_for()
    axe(page)
    assert Reminder.objects.count() == 2
    assert {one.to[0] for one in mail.outbox} == {"penna@prova.example", "cultura@prova.example"}
    page.goto(live_server.url)
    axe(page)
