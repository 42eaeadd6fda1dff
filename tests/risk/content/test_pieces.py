"""Data of an issue in pieces: joined the very same, and a page reads those of its processes."""

import json

import pytest

from registry.packing import DamagedContentError, PackedPiece, pack, pack_pieces, pieces_of, unpack
from risk.content.build import OF_PROCESSES
from risk.content.canonical import UnknownFormatError, read_canonical, snapshot
from risk.content.pieces import IssuedData, pack_data
from risk.content.values import (
    AnnexDocument,
    CatalogueRow,
    OfficeHead,
    ProcessRow,
    ProcessSheet,
    Texts,
)

MANY = 47


def document(many: int) -> AnnexDocument:
    numbers = [str(n) for n in range(1, many + 1)]
    words = {"kind": "—", "function": "à", "macroprocess": "m", "area": "a", "office": "o"}
    return AnnexDocument(
        uid="u",
        administration="Comune «di prova»",
        plan="PTPCT",
        office="Tributi",
        head=OfficeHead(),
        texts={"catalogo": Texts(title="Titolo")},
        catalogue=tuple(CatalogueRow(uid=f"u{n}", number=n, title=n, **words) for n in numbers),
        table=tuple(ProcessRow(f"u{n}", "", "", "", n) for n in numbers),
        sheets=tuple(
            ProcessSheet(uid=f"u{n}", number=n, title=n, presence="Presente") for n in numbers
        ),
    )


@pytest.fixture(params=[0, 1, 10, MANY])
def data(request) -> str:
    return snapshot(document(request.param))


def test_the_pieces_joined_are_the_data(data):
    kept = pack_data(data)

    assert unpack(kept).decode() == data
    assert len(pieces_of(kept)) > 1


@pytest.mark.parametrize("form", ["pieces", "whole", "text"])
@pytest.mark.parametrize(("start", "stop"), [(0, 10), (5, 12), (29, 31), (40, 99), (0, 99)])
@pytest.mark.parametrize("holds", [OF_PROCESSES, ("catalogue",), ("table", "figures")])
def test_some_processes_are_those_of_the_whole(form, start, stop, holds):
    data = snapshot(document(MANY))
    kept = {"pieces": pack_data(data), "whole": pack(data.encode(), is_text=True), "text": data}
    issued = IssuedData(kept[form])
    whole = read_canonical("annex", data)
    rows = {name: whole[name][start:stop] for name in ("catalogue", "table", "sheets")}
    rows["figures"] = whole["figures"]

    assert issued.count == MANY
    assert issued.names == [(f"u{n}", str(n)) for n in range(1, MANY + 1)]
    expected = {name: rows[name] if name in holds else [] for name in OF_PROCESSES}
    assert issued.part(start, stop, holds=holds) == {**whole, **expected}


def test_a_page_unpacks_no_piece_but_its_own():
    pieces = pieces_of(pack_data(snapshot(document(MANY))))
    (_first, _second, third, *_others) = (piece for piece in pieces if piece.name == "sheets")
    broken = [
        piece
        if piece.name == "" or piece is third
        else PackedPiece(piece.name, piece.rows, b"\0z?")
        for piece in pieces
    ]
    issued = IssuedData(pack_pieces(broken))

    sheets = issued.part(20, 30, holds=("sheets",))["sheets"]
    assert [row["number"] for row in sheets] == [str(n) for n in range(21, 31)]
    with pytest.raises(DamagedContentError):
        issued.part(19, 30, holds=("sheets",))


def test_data_of_another_form_are_kept_whole_and_said_to_be():
    data = json.dumps({"format": 99, "annex": {"sheets": []}})
    kept = pack_data(data)

    assert unpack(kept).decode() == data
    with pytest.raises(UnknownFormatError):
        IssuedData(kept).part(0, 1, holds=OF_PROCESSES)
