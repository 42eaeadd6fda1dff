"""A risk officer assesses a process with the keyboard only, and again without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.models import Assessment
from tests.scriptless import scriptless_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def choose(page, name, steps):
    """Choose a radio button by the arrow keys, from the first one."""
    page.locator(f"input[name='{name}']").first.focus()
    for _step in range(steps):
        page.keyboard.press("ArrowRight")


def test_by_keyboard_the_proposal_follows_and_the_level_is_saved(
    page, live_server, sign_in, axe, process, editor
):
    sign_in(editor)
    page.goto(live_server.url + reverse("risk:assessment", args=[process.uid]))
    choose(page, "i1-grade", 2)
    page.keyboard.press("Tab")
    page.locator("#assessment-proposal", has_text="MEDIO").wait_for()
    page.locator("#id_i1-motivation").focus()
    page.keyboard.type("Interessi di rilievo medio.")
    choose(page, "level", 1)
    page.locator("#assessment-save").focus()
    page.keyboard.press("Enter")
    page.get_by_text("criterio di prudenza va motivato").wait_for()
    assert page.locator("#id_i1-motivation").input_value() == "Interessi di rilievo medio."
    page.locator("#id_motivation").focus()
    page.keyboard.type("Il margine è nullo.")
    page.locator("#assessment-save").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Valutazione salvata.").wait_for()

    assert Assessment.objects.get().level.label == "BASSO"
    axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


MOST_ACTS = 9
"""Clicks, and keys that are no text, of one judgement by six indicators with one motivation."""


def test_one_behaviour_is_assessed_in_few_acts(page, live_server, sign_in, process, editor):
    sign_in(editor)
    behaviour = process.behaviours.first()
    address = reverse("risk:assessment", args=[process.uid])
    page.goto(f"{live_server.url}{address}?oggetto={behaviour.uid}")
    acts = 0
    for number in range(1, 7):
        page.locator(f".assess-grades:has(input[name='i{number}-grade']) label").nth(2).click()
        acts += 1
    page.locator(".assess-grades:has(input[name='level']) label").nth(2).click()
    page.get_by_label("Motivazione comune").click()
    page.keyboard.insert_text("Margini ampi, controlli rari.")
    page.keyboard.press("Tab")
    acts += 3
    expect(page.locator("#id_i6-motivation")).to_have_value("Margini ampi, controlli rari.")
    expect(page.get_by_label("Motivazione comune")).to_have_value("")

    made = Assessment.objects.get()
    assert made.behaviour == behaviour
    assert made.level is not None
    assert {made.motivation, *made.ratings.values_list("motivation", flat=True)} == {
        "Margini ampi, controlli rari."
    }
    assert made.ratings.count() == 6
    assert acts <= MOST_ACTS


def test_without_javascript_the_same(browser, live_server, process, client, editor):
    client.force_login(editor)
    context = browser.new_context(java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("risk:assessment", args=[process.uid]))
    page.get_by_label("ALTO").first.check()
    page.locator("#id_i1-motivation").fill("Interessi di rilievo.")
    page.locator("#assessment-save").click()

    expect(page.get_by_text("Valutazione salvata.").first).to_be_visible()
    expect(page.locator("#assessment-proposal")).to_contain_text("ALTO")
    assert Assessment.objects.get().ratings.get().level.code == "A"
    context.close()


SLOW_SAVES = """
() => {
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    const isSlow = String(body).includes("i1-motivation");
    setTimeout(() => send.call(this, body), isSlow ? 3000 : 0);
  };
}
"""


def test_words_not_saved_outlive_what_changes_on_the_sheet(
    page, live_server, sign_in, process, editor
):
    sign_in(editor)
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    motivation = page.locator("#id_i1-motivation")
    motivation.fill("Interessi di rilievo medio.")
    page.locator("#presenza").get_by_label("da accertare").check()
    page.locator("#trattamento").get_by_text("Prima del trattamento va accertato").wait_for()

    page.locator("#presenza").get_by_label("presente", exact=True).check()
    page.locator("#trattamento").get_by_text("Prima del trattamento").wait_for(state="detached")
    expect(motivation).to_have_value("Interessi di rilievo medio.")
    page.get_by_label("MEDIO").first.check()
    page.locator("input[name='level']").nth(2).check()
    page.locator("#id_motivation").fill("Come proposto.")
    page.locator("#assessment-save").click()
    page.get_by_text("Valutazione salvata.").wait_for()
    assert Assessment.objects.get().ratings.get().motivation == "Interessi di rilievo medio."

    # the form is not drawn anew below a save whose answer has not come
    page.evaluate(SLOW_SAVES)
    with page.expect_response(
        lambda answer: "i1-motivation" in (answer.request.post_data or "")
    ) as told:
        page.locator("#assessment-save").click()
        page.locator("#presenza").get_by_label("da accertare").check()
    told.value.finished()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.get_by_text("Prima della valutazione va accertato").wait_for()


def test_the_whole_sheet_is_accessible(page, live_server, sign_in, axe, process, editor):
    sign_in(editor)
    page.goto(live_server.url + reverse("risk:process_sheet", args=[process.uid]))
    page.locator("#assessment-save").wait_for()
    page.locator("#treatment-panel").wait_for()
    axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    axe(page)


SOURCE = "n. 1 Rimborso di tributi · 1. Favorire un utente"


def judge_first(process, methods) -> None:
    level = methods["PNA2019"].levels.get(scale="overall", code="A")
    Assessment.objects.create(
        behaviour=process.behaviours.first(),
        method=methods["PNA2019"],
        level=level,
        motivation="Ampia discrezionalità.",
    )


def test_a_judgement_is_copied_read_and_confirmed_by_keyboard(
    page, live_server, sign_in, axe, process, editor, methods
):
    sign_in(editor)
    judge_first(process, methods)
    second = process.behaviours.last()
    address = reverse("risk:assessment", args=[process.uid])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}{address}?oggetto={second.uid}")
    page.locator("#id_i1-evidence").fill("Un controllo del 2025.")
    page.get_by_text("Copia giudizio da…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Copia giudizio da").focus()
    page.keyboard.type("favorire")
    expect(page.locator("datalist option")).to_have_attribute("value", SOURCE)
    axe(page)
    page.get_by_role("button", name="Copia", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text(f"Copiato da «{SOURCE}»").wait_for()
    expect(page.locator("#id_motivation")).to_have_value("Ampia discrezionalità.")
    expect(page.locator("#id_i1-evidence")).to_have_value("Un controllo del 2025.")
    assert Assessment.objects.get(behaviour=second).is_draft
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Ho riletto: vale anche qui").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Valutazione salvata.").wait_for()
    expect(page.locator("#assessment-drafts button")).to_have_count(0)
    assert not Assessment.objects.get(behaviour=second).is_draft


def test_a_draft_is_one_no_more_once_it_is_changed(
    browser, page, live_server, sign_in, client, process, editor, methods
):
    judge_first(process, methods)
    second = process.behaviours.last()
    address = f"{live_server.url}{reverse('risk:assessment', args=[process.uid])}"
    with scriptless_page(browser, live_server, client, editor) as plain:
        plain.goto(f"{address}?oggetto={second.uid}")
        plain.locator("#id_i1-evidence").fill("Un controllo del 2025.")
        plain.get_by_text("Copia giudizio da…").click()
        plain.get_by_label("Copia giudizio da").fill("favorire")
        plain.get_by_role("button", name="Copia", exact=True).click()
        expect(plain.locator("#id_i1-evidence")).to_have_value("Un controllo del 2025.")
    sign_in(editor)
    page.goto(f"{address}?oggetto={second.uid}")
    expect(page.locator("#assessment-drafts button")).to_be_visible()
    page.locator("#id_motivation").fill("Discrezionalità ampia anche qui.")
    page.keyboard.press("Tab")
    expect(page.locator("#assessment-drafts button")).to_have_count(0)
    assert not Assessment.objects.get(behaviour=second).is_draft
