"""Whoever was signed out at an open page reads so, keeps what was typed, and saves it later."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import MembershipRole, RiskPresence
from registry.models import Process
from tests.browser import wait_until
from tests.register import make_annex, make_process
from tests.risk.treatment.conftest import make_measure, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "tre pere e una mela verde"  # noqa: S105 - of an invented person
OUT = "l’accesso è finito"


@pytest.fixture
def process(transactional_db):
    return make_process(make_annex(), "Prima", risk_presence=RiskPresence.PRESENT)


def person(process, name: str):
    editor = member(process.annex, MembershipRole.EDITOR, username=name)
    editor.set_password(PASSWORD)
    editor.save()
    return editor


@pytest.fixture
def desk(page, sign_in, process, page_checks):
    """The page of an editor, where a refused form is no surprise."""
    for text in ("Failed to load resource", "Response Status Error Code"):
        page_checks.expect(text)
    sign_in(person(process, "anna.prova"))
    return page


def come_in(tab, username: str) -> None:
    """Sign in on the page that stands in a tab."""
    tab.locator("[name=login]").fill(username)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.locator("main form button").click()


def title() -> str:
    return Process.objects.get().title


def test_a_cell_is_saved_after_coming_in_again(desk, live_server, process):
    desk.goto(live_server.url + reverse("risk:mapping", args=[process.annex.uid]))
    cell = desk.locator(".map-row [name=title]").first
    Session.objects.all().delete()
    cell.fill("Scritto dopo")
    cell.press("Tab")
    expect(desk.locator(".house-signed-out")).to_contain_text(OUT)
    expect(desk.locator(".house-failed")).to_contain_text(OUT)
    expect(cell).to_have_value("Scritto dopo")
    assert title() == "Prima"

    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Accedi in un’altra scheda").click()
    come_in(opened.value, "anna.prova")
    expect(opened.value.get_by_text("Torna alla scheda di prima")).to_be_visible()
    expect(desk.locator(".house-signed-out")).to_have_count(0)
    expect(desk.locator(".map-state.is-saved")).to_be_visible()
    assert title() == "Scritto dopo"


def test_what_a_page_asks_for_by_itself_leads_nobody_away(desk, live_server, process):
    held = []
    address = live_server.url + reverse("risk:last_act", args=[process.annex.uid])
    desk.route(address, lambda route: held.append(route))
    desk.goto(live_server.url + reverse("risk:mapping", args=[process.annex.uid]))
    assert wait_until(desk, lambda: bool(held))
    Session.objects.all().delete()
    with desk.expect_response(address):
        held.pop().continue_()
    expect(desk.locator(".house-signed-out")).to_contain_text(OUT)
    expect(desk.locator(".map-row [name=title]").first).to_have_value("Prima")


def test_a_mark_of_before_is_renewed_unless_another_person_has_come(desk, live_server, process):
    desk.goto(live_server.url + reverse("risk:mapping", args=[process.annex.uid]))
    cell = desk.locator(".map-row [name=title]").first
    other = desk.context.new_page()
    other.goto(live_server.url)
    other.get_by_role("button", name="Esci").click()
    other.goto(f"{live_server.url}/accedi/")
    come_in(other, "anna.prova")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    cell.fill("Con il nuovo segno")
    cell.press("Tab")
    expect(desk.locator(".map-state.is-saved")).to_be_visible()
    assert title() == "Con il nuovo segno"

    person(process, "bruno.prova")
    other.get_by_role("button", name="Esci").click()
    other.goto(f"{live_server.url}/accedi/")
    come_in(other, "bruno.prova")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    cell.fill("Di chi era qui prima")
    cell.press("Tab")
    expect(desk.locator(".house-signed-out")).to_contain_text("un’altra persona")
    expect(cell).to_have_value("Di chi era qui prima")
    assert title() == "Con il nuovo segno"


def test_a_form_sent_as_a_page_waits_until_one_is_in(desk, live_server, process):
    """Also where what the page asked for while one was in is answered long afterwards."""
    make_measure("MS01", "Dichiarazione")
    held = []

    def hold(route):
        if "hx-request" in route.request.headers:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    desk.route("**/*", hold)
    desk.clock.install()
    desk.goto(live_server.url + reverse("risk:measure_add", args=[process.uid]))
    desk.locator("[name=misura]").fill("Dichiarazione")
    expect(desk.locator("[hx-trigger=load].htmx-request")).to_have_count(1)
    assert wait_until(desk, lambda: bool(held))
    Session.objects.all().delete()
    desk.clock.fast_forward("20:00")
    for route, answer in held:
        with desk.expect_response(route.request.url):
            route.fulfill(response=answer)
    desk.unroute("**/*")
    desk.get_by_role("button", name="Aggiungi la misura").click()
    expect(desk.locator(".house-signed-out")).to_contain_text(OUT)
    expect(desk.locator("[name=misura]")).to_have_value("Dichiarazione")
