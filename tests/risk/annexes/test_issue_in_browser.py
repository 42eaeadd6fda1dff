"""The RPCT issues an annex, watches it being done by a real worker, and fetches the PDF."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Job
from risk.models import AnnexIssue
from tests.people import people_of
from tests.register import close, complete_annex
from tests.worker import worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMES = ("dark", "light")
NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}


def test_an_annex_is_issued_while_one_watches(page, live_server, sign_in, axe, settings):
    settings.TASK_ENGINE = "database"
    annex = complete_annex()
    sign_in(people_of(annex)["rpct"])
    close(annex, "validated")
    page.goto(live_server.url + reverse("risk:workflow", args=[annex.uid]))
    page.get_by_role("button", name="Emetti").focus()
    page.keyboard.press("Enter")
    # the hand is on the answer
    expect(page.get_by_role("button", name="Sì, emetti")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Emissione dell’allegato").wait_for()
    page.get_by_text("In attesa di cominciare").wait_for()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    page.goto(live_server.url + reverse("risk:workflow", args=[annex.uid]))
    page.get_by_text("Emissione in corso").wait_for()
    axe(page)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.set_viewport_size(WIDE)
    page.get_by_role("link", name="Segui l’emissione").click()
    with worker():
        page.get_by_text("Disegno il PDF, passo 2 di 3").wait_for()
        page.get_by_text("Emesso con il numero 1.").wait_for()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Scarica il PDF").click()
    assert fetched.value.path().read_bytes() == bytes(AnnexIssue.objects.get().pdf)
    page.set_viewport_size(NARROW)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Operazioni in corso").first.click()
    page.get_by_role("link", name=re.compile("Emissione")).wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_failed_job_is_tried_again_with_the_keyboard(page, live_server, sign_in, axe):
    annex = complete_annex()
    rpct = people_of(annex)["rpct"]
    sign_in(rpct)
    close(annex, "validated")
    job = Job.objects.create(
        kind="issue-annex",
        by=rpct,
        administration=annex.plan.administration,
        subject=f"annex {annex.uid}",
        arguments={"annex": str(annex.uid)},
        state="failed",
        failure="L’operazione è stata interrotta prima della fine.",
        attempts=1,
    )
    page.goto(live_server.url + reverse("registry:job", args=[job.uid]))
    axe(page)
    page.get_by_role("button", name="Riprova").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Emesso con il numero 1.").wait_for()
