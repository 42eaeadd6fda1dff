"""Measuring and proving in the row of a measure: by itself once complete, or all by one button."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from risk.models import Evidence, Measurement
from tests.people import client_of, seen_ahead
from tests.risk.monitoring.acts import closed, step_of
from tests.risk.monitoring.conftest import DAY, item_of
from tests.statements import at_most

pytestmark = pytest.mark.django_db
NOW = {"HX-Request": "true"}


def indicator_of(world):
    return item_of(world, "own").planned_measure.progress_indicators.get()


def measured(world, who="editor", **values):
    """Send the row of the indicator as its fields do; return what the site says."""
    row = indicator_of(world)
    sent = {f"misura-{row.uid}-{field}": value for field, value in values.items()}
    address = reverse("risk:round_measure", args=[item_of(world, "own").uid, row.uid])
    return client_of(world.people[who]).post(address, sent, headers=NOW)


def proved(world, who="editor", **values):
    item = item_of(world, "own")
    sent = {f"prova-{item.uid}-{field}": value for field, value in values.items()}
    address = reverse("risk:round_prove", args=[item.uid])
    return client_of(world.people[who]).post(address, sent, headers=NOW)


def counted(world):
    return [(row.numerator, row.denominator, row.source) for row in Measurement.objects.all()]


def test_a_measurement_is_written_once_its_row_is_complete(world):
    grid = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    shown = client_of(world.people["editor"]).get(grid).content.decode()
    assert shown.count("la misura risulta non misurata") == indicator_of(world).is_master
    half = measured(world, numerator="6").content.decode()
    assert "da dove viene il numero" in half
    assert "data-saved" not in half
    assert "Salvato." not in half, "who does not see the field is told too"
    assert counted(world) == []
    whole = {"numerator": "6", "denominator": "10", "source": "Protocollo"}
    done = measured(world, **whole).content.decode()
    assert 'data-saved="6"' in done
    assert "misurato 60 % (30/06/2021): valore atteso raggiunto" in done
    assert "risulta non misurata" not in done
    assert "correzione-" in done, "from now on it may be corrected"
    drawn = (
        "Pratiche controllate: partenza 0 %; misurato 60 % (30/06/2021); atteso 50 % (20/06/2021)"
    )
    assert drawn in done, "its picture is drawn anew"
    assert Measurement.objects.get().measured_on == DAY
    measured(world, **whole)
    assert counted(world) == [(6, 10, "Protocollo")]
    again = {**whole, "numerator": "7"}
    assert "perché la correggi" in measured(world, **again).content.decode()
    measured(world, **again, correction_reason="Ne mancava una.")
    assert [row[0] for row in counted(world)] == [6, 7]
    page = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    client = seen_ahead(client_of(world.people["editor"]))
    client.get(page)  # the engine is asked once what it can do
    with at_most(12):
        shown = client.get(page).content.decode()
    assert 'value="7"' in shown
    assert "misurato 70 %" in shown, "a correction is drawn, what it corrects is not"
    item = reverse("risk:round_item", args=[item_of(world, "own").uid])
    for who in ("editor", "rpct"):
        page = client_of(world.people[who]).get(item).content.decode()
        assert '<th scope="row">misurato</th>' in page
        assert "valore atteso raggiunto" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"numerator": "11"}, "Il numeratore va da zero"),
        ({"denominator": "0"}, "maggiore di zero"),
        ({"numerator": "sei"}, "numero"),
        ({"measured_on": "2021-07-01"}, "un giorno precedente"),
        ({"measured_on": "2021-06-30"}, "non è ancora venuto"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(world, settings, values, words):
    settings.TODAY = datetime.date(2021, 6, 20)
    whole = {"numerator": "6", "denominator": "10", "source": "Protocollo"}
    assert words in measured(world, **{**whole, **values}).content.decode()
    assert counted(world) == []


def test_a_proof_is_added_and_the_row_asks_for_the_next(world):
    assert "Scrivi che cosa prova" in proved(world, reference="Verbale 3").content.decode()
    assert "Scegli un file" in proved(world, proves="L’estrazione").content.decode()
    added = proved(world, reference="Verbale 3", proves="L’estrazione")
    assert added.headers["HX-Retarget"] == f"#prova-{item_of(world, 'own').uid}"
    assert "Verbale 3: L’estrazione" in added.content.decode()
    file = SimpleUploadedFile("elenco.txt", b"14/2020")
    proved(world, files=[file], proves="Le pratiche", has_personal_data="on")
    assert list(Evidence.objects.values_list("reference", "file_name", "has_personal_data")) == [
        ("Verbale 3", "", False),
        ("", "elenco.txt", True),
    ]
    for who, code in (("rpct", 403), ("colleague", 404)):
        assert measured(world, who).status_code == proved(world, who).status_code == code
    closed(world)
    assert "non si risponde più" in proved(world, reference="x", proves="y").content.decode()
    whole = {"numerator": "6", "denominator": "10", "source": "Altro", "correction_reason": "x"}
    assert "non si risponde più" in measured(world, **whole).content.decode()


def test_without_scripts_one_button_sends_numbers_steps_and_proofs(world):
    item, indicator, step = item_of(world, "own"), indicator_of(world), step_of(world)
    names = {
        f"risposta-{item.uid}": {"version": item.answer.version, "declared": "done", "done": "Sì."},
        f"fase-{step.uid}": {"version": 0, "done_on": "28/06/2021"},
        f"misura-{indicator.uid}": {"numerator": "6", "measured_on": "2021-06-30", "source": ""},
        f"prova-{item.uid}": {"reference": "Verbale 3", "proves": "L’estrazione"},
    }
    sent = {f"{prefix}-{name}": one for prefix, row in names.items() for name, one in row.items()}
    sent[f"prova-{item.uid}-files"] = SimpleUploadedFile("elenco.txt", b"14/2020")
    address = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    client = client_of(world.people["editor"])

    page = client.post(address, sent).content.decode()
    assert "Scrivi anche da dove viene il numero" in page
    assert item_of(world, "own").state == "answered"
    assert item_of(world, "own").step_states.get().done_on == datetime.date(2021, 6, 28)
    assert Evidence.objects.get().file_name == "elenco.txt"
    sent = {f"misura-{indicator.uid}-source": "Protocollo"}
    sent |= {f"risposta-{item.uid}-version": item_of(world, "own").answer.version}
    sent |= {f"risposta-{item.uid}-declared": "done", f"risposta-{item.uid}-done": "Sì."}
    parts = {"numerator": "6", "denominator": "10", "measured_on": "2021-06-30"}
    sent |= {f"misura-{indicator.uid}-{name}": one for name, one in parts.items()}
    assert client.post(address, sent).status_code == 302
    assert counted(world) == [(6, 10, "Protocollo")]
