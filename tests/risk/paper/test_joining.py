"""Ready PDFs as one document: nothing lost, tags on their own page, links to the right one."""

import io
import re
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Dictionary, String
from pypdf import PdfReader

from risk.content.plan_values import BoundPlan
from risk.paper.bound_plan import BoundPart, render_bound_plan
from risk.paper.joining import JoinedPart, join, pages_of, places_of
from risk.paper.name_trees import NAMES, bare, destinations_of, entries
from risk.paper.pdf import write_pdf
from tests.conformance import faults
from tests.risk.paper.reading import elements, misplaced, text_of

NUMBER = "Piano: pag. %(page)d di %(pages)d"


@cache
def tiny(word: str) -> bytes:
    """Return three pages with a table, a link and bookmarks."""
    return write_pdf(
        f"<html lang=it><title>{word}</title><body><h1>Ufficio {word}</h1>"
        "<p><a href='#parte-schede'>Schede</a></p>"
        "<table><thead><tr><th id=t1 scope=col>Fase</th></tr></thead>"
        f"<tr><td>Fase di {word}</td></tr></table>"
        f"<h2 style='break-before:page' id=parte-tabella>Tabella di {word}</h2>"
        f"<h2 style='break-before:page' id=parte-schede>Schede di {word}</h2><p>Fine {word}</p>"
    )


@cache
def front() -> bytes:
    links = "".join(f"<p><a id=v{n} href='#v{n}'>Voce {n}</a></p>" for n in range(4))
    return write_pdf(f"<html lang=it><title>Piano</title><body><h1>Piano</h1>{links}")


@cache
def signs() -> bytes:
    return write_pdf(f"<html lang=it><title>x</title><p>{NUMBER} 0123456789")


