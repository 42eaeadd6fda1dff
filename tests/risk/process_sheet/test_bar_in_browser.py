"""The bar of a sheet, what is folded on it, how high it is and how it is printed, in a browser."""

import pytest
from django.urls import reverse
from model_bakery import baker
from playwright.sync_api import expect

from registry.models import Action, Macroprocess
from risk.models import EventCategory, Measure, MeasureTarget, PlannedMeasure
from tests.register import assess, make_behaviour, make_method, make_phase, make_process, use_method

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HIGHEST = 4_000
WORDS = "Richiesta motivata dell’ufficio che ha il fabbisogno, coerente con il programma annuale. "
PARTS = ["Descrizione", "Fasi e azioni", "Comportamenti", "Valutazione", "Trattamento"]


@pytest.fixture
def worked(annex, body, lists):
    """A process with all it can have, of the size of those that are worked a year."""
    texts = ("objective", "description", "input", "output", "times", "constraints", "resources")
    process = make_process(
        annex,
        "Affidamento diretto di forniture e servizi di importo inferiore alla soglia",
        kind="support",
        risk_area=lists["area"],
        macroprocess=baker.make(Macroprocess, administration=body, label="Altri servizi"),
        responsible="Responsabile dell’ufficio",
        is_procedure=True,
        digital_state="partial",
        risk_presence="present",
        risk_presence_reason=WORDS,
        **dict.fromkeys((*texts, "interrelations", "criticalities"), WORDS * 2),
    )
    method = make_method()
    use_method(annex, method)
    for n in range(5):
        phase = make_phase(
            process, f"Rilevazione n. {n}", executor_role=lists["role"], description=WORDS
        )
        for m in range(2):
            Action.objects.create(
                phase=phase, position=m + 1, title=f"Controllo n. {m}", executor_role=lists["role"]
            )
        if n < 4:
            behaviour = make_behaviour(process, WORDS, [phase])
            behaviour.categories.set(EventCategory.objects.all()[:3])
    assess(process, method, "Alto", WORDS)
    programming = PlannedMeasure.objects.create(
        plan=annex.plan,
        annex=annex,
        scope="processes",
        measure=baker.make(Measure, label="Rotazione", character="specific"),
    )
    MeasureTarget.objects.create(planned_measure=programming, process=process)
    return process


@pytest.fixture
def open_sheet(page, live_server, sign_in, editor):
    def do_open(process):
        sign_in(editor)
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
        page.locator("#assessment-panel, #valutazione .house-message").first.wait_for(
            state="attached"
        )
        return page

    return do_open


def test_a_worked_process_is_short_and_says_where_one_is(open_sheet, worked, axe):
    page = open_sheet(worked)
    bar = page.get_by_role("navigation", name="Parti del processo")

    assert page.evaluate("document.documentElement.scrollHeight") < HIGHEST
    for part in PARTS:
        expect(bar.get_by_role("link", name=f"{part} (nulla manca)", exact=True)).to_be_visible()
    expect(bar.locator("[aria-current]")).to_have_text(["Descrizione (nulla manca)"])
    bar.get_by_role("link", name="Comportamenti").click()
    expect(bar.locator("[aria-current]")).to_have_text(["Comportamenti (nulla manca)"])
    expect(bar).to_be_in_viewport(ratio=1)

    # a part that is folded opens for whoever is led there
    expect(page.locator("#assessment-panel")).to_be_hidden()
    bar.get_by_role("link", name="Valutazione").click()
    expect(page.locator("#assessment-panel")).to_be_visible()
    axe(page, within="main")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_folded_is_printed_open(open_sheet, worked):
    """Without the script of the page nothing is told of a printer: the style sheet opens it."""
    page = open_sheet(worked)
    panel, help_of_it = page.locator("#assessment-panel"), page.locator(".house-help p").first
    expect(panel).to_be_attached()
    expect(panel).to_be_hidden()
    page.emulate_media(media="print")
    expect(panel).to_be_visible()
    expect(help_of_it).to_be_hidden()


def test_it_is_printed_as_text(open_sheet, worked):
    page = open_sheet(worked)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(
        page.locator(
            ".house-bar, .sheet-nav, .sheet-new, main .btn, main [href*='richieste/'], .assess-help"
        ).locator("visible=true")
    ).to_have_count(0)
    expect(page.locator(".sheet-printed").first).to_have_text(str(worked.macroprocess))
    expect(page.locator("#assessment-panel")).to_be_visible()
    boxes = page.evaluate(
        "[...document.querySelectorAll('main input, main textarea, main select')]"
        ".filter((box) => box.checkVisibility() && getComputedStyle(box).borderTopWidth !== '0px')"
        ".map((box) => box.outerHTML)"
    )
    assert boxes == []
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".sheet-printed")).to_have_count(0)


def test_what_is_empty_is_one_line_until_it_is_wanted(open_sheet, process):
    page = open_sheet(process)
    bar = page.get_by_role("navigation", name="Parti del processo")
    field = page.get_by_label("Vincoli del processo", exact=True)

    expect(bar.get_by_role("link", name="Descrizione", exact=True)).to_be_visible()
    expect(field).to_be_hidden()
    page.locator("#condizioni .sheet-empty summary").first.click()
    field.fill("Regolamento comunale")
    with page.expect_response("**/descrizione/condizioni/"):
        field.press("Tab")
    page.reload()
    expect(page.get_by_label("Vincoli del processo", exact=True)).to_have_value(
        "Regolamento comunale"
    )
    expect(page.get_by_label("Vincoli del processo", exact=True)).to_be_visible()
