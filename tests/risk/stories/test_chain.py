"""The whole way by the people who walk it: from the first word typed to the published plan.

One story in a real browser, each page looked at wide and narrow, and by axe.
"""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from registry.models import Annex, Plan
from registry.services.trail_verification import verify_trail
from risk.models import AnnexIssue, PlanIssue
from tests.people import people_of
from tests.register import add_complete_process, complete_annex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


class Story:
    """The browser and whoever sits at it."""

    def __init__(self, page: Page, context: BrowserContext, host: str, sign_in, axe):
        self.page, self.context, self.host = page, context, host
        self.sign_in, self.axe = sign_in, axe

    def sits_down(self, person) -> None:
        self.context.clear_cookies()
        if person is not None:
            self.sign_in(person)

    def opens(self, name: str, *args) -> None:
        self.page.goto(self.host + reverse(name, args=args))
        self.looks()

    def looks(self) -> None:
        """Check the page as it stands, at both widths."""
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            self.axe(self.page)
            wider = self.page.evaluate("document.documentElement.scrollWidth")
            assert wider <= size["width"], f"{self.page.url}: {wider} px"

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def fetches(self, name: str) -> Path:
        with self.page.expect_download() as fetched:
            self.page.get_by_role("link", name=name).first.click()
        return fetched.value.path()


@pytest.fixture
def story(page, context, live_server, sign_in, axe) -> Story:
    return Story(page, context, live_server.url, sign_in, axe)


@pytest.fixture
def annex() -> Annex:
    annex = complete_annex()
    add_complete_process(annex, "Sgravi")
    return annex


def write_and_submit(story, annex, process, words) -> None:
    """The risk officer writes in a process and submits the annex."""
    story.opens("risk:process_sheet", process.uid)
    constraints = story.page.locator("#condizioni textarea[name=constraints]")
    if not constraints.is_visible():
        story.page.locator("#condizioni .sheet-empty > summary").click()
    constraints.fill(words)
    constraints.press("Tab")
    expect(story.page.locator("#condizioni").get_by_text("Salvato")).to_be_visible()
    story.opens("risk:workflow", annex.uid)
    story.presses("Trasmetti")
    story.presses("Sì, trasmetti")
    story.reads("Fatto: l’allegato è trasmesso.")


def verify(story, file: Path, answer: str) -> None:
    """Somebody who is nobody here verifies a file."""
    story.sits_down(None)
    story.opens("risk:verify")
    file = file.rename(file.with_suffix(".pdf"))
    story.page.get_by_label("Documento da verificare").set_input_files(file)
    story.presses("Verifica")
    story.reads(answer)
    story.looks()


def approve_in_two_rounds(story, annex, people) -> None:
    """The head approves, the RPCT sends back, and the head approves only what changed since."""
    first, second = annex.processes.order_by("position")
    story.sits_down(people["editor"])
    write_and_submit(story, annex, second, "Il regolamento elenca sei casi.")

    story.sits_down(people["head"])
    story.opens("risk:changes", annex.uid)
    story.presses(f"Approva questo processo: {first.printed}")
    story.reads("Ultima approvazione")
    story.presses(f"Approva questo processo: {second.printed}")
    story.reads("Fatto: era l’ultimo processo, e l’allegato è approvato.")

    story.sits_down(people["rpct"])
    story.opens("risk:workflow", annex.uid)
    story.page.locator("#motivo-return").fill("I casi degli sgravi sono sette.")
    story.presses("Restituisci all’ufficio")
    story.presses("Sì, restituisci all’ufficio")
    story.reads("Fatto: l’allegato è restituito.")

    story.sits_down(people["editor"])
    write_and_submit(story, annex, second, "Il regolamento elenca sette casi.")

    story.sits_down(people["head"])
    approve_what_changed(story, annex, first, second)


def approve_what_changed(story, annex, kept, changed) -> None:
    """The head reads before and after in the changed process, and approves nothing else."""
    story.opens("risk:changes", annex.uid)
    story.reads("Dall’ultima approvazione: 1 processo cambiato.")
    story.reads("Dall’ultima approvazione dell’allegato: nessuna modifica.")
    row = story.page.locator(f"#p-{changed.uid}")
    expect(row.locator("del")).to_have_text("tolto: sei ")
    expect(row.locator("ins")).to_have_text("aggiunto: sette ")
    expect(story.page.locator(f"#p-{kept.uid}").get_by_role("button")).to_have_count(0)
    story.presses(f"Approva questo processo: {changed.printed}")
    story.reads("Fatto: era l’ultimo processo, e l’allegato è approvato.")
    story.looks()
    assert (kept.approvals.count(), changed.approvals.count()) == (1, 2)


def test_from_the_first_word_to_the_published_plan(story, annex):
    people = people_of(annex)
    approve_in_two_rounds(story, annex, people)
    assert Annex.objects.get(pk=annex.pk).state == "approved"

    story.sits_down(people["rpct"])
    story.opens("risk:workflow", annex.uid)
    story.presses("Valida")
    story.presses("Sì, valida")
    story.reads("Fatto: l’allegato è validato")
    story.presses("Emetti")
    story.presses("Sì, emetti")
    story.reads("Emesso con il numero 1.")
    story.looks()
    issued = story.fetches("Scarica il PDF")
    assert issued.read_bytes() == bytes(AnnexIssue.objects.get().pdf)
    verify(story, issued, "uguale, byte per byte, a quello emesso")

    adopt_and_publish(story, annex, people["rpct"])
    story.sits_down(None)
    story.opens("risk:published")
    story.page.get_by_role("link", name=annex.plan.title).click()
    story.reads("Deliberazione n. 12 del 29/01/2021")
    story.looks()
    adopted = story.fetches("PDF con gli allegati")
    assert adopted.read_bytes() == bytes(PlanIssue.objects.get().pdf)
    verify(story, adopted, "uguale, byte per byte, a quello emesso")
    assert verify_trail() == []


def adopt_and_publish(story, annex, rpct) -> None:
    """The RPCT leads the plan to the organ, registers the act and publishes."""
    plan = annex.plan
    story.sits_down(rpct)
    story.opens("risk:plan", plan.administration.ipa_code, plan.slug)
    story.presses("Apri la consultazione")
    story.presses("Sì, apri la consultazione")
    story.reads("Fatto: il piano è in consultazione.")
    story.presses("Proponi all’organo")
    story.presses("Sì, proponi all’organo")
    story.reads("Fatto: il piano è proposto")
    story.page.get_by_role("link", name="Registra l’adozione").click()
    story.looks()
    # what is missing stands in the narrow column of the form, and is read across it
    point = story.page.locator(".missing-points li > a").first.bounding_box()
    assert point["width"] > 200
    for label, words in {
        "Organo che adotta": "Giunta comunale",
        "Tipo di atto": "Deliberazione",
        "Numero dell’atto": "12",
        "Data dell’atto": "2021-01-29",
    }.items():
        story.page.get_by_label(label).fill(words)
    story.presses("Registra l’adozione")
    story.reads("Il piano è adottato.")
    story.looks()
    story.page.get_by_role("link", name="Vai al piano").click()
    story.looks()
    story.presses("Pubblica")
    # asked once, with its numbers and what follows; nothing is done before the answer
    story.reads("1 allegato, 2 processi.")
    story.reads("da qui non si ritira.")
    story.looks()
    assert not Plan.objects.get(pk=plan.pk).is_public
    story.presses("Sì, pubblica")
    story.reads("Fatto: il piano è pubblicato.")
