"""Ctrl+Z takes the last act back on each page with the button, which shows when there is one."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.enums import MembershipRole, RiskPresence
from registry.models import Process
from registry.services.editing import save_fields
from risk.services.treatment.programming import add_measure
from tests.register import make_annex, make_method, make_process, use_method
from tests.risk.treatment.conftest import make_measure, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def process(transactional_db):
    annex = make_annex()
    use_method(annex, make_method())
    return make_process(annex, "Prima", risk_presence=RiskPresence.PRESENT)


def pages(process) -> list[str]:
    measure = make_measure("MS01", "Dichiarazione")
    planned, _new = add_measure(annex=process.annex, measure=measure, targets=[process], by=None)
    names = ("process_sheet", "assessment", "treatment")
    return [
        reverse("risk:mapping", args=[process.annex.uid]),
        reverse("risk:bulk", args=[process.annex.uid, "processi"]),
        reverse("risk:programme", args=[planned.uid]),
        reverse("risk:library"),
        *(reverse(f"risk:{name}", args=[process.uid]) for name in names),
    ]


def test_the_key_takes_back_on_each_page_with_the_button(page, sign_in, live_server, process):
    editor = member(process.annex, MembershipRole.EDITOR)
    sign_in(editor)
    for address in pages(process):
        row = Process.objects.get()
        values = {"title": "Seconda"}
        save_fields(row=row, values=values, version=row.version, kind="edit", by=editor)
        page.goto(live_server.url + address)
        expect(page.locator("#annulla")).to_be_visible()
        page.keyboard.press("Control+z")
        expect(page.get_by_text("Operazione annullata")).to_be_visible()
        expect(page.locator("#annulla")).to_be_hidden()
        assert Process.objects.get().title == "Prima", address


def test_the_button_shows_with_the_first_act(page, sign_in, live_server, process):
    sign_in(member(process.annex, MembershipRole.EDITOR))
    page.goto(live_server.url + reverse("risk:mapping", args=[process.annex.uid]))
    button, cell = page.locator("#annulla"), page.locator(".map-row [name=title]").first
    expect(button).to_be_hidden()
    rights = "all => all.map(one => Math.round(one.getBoundingClientRect().right))"
    acts = page.locator(".house-head").locator(".house-acts, .house-acts > a:last-of-type")
    assert len(set(acts.evaluate_all(rights))) == 1, "hidden, it takes no place among the others"
    page.keyboard.press("Control+z")
    cell.fill("Scritta")
    cell.press("Control+z")
    expect(cell).to_have_value("Prima")
    cell.fill("Seconda")
    cell.press("Tab")
    expect(button).to_be_visible()
    page.locator(".map-row [name=kind]").first.press("Control+z")
    expect(page.get_by_text("Operazione annullata")).to_be_visible()
    expect(cell).to_have_value("Prima")
