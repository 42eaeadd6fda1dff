"""A long annex on the screen, some processes at a time; its files stay whole."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from registry.models import Annex, Job, User
from risk.content.build import OF_PROCESSES, build_document
from risk.content.canonical import digest_of, snapshot
from risk.content.reading import read_annex
from risk.enums import Layout, MeasureScope
from risk.models import AnnexIssue, MeasureTarget, PlannedMeasure
from risk.paper.html import render_html
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.services.annexes.documents import DocumentPages
from tests.load_once import made_once
from tests.people import client_of, people_of
from tests.register import close, complete_annex, make_behaviour, make_phase, make_process

pytestmark = pytest.mark.django_db

MORE = 34
ROWS = ("catalogue", "table", "sheets")


@pytest.fixture
@made_once
def world() -> SimpleNamespace:
    """The annex of the tests with 34 processes more, one in two of them with a measure."""
    annex = complete_annex()
    people = people_of(annex)
    planned = PlannedMeasure.objects.create(
        plan=annex.plan,
        annex=annex,
        measure=PlannedMeasure.objects.filter(plan=annex.plan)[0].measure,
        scope=MeasureScope.PROCESSES,
        position=9,
    )
    for n in range(MORE):
        process = make_process(annex, f"Concessione {n}")
        make_behaviour(process, f"Favorire {n}", phases=[make_phase(process)])
        if n % 2:
            MeasureTarget.objects.create(planned_measure=planned, process=process)
    return SimpleNamespace(annex=annex, people=people)


@pytest.fixture
def writers(world) -> dict[str, User]:
    """The people of the long annex."""
    return world.people


@pytest.fixture
def long_annex(world) -> Annex:
    return Annex.objects.with_names().get(pk=world.annex.pk)


@pytest.fixture
def issued(long_annex, writers) -> Annex:
    """The long annex issued, without drawing it."""
    data = snapshot(build_document(read_annex(long_annex)))
    close(long_annex, "issued", digest=digest_of(data))
    AnnexIssue.objects.create(
        annex=long_annex,
        plan=long_annex.plan,
        number=7,
        issued_at=timezone.now(),
        by=writers["rpct"],
        data=data,
        data_digest=digest_of(data),
        html="",
        pdf=b"",
        pdf_digest="0" * 64,
    )
    return Annex.objects.with_names().get(pk=long_annex.pk)


def shown(person, annex, layout, **query):
    return client_of(person).get(reverse("risk:annex", args=[annex.uid, layout]), query)


def joined(annex: Annex) -> dict:
    """Return the rows of all the pages of ten, one page after the other."""
    pages = DocumentPages(annex, rows=10)
    parts = [pages.page(number).document for number in range(1, 5)]
    return {name: tuple(row for part in parts for row in getattr(part, name)) for name in ROWS}


def test_the_pages_together_are_the_whole_document(long_annex):
    whole = build_document(read_annex(long_annex))
    assert joined(long_annex) == {name: getattr(whole, name) for name in ROWS}
    assert DocumentPages(long_annex, rows=99).page(1).document == whole


def test_a_page_of_a_draft_has_no_figures_and_one_of_an_issue_has(issued):
    whole = DocumentPages(issued, rows=99).page(1).document
    first = DocumentPages(issued, rows=10).page(1).document
    nothing = dict.fromkeys(ROWS, ())
    assert replace(first, **nothing) == replace(whole, **nothing)
    assert first.figures
    assert joined(issued) == {name: getattr(whole, name) for name in ROWS}
    issued.state = "draft"
    assert DocumentPages(issued, rows=10).page(1).document.figures == ()


@pytest.mark.parametrize("state", ["draft", "issued"])
def test_what_a_layout_does_not_draw_is_not_built(long_annex, request, state):
    annex = request.getfixturevalue("issued") if state == "issued" else long_annex
    for layout, printed in PRINTED_LAYOUTS.items():
        whole = DocumentPages(annex, rows=10).page(2).document
        part = DocumentPages(annex, rows=10, holds=printed.holds).page(2).document
        built = {name for name in OF_PROCESSES if getattr(part, name)}
        assert built <= printed.holds
        assert render_html(part, layout=layout) == render_html(whole, layout=layout)


def test_the_catalogue_reads_nothing_that_hangs_on_its_processes(long_annex):
    with CaptureQueriesContext(connection) as captured:
        DocumentPages(long_annex, rows=10, holds={"catalogue"}).page(1)
    read = " ".join(query["sql"] for query in captured)
    assert "registry_process" in read
    assert not re.search("registry_phase|risk_riskbehaviour|risk_rating|risk_measuretarget", read)


@pytest.mark.parametrize(
    ("layout", "pages", "row"),
    [
        (Layout.CATALOGUE, 2, r'id="catalogo-'),
        (Layout.RISK_TABLE, 2, r'id="tabella-attivita-'),
        (Layout.SHEETS, 4, r'<h3 id="processo-'),
        (Layout.COMPLETE, 4, r'<h3 id="processo-'),
    ],
)
def test_each_layout_is_read_page_by_page(long_annex, writers, layout, pages, row):
    counts = []
    for number in range(1, pages + 1):
        text = shown(writers["editor"], long_annex, layout, pagina=number).content.decode()
        assert f"Pagina {number} di {pages}" in text
        assert f"di {MORE + 1}: i file che si scaricano li hanno tutti" in text
        counts.append(len(re.findall(row, text)))
    assert sum(counts) == MORE + 1


def test_the_cover_is_on_the_first_page_and_what_closes_on_the_last(long_annex, writers):
    texts = [
        shown(writers["editor"], long_annex, Layout.COMPLETE, pagina=n).content.decode()
        for n in (1, 2, 4)
    ]
    assert ["paper-cover-office" in text for text in texts] == [True, False, False]
    quadro = f'href="{reverse("risk:figures", args=[long_annex.uid])}">Quadro dei rischi</a>'
    assert all(quadro in text for text in texts)


@pytest.mark.parametrize("named", ["uid", "number"])
@pytest.mark.parametrize(
    ("layout", "number", "place"),
    [
        (Layout.CATALOGUE, 2, "#catalogo-{uid}"),
        (Layout.RISK_TABLE, 2, ""),
        (Layout.SHEETS, 4, "#processo-{uid}"),
        (Layout.COMPLETE, 4, "#processo-{uid}"),
    ],
)
def test_a_process_leads_to_the_page_it_is_on(long_annex, writers, layout, number, place, named):
    last = long_annex.processes.order_by("position").last()
    answer = shown(writers["editor"], long_annex, layout, processo=str(getattr(last, named)))
    here = reverse("risk:annex", args=[long_annex.uid, layout])
    assert answer.url == f"{here}?pagina={number}{place.format(uid=last.uid)}"
    page = client_of(writers["editor"]).get(answer.url.partition("#")[0]).content.decode()
    assert place.format(uid=last.uid).lstrip("#") in page
    assert last.title in page


def test_a_number_no_process_has_is_said_beside_its_field(long_annex, writers):
    text = shown(writers["editor"], long_annex, Layout.SHEETS, processo="<b>").content.decode()
    assert "Nessun processo in uso ha questo numero." in text
    assert 'value="&lt;b&gt;"' in text
    assert "<b>" not in text


def test_the_way_to_a_process_of_an_issue_is_that_of_the_issue(issued, writers):
    last = issued.processes.order_by("position").last()
    answer = shown(writers["editor"], issued, Layout.SHEETS, processo=str(last.number))
    assert answer.url.endswith(f"?pagina=4#processo-{last.uid}")


def test_an_annex_of_one_page_is_shown_whole_without_a_pager(annex, people):
    text = shown(people["editor"], annex, Layout.COMPLETE).content.decode()
    assert "Quadro dei rischi</h2>" in text
    assert "Vai al processo" not in text
    assert "Pagina 1" not in text


def test_an_annex_is_given_as_a_text_and_a_slow_one_by_a_job(annex, people, settings):
    client, names = client_of(people["rpct"]), [annex.uid, "schede"]
    for suffix in ("docx", "odt"):
        answer = client.get(reverse("risk:annex_file", args=[*names, suffix]))
        assert answer.content.startswith(b"PK")
        assert answer.headers["Content-Disposition"].endswith(f'-schede.{suffix}"')
    settings.PAGE_SECONDS = 0
    answer = client.get(reverse("risk:annex_file", args=[*names, "odt"]))
    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert (job.kind, job.state) == ("write-annex-text", "done")
    file = reverse("registry:job_file", args=[job.uid])
    assert b"".join(client.get(file).streaming_content).startswith(b"PK")


def test_the_files_are_whole(long_annex, writers):
    address = reverse("risk:annex_file", args=[long_annex.uid, Layout.SHEETS, "html"])
    text = client_of(writers["editor"]).get(address).content.decode()
    assert text.count('<h3 id="processo-') == MORE + 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_place_of_a_process_on_another_page_is_found(
    page, sign_in, live_server, annex, people, axe
):
    for n in range(12):
        make_process(annex, f"Concessione {n}")
    last = annex.processes.order_by("position").last()
    sign_in(people["editor"])
    address = live_server.url + reverse("risk:annex", args=[annex.uid, Layout.SHEETS])
    page.goto(f"{address}#processo-{last.uid}")
    page.wait_for_url(f"{address}?pagina=2#processo-{last.uid}")
    expect(page.locator(f"#processo-{last.uid}")).to_be_in_viewport()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Vai al processo n.").fill("1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}?pagina=1#processo-*")
