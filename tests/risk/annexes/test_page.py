"""The page of the moves and the list before them: they say whose turn it is, and why."""

import pytest
from django.urls import reverse

from registry.models import Annex
from risk.enums import Verb
from risk.models import RiskBehaviour
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.plans.exemptions import exempt_annex
from tests.people import client_of
from tests.register import close

pytestmark = pytest.mark.django_db


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def read(person, name, annex) -> str:
    page = client_of(person).get(reverse(f"risk:{name}", args=[annex.uid]))
    return " ".join(page.content.decode().split())


def next_step(person, annex) -> str:
    """Return the part of the page on what comes now, without the moves done."""
    return read(person, "workflow", annex).partition('id="prossimo"')[2].partition('id="fatti"')[0]


def test_what_was_sent_back_says_why_where_it_goes_on(annex, people):
    close(annex, "approved")
    reason = "Manca la durata della seconda fase."
    move_annex(annex=fresh(annex), verb=Verb.RETURN, by=people["rpct"], reason=reason)
    told = next_step(people["editor"], annex)
    assert f"Restituito da {people['rpct']} il" in told
    assert reason in told

    close(annex, "submitted")
    assert reason not in next_step(people["editor"], annex)


def test_what_was_reopened_says_why_too(annex, people):
    close(annex, "validated")
    issue_annex(annex=fresh(annex), by=people["rpct"])
    reason = "Il regolamento è cambiato."
    move_annex(annex=fresh(annex), verb=Verb.REOPEN, by=people["rpct"], reason=reason)
    told = next_step(people["editor"], annex)
    assert f"Riaperto da {people['rpct']} il" in told
    assert reason in told


def test_nothing_is_asked_of_an_exempted_office(annex, people):
    annex.processes.all().delete()
    assert "impedisce di trasmettere" in next_step(people["editor"], annex)
    exempt_annex(annex=fresh(annex), reason="Ufficio soppresso.", by=people["rpct"])
    page = read(people["editor"], "workflow", annex)
    assert "impedisce di trasmettere" not in page
    assert "si comincia trasmettendo" not in page
    assert '<span class="house-chip">esonerato</span>' in page
    assert "di trasmettere" not in read(people["editor"], "completeness", annex)


def test_where_nothing_is_missing_the_way_leads_on(annex, people):
    link = f'href="{reverse("risk:workflow", args=[annex.uid])}"'
    page = reverse("risk:completeness", args=[annex.uid])
    client = client_of(people["editor"])
    assert client.get(page).content.decode().count(link) == 2
    assert link in client.get(page, headers={"hx-request": "true"}).content.decode()
    close(annex, "submitted")
    assert client.get(page).content.decode().count(link) == 1


def test_the_changes_tell_when_they_are_approved(annex, people):
    words = "Si approva quando l’ufficio ha trasmesso l’allegato"
    assert words in read(people["head"], "changes", annex)
    close(annex, "submitted")
    assert words not in read(people["head"], "changes", annex)


def test_a_reason_that_is_wanted_is_asked_for_beside_its_field(annex, people):
    close(annex, "submitted")
    page, client = reverse("risk:workflow", args=[annex.uid]), client_of(people["head"])
    told = '<p class="house-field-error" id="errore-return">Scrivi il motivo.</p>'
    assert told not in client.get(page).content.decode()
    refused = client.post(page, {"verb": "return", "reason": "  "})
    assert refused.status_code == 409
    assert told in refused.content.decode()
    assert 'aria-describedby="errore-return"' in refused.content.decode()
    assert fresh(annex).state == "submitted"


def test_a_refused_submission_leads_to_what_is_missing(annex, people):
    process = annex.processes.get()
    process.phases.all().delete()
    RiskBehaviour.objects.filter(process=process).delete()
    page, client = reverse("risk:workflow", args=[annex.uid]), client_of(people["editor"])
    refused = client.post(page, {"verb": "submit"})
    assert refused.status_code == 409
    box = refused.content.decode().partition('role="alert"')[2].partition("</ul>")[0]
    sheet = reverse("risk:process_sheet", args=[process.uid])
    assert f'<a href="{sheet}#' in box
    assert f">{process.printed}: " in box
