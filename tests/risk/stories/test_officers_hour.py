"""An hour of a risk officer, from a list to a measure: by keys, on a telephone, without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from registry.enums import MembershipRole, RiskPresence
from registry.models import Annex, Process
from risk.models import Assessment, Coverage, PlannedMeasure
from tests.browser import wait_until
from tests.register import make_annex, make_method, use_method
from tests.risk.treatment.conftest import make_measure, member
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Rimborsi\n- Istruttoria\n- Pagamento\nSgravi"
IS_REACHED = "(place) => place.tabIndex >= 0 && place.checkVisibility()"
"""Whether the tabulator leads to a place."""


@pytest.fixture
def annex(transactional_db) -> Annex:
    annex = make_annex()
    use_method(annex, make_method())
    make_measure("MS01", "Dichiarazione di assenza di conflitti")
    return annex


@pytest.fixture
def editor(annex):
    return member(annex, MembershipRole.EDITOR)


class Hour:
    """The browser of an officer who writes two processes, and describes, judges, treats one."""

    def __init__(
        self, page: Page, host: str, annex: Annex, *, with_scripts: bool, by_keys: bool = False
    ) -> None:
        self.page, self.host, self.annex = page, host, annex
        self.with_scripts, self.by_keys = with_scripts, by_keys

    def opens(self, name: str, uid) -> None:
        self.page.goto(self.host + reverse(f"risk:{name}", args=[uid]))

    def goes_to(self, place: Locator) -> Locator:
        """Return a place; by keys alone, with the hand where the tabulator leads."""
        if self.by_keys:
            # an answer may just be drawing it anew
            is_reached = wait_until(self.page, lambda: place.evaluate(IS_REACHED))
            assert is_reached, f"no key leads to {place}"
            place.focus()
        return place

    def opens_or_ticks(self, place: Locator, key: str = "Enter") -> None:
        if self.by_keys:
            self.goes_to(place).press(key)
        else:
            place.click()

    def presses(self, name: str, within: str = "main") -> None:
        button = self.page.locator(within).get_by_role("button", name=re.compile(name)).first
        self.opens_or_ticks(button)

    def chooses(self, words: str, within: str = "main") -> None:
        """Choose one of several: the tabulator leads to the first of them, the arrows further."""
        wanted = self.page.locator(within).get_by_label(words, exact=True).first
        if not self.by_keys:
            return wanted.check()
        self.goes_to(wanted.locator("xpath=ancestor::fieldset[1]//input[@type='radio']").first)
        self.page.keyboard.press("Space")
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")
        return None

    def saves(self, within: str) -> None:
        """Save a part as the page does: by itself, or all the page where no script runs."""
        if self.with_scripts:
            self.page.keyboard.press("Tab")
            said = self.page.locator(within).get_by_text("Salvato", exact=True).first
        else:
            self.presses("Salva", ".house-save-all")
            said = self.page.get_by_text("Salvato.").first
        expect(said).to_be_visible()

    def writes_a_list(self) -> None:
        self.opens("mapping", self.annex.uid)
        self.opens_or_ticks(self.page.get_by_role("link", name="Scrivi un elenco"))
        self.goes_to(self.page.locator("#elenco")).fill(LIST)
        self.presses("Aggiungi alla mappa")
        expect(self.page.get_by_text("Aggiunti 2 processi, con 2 fasi.")).to_be_visible()

    def describes(self) -> None:
        page = self.page
        self.opens_or_ticks(page.get_by_role("link", name="Rimborsi").first)
        self.opens_or_ticks(page.locator("#svolgimento summary", has_text="Facoltativi"))
        self.goes_to(page.locator("#svolgimento").get_by_label("Input")).fill("Istanza di parte")
        self.saves("#svolgimento")
        self.chooses("presente", "#presenza")
        self.saves("#presenza")
        new = page.locator("#nuova-comportamento")
        self.goes_to(new).fill("Favorire un utente")
        if self.by_keys and self.with_scripts:
            new.press("Enter")
        else:
            self.presses("Nuovo comportamento", "#comportamenti")
        expect(page.locator("#comportamenti .sheet-key")).to_have_count(1)
        self.ticks_the_second_cell()
        if not self.with_scripts:
            self.presses("Salva", ".house-save-all")
        expect(page.locator(".sheet-covered").first).to_have_text(re.compile("riguarda 2"))

    def ticks_the_second_cell(self) -> None:
        """Tick it; the matrix is one stop of the tabulator, and arrows lead on in it."""
        cells = self.page.locator(".sheet-matrix input")
        if self.by_keys and self.with_scripts:
            self.goes_to(cells.first).press("ArrowDown")
            self.page.keyboard.press("Space")
        else:
            self.opens_or_ticks(cells.nth(1), "Space")

    def judges(self, process: Process) -> None:
        self.opens("assessment", process.uid)
        self.chooses("Alto")
        self.goes_to(self.page.locator("#id_motivation")).fill("Margini ampi.")
        self.presses("Salva la valutazione")
        expect(self.page.get_by_text("Valutazione salvata.").first).to_be_visible()

    def treats(self, process: Process) -> None:
        self.opens("measure_add", process.uid)
        self.goes_to(self.page.locator("[name=misura]")).fill("MS01")
        self.opens_or_ticks(self.page.locator("main").get_by_role("checkbox").first, "Space")
        self.presses("Aggiungi la misura")
        expect(self.page.get_by_text("Dichiarazione di assenza di conflitti").first).to_be_visible()


def play(hour: Hour) -> None:
    """Let the hour pass, and read what is still missing."""
    hour.writes_a_list()
    hour.describes()
    process = Process.objects.get(title="Rimborsi")
    hour.judges(process)
    hour.treats(process)
    hour.opens("completeness", hour.annex.uid)
    expect(hour.page.locator("main")).to_contain_text("n. 2 Sgravi")
    process.refresh_from_db()
    assert (process.input, process.risk_presence) == ("Istanza di parte", RiskPresence.PRESENT)
    assert Coverage.objects.get().phase.title == "Pagamento"
    assert Assessment.objects.get().motivation == "Margini ampi."
    assert PlannedMeasure.objects.count() == 1


def test_by_keys_alone(page, sign_in, live_server, annex, editor):
    sign_in(editor)
    play(Hour(page, live_server.url, annex, with_scripts=True, by_keys=True))


def test_on_a_telephone(page, sign_in, live_server, annex, editor):
    sign_in(editor)
    page.set_viewport_size({"width": 390, "height": 844})
    play(Hour(page, live_server.url, annex, with_scripts=True))


def test_by_keys_where_no_script_runs(browser, live_server, client, annex, editor):
    with scriptless_page(browser, live_server, client, editor) as page:
        play(Hour(page, live_server.url, annex, with_scripts=False, by_keys=True))
