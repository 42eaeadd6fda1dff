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


def an_hour(page: Page, host: str, annex: Annex, *, with_scripts: bool) -> None:
    """Write two processes, describe, judge and treat one, and read what is still missing."""

    def saved(within: str) -> None:
        """Save a part as the page does: by itself, or by its button where no script runs."""
        if with_scripts:
            page.keyboard.press("Tab")
            expect(page.locator(within).get_by_text("Salvato", exact=True).first).to_be_visible()
        else:
            press(page, "Salva", within)
            expect(page.get_by_text("Salvato.").first).to_be_visible()

    page.goto(host + reverse("risk:mapping", args=[annex.uid]))
    page.get_by_role("link", name="Scrivi un elenco").click()
    page.locator("#elenco").fill(LIST)
    press(page, "Aggiungi alla mappa")
    expect(page.get_by_text("Aggiunti 2 processi, con 2 fasi.")).to_be_visible()

    page.get_by_role("link", name="Rimborsi").first.click()
    page.locator("#svolgimento").get_by_text("Facoltativi, ancora vuoti").click()
    page.locator("#svolgimento").get_by_label("Input").fill("Istanza di parte")
    saved("#svolgimento")
    page.locator("#presenza").get_by_label("presente", exact=True).check()
    saved("#presenza")
    page.locator("#nuova-comportamento").fill("Favorire un utente")
    press(page, "Nuovo comportamento", "#comportamenti")
    expect(page.locator("#comportamenti .sheet-key")).to_have_count(1)
    page.locator(".sheet-matrix input").nth(1).check()
    if not with_scripts:
        press(page, "Salva la matrice")
    expect(page.locator(".sheet-covered").first).to_have_text(re.compile("riguarda 2"))

    process = Process.objects.get(title="Rimborsi")
    page.goto(host + reverse("risk:assessment", args=[process.uid]))
    page.locator("main").get_by_label("Alto", exact=True).first.check()
    page.locator("#id_motivation").fill("Margini ampi.")
    press(page, "Salva la valutazione")
    expect(page.get_by_text("Valutazione salvata.").first).to_be_visible()

    page.goto(host + reverse("risk:measure_add", args=[process.uid]))
    page.locator("[name=misura]").fill("MS01")
    page.locator("main").get_by_role("checkbox").first.check()
    press(page, "Aggiungi la misura")
    expect(page.get_by_text("Dichiarazione di assenza di conflitti").first).to_be_visible()

    page.goto(host + reverse("risk:completeness", args=[annex.uid]))
    expect(page.locator("main")).to_contain_text("n. 2 Sgravi")
    process.refresh_from_db()
    assert (process.input, process.risk_presence) == ("Istanza di parte", RiskPresence.PRESENT)
    assert Coverage.objects.get().phase.title == "Pagamento"
    assert Assessment.objects.get().motivation == "Margini ampi."
    assert PlannedMeasure.objects.count() == 1


def test_on_a_telephone(page, sign_in, live_server, annex, editor):
    sign_in(editor)
    page.set_viewport_size({"width": 390, "height": 844})
    an_hour(page, live_server.url, annex, with_scripts=True)


def test_where_no_script_runs(browser, live_server, client, annex, editor):
    with scriptless_page(browser, live_server, client, editor) as page:
        an_hour(page, live_server.url, annex, with_scripts=False)
