"""Three registers nobody has seen before come in within ten clicks, exactly as they are written.

One undo takes each back, with all that had to be made for it.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Annex, ExecutorRole, Macroprocess, Office
from risk.models import EnablingFactor, Measure, RegisterImport
from tests.people import make_member
from tests.register import make_annex, make_area, make_method, use_method
from tests.risk.imports.cases.comparing import differences
from tests.risk.imports.cases.doors import Told
from tests.risk.imports.cases.register import changed, register_of
from tests.risk.imports.clicks import FEW, Clicks
from tests.risk.imports.whole_registers import WHOLE_REGISTERS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICES = {
    "PROV": "Provveditorato ed economato",
    "DEM": "Demanio marittimo",
    "SIC": "Sicurezza e ordinanze",
    "OPE": "Opere e manutenzioni",
}
AREAS = {"D": "Contratti pubblici", "L": "Attività libero professionale e liste di attesa"}
FACTORS = {"FA1": "Mancanza di trasparenza", "FA2": "Scarsa responsabilizzazione interna"}
MEASURES = (
    *("Formazione", "Whistleblowing", "Informatizzazione dei processi"),
    "Rotazione ordinaria del personale",
)
MADE = (Annex, Macroprocess, Measure)
"""What an import may have to make beside the rows of the register."""


@pytest.fixture
def school_annex():
    """The one annex there is yet; its body has offices, lists and a method with residual risk."""
    annex = make_annex(office="Personale della scuola")
    body = annex.plan.administration
    annex.office.code = "SCU"
    annex.office.save()
    for code, name in OFFICES.items():
        Office.objects.create(administration=body, code=code, name=name)
    for code, label in AREAS.items():
        make_area(body, code, label)
    for code, label in FACTORS.items():
        EnablingFactor.objects.create(code=code, label=label)
    for place, label in enumerate(MEASURES, 1):
        Measure.objects.create(code=f"M{place}", label=label, character="general")
    ExecutorRole.objects.create(code="DIR", label="Dirigente")
    use_method(annex, make_method(has_residual=True))
    return annex


def made() -> dict:
    return {model: model.objects.count() for model in MADE}


def take(page, register) -> int:
    """Bring a register from the page shown up to its preview, answering; return the clicks."""
    clicks = Clicks(page)
    clicks.click("link", "Importa da un file")
    clicks.file("File", register.filename, register.write())
    clicks.click("button", "Carica il file")
    for heading, answers in register.pages:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        for question, answer in answers.items():
            clicks.answer(question, answer)
        clicks.click("button", "Continua")
    expect(page.get_by_role("heading", name="Che cosa cambia")).to_be_visible()
    account = RegisterImport.objects.get().report["account"]
    expect(page.get_by_text(account["sentence"])).to_be_visible()
    cells = sum(group["cells"] for group in account["groups"] if group["fate"] != "asked")
    assert (cells, account["cells"]) == (register.cells, register.cells)
    clicks.click("button", "Importa nel registro")
    expect(page.get_by_role("heading", name="Il file è nel registro")).to_be_visible()
    return clicks.count


@pytest.mark.parametrize("register", WHOLE_REGISTERS, ids=lambda register: register.filename)
def test_a_register_of_another_kind_within_ten_clicks(
    page, live_server, sign_in, school_annex, register
):
    plan, before = school_annex.plan, made()
    sign_in(make_member("nuovo-rpct", "rpct", body=plan.administration))
    plan_page = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    map_page = reverse("risk:mapping", args=[school_annex.uid])
    page.goto(f"{live_server.url}{map_page if register.is_from_map else plan_page}")

    assert take(page, register) <= FEW
    rows = changed(({}, {}), register_of(plan))
    assert differences(register.outcome, Told(is_taken=True), *rows) == []

    page.get_by_role("button", name="Annulla l’importazione").click()
    undone = page.locator(".house-message", has_text="L’importazione è annullata")
    expect(undone).to_be_visible()
    assert register_of(plan) == ({}, {})
    assert made() == before
