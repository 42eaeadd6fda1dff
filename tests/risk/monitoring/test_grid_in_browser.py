"""The row of a measure in a browser: measured when it is left, files looked at before they go."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from risk.models import Evidence, Measurement
from tests.browser import wait_until
from tests.risk.monitoring.conftest import in_force, item_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEGABYTE = 2**20


@pytest.fixture
def grid(transactional_db, page, sign_in, live_server):
    world = in_force()
    sign_in(world.people["editor"])
    address = reverse("risk:round_office", args=[world.round.uid, world.annex.office_id])
    page.goto(live_server.url + address)
    return world


def test_a_measurement_is_written_when_its_row_is_left_not_with_half_of_it(grid, page):
    indicator = item_of(grid, "own").planned_measure.progress_indicators.get()
    row = page.locator(f"[data-saves='misura-{indicator.uid}-']")
    numerator, denominator, source = (
        row.locator(f"[name$='-{name}']") for name in ("numerator", "denominator", "source")
    )
    numerator.fill("120")
    denominator.fill("100")
    source.fill("Protocollo")
    source.press("Tab")
    expect(row.get_by_text("Il numeratore va da zero al denominatore.")).to_be_visible()
    numerator.fill("60")
    numerator.press("Tab")
    denominator.fill("80")
    denominator.press("Tab")
    page.locator("h1").click()
    expect(row.locator(".house-saved").first).to_be_visible()
    parts = [(one.numerator, one.denominator) for one in Measurement.objects.all()]
    assert parts == [(60, 80)], "60 of 100 was never meant"


def test_a_file_that_is_too_large_is_named_before_anything_is_sent(grid, page, tmp_path):
    block = page.locator(f"#prova-{item_of(grid, 'own').uid}")
    files = {"verbale.txt": 9, "scansione.pdf": 200 * MEGABYTE}
    for name, size in files.items():
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    (tmp_path / "verbale.txt").write_text("Il verbale.")
    block.locator("[type=file]").set_input_files([tmp_path / name for name in files])
    said = block.get_by_role("alert")
    expect(said).to_have_text("«scansione.pdf» pesa 200 MB: al più se ne tengono 20.")
    block.locator("[name$='-proves']").fill("L’estrazione")
    block.get_by_role("button", name="Aggiungi la prova").click()
    expect(page.get_by_text("verbale.txt").first).to_be_visible()
    assert wait_until(page, lambda: Evidence.objects.count() == 1)
    assert Evidence.objects.get().file_name == "verbale.txt", "the other file stays chosen"
