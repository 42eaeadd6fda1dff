"""A long catalogue in pieces is that of one drawing, and an edit draws its piece alone."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper import fragments
from risk.paper.fragment_drawing import draw_fragment
from risk.paper.fragments import Fragment, following, fragments_of
from risk.paper.html import CATALOGUE_ID
from risk.paper.layouts import CATALOGUE
from risk.paper.pdf import DrawnPiece
from tests.risk.paper.pieces import long_annex
from tests.risk.paper.reading import text_of
from tests.risk.paper.test_annex_pieces import differ, pictures

ROWS, ROWS_OF_A_PIECE = 70, 30
LONG = 21
"""The place of a row longer than a page, and no last one of a piece."""


def long_catalogue() -> AnnexDocument:
    """Return an annex whose catalogue has rows of many heights, the first of them with a sheet."""
    annex = long_annex()
    row, sheets = annex.catalogue[0], annex.sheets
    told = [one.uid for one in sheets]
    told += [f"riga-{number}" for number in range(len(sheets), ROWS)]
    rows = [
        replace(row, uid=uid, number=str(n), title=f"Processo {n} " + "lungo " * (n % 7))
        for n, uid in enumerate(told)
    ]
    rows[LONG] = replace(rows[LONG], title="Una riga lunga più di una pagina. " * 70)
    return replace(annex, catalogue=tuple(rows))


Chain = tuple[list[Fragment], dict[str, DrawnPiece]]


def chain_of(document: AnnexDocument) -> Chain:
    """Return the pieces of a catalogue, and what is drawn of each."""
    waiting = [one for one in fragments_of(document, Layout.COMPLETE) if one.part is CATALOGUE]
    pieces, drawn = [], {}
    while waiting:
        one = waiting.pop()
        drawn[one.digest] = draw_fragment(one)
        pieces.append(one)
        waiting += following(one, drawn)
    return pieces, drawn


@pytest.fixture(scope="module")
def in_pieces() -> Iterator[Chain]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fragments, "ROWS_OF_A_PIECE", ROWS_OF_A_PIECE)
        yield chain_of(long_catalogue())


def test_words_pictures_and_links_are_those_of_one_drawing(in_pieces, tmp_path, monkeypatch):
    pieces, drawn = in_pieces
    monkeypatch.setattr(fragments, "ROWS_OF_A_PIECE", ROWS)
    ((piece,), alone) = chain_of(long_catalogue())
    assert not piece.leaves_its_last_page
    at_once = alone[piece.digest]
    assert len(pieces) > 2
    assert [one.leaves_its_last_page for one in pieces] == [True] * (len(pieces) - 1) + [False]
    parts = [drawn[one.digest] for one in pieces]
    assert sum(one.pages for one in parts) == at_once.pages
    read = [words for one in parts for words in words_of(one)]
    assert read == words_of(at_once)
    looked = [
        picture
        for number, one in enumerate(parts)
        for picture in pictures(one.content, tmp_path / str(number))
    ]
    whole = pictures(at_once.content, tmp_path / "whole")
    pairs = enumerate(zip(looked, whole, strict=True), start=1)
    assert [number for number, pair in pairs if differ(*pair)] == []
    ways = sorted(name for one in parts for name in one.places if name != CATALOGUE_ID)
    assert ways == sorted({*at_once.places} - {CATALOGUE_ID})
    assert f"verso-catalogo--processo-{long_annex().sheets[-1].uid}" in ways


def words_of(piece: DrawnPiece) -> list[str]:
    reader = PdfReader(BytesIO(piece.content))
    return [text_of(page.extract_text()) for page in reader.pages]


def test_an_edit_draws_its_piece_alone(in_pieces):
    pieces, drawn = in_pieces
    document = long_catalogue()
    place = ROWS - 1
    last = replace(document.catalogue[place], area="Altra area")
    edited = replace(document, catalogue=(*document.catalogue[:place], last))
    (after,) = (one for one in fragments_of(edited, Layout.COMPLETE) if one.part is CATALOGUE)
    found = []
    while after.digest in drawn:
        found.append(after)
        (after,) = following(after, drawn)
    assert found == pieces[:-1]
    assert after.is_last


def test_a_row_on_all_pages_of_its_piece_is_drawn_to_its_end(monkeypatch):
    monkeypatch.setattr(fragments, "ROWS_OF_A_PIECE", 1)
    document = long_catalogue()
    rows = document.catalogue[LONG : LONG + 2]
    pieces, drawn = chain_of(replace(document, catalogue=rows))
    assert [one.document.catalogue for one in pieces] == [(row,) for row in rows]
    assert drawn[pieces[0].digest].pages > 1
    assert drawn[pieces[0].digest].begun == []