def as_before(pdf: bytes) -> bytes:
    """Return a PDF as it was issued before ids began with the digest of their document."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        for element in elements(book.Root.StructTreeRoot):
            if "/ID" in element:
                element.ID = String(bare(str(element.ID)))
            if "/Headers" in element.get("/A", ()):
                element.A.Headers = Array([String(bare(str(one))) for one in element.A.Headers])
        for leaf in (book.Root.StructTreeRoot.IDTree.Kids[0], book.Root.Names.Dests):
            pairs = ((bare(name), value) for name, value in entries(leaf, NAMES))
            leaf.Names = Array([one for pair in pairs for one in pair])
        for page in book.pages:
            for link in page.get("/Annots", ()):
                link.Dest = String(bare(str(link.Dest)))
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture(scope="module")
def parts() -> list[bytes]:
    """Two annexes, one issued before there were digests, and one that is a part twice."""
    return [tiny("uno"), tiny("due"), as_before(tiny("tre")), tiny("uno")]


@pytest.fixture(scope="module")
def joined(parts) -> bytes:
    return joined_of(parts)


def joined_of(parts: list[bytes]) -> bytes:
    reached = [{"v0": ""}, {"v1": "parte-schede"}, {"v2": "parte-tabella"}, {"v3": ""}]
    told = zip(parts, reached, strict=True)
    return join(
        front(),
        [JoinedPart(f"Allegato {n}", pdf, names) for n, (pdf, names) in enumerate(told)],
        number=NUMBER,
        stamps=signs(),
    )


def test_the_words_are_those_of_the_parts_in_their_order(joined, parts):
    expected = [page.extract_text() for one in (front(), *parts) for page in read(one).pages]
    found = [page.extract_text() for page in read(joined).pages]
    assert len(found) == pages_of(joined) == len(expected) == 13
    for number, (text, own) in enumerate(zip(found, expected, strict=True), start=1):
        stamp = f"Piano: pag. {number} di 13"
        assert stamp in text
        assert text_of(text.replace(stamp, "")) == text_of(own)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def test_all_that_is_drawn_is_told_on_its_own_page(joined):
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        assert misplaced(pdf) == []
        (document,) = pdf.Root.StructTreeRoot.K
        assert document.S == "/Document"
        sections = [kid for kid in document.K if kid.S == "/Sect"]
        assert [str(one.T) for one in sections] == [f"Allegato {n}" for n in range(4)]


def test_pages_put_behind_others_without_their_tags_are_noticed(parts):
    with pikepdf.open(io.BytesIO(parts[0])) as pdf, pikepdf.open(io.BytesIO(parts[1])) as other:
        assert misplaced(pdf) == []
        for page in other.pages:
            pdf.pages.append(page)
        assert len(misplaced(pdf)) >= 4


def test_links_of_contents_and_parts_lead_to_the_right_page(joined):
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        names = list(entries(destinations_of(pdf), NAMES))
        assert [name.encode() for name, _place in names] == sorted(
            name.encode() for name, _place in names
        )
        places = dict(names)
        assert len(places) == len(names)
        led = {
            number: [numbers[places[str(link.Dest)][0].objgen] for link in page.get("/Annots", ())]
            for number, page in enumerate(pdf.pages, start=1)
        }
    assert {number: to for number, to in led.items() if to} == {
        1: [2, 7, 9, 11],
        2: [4],
        5: [7],
        8: [10],
        11: [13],
    }


def test_bookmarks_stand_under_the_title_of_their_part(joined):
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        assert str(pdf.Root.PageMode) == "/UseOutlines"
        with pdf.open_outline() as outline:
            told = [
                (
                    item.title,
                    numbers[item.destination[0].objgen],
                    [kid.title for kid in item.children],
                )
                for item in outline.root
            ]
        assert int(pdf.Root.Outlines.Count) == 5
    expected = [("Piano", 1, [])]
    for place, word in enumerate(("uno", "due", "tre", "uno")):
        below = [f"Tabella di {word}", f"Schede di {word}"]
        expected.append((f"Allegato {place}", 2 + 3 * place, below))
    assert told == expected


def test_every_id_is_its_own_and_heads_are_found_by_it(joined):
    with pikepdf.open(io.BytesIO(joined)) as pdf:
        tree = dict(entries(pdf.Root.StructTreeRoot.IDTree, NAMES))
        found = list(elements(pdf.Root.StructTreeRoot))
        ids = [str(one.ID) for one in found if "/ID" in one]
        assert sorted(ids) == sorted(tree)
        assert len(set(ids)) == len(ids) == 4
        assert all(str(element.ID) == name for name, element in tree.items())
        cells = [one for one in found if one.S == "/TD"]
        for cell, word in zip(cells, ("uno", "due", "tre", "uno"), strict=True):
            (head,) = (tree[str(name)] for name in cell.A.Headers)
            assert head.Pg.objgen == cell.Pg.objgen, word


def test_it_is_one_file_by_the_standards_and_the_same_again(joined, parts, tmp_path):
    assert joined_of(parts) == joined
    file = tmp_path / "piano.pdf"
    file.write_bytes(joined)
    assert faults(joined) == []
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert xmp.count("<pdfuaid:part>1</pdfuaid:part>") == 1
        assert re.search(r'pdfaid:conformance="A"', xmp)
        assert pdf.Root.PageLabels.Nums[1] == Dictionary(S=pikepdf.Name.D)


def test_a_plan_of_one_and_of_no_office_has_contents_that_lead_to_its_pages():
    plan = BoundPlan("Comune di Prova", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    part = BoundPart("Allegato 1 – UNO", "Responsabile: —", tiny("uno"), 3)
    with_one = read(render_bound_plan(plan, [part]))
    # the only name of a part that is no section of it stays inside
    assert places_of(tiny("uno"), ["parte-schede", "parte-quadro"]) == {"parte-schede": 2}
    contents = with_one.pages[1].extract_text()
    assert text_of("Allegato 1 – UNO") in text_of(contents)
    assert text_of("Schede 5") in text_of(contents)
    assert len(with_one.pages) == 5
    without = read(render_bound_plan(plan, []))
    assert len(without.pages) == 2
    assert "non ha ancora alcun allegato" in without.pages[1].extract_text()


def test_a_plan_of_three_hundred_offices_leads_to_each():
    plan = BoundPlan("Comune di Prova", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    # one file again and again: its names are made anew for each, as those of different files are
    pdf = write_pdf("<html lang=it><title>x</title><body><h1>Schede</h1><p>Uno")
    parts = [BoundPart(f"Allegato {n} – UFFICIO {n}", "", pdf, 1) for n in range(1, 301)]
    with pikepdf.open(io.BytesIO(render_bound_plan(plan, parts))) as joined:
        front = len(joined.pages) - len(parts)
        assert front > 2
        numbers = {page.objgen: number for number, page in enumerate(joined.pages)}
        with joined.open_outline() as outline:
            led = [(one.title, numbers[one.destination[0].objgen]) for one in outline.root]
    assert led[-300:] == [(part.title, front + n) for n, part in enumerate(parts)]
