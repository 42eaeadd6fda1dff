"""Tables of forms made with Word: content controls, rows that begin later, changes not accepted."""

import io

import docx
import pytest
from docx.oxml import parse_xml

from registry.spreadsheets.docx import read_docx
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.workbook import UnreadableFile

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def cell(inside):
    return f"<w:tc><w:tcPr/>{inside}</w:tc>"


def words(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def control(inside):
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def row(*cells, properties=""):
    return f"<w:tr>{properties and f'<w:trPr>{properties}</w:trPr>'}{''.join(cells)}</w:tr>"


def changed(name, inside):
    return f'<w:{name} w:id="1" w:author="revisore">{inside}</w:{name}>'


GARE, AVVIO, ALTO = (cell(words(text)) for text in ("Gare", "Avvio", "alto"))
WHOLE = [["Gare", "Avvio", "alto"]]
TABLES = {
    "a cell in a control": (row(GARE, control(AVVIO), ALTO), WHOLE),
    "a row in a control": (control(row(GARE, AVVIO, ALTO)), WHOLE),
    "a paragraph in a control": (row(GARE, cell(control(words("Avvio"))), ALTO), WHOLE),
    "words in a control": (
        row(GARE, cell(f"<w:p>{control('<w:r><w:t>Avvio</w:t></w:r>')}</w:p>"), ALTO),
        WHOLE,
    ),
    "a row from the second column": (
        row(AVVIO, ALTO, properties='<w:gridBefore w:val="1"/>'),
        [[None, "Avvio", "alto"]],
    ),
    "words put in and taken out": (
        row(
            GARE,
            cell(
                f"<w:p>{changed('ins', '<w:r><w:t>Avvio</w:t></w:r>')}"
                f"{changed('del', '<w:r><w:delText>Inizio</w:delText></w:r>')}</w:p>"
            ),
            ALTO,
        ),
        WHOLE,
    ),
    "a row taken out": (
        row(AVVIO, AVVIO, ALTO, properties=changed("del", "")) + row(GARE, AVVIO, ALTO),
        WHOLE,
    ),
}


@pytest.mark.parametrize("what", TABLES)
def test_each_cell_of_a_form_is_read_in_its_place(what):
    rows, read = TABLES[what]
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:tbl {SPACE}>{rows}</w:tbl>"))
    stream = io.BytesIO()
    document.save(stream)
    [table], _findings = read_docx(Parts(stream.getvalue()))
    assert [list(line) for line in table.rows] == read


def read(inside, *, grid=(), numbering="", around=""):
    """Return the only table of a document, and what was found: `inside` are its rows."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    document = docx.Document()
    if numbering:
        own = parse_xml(f"<w:numbering {SPACE}>{numbering}</w:numbering>")
        root = document.part.numbering_part.element
        for element in [*root, *own]:
            (root.remove if element in root else root.append)(element)
    body = document.element.body
    body.insert(0, parse_xml(f"<w:tbl {SPACE}><w:tblGrid>{columns}</w:tblGrid>{inside}</w:tbl>"))
    if around:
        body.insert(0, parse_xml(around))
    stream = io.BytesIO()
    document.save(stream)
    workbook = read_workbook(stream.getvalue(), "registro.docx")
    return workbook.sheets[0], workbook.findings


CHECKBOX = "http://schemas.microsoft.com/office/word/2010/wordml"


def box(ticked):
    return (
        f'<w:sdt><w:sdtPr><b:checkbox xmlns:b="{CHECKBOX}"><b:checked b:val="{ticked}"/>'
        "</b:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>"
    )


def field(inside, result=""):
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{inside}</w:ffData></w:fldChar></w:r>'
        f"<w:r><w:instrText> FORM </w:instrText></w:r>{shown if result else ''}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


ENTRIES = "".join(f'<w:listEntry w:val="{word}"/>' for word in ("Basso", "Medio", "Alto"))
UNFILLED = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
ASK = "<w:r><w:t>Fare clic qui.</w:t></w:r>"
SHOWN = {
    "a box ticked": (f"<w:p>{box(1)}<w:r><w:t> Formazione</w:t></w:r></w:p>", "☒ Formazione"),
    "a box not ticked": (f"<w:p>{box(0)}<w:r><w:t> Formazione</w:t></w:r></w:p>", "☐ Formazione"),
    "an old box": (
        f"<w:p>{field('<w:checkBox><w:checked/></w:checkBox>')}<w:r><w:t> sì</w:t></w:r></w:p>",
        "☒ sì",
    ),
    "an old box left as it was": (
        f'<w:p>{field("""<w:checkBox><w:default w:val="0"/></w:checkBox>""")}</w:p>',
        "☐",
    ),
    "an entry chosen": (
        f'<w:p>{field(f"""<w:ddList><w:result w:val="2"/>{ENTRIES}</w:ddList>""")}</w:p>',
        "Alto",
    ),
    "an entry chosen and drawn": (
        f'<w:p>{field(f"""<w:ddList><w:result w:val="1"/>{ENTRIES}</w:ddList>""", "Medio")}</w:p>',
        "Medio",
    ),
    "a text of an old form": (
        f"<w:p>{field('<w:textInput/>', 'trenta giorni')}</w:p>",
        "trenta giorni",
    ),
    "symbols": (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r><w:r><w:t> BASSO </w:t></w:r>'
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:t> ALTO</w:t></w:r></w:p>',
        "☐ BASSO ☒ ALTO",
    ),
    "letters of a font of signs": (
        '<w:p><w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>ü</w:t></w:r></w:p>',
        "✓",
    ),
    "a control to be filled": (f"<w:p>{UNFILLED.format(ASK)}</w:p>", None),
    "a paragraph to be filled": (UNFILLED.format(words("Fare clic qui.")), None),
    "words of a form, copied": (words("Scegliere un elemento."), None),
    "words put into a text": (
        f"<w:p>{changed('del', '<w:r><w:delText>uno</w:delText></w:r>')}"
        f"{changed('ins', '<w:r><w:t>due</w:t></w:r>')}</w:p>",
        "due",
    ),
}


@pytest.mark.parametrize("what", SHOWN)
def test_a_cell_of_a_form_is_what_the_form_stores(what):
    inside, shown = SHOWN[what]
    sheet, findings = read(row(cell(inside), ALTO))

    assert sheet.rows == [[shown, "alto"]]
    told = [(finding.kind, finding.place) for finding in findings]
    kinds = {None: [("not-filled-in", "A1")], "due": [("revision", "A1")]}
    assert told == kinds.get(shown, [])


def test_a_cell_that_is_a_control_to_be_filled_is_empty():
    sheet, findings = read(row(UNFILLED.format(cell(words("Scegli"))), ALTO))

    assert sheet.rows == [[None, "alto"]]
    assert [(one.kind, one.place, one.value) for one in findings] == [
        ("not-filled-in", "A1", "Scegli")
    ]


def test_revisions_are_read_as_accepted_and_told():
    deleted, inserted = (
        row(cell(words(text)), ALTO, properties=changed(kind, ""))
        for text, kind in (("Tolto", "del"), ("Messo", "ins"))
    )
    sheet, findings = read(row(GARE, ALTO) + deleted + inserted)

    assert sheet.rows == [["Gare", "alto"], ["Messo", "alto"]]
    assert [(one.kind, one.place, one.value) for one in findings] == [
        ("deleted-row", "2", "Tolto · alto"),
        ("inserted-row", "2", "Messo · alto"),
    ]


def test_a_part_in_html_is_named():
    chunk = f"<w:altChunk {SPACE}/>"
    sheet, findings = read(row(cell("<w:altChunk/><w:p/>"), ALTO), around=chunk)

    assert sheet.rows == [[None, "alto"]]
    assert [(one.kind, one.place, one.stops) for one in findings] == [
        ("html-part", "", False),
        ("html-part", "A1", True),
    ]
    document = docx.Document()
    document.element.body.insert(0, parse_xml(chunk))
    stream = io.BytesIO()
    document.save(stream)
    with pytest.raises(UnreadableFile, match="altChunk"):
        read_workbook(stream.getvalue())


def level(place, kind, text, start=1, more=""):
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def listed(*levels, number=7, override=""):
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/>{override}</w:num>'
    )


def item(text, level=0, number=7):
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        f"</w:pPr>{run}</w:p>"
    )


AGAIN = '<w:num w:numId="8"><w:abstractNumId w:val="7"/>{}</w:num>'
ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
LISTS = {
    "bullets": (
        listed(level(0, "bullet", "\uf0b7")),
        [item("uno"), item("due")],
        ["• uno", "• due"],
    ),
    "from twelve": (listed(level(0, "decimal", "%1.", 12)), [item(""), item("")], ["12.", "13."]),
    "letters": (
        listed(level(0, "lowerLetter", "%1)")),
        [item("uno"), item("due")],
        ["a) uno", "b) due"],
    ),
    "romans": (listed(level(0, "upperRoman", "%1", 3)), [item(""), item("")], ["III", "IV"]),
    "levels": (
        listed(level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")),
        [item("a"), item("b", 1), item("c", 1), item("d"), item("e", 1)],
        ["1. a", "1.1 b", "1.2 c", "2. d", "2.1 e"],
    ),
    "goes on": (
        listed(level(0, "decimal", "%1")) + AGAIN.format(""),
        [item("a"), item("b", number=8), item("c")],
        ["1 a", "2 b", "3 c"],
    ),
    "begins anew": (
        listed(level(0, "decimal", "%1")) + AGAIN.format(ANEW),
        [item("a"), item("b", number=8), item("c", number=8)],
        ["1 a", "1 b", "2 c"],
    ),
    "no number": (listed(level(0, "none", "")), [item("uno")], ["uno"]),
    "boxes": (
        listed(
            level(0, "bullet", "\uf0a8", more="").replace(
                "</w:lvl>", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl>'
            )
        ),
        [item("uno")],
        ["☐ uno"],
    ),
    "an empty bullet": (listed(level(0, "bullet", "-")), [item("")], [None]),
}


@pytest.mark.parametrize("what", LISTS)
def test_automatic_numbers_are_what_the_page_shows(what):
    numbering, items, shown = LISTS[what]
    rows = "".join(row(cell(one), ALTO) for one in items)
    sheet, findings = read(rows, numbering=numbering)

    assert [line[0] for line in sheet.rows] == shown
    assert not findings


def test_a_number_nobody_can_know_is_told():
    numbering = listed(level(0, "cardinalText", "%1"))
    sheet, findings = read(row(cell(item("uno")), ALTO), numbering=numbering)

    assert sheet.rows == [["uno", "alto"]]
    assert [(one.kind, one.place) for one in findings] == [("number-not-known", "A1")]


def wide(text, span):
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{words(text)}</w:tc>'


APART = [["Gare", "Avvio", None, "alto"], ["Gare", None, "Avvio", "alto"]]
HEADS, BODY = (row(GARE, wide("Avvio", 2), ALTO), row(wide("Gare", 2), AVVIO, ALTO))


@pytest.mark.parametrize(
    ("grid", "rows"),
    [
        # a border moved by a millimetre: one border
        ((2500, 60, 2500, 1500), [["Gare", "Avvio", "alto"]] * 2),
        # a column somebody could write in: two
        (
            (2500, 400, 2500, 1500),
            [["Gare", "Avvio", None, "alto"], ["Gare", None, "Avvio", "alto"]],
        ),
        ((), [["Gare", "Avvio", None, "alto"], ["Gare", None, "Avvio", "alto"]]),
    ],
)
def test_a_border_moved_by_a_hair_makes_no_column(grid, rows):
    sheet, _findings = read(HEADS + BODY, grid=grid)

    assert sheet.rows == rows


def test_what_stands_between_two_borders_a_hair_apart_is_kept():
    sheet, _findings = read(HEADS + row(GARE, AVVIO, AVVIO, ALTO), grid=(2500, 60, 2500, 1500))

    assert sheet.rows[1] == ["Gare", "Avvio", "Avvio", "alto"]
