"""The editor of a chapter in a browser: by the keyboard, with what is pasted, under the policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.formatted.typed import read_typed, typed
from risk.models import Chapter
from tests.browser import wait_until
from tests.people import people_of
from tests.register import complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = """<style>p { color: red }</style><h1 style="margin:0">Titolo</h1>
<p style="color:red">Il <b>rischio</b> <img src="https://example.org/x.png"></p>
<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>primo</p>
<p style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">o</span>sotto</p>
<script>document.title = "preso"</script>
<table style="width:9cm"><tr><td>Anno</td></tr><tr><td>2020</td></tr></table>"""
PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  element.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
  );
}"""


PRESS = "document.activeElement.blur(); document.getElementById('capitolo').requestSubmit()"


def test_it_is_written_by_keyboard_and_keeps_what_word_means(page, live_server, sign_in, axe):
    annex = complete_annex()
    plan = annex.plan
    row = Chapter.objects.create(plan=plan, position=1, title="Contesto")
    sign_in(people_of(annex)["rpct"])
    names = [plan.administration.ipa_code, plan.slug, row.uid]
    page.goto(live_server.url + reverse("risk:plan_chapter", args=names))
    editor = page.get_by_role("textbox", name="Testo")
    expect(page.get_by_role("toolbar", name="Forma del testo")).to_be_visible()
    axe(page)
    editor.focus()
    page.keyboard.press("Control+b")
    page.keyboard.type("Forte")
    expect(page.get_by_role("button", name="Grassetto")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    editor.evaluate(PASTE, WORD)
    expect(page.get_by_text("Incollato senza le immagini")).to_be_visible()
    editor.evaluate(PASTE, "<table>" + "<tr><td>x</td></tr>" * 302 + "</table>")
    expect(page.get_by_text("Non è stato incollato niente")).to_be_visible()
    page.get_by_role("textbox", name="Titolo").focus()
    said = "**Forte**\n\n**Titolo**\n\nIl **rischio**\n\n- primo\n  - sotto\n\n"
    table = "| Anno |\n| --- |\n| 2020 |"

    def is_saved() -> bool:
        row.refresh_from_db()
        return typed(row.blocks) == said + table

    assert wait_until(page, is_saved), typed(row.blocks)
    assert row.blocks == read_typed(said + table)
    preview = page.get_by_role("region", name="Come si legge")
    expect(preview.get_by_role("cell", name="2020")).to_be_visible()
    choose_between_two_versions(page, row)
    expect(editor).to_have_text("Di un’altra scheda")
    row.blocks = read_typed(said + table)
    row.save()
    page.reload()
    page.get_by_role("button", name="Scrivi come testo semplice").click()
    expect(page.locator("textarea[name=blocks]")).to_have_value(said + table)


def choose_between_two_versions(page, row) -> None:
    """Save what another tab has changed meanwhile: who has not seen the other text chooses."""
    row.blocks = read_typed("Di un’altra scheda")
    row.save()
    page.get_by_role("textbox", name="Testo").focus()
    page.keyboard.type("Mio ")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    # the button is pressed while what leaving the text sends is still under way
    page.evaluate(PRESS)
    saved = page.get_by_role("radio", name="Tieni la versione salvata")
    expect(saved).to_be_checked()
    expect(page.get_by_role("textbox", name="Testo")).to_contain_text("Mio")
    page.get_by_role("button", name="Salva").last.click()
    expect(saved).to_be_hidden()
    assert sent == ["POST", "POST"], "nothing is chosen for a person who has not seen it"
