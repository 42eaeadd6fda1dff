"""The back office in a real browser: what the policy refuses and what breaks WCAG 2.1 AA fail."""

import pytest
from playwright.sync_api import expect

from tests.project.test_pages_in_browser import BESIDE
from tests.risk.admin.test_files import sheet
from tests.risk.admin.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "",
    "registry/",
    "registry/process/",
    "registry/riskarea/?uso=si",
    "registry/annex/",
    "registry/process/add/",
    "registry/process/{process}/change/",
    "registry/process/{process}/delete/",
    "registry/process/{process}/history/",
    "registry/process/import/",
    "registry/process/export/",
    "registry/office/{office}/change/",
    "registry/plan/{plan}/change/",
    "registry/annex/{annex}/change/",
    "risk/riskbehaviour/{riskbehaviour}/change/",
    "risk/assessment/{assessment}/change/",
    "risk/plannedmeasure/{plannedmeasure}/change/",
    "risk/measure/{measure}/change/",
    "risk/method/{method}/change/",
    "risk/librarybehaviour/{librarybehaviour}/change/",
    "risk/textblock/{textblock}/change/",
)


def visit(page, live_server, path, rows):
    page.goto(f"{live_server.url}/admin/{path.format(**rows)}")


def test_every_kind_of_page_is_accessible_in_the_dark_and_within_the_policy(
    page, live_server, sign_in, axe
):
    # in the light every page is looked at by tests/project/test_pages_in_browser.py
    world = build()
    page.emulate_media(color_scheme="dark")
    sign_in(world.people["rpct"])
    rows = {name: row.pk for name, row in vars(world.a).items()}
    wrong, apps = [], set()
    for path in PAGES:
        visit(page, live_server, path, rows)
        assert page.locator("h1").count() >= 1, path
        # an app has no list beside its own page; after a page that has it, it is the same
        app, is_of_list = path.split("/")[0], path.count("/") > 1
        try:
            axe(page, without=BESIDE if app in apps else None)
        except AssertionError as error:
            wrong.append(str(error))
        if is_of_list:
            apps.add(app)

    assert not wrong, "\n".join(wrong)


def test_what_a_file_would_do_and_what_is_wrong_with_it_are_accessible_too(
    page, live_server, sign_in, axe
):
    world = build()
    sign_in(world.people["rpct"])
    heads = ["Amministrazione", "Codice", "Denominazione", "Tipo"]
    own = world.a.administration.ipa_code
    for row, shown in (
        ([own, "N", "Area nuova", "specifica"], "Conferma l’importazione"),
        ([own, "N", "Area strana", "speciale"], "Nulla è stato scritto"),
    ):
        visit(page, live_server, "registry/riskarea/import/", {})
        file = {"name": "aree.xlsx", "mimeType": "", "buffer": sheet(heads, row)}
        page.locator("input[type=file]").set_input_files(file)
        # the kind of the file is guessed from its name
        assert page.locator("select[name=format]").input_value() == "0"
        page.get_by_role("button", name="Controlla il file").click()
        said = page.get_by_text(shown).or_(page.get_by_role("button", name=shown))
        expect(said).to_be_visible()
        axe(page)


def test_a_change_in_the_history_takes_the_lines_of_what_was_written(page, live_server, sign_in):
    world = build()
    process = world.a.process
    process.objective = "Due righe.\nE non di più."
    process.save()
    sign_in(world.people["rpct"])
    visit(page, live_server, "registry/process/{process}/history/", {"process": process.pk})
    change = page.locator(".house-history dd", has_text="E non di più.").first.bounding_box()
    assert 30 < change["height"] < 80


def test_a_row_of_the_preview_takes_one_line_where_its_cells_have_one(page, live_server, sign_in):
    world = build()
    sign_in(world.people["rpct"])
    own = world.a.administration.ipa_code
    content = sheet(
        ["Amministrazione", "Codice", "Denominazione", "Tipo"], [own, "N", "Area", "specifica"]
    )
    visit(page, live_server, "registry/riskarea/import/", {})
    file = {"name": "aree.xlsx", "mimeType": "", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Controlla il file").click()
    assert page.locator(".house-preview tbody tr").bounding_box()["height"] < 45
