"""The parts of a plan on paper: tagged, in the contents, linked to the sheets they speak of."""

import io

import pikepdf
import pytest
from pypdf import PdfReader

from risk.content.part_values import to_annex
from risk.content.plan_parts import parts_of
from risk.content.plan_values import BoundPlan
from risk.paper.bound_plan import BoundPart, render_bound_plan
from risk.paper.joining import pages_of
from risk.paper.name_trees import NAMES, destinations_of, entries
from risk.paper.pdf import write_pdf
from tests.conformance import faults
from tests.risk.content.test_plan_parts import facts
from tests.risk.paper.reading import text_of


def annex_pdf(uids: list[str]) -> bytes:
    """Return an annex of a cover with its contents and a page for each sheet."""
    links = "".join(f"<p><a href='#processo-{uid}'>{uid}</a></p>" for uid in uids)
    sheets = "".join(
        f"<h2 style='break-before:page' id='processo-{uid}'>Scheda di {uid}</h2>" for uid in uids
    )
    return write_pdf(f"<html lang=it><title>x</title><body><h1>Allegato</h1>{links}{sheets}")


@pytest.fixture(scope="module")
def plan() -> bytes:
    told = facts()
    parts = []
    for annex in told.annexes:
        # of one process there is no sheet, as in a file issued before its links had names
        pdf = annex_pdf([one.uid for one in annex.processes if one.uid != "nuovo"])
        parts.append(BoundPart(annex.office, "", pdf, pages_of(pdf), to_annex(annex.uid)))
    document = BoundPlan(
        "Comune di Prova",
        "PTPCT",
        "PTPCT, ordinario",
        "2021–2023",
        "Anna Verdi",
        exempt=told.exempt,
        measures=told.measures,
        parts=parts_of(told),
    )
    return render_bound_plan(document, parts)


def test_each_link_leads_to_the_page_it_names(plan):
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(plan)).pages]
    with pikepdf.open(io.BytesIO(plan)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        places = dict(entries(destinations_of(pdf), NAMES))
        led = {
            str(link.Dest): (numbers[page.objgen], numbers[places[str(link.Dest)][0].objgen])
            for page in pdf.pages
            for link in page.get("/Annots", ())
        }
    to_sheets = {
        name: pair for name, pair in led.items() if "-via-" in name and "-processo-" in name
    }
    assert len(to_sheets) > 10
    for name, (here, there) in to_sheets.items():
        uid = name.rpartition("-")[2]
        assert text_of(f"Scheda di {uid}") in text_of(texts[there]), name
        assert f"pag.{there + 1}" in text_of(texts[here]), name
    annexes = {name: pair[1] for name, pair in led.items() if "-allegato-" in name}
    assert len({*annexes.values()}) == 2
    assert all("Allegato" in texts[place] for place in annexes.values())
    assert not any("nuovo" in name for name in to_sheets)
    # from the summary, which begins behind the contents, to the sheet it is one press
    contents = text_of(texts[1])
    for title in ("Sintesi per i cittadini", "Graduatoria dei processi", "Programma delle misure"):
        place = next(n for n, text in enumerate(texts[2:], 3) if text_of(title) in text_of(text))
        assert text_of(f"{title} {place}") in contents


def test_the_parts_are_one_accessible_document_with_their_bookmarks(plan):
    assert not faults(plan)
    with pikepdf.open(io.BytesIO(plan)) as pdf, pdf.open_outline() as outline:
        below = [kid.title for item in outline.root for kid in item.children]
    assert [title for title in below if title in ("Sintesi per i cittadini", "Indice")] == [
        "Indice",
        "Sintesi per i cittadini",
    ]
