"""A long annex drawn in pieces looks, reads and leads as the same annex drawn at once."""

import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from risk.content.plan_values import BoundPlan
from risk.enums import Layout
from risk.paper.annex_pdf import Drawn, render_annex, with_front
from risk.paper.bound_plan import BoundPart, render_bound_plan
from risk.paper.fragments import Fragment, fragments_of, front_of, is_in_pieces
from risk.paper.html import render_pdf
from risk.paper.joining import pages_of
from risk.paper.pdf import DrawnPiece
from tests.conformance import faults
from tests.risk.paper import samples
from tests.risk.paper.conftest import Printed
from tests.risk.paper.pieces import SHORT, long_annex
from tests.risk.paper.reading import elements, misplaced, tables, text_of

LAYOUTS = (Layout.SHEETS, Layout.COMPLETE)


@pytest.fixture(scope="module", params=LAYOUTS)
def both(request) -> tuple[Printed, Printed]:
    """The annex drawn at once, and in pieces."""
    document = long_annex()
    assert is_in_pieces(document, request.param)
    at_once = render_pdf(document, layout=request.param)
    return Printed(at_once), Printed(render_annex(document, layout=request.param))


def test_the_words_of_each_page_are_the_same(both):
    at_once, in_pieces = (list(map(text_of, one.pages)) for one in both)
    assert in_pieces == at_once
    assert in_pieces[-1].endswith(text_of(f"Pag. {len(in_pieces)} di {len(in_pieces)}"))


def test_the_pictures_of_each_page_are_the_same(both, tmp_path):
    at_once = pictures(both[0].data, tmp_path / "at-once")
    in_pieces = pictures(both[1].data, tmp_path / "in-pieces")
    pairs = zip(at_once, in_pieces, strict=True)
    differing = [number for number, pair in enumerate(pairs, start=1) if differ(*pair)]
    assert differing == []


