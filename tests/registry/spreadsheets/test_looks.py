"""What a cell shows besides its value is read in every format that can carry it."""

import io
import json
import re
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Color, PatternFill

from registry.spreadsheets import limits
from registry.spreadsheets.looks import Box, CellLook, Comment, boxes_in, options
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import deserialise, serialise
from tests.looks import Marked, marked_docx, marked_ods, marked_xlsx
from tests.messy_workbooks import Grid, as_csv, as_docx, as_ods, as_xlsx
from tests.registry.spreadsheets.test_bad_files import SHEET, with_part

ROWS = [
    [Marked("Processo"), Marked("Misure"), Marked("Livello")],
    [
        Marked("Gare", struck="Gare"),
        Marked("Rotazione\nFormazione", struck="Rotazione"),
        Marked("ALTO", fill="FF0000", comment="da rivedere"),
    ],
]
WRITERS = {"xlsx": marked_xlsx, "ods": marked_ods, "docx": marked_docx}


def sheet_of(content: bytes):
    return read_workbook(content, "registro").sheets[0]


@pytest.mark.parametrize("name", WRITERS)
def test_marks_are_the_same_in_every_format(name):
    content = WRITERS[name](ROWS)
    sheet = sheet_of(content)

    assert [str(value).split() for value in sheet.rows[1]] == [
        ["Gare"],
        ["Rotazione", "Formazione"],
        ["ALTO"],
    ]
    assert sheet.look(2, 1).is_struck
    assert sheet.look(2, 2).struck == ((0, 9),)
    assert sheet.look(2, 2).live_text("Rotazione\nFormazione") == "Formazione"
    assert sheet.look(2, 2).cancelled_texts("Rotazione\nFormazione") == ("Rotazione",)
    assert (sheet.look(2, 3).fill, sheet.look(2, 3).comments) == (
        "FF0000",
        (Comment("da rivedere", "Anna Verdi"),),
    )
    assert (sheet.look(1, 1), sheet.look(9, 9)) == (CellLook(), CellLook())
    notes = read_workbook(content, "registro").findings
    assert [(one.kind, one.place, one.value, one.stops) for one in notes] == [
        ("comment", "C2", "da rivedere", False)
    ]
    assert deserialise(serialise(read_workbook(content))) == read_workbook(content)


@pytest.mark.parametrize("name", ["ods", "docx"])
def test_hidden_words_stay_and_are_known(name):
    rows = [[Marked("Motivazione")], [Marked("appunto visibile", hidden="appunto ")]]
    sheet = sheet_of(WRITERS[name](rows))

    assert sheet.value(2, 1) == "appunto visibile"
    assert sheet.look(2, 1).live_text("appunto visibile") == "visibile"


def test_signs_nobody_sees_do_not_move_what_is_struck():
    rows = [[Marked("a\u200bbc def", struck="a\u200bbc")]]
    sheet = sheet_of(marked_docx(rows))

    assert sheet.value(1, 1) == "abc def"
    assert sheet.look(1, 1).cancelled_texts("abc def") == ("abc",)


def test_colours_of_a_theme_are_told_as_they_are_seen():
    book = openpyxl.Workbook()
    sheet = book.active
    colours = {
        "A1": Color(theme=4),
        "B1": Color(theme=4, tint=0.5),
        "C1": Color(indexed=2),
        "D1": Color(theme=0),
    }
    for place, colour in colours.items():
        sheet[place] = place
        sheet[place].fill = PatternFill("solid", fgColor=colour)
    stream = io.BytesIO()
    book.save(stream)

    found = sheet_of(stream.getvalue())

    # D1 is the white of the theme
    assert [found.look(1, n).fill for n in (1, 2, 3, 4)] == ["4F81BD", "A7C0DE", "FF0000", ""]


def test_a_colour_behind_a_whole_sheet_marks_nothing(monkeypatch):
    monkeypatch.setattr(limits, "FILLED_CELLS", 2)
    rows = [[Marked(str(n), fill="FFFF00") for n in range(3)]]
    rows += [[Marked("ALTO", fill="FF0000"), Marked("x"), Marked("y")]]
    for write in (marked_xlsx, marked_ods):
        assert {place: look.fill for place, look in sheet_of(write(rows)).looks.items()} == {
            (2, 1): "FF0000"
        }


BOXES = "☐ BASSO ☒ MEDIO ☐ ALTO"


@pytest.mark.parametrize("write", [as_xlsx, as_ods, as_docx, as_csv])
def test_boxes_drawn_in_a_text_are_found_in_every_format(write):
    sheet = sheet_of(write(Grid([["Livello", "N."], [BOXES, "x"]])))

    assert sheet.look(2, 1).boxes == (Box(0, 1, False), Box(8, 9, True), Box(16, 17, False))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (BOXES, [(False, "BASSO"), (True, "MEDIO"), (False, "ALTO")]),
        ("☒ Formazione\n☐ Rotazione", [(True, "Formazione"), (False, "Rotazione")]),
        ("[x] Formazione\n[ ] Rotazione", [(True, "Formazione"), (False, "Rotazione")]),
        (
            "■ Formazione\n□ Rotazione\n✓ Altro",
            [(True, "Formazione"), (False, "Rotazione"), (True, "Altro")],
        ),
        ("articolo [1] e [x]y", []),
    ],
)
def test_what_stands_after_a_box_is_ticked_or_not(text, found):
    assert list(options(text, boxes_in(text))) == found


