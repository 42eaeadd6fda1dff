"""The stories of a head, an RPCT and two people on one page, on a telephone and without scripts.

By keyboard they are played in `test_thirty_offices.py`, `test_two_people.py` and
`tests/risk/annexes/test_review_in_browser.py`.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.enums import AnnexState
from registry.models import Annex, Process, User
from risk.enums import Verb
from risk.models import AnnexIssue, Transition
from tests.people import client_of, make_member
from tests.risk.annexes.test_review_in_browser import moved, submitted
from tests.risk.stories.test_thirty_offices import plan_of, states
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opens = Callable[[User], AbstractContextManager[Page]]


@pytest.fixture(params=["telephone", "without scripts"])
def opened(request, browser, live_server) -> Opens:
    """Return what opens a browser of its own for a person."""

    @contextmanager
    def of(person: User) -> Iterator[Page]:
        if request.param == "without scripts":
            with scriptless_page(browser, live_server, Client(), person) as page:
                yield page
            return
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, locale="it-IT"
        )
        value = client_of(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        yield context.new_page()
        context.close()

    return of


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def test_a_head_reads_returns_two_and_approves_the_rest(opened, live_server):
    annex, people = submitted()
    _first, second, third, fourth = Process.objects.filter(annex=annex).order_by("position")
    address = live_server.url + reverse("risk:review", args=[annex.uid])
    with opened(people["head"]) as page:
        read = page.locator("#letto")
        page.goto(address)
        press(page, "Approva e vai al prossimo")
        expect(read).to_have_text(second.printed)
        page.get_by_text("Osserva", exact=True).click()
        page.locator("main textarea:visible").first.fill("Mancano i tempi.")
        press(page, "Aggiungi l’osservazione")
        expect(read).to_have_text(third.printed)
        press(page, "Approva e vai al prossimo")
        expect(read).to_have_text(fourth.printed)
        page.get_by_text("Restituisci l’allegato all’ufficio", exact=True).click()
        page.locator("main textarea:visible").first.fill("Il livello non è motivato.")
        press(page, "Restituisci all’ufficio")
        expect(page.get_by_text("2 da correggere.")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Sì, ")).click()
        expect(page.get_by_text("è restituito all’ufficio")).to_be_visible()
        assert Transition.objects.get(verb=Verb.RETURN).reason.splitlines() == [
            f"{fourth.printed}: Il livello non è motivato.",
            f"{second.printed}: Mancano i tempi.",
        ]

        moved(annex, Verb.SUBMIT, people["editor"])
        page.goto(address)
        expect(read).to_have_text(second.printed)
        press(page, "Approva e vai al prossimo")
        press(page, "Approva, e con questo l’allegato")
        expect(page.get_by_text("l’allegato è approvato")).to_be_visible()
    assert Annex.objects.get(pk=annex.pk).state == AnnexState.APPROVED


def test_an_rpct_reminds_validates_and_issues(opened, live_server, settings):
    settings.TODAY = datetime.date(2020, 12, 20)
    plan = plan_of(5, late=3)
    address = live_server.url + reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    with opened(User.objects.get(memberships__role="rpct")) as page:
        page.goto(address)
        press(page, "Sollecita i 3 in ritardo…")
        press(page, "Sollecita 3 uffici")
        expect(page.get_by_text("fatto per 3 su 3")).to_be_visible()
        assert len({one.to[0] for one in mail.outbox}) == 3
        for act, confirm in (("Valida…", "Valida 2 allegati"), ("Emetti…", "Emetti 2 allegati")):
            page.goto(address)
            page.get_by_role("checkbox", name="tutti i 5").check()
            press(page, act)
            press(page, confirm)
            expect(page.get_by_text("fatto per 2 su 2")).to_be_visible()
    assert states(plan) == {AnnexState.DRAFT: 3, AnnexState.ISSUED: 2}
    assert AnnexIssue.objects.count() == 2


def write(page: Page, part: str, text: str) -> None:
    """Type into a part of the sheet and see it saved: by itself, or by the button of the page."""
    field = page.locator(f"#{part} textarea:visible").first
    field.fill(text)
    save = page.locator(".house-save-all.sheet-save").get_by_role(
        "button", name="Salva", exact=True
    )
    if save.is_visible():
        save.click()
        expect(page.get_by_text("Salvato.", exact=True)).to_be_visible()
    else:
        field.press("Tab")
        expect(page.locator(f"#{part}").get_by_text("Salvato", exact=True)).to_be_visible()


def take_back(page: Page, said: str) -> None:
    press(page, "Annulla l’ultima modifica")
    expect(page.locator(".house-message", has_text=said).first).to_be_visible()


def test_two_people_on_one_sheet_take_back_what_is_theirs(opened, live_server):
    annex, people = submitted()
    moved(annex, Verb.RETURN, people["head"])
    process = Process.objects.filter(annex=annex).order_by("position")[1]
    before = process.risk_presence_reason
    other = make_member(
        "bruno.prova", "editor", body=annex.plan.administration, office=annex.office
    )

    def texts() -> tuple[str, str]:
        rows = Process.objects.values_list("phases__title", "risk_presence_reason")
        return rows.get(pk=process.pk)

    with opened(people["editor"]) as anna, opened(other) as bruno:
        for page in (anna, bruno):
            page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
        write(anna, "presenza", "Motivo di Anna")
        write(bruno, "fasi", "Fase di Bruno")
        take_back(anna, "Operazione annullata")
        assert texts() == ("Fase di Bruno", before)
        write(anna, "presenza", "Di nuovo di Anna")
        bruno.reload()
        write(bruno, "presenza", "Motivo di Bruno")
        take_back(anna, "modificato dopo da Bruno.Prova")
        assert texts() == ("Fase di Bruno", "Motivo di Bruno")
        take_back(bruno, "Operazione annullata")
    assert texts() == ("Fase di Bruno", "Di nuovo di Anna")
