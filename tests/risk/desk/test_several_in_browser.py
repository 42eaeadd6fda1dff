"""Several annexes issued in one act of which one fails, told office by office, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Annex, Office, User
from risk.models import AnnexIssue
from risk.services.annexes.approvals import approve_annex
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.moves import move_annex
from tests.people import make_member, people_of
from tests.register import complete_annex, make_absent_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}


def fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


@pytest.fixture
def annexes(transactional_db) -> list[Annex]:
    """Three annexes that are validated, the first of the office Tributi."""
    first = complete_annex()
    body, like = first.plan.administration, first.processes.get()
    made = [first]
    for name in ("Cultura", "Demanio"):
        office = Office.objects.create(administration=body, code=name, name=name)
        made.append(Annex.objects.create(plan=first.plan, office=office))
        make_absent_process(made[-1], like=like)
    rpct = people_of(first)["rpct"]
    for annex in made:
        head = make_member(f"capo-{annex.office.code}", "head", body=body, office=annex.office)
        move_annex(annex=fresh(annex), verb="submit", by=rpct)
        approve_annex(annex=fresh(annex), by=head, seen=kept_annex(fresh(annex)).seen)
        move_annex(annex=fresh(annex), verb="validate", by=rpct)
    return made


def test_what_fails_for_one_stops_none_and_is_told_first(page, sign_in, live_server, axe, annexes):
    plan, rpct = annexes[0].plan, User.objects.get(memberships__role="rpct")
    sign_in(rpct)
    address = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    page.goto(live_server.url + address)
    page.get_by_role("checkbox", name="tutti i 3").press("Space")
    page.get_by_role("button", name="Emetti…").press("Enter")
    expect(page.get_by_text("3 allegati, 3 processi.")).to_be_visible()
    # between what is shown and the answer the office gets its annex back
    move_annex(annex=fresh(annexes[1]), verb="return", by=rpct, reason="Manca una fase.")
    page.get_by_role("button", name="Emetti 3 allegati").press("Enter")
    expect(page.get_by_text("fatto per 2 su 3")).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Cultura")
    expect(rows.nth(1)).to_contain_text("non fatto")
    expect(rows.nth(1)).to_contain_text("restituito")
    for number, name in ((2, "Demanio"), (3, "Tributi")):
        expect(rows.nth(number)).to_contain_text(name)
        expect(rows.nth(number)).to_contain_text("emesso con il numero")
    axe(page)
    page.set_viewport_size(PHONE)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert AnnexIssue.objects.count() == 2
    # from the office that is left one goes on where it is mended
    page.get_by_role("link", name="Cultura").press("Enter")
    expect(page.get_by_role("strong").get_by_text("Manca una fase.")).to_be_visible()
    assert [fresh(annex).state for annex in annexes] == ["issued", "returned", "issued"]