def hidden_rows_and_columns(criteria: str = "x == ALTO or x == BASSO") -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Registro")
        for row, line in enumerate(
            [["N.", "Livello"], [1, "ALTO"], [2, "MEDIO"], [3, "Basso"], [4, "ALTO"], [5, None]]
        ):
            sheet.write_row(row, 0, line)
        sheet.autofilter(0, 0, 5, 1)
        sheet.filter_column(1, criteria)
        for row in (2, 4, 5):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
    return stream.getvalue()


@pytest.mark.parametrize(
    ("criteria", "by_hand"),
    [
        ("x == ALTO or x == BASSO", {5}),
        ("x == A*", {5}),
        ("x != MEDIO", {5, 6}),
        ("x == MEDIO", {3}),
    ],
)
def test_rows_a_filter_lets_through_are_hidden_by_hand(criteria, by_hand):
    sheet = sheet_of(hidden_rows_and_columns(criteria))

    assert sheet.hidden_rows == by_hand
    assert sheet.hidden_rows | sheet.filtered_rows == {3, 5, 6}
    assert sheet.hidden_columns == {2}


def test_numbers_are_compared_as_numbers_by_a_filter():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate(["P", 1, 2.5, 3]):
            sheet.write(row, 0, value)
            sheet.set_row(row, None, None, {"hidden": row > 1})
        sheet.autofilter(0, 0, 3, 0)
        sheet.filter_column(0, "x > 2.5")
    found = sheet_of(stream.getvalue())

    assert (found.filtered_rows, found.hidden_rows) == ({3}, {4})


def test_calc_says_which_rows_its_filter_hides():
    def change(data: bytes) -> bytes:
        head, row, *rest = data.split(b"<table:table-row")
        seen = [row, rest[0].replace(b">", b' table:visibility="filter">', 1)]
        seen += [rest[1].replace(b">", b' table:visibility="collapse">', 1)]
        return b"<table:table-row".join([head, *seen])

    content = with_part(as_ods(Grid([["a"], ["b"], ["c"]])), "content.xml", change)

    assert (sheet_of(content).filtered_rows, sheet_of(content).hidden_rows) == ({2}, {3})


@pytest.mark.parametrize("unplaced", [False, True])
def test_cells_that_leave_their_places_out_keep_their_looks(unplaced):
    content = marked_xlsx(
        [[Marked("a"), Marked("b", struck="b")], [Marked("c", fill="00B050")] * 2]
    )
    if unplaced:
        content = with_part(content, SHEET, lambda data: re.sub(rb' r="[A-Z]*\d+"', b"", data))
    sheet = sheet_of(content)

    assert sheet.look(1, 2).is_struck
    assert [sheet.look(2, n).fill for n in (1, 2)] == ["00B050", "00B050"]


def test_a_font_of_signs_draws_boxes():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        signs = book.add_format({"font_name": "Wingdings"})
        for row, text in enumerate(["þ", "o", "ü"]):
            sheet.write(row, 0, text, signs)
        sheet.write_rich_string(3, 0, signs, "o", " BASSO ", signs, "þ", " ALTO")
    sheet = sheet_of(stream.getvalue())

    assert sheet.rows == [["☒"], ["☐"], ["✓"], ["☐ BASSO ☒ ALTO"]]
    assert [one.ticked for one in sheet.look(4, 1).boxes] == [False, True]


def test_an_answer_of_a_discussion_is_a_comment_of_its_own():
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    threads = (
        f'<ThreadedComments xmlns="{space}">'
        '<threadedComment ref="A1" id="1" personId="p"><text>Perché?</text></threadedComment>'
        '<threadedComment ref="A1" id="2" parentId="1"><text>Così</text></threadedComment>'
        "</ThreadedComments>"
    )
    people = f'<personList xmlns="{space}"><person displayName="Anna Verdi" id="p"/></personList>'
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = f'<Relationship Id="t" Type="{kind}" Target="../threadedComments/t1.xml"/>'
    content = marked_xlsx([[Marked("x", comment="[Commento in discussione] Perché?")]])
    content = with_part(
        content,
        "xl/worksheets/_rels/sheet1.xml.rels",
        lambda data: data.replace(b"</Relationships>", relation.encode() + b"</Relationships>"),
    )
    content = with_new_parts(
        content, {"xl/threadedComments/t1.xml": threads, "xl/persons/person.xml": people}
    )

    assert sheet_of(content).look(1, 1).comments == (
        Comment("Perché?", "Anna Verdi"),
        Comment("Così"),
    )


def with_new_parts(content: bytes, parts: dict[str, str]) -> bytes:
    """Return a zipped file with more parts."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return stream.getvalue()


def test_what_is_kept_from_before_looks_were_read_is_read_without():
    workbook = read_workbook(marked_xlsx(ROWS))
    stored = json.loads(zlib.decompress(serialise(workbook)))
    for sheet in stored["sheets"]:
        del sheet["beside"]

    again = deserialise(zlib.compress(json.dumps(stored).encode()))

    assert (again.sheets[0].rows, again.sheets[0].looks) == (workbook.sheets[0].rows, {})
