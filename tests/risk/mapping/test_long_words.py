"""A text whose blanks were lost is kept and said, at each door it comes in by."""

import pytest
from django.urls import reverse

from registry.models import Process
from registry.spreadsheets.reading import read_workbook
from registry.validators import LONG_WORD, long_word_warning
from tests.people import client_of, make_member
from tests.register import make_area, make_process

WELDED = "senzaspazi" * (LONG_WORD // 10)
SAID = f"una parola di {LONG_WORD} caratteri"


def test_a_word_of_any_language_is_not_said():
    assert long_word_warning("x" * (LONG_WORD - 1)) == ""
    assert long_word_warning(f"{'x' * 150} {'y' * 150}") == ""
    assert SAID in long_word_warning(f"prima {WELDED} dopo")


def test_a_file_is_read_and_its_cell_named():
    workbook = read_workbook(f"Processo;Obiettivo\nUno;{WELDED}\n".encode())
    (finding,) = workbook.findings
    assert (finding.kind, finding.place, finding.stops) == ("long-word", "B2", False)
    assert SAID in finding.reason
    assert workbook.sheets[0].rows[1][1] == WELDED


@pytest.fixture
def process(annex):
    return make_process(annex, "Rimborso di tributi", risk_presence="present")


HTMX = {"HX-Request": "true"}


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_the_sheet_saves_and_says_it_beside_the_field(process, people, headers):
    client = client_of(people["editor"])
    address = reverse("risk:process_sheet_part", args=[process.uid, "presenza"])
    data = {"risk_presence": "absent", "risk_presence_reason": WELDED, "version": 1}
    answer = client.post(address, data, headers=headers, follow=True).content.decode()
    assert "Salvato" in answer
    assert SAID in answer
    process.refresh_from_db()
    assert process.risk_presence_reason == WELDED


@pytest.mark.django_db
def test_so_does_the_map(process, people):
    client = client_of(people["editor"])
    data = {"number": process.number, "title": WELDED, "risk_presence": "present", "version": 1}
    address = reverse("risk:row_save", args=[process.uid])
    answer = client.post(address, data, headers=HTMX).content.decode()
    assert "Salvato" in answer
    assert SAID in answer
    assert SAID in client.get(reverse("risk:mapping", args=[process.annex.uid])).content.decode()


@pytest.mark.django_db
def test_a_pasted_block_is_taken_and_its_cell_named(annex, people):
    client = client_of(people["editor"])
    address = reverse("risk:mapping_paste", args=[annex.uid])
    text = f"Processo\tObiettivo\nPrimo\t{WELDED}"
    page = client.post(address, {"testo": text})
    shown = page.content.decode()
    assert "Riga 2, colonna «obiettivo»:" in shown
    assert SAID in shown
    data = {"testo": text, "digest": page.context["preview"].digest, "conferma": "1"}
    client.post(address, data)
    assert Process.objects.get(title="Primo").objective == WELDED


@pytest.mark.django_db
def test_the_back_office_saves_and_says_it(annex):
    body = annex.plan.administration
    keeper = make_member("custode", "rpct", body=body)
    client = client_of(keeper)
    area = make_area(body, code="Z")
    address = reverse("admin:registry_riskarea_change", args=[area.pk])
    form = client.get(address).context["adminform"].form
    data = {field.html_name: field.value() or "" for field in form} | {"label": WELDED}
    data["position"] = 0
    answer = client.post(address, data, follow=True).content.decode()
    area.refresh_from_db()
    assert area.label == WELDED
    assert SAID in answer
