"""The parts of a document in a browser: chosen by keyboard and without a script, kept, prepared."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.models import DocumentChoice
from tests.people import people_of
from tests.register import complete_annex
from tests.scriptless import scriptless_page
from tests.worker import worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"width": 390, "height": 844}
ORDER = [
    "Sintesi per i cittadini",
    "Graduatoria dei processi",
]


def test_from_the_plan_it_is_one_press_to_the_draft_and_its_bar(
    page, live_server, sign_in, axe, settings
):
    settings.TASK_ENGINE = "database"
    annex = complete_annex()
    plan = annex.plan
    sign_in(people_of(annex)["rpct"])
    names = [plan.administration.ipa_code, plan.slug]
    page.set_viewport_size(TELEPHONE)
    page.goto(live_server.url + reverse("risk:plan", args=names))
    page.get_by_role("button", name="Piano in un solo documento").click()
    expect(page.get_by_role("progressbar", name="Avanzamento")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    with worker():
        expect(page.get_by_text("Il documento è pronto:")).to_be_visible()
    axe(page)


def test_parts_are_chosen_by_the_keyboard_looked_at_and_kept(page, live_server, sign_in, axe):
    annex = complete_annex()
    plan = annex.plan
    sign_in(people_of(annex)["rpct"])
    names = [plan.administration.ipa_code, plan.slug]
    address = live_server.url + reverse("risk:plan_parts", args=names)
    page.goto(address)
    axe(page)
    # the list is put in order by numbers that are typed
    for title in ("Programma delle misure", "Uffici esonerati", "Misure di tutto il piano"):
        page.get_by_role("checkbox", name=f"{title}: c’è").focus()
        page.keyboard.press("Space")
    places = ((3, "Il piano"), (2, "Sintesi per i cittadini"), (1, "Graduatoria dei processi"))
    for place, title in places:
        page.get_by_role("textbox", name=f"{title}: posto", exact=True).focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(str(place))
    page.get_by_role("checkbox", name="Che cosa manca").focus()
    page.keyboard.press("Space")
    shown_as_it_is_typed(page)
    page.get_by_role("button", name="Prepara il documento").focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_text(re.compile(r"pronto: \d+ pagine \(Graduatoria dei processi da pag. 3"))
    ).to_be_visible()
    page.get_by_role("link", name="Cambia le parti").click()
    rows = page.get_by_role("table").get_by_role("rowheader")
    assert [row.inner_text().splitlines()[0] for row in rows.all()][:2] == ORDER[::-1]
    expect(page.get_by_role("checkbox", name="Che cosa manca")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Allegati degli uffici: c’è")).to_be_checked()
    page.get_by_label("Nome", exact=False).first.fill("per la Giunta")
    page.get_by_role("button", name="Salva la scelta").click()
    expect(page.get_by_text("Salvata la scelta «per la Giunta».")).to_be_visible()
    choice = DocumentChoice.objects.get()
    assert choice.parts.startswith("graduatoria,sintesi,")
    assert choice.left_out == "graduatoria.manca"
    page.set_viewport_size(TELEPHONE)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]


def shown_as_it_is_typed(page):
    preview = page.get_by_role("region", name="Anteprima")
    expect(preview.get_by_role("heading", level=2).first).to_have_text(ORDER[1])
    expect(preview.get_by_role("columnheader", name="Motivazione")).to_be_visible()
    expect(preview.get_by_role("columnheader", name="Che cosa manca")).to_have_count(0)


def test_without_a_script_parts_are_chosen_and_prepared(browser, live_server, client):
    annex = complete_annex()
    plan = annex.plan
    names = [plan.administration.ipa_code, plan.slug]
    with scriptless_page(browser, live_server, client, people_of(annex)["auditor"]) as page:
        page.goto(live_server.url + reverse("risk:plan", args=names))
        page.get_by_role("link", name="Parti del documento").click()
        page.get_by_role("textbox", name="Graduatoria dei processi: posto").fill("0")
        page.get_by_role("checkbox", name="Allegati degli uffici: c’è").uncheck()
        page.get_by_role("button", name="Prepara il documento").click()
        expect(page.get_by_text("Graduatoria dei processi da pag. 3")).to_be_visible()
        with page.expect_download() as fetched:
            page.get_by_role("link", name="Scarica il file").click()
        assert fetched.value.path().read_bytes().startswith(b"%PDF")
