"""A newcomer brings a file nobody has seen before, in a real browser, and counts the clicks."""

import pytest
from playwright.sync_api import expect

from registry.models import Process
from risk.models import Assessment, RiskBehaviour
from tests.people import make_member
from tests.register import make_annex, make_area, make_method, use_method
from tests.risk.imports.clicks import FEW, Clicks
from tests.risk.imports.files import far_workbook, odd_workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


WIDER = """
[...document.querySelectorAll("main .house-scroll:has(.house-cards)")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).length
"""


def in_light_and_dark(page, axe):
    axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    axe(page)
    page.emulate_media(color_scheme="light")


def no_sideways_scroll(page):
    page.set_viewport_size({"width": 390, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    # tables have a box of their own to scroll in: here none is wider than it
    beyond = page.evaluate(WIDER)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert (width <= 390, beyond) == (True, 0), page.url


def test_a_file_never_seen_before_in_under_ten_clicks(
    page, live_server, sign_in, axe, annex, people
):
    make_area(annex.plan.administration, "D", "Contratti pubblici")
    use_method(annex, make_method())
    sign_in(people["editor"])
    page.goto(f"{live_server.url}/piani/c_x001/ptpct-2021-2023/")
    clicks = Clicks(page)
    clicks.click("link", "Importa da un file")
    expect(page.get_by_role("heading", name="Importa da un file")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    clicks.file("File", "mappatura.xlsx", odd_workbook())
    clicks.click("button", "Carica il file")

    expect(page.get_by_role("heading", name="Le colonne del file")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    # what stands before the risks is most likely the process
    expect(page.get_by_label("B, «Attività mappata»")).to_have_value("process_title")
    clicks.click("button", "Continua")

    expect(page.get_by_role("heading", name="I valori da riconoscere")).to_be_visible()
    in_light_and_dark(page, axe)
    no_sideways_scroll(page)
    # "Entrate varie" is most likely the area of that name
    expect(page.get_by_role("radio", name="è «F) Entrate (generale)»")).to_be_checked()
    clicks.click("button", "Continua")

    expect(page.get_by_role("heading", name="Che cosa cambia")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    clicks.click("button", "Importa nel registro")
    expect(page.get_by_role("heading", name="Il file è nel registro")).to_be_visible()
    in_light_and_dark(page, axe)
    assert clicks.count < FEW
    assert list(Process.objects.order_by("number").values_list("title", "risk_area__code")) == [
        ("Gestione del protocollo", "F"),
        ("Assistenza agli utenti", "F"),
        ("Acquisto di toner", "D"),
    ]
    assert RiskBehaviour.objects.count() == 4
    assert Assessment.objects.count() == 3  # a level both behaviours have is the process's


def test_a_file_of_no_office_with_its_heads_far_below_in_under_ten_clicks(
    page, live_server, sign_in, axe, annex
):
    body = annex.plan.administration
    make_area(body, "D", "Contratti pubblici")
    make_annex(body, office="Anagrafe")
    use_method(annex, make_method())
    sign_in(make_member("nuovo-rpct", "rpct", body=body))
    page.goto(f"{live_server.url}/piani/c_x001/ptpct-2021-2023/")

    clicks = Clicks(page)
    clicks.click("link", "Importa da un file")
    clicks.file("File", "mappatura.xlsx", far_workbook())
    clicks.click("button", "Carica il file")

    expect(page.get_by_text("titoli alla riga 17")).to_be_visible()
    expect(page.get_by_label("C, «Di che cosa si tratta»")).to_have_value("process_title")
    # asked here once, not on a page of its own after the others
    clicks.pick("Ufficio delle righe che non lo dicono", annex.office.code)
    in_light_and_dark(page, axe)
    no_sideways_scroll(page)
    clicks.click("button", "Continua")

    expect(page.get_by_role("heading", name="I valori da riconoscere")).to_be_visible()
    clicks.click("button", "Continua")
    clicks.click("button", "Importa nel registro")
    expect(page.get_by_role("heading", name="Il file è nel registro")).to_be_visible()
    assert clicks.count == 8
    assert list(Process.objects.order_by("number").values_list("title", "annex__office__name")) == [
        ("Gestione del protocollo", annex.office.name),
        ("Assistenza agli utenti", annex.office.name),
        ("Acquisto di toner", annex.office.name),
    ]
    assert RiskBehaviour.objects.count() == 4


def test_a_file_that_cannot_enter_says_why(page, live_server, sign_in, axe, annex, people):
    sign_in(people["editor"])
    page.goto(f"{live_server.url}/piani/c_x001/ptpct-2021-2023/importa/")
    clicks = Clicks(page)
    clicks.file("File", "registro.xlsx", b"%PDF-1.7 niente tabelle")
    clicks.click("button", "Carica il file")
    expect(page.get_by_text("Un PDF non dice dove comincia e finisce una cella.")).to_be_visible()
    axe(page)

    nameless = "Processo;Area di rischio;Eventi rischiosi\nUno;F;Ritardo\n;D;Favore\n"
    clicks.file("File", "registro.csv", nameless.encode())
    clicks.click("button", "Carica il file")
    expect(page.get_by_text("non ha il titolo del processo")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 390, "height": 800})
    axe(page)
    clicks.click("button", "Scarta il file")
    expect(page.get_by_text("Il file è scartato")).to_be_visible()
    assert not Process.objects.exists()
