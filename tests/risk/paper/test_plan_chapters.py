"""The parts of a plan on paper: tagged, in the contents, linked to the sheets, which lead back."""

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

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
from tests.risk.paper.reading import elements, text_of
from tests.risk.paper.test_joining import misplaced


def annex_pdf(uids: list[str]) -> bytes:
    """Return an annex of a cover with its contents and a page for each sheet."""
    links = "".join(f"<p><a href='#processo-{uid}'>{uid}</a></p>" for uid in uids)
    sheets = "".join(
        f"<h3 style='break-before:page' id='processo-{uid}'>Scheda di {uid}</h3>"
        f"<p>Descrizione</p><p style='break-before:page'>Segue {uid}</p>"
        for uid in uids
    )
    return write_pdf(
        f"<html lang=it><title>x</title><body><h1>Allegato</h1>{links}<h2>Schede</h2>{sheets}"
    )


class Led(NamedTuple):
    """A link as it is read back: its page, the page it leads to, what is read for it."""

    name: str
    here: int
    there: int | None
    said: str
    left: float


def links_of(pdf: bytes) -> list[Led]:
    with pikepdf.open(io.BytesIO(pdf)) as book:
        numbers = {page.objgen: number for number, page in enumerate(book.pages)}
        places = dict(entries(destinations_of(book), NAMES))
        found = []
        for here, page in enumerate(book.pages):
            for link in page.get("/Annots", ()):
                place = places.get(str(link.Dest))
                there = None if place is None else numbers[place[0].objgen]
                said = str(link.Contents)
                found.append(Led(str(link.Dest), here, there, said, float(link.Rect[0])))
        return found


def bookmarks(items: Any, numbers: dict) -> Iterator[tuple[str, int]]:
    for item in items:
        yield item.title, numbers[item.destination[0].objgen]
        yield from bookmarks(item.children, numbers)


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


def test_each_page_of_an_annex_leads_back_to_where_the_plan_speaks_of_it(plan):
    ways = [one for one in links_of(plan) if one.said.startswith("Torna")]
    front = min(one.here for one in ways)
    read = PdfReader(io.BytesIO(plan)).pages
    assert {one.here for one in ways} == set(range(front, len(read)))
    led = {}
    for way in ways:
        led.setdefault(way.here, []).append(way)
    sheet = ""
    for here, back in led.items():
        text = read[here].extract_text()
        found = re.search(r"Scheda di (\w+)", text)
        sheet = "" if "Allegato" in text else found[1] if found else sheet
        said = ["Torna alla graduatoria dei processi"] if sheet else ["Torna all’indice del piano"]
        if sheet in ("alto", "derivato"):
            said.insert(0, "Torna alla sintesi per i cittadini")
        # written from the right to the left, read from the left to the right
        assert [one.said for one in sorted(back, key=lambda one: one.left)] == said, here
        for one in back:
            there = text_of(read[one.there].extract_text())
            assert text_of(f"Processo {sheet}" if sheet else "Indice") in there, here
            if "graduatoria" in one.said:
                # at the row of the process, not at the head of the list
                assert str(one.name).endswith(f"graduatoria-processo-{sheet}")
        # its number stays
        assert text_of(f"Piano: pag. {here + 1} di {len(read)}") in text_of(text)


def test_a_way_back_is_read_aloud_below_the_heading_of_its_sheet(plan):
    with pikepdf.open(io.BytesIO(plan)) as pdf:
        assert misplaced(pdf) == []
        below = []
        for element in elements(pdf.Root.StructTreeRoot):
            kids = [kid for kid in element.get("/K", ()) if isinstance(kid, pikepdf.Dictionary)]
            for one, other in itertools.pairwise(kids):
                if one.get("/S") == "/H3" and other.get("/S") == "/P":
                    below.append([told_of(link) for link in other.K if not isinstance(link, int)])
    rank, summary = "Torna alla graduatoria dei processi", "Torna alla sintesi per i cittadini"
    # a sheet has two pages
    high, others = [summary, rank] * 2, [rank] * 2
    assert [one for one in below if rank in one] == [others, high, high, others, others]


def told_of(link: pikepdf.Object) -> str:
    """Return what is read for a link, by the reference its element has to it."""
    return next((str(kid.Obj.Contents) for kid in link.K if not isinstance(kid, int)), "")


def test_contents_bookmarks_and_links_all_lead_to_the_page_that_says_so(plan):
    read = [text_of(page.extract_text()) for page in PdfReader(io.BytesIO(plan)).pages]
    links = links_of(plan)
    # each leads somewhere, and none to its own page but within the list of one annex
    assert all(one.there is not None for one in links)
    contents = [one for one in links if one.here == 1]
    assert {one.there for one in contents} > {one.there for one in contents if "via" in one.name}
    for one in contents:
        assert text_of(one.said) in read[one.there] or "Allegato" in read[one.there], one
        assert text_of(f"{one.said}") in read[1]
        assert str(one.there + 1) in read[1]
    with pikepdf.open(io.BytesIO(plan)) as pdf, pdf.open_outline() as outline:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        told = list(bookmarks(outline.root, numbers))
    assert len(told) > 12
    for title, place in told:
        # that of a whole annex is its office, and its first page says that it is one
        assert text_of(title) in read[place] or "Allegato" in read[place], title


def test_the_parts_are_one_accessible_document_with_their_bookmarks(plan):
    assert not faults(plan)
    with pikepdf.open(io.BytesIO(plan)) as pdf, pdf.open_outline() as outline:
        below = [kid.title for item in outline.root for kid in item.children]
    assert [title for title in below if title in ("Sintesi per i cittadini", "Indice")] == [
        "Indice",
        "Sintesi per i cittadini",
    ]