def pictures(pdf: bytes, folder) -> list[Image.Image]:
    folder.mkdir()
    (folder / "x.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "50", "-gray", str(folder / "x.pdf"), str(folder / "p")]
    subprocess.run(command, check=True)
    return [Image.open(one) for one in sorted(folder.glob("p*"))]


def differ(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two pictures differ in more than the last bit of how an edge is drawn."""
    if one.size != other.size:
        return True
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return any(abs(first - second) > 2 for first, second in pairs)


def test_bookmarks_links_and_labels_are_the_same(both):
    at_once, in_pieces = both
    assert bookmarks(in_pieces.reader) == bookmarks(at_once.reader) != []
    told = links(in_pieces.opened())
    assert told == links(at_once.opened()) != []
    # from the catalogue to each sheet, and from there back
    there = [(page, goal) for page, words, goal in told if "Processo n. " in words]
    if is_whole(in_pieces):
        assert len(there) == len(long_annex().sheets)
        assert {goal for _page, goal in there} < {page for page, _words, _goal in told}
        assert_rows_and_sheets_lead_to_each_other(told)
    assert in_pieces.reader.page_labels == [str(n + 1) for n in range(len(in_pieces.pages))]
    count = in_pieces.opened().Root.Outlines.Count
    assert count == at_once.opened().Root.Outlines.get("/Count", count)


def assert_rows_and_sheets_lead_to_each_other(told: list[tuple[int, str, int]]) -> None:
    """From each row of the *tabella*, on each of its pages, to the sheet, and back to its first."""
    titles = {one.title for one in long_annex().table}
    sheets = {words[len("n. 1 ") :]: goal for _page, words, goal in told if words[:3] == "n. "}
    rows = [one for one in told if one[1] in titles and one[0] not in sheets.values()]
    back = {page: goal for page, words, goal in told if words == "nella tabella"}
    assert {sheets[title] for title in titles} == {*back}
    for title in titles:
        pages = [page for page, words, goal in rows if words == title and goal == sheets[title]]
        # one is that of the catalogue
        assert back[sheets[title]] in pages
        assert min(pages) < back[sheets[title]] <= max(pages)


def is_whole(printed: Printed) -> bool:
    return "Indice" in printed.pages[1]


def bookmarks(reader: PdfReader, outline=None, depth=0) -> list[tuple[int, str, int]]:
    found = []
    for one in reader.outline if outline is None else outline:
        if isinstance(one, list):
            found += bookmarks(reader, one, depth + 1)
        else:
            found.append((depth, one.title, reader.get_destination_page_number(one)))
    return found


def links(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """Return page, words and goal of each link, in the order of the paper."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    places = pikepdf.NameTree(pdf.Root.Names.Dests)
    return [
        (number, str(link.Contents), numbers[places[str(link.Dest)][0].objgen])
        for number, page in enumerate(pdf.pages, start=1)
        for link in page.get("/Annots", ())
    ]


def test_it_is_told_as_one_document(both):
    at_once, in_pieces = (one.opened() for one in both)
    assert kinds(in_pieces) == kinds(at_once)
    assert [named(table) for table in tables(in_pieces)] == [
        named(table) for table in tables(at_once)
    ]
    assert misplaced(in_pieces) == []
    ids = [str(one.ID) for one in elements(in_pieces.Root.StructTreeRoot) if "/ID" in one]
    assert len(ids) == len(set(ids))
    assert sorted(pikepdf.NameTree(in_pieces.Root.StructTreeRoot.IDTree)) == sorted(ids)


def kinds(pdf: pikepdf.Pdf) -> list[str]:
    """Return what the elements are, but for those that say nothing (numbers the engine counts)."""
    found = [str(one.S) for one in elements(pdf.Root.StructTreeRoot)]
    return [kind for kind in found if kind not in ("/Span", "/NonStruct")]


def named(table) -> list[tuple]:
    """Return the grid of a table, its heads by their places: ids count the tables of a piece."""
    places = {cell.id: (min(cell.rows), min(cell.columns)) for cell in table if cell.id}
    return [
        (cell.kind, cell.rows, cell.columns, cell.scope, [places[one] for one in cell.headers])
        for cell in table
    ]


def test_it_keeps_both_standards(both):
    assert faults(both[1].data) == []


@pytest.mark.parametrize("both", [Layout.COMPLETE], indirect=True)
def test_the_same_annex_gives_the_same_bytes(both):
    """The sheets alone are drawn twice in tests/risk/printing/test_pieces.py."""
    assert render_annex(long_annex(), layout=Layout.COMPLETE) == both[1].data


def test_one_edit_changes_its_pieces_and_no_other():
    before = fragments_of(long_annex(), Layout.COMPLETE)
    document = long_annex()
    last = replace(document.sheets[-1], presence_reason="Un’altra ragione.")
    after = fragments_of(replace(document, sheets=(*document.sheets[:-1], last)), Layout.COMPLETE)
    assert changed(before, after) == [len(before) - 1]
    other = fragments_of(replace(document, office="Un altro ufficio"), Layout.COMPLETE)
    assert changed(before, other) == list(range(len(before)))


def changed(before: tuple[Fragment, ...], after: tuple[Fragment, ...]) -> list[int]:
    pairs = enumerate(zip(before, after, strict=True))
    return [place for place, (one, other) in pairs if one.digest != other.digest]


def test_sheets_that_share_a_page_stay_in_one_piece():
    pieces = [one.document.sheets for one in fragments_of(long_annex(), Layout.SHEETS)]
    numbers = {str(place + 1) for place in SHORT}
    assert [numbers & {one.number for one in sheets} for sheets in pieces][:2] == [numbers, set()]
    assert sum(map(len, pieces)) == len(long_annex().sheets)


def test_contents_change_with_the_pages_they_lead_to():
    names = [f"processo-{one.uid}" for one in long_annex().sheets]
    pages = dict.fromkeys(names, 5) | {"parte-schede": 4}
    front = front_of(long_annex(), Layout.COMPLETE, pages)
    assert front.digest == front_of(long_annex(), Layout.COMPLETE, pages).digest
    moved = front_of(long_annex(), Layout.COMPLETE, {**pages, names[-1]: 6})
    assert front.digest != moved.digest


def test_contents_are_drawn_once_where_it_is_known_how_long_they_are():
    document = long_annex()
    places = {f"processo-{one.uid}": 3 for one in document.sheets}
    first = fragments_of(document, Layout.COMPLETE)[0]
    parts = [Drawn(first, DrawnPiece(b"", 9, places))]
    asked = []

    def draw(fragment: Fragment) -> DrawnPiece:
        asked.append(fragment)
        return DrawnPiece(b"", 4, {})

    (guessed, *_parts), (known, *_again) = (
        with_front(document, Layout.COMPLETE, parts, draw=draw, pages=pages) for pages in (0, 4)
    )
    assert known == guessed
    assert asked[1:] == [known.fragment, known.fragment]
    assert asked[0] != known.fragment


def test_few_sheets_are_drawn_at_once():
    document = samples.worked(2)
    assert not is_in_pieces(document, Layout.COMPLETE)
    assert render_annex(document, layout="schede") == render_pdf(document, layout="schede")


def test_it_is_a_part_of_a_plan_and_may_be_one_twice(both):
    annex = both[1].data
    parts = [BoundPart(f"Allegato {n}", "—", annex, pages_of(annex)) for n in (1, 2)]
    plan = BoundPlan("Comune di Prova", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    whole = render_bound_plan(plan, parts)
    with pikepdf.open(BytesIO(whole)) as pdf:
        ids = [str(one.ID) for one in elements(pdf.Root.StructTreeRoot) if "/ID" in one]
        assert len(ids) == len(set(ids))
        assert misplaced(pdf) == []
        own = links(both[1].opened())
        led = [one for one in links(pdf) if not one[1].startswith("Torna")][-2 * len(own) :]
        last = len(pdf.pages) - pages_of(annex)
        shifts = (last - pages_of(annex), last)
        assert led == [(a + by, words, b + by) for by in shifts for a, words, b in own]
    assert faults(whole) == []
