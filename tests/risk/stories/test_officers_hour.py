"""An hour of a risk officer, on a telephone and where no script runs: from a list to a measure."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.enums import MembershipRole, RiskPresence
from registry.models import Annex, Process
from risk.models import Assessment, Coverage, PlannedMeasure
from tests.register import make_annex, make_method, use_method
from tests.risk.treatment.conftest import make_measure, member
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Rimborsi\n- Istruttoria\n- Pagamento\nSgravi"


@pytest.fixture
def annex(transactional_db) -> Annex:
    annex = make_annex()
    use_method(annex, make_method())
    make_measure("MS01", "Dichiarazione di assenza di conflitti")
    return annex


@pytest.fixture
def editor(annex):
    return member(annex, MembershipRole.EDITOR)


def press(page: Page, name: str, within: str = "main") -> None:
    page.locator(within).get_by_role("button", name=re.compile(name)).first.press("Enter")


class Hour:
    """The browser of an officer who writes two processes, and describes, judges, treats one."""

    def __init__(self, page: Page, host: str, annex: Annex, *, with_scripts: bool) -> None:
        self.page, self.host, self.annex = page, host, annex
        self.with_scripts = with_scripts

    def opens(self, name: str, uid) -> None:
        self.page.goto(self.host + reverse(f"risk:{name}", args=[uid]))

    def saves(self, within: str) -> None:
        """Save a part as the page does: by itself, or by its button where no script runs."""
        if self.with_scripts:
            self.page.keyboard.press("Tab")
            said = self.page.locator(within).get_by_text("Salvato", exact=True).first
        else:
            press(self.page, "Salva", within)
            said = self.page.get_by_text("Salvato.").first
        expect(said).to_be_visible()

    def writes_a_list(self) -> None:
        self.opens("mapping", self.annex.uid)
        self.page.get_by_role("link", name="Scrivi un elenco").click()
        self.page.locator("#elenco").fill(LIST)
        press(self.page, "Aggiungi alla mappa")
        expect(self.page.get_by_text("Aggiunti 2 processi, con 2 fasi.")).to_be_visible()

    def describes(self) -> None:
        page = self.page
        page.get_by_role("link", name="Rimborsi").first.click()
        page.locator("#svolgimento").get_by_text("Facoltativi, ancora vuoti").click()
        page.locator("#svolgimento").get_by_label("Input").fill("Istanza di parte")
        self.saves("#svolgimento")
        page.locator("#presenza").get_by_label("presente", exact=True).check()
        self.saves("#presenza")
        page.locator("#nuova-comportamento").fill("Favorire un utente")
        press(page, "Nuovo comportamento", "#comportamenti")
        expect(page.locator("#comportamenti .sheet-key")).to_have_count(1)
        page.locator(".sheet-matrix input").nth(1).check()
        if not self.with_scripts:
            press(page, "Salva la matrice")
        expect(page.locator(".sheet-covered").first).to_have_text(re.compile("riguarda 2"))

    def judges(self, process: Process) -> None:
        self.opens("assessment", process.uid)
        self.page.locator("main").get_by_label("Alto", exact=True).first.check()
        self.page.locator("#id_motivation").fill("Margini ampi.")
        press(self.page, "Salva la valutazione")
        expect(self.page.get_by_text("Valutazione salvata.").first).to_be_visible()

    def treats(self, process: Process) -> None:
        self.opens("measure_add", process.uid)
        self.page.locator("[name=misura]").fill("MS01")
        self.page.locator("main").get_by_role("checkbox").first.check()
        press(self.page, "Aggiungi la misura")
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


def test_on_a_telephone(page, sign_in, live_server, annex, editor):
    sign_in(editor)
    page.set_viewport_size({"width": 390, "height": 844})
    play(Hour(page, live_server.url, annex, with_scripts=True))


def test_where_no_script_runs(browser, live_server, client, annex, editor):
    with scriptless_page(browser, live_server, client, editor) as page:
        play(Hour(page, live_server.url, annex, with_scripts=False))
