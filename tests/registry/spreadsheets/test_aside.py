"""Texts outside the cells of a file: after the last table, in notes, boxes, the heads of pages."""

import io

import docx
import pytest
import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import deserialise, serialise
from registry.spreadsheets.workbook import AsideText, Where
from tests.messy_workbooks import Grid, as_ods
from tests.registry.spreadsheets.drawn import drawn_ods, drawn_xlsx
from tests.registry.spreadsheets.test_bad_files import with_part
from tests.registry.spreadsheets.test_word_forms import SPACE, words

DRAWN = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
NOTES = (
    f'<w:footnotes {SPACE}><w:footnote w:type="separator">{words("riga")}</w:footnote>'
    f'<w:footnote w:id="1">{words("abrogato")}</w:footnote></w:footnotes>'
)


def document_with_texts() -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Comune di Valdoro"
    section.footer.paragraphs[0].text = "Pagina 1"
    document.add_paragraph("Area di rischio: A")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "Processo"
    last = document.add_paragraph("Firmato dal dirigente")
    voice = f"<w:tbl><w:tr><w:tc>{words('Voce')}</w:tc></w:tr></w:tbl>"
    inside = f"<w:txbxContent>{words('Bozza')}{voice}"
    last._p.append(
        parse_xml(
            f"<w:r {SPACE} {DRAWN}><mc:AlternateContent><mc:Choice>{inside}</w:txbxContent>"
            f"</mc:Choice><mc:Fallback>{inside}</w:txbxContent></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )
    notes = Part(PackURI("/word/footnotes.xml"), "application/xml", NOTES.encode())
    document.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def workbook_with_a_box() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Registro")
    sheet.write(0, 0, "Processo")
    sheet.insert_textbox("C3", "Superato dal\nnuovo piano")
    sheet.write_comment("A1", "nota")
    book.close()
    return stream.getvalue()


def sheet_with_a_shape() -> bytes:
    shapes = (
        '<table:shapes><draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">'
        "<draw:text-box><text:p>Superato</text:p></draw:text-box></draw:frame></table:shapes>"
    )
    grid = Grid([["Processo"]])
    return with_part(
        as_ods(grid),
        "content.xml",
        lambda data: data.replace(b"<table:table-row", shapes.encode() + b"<table:table-row", 1),
    )


FILES = {
    "docx": (
        document_with_texts,
        [
            (Where.BOX, "Bozza"),
            (Where.BOX, "Voce"),
            (Where.AFTER, "Firmato dal dirigente"),
            (Where.PAGE_HEAD, "Comune di Valdoro"),
            (Where.PAGE_HEAD, "Pagina 1"),
            (Where.NOTE, "abrogato"),
        ],
    ),
    "xlsx": (workbook_with_a_box, [(Where.BOX, "Superato dal\nnuovo piano")]),
    "ods": (sheet_with_a_shape, [(Where.BOX, "Superato")]),
    "drawn xlsx": (
        drawn_xlsx,
        [
            (Where.DRAWN, "Rischi per area"),
            (Where.DRAWN, "Anno scorso"),
            (Where.DRAWN, "Chi controlla"),
            (Where.PAGE_HEAD, "Bozza & firma"),
        ],
    ),
    "drawn ods": (drawn_ods, [(Where.PAGE_HEAD, "Registro"), (Where.DRAWN, "Livelli")]),
}


@pytest.mark.parametrize(("write", "texts"), FILES.values(), ids=FILES)
def test_each_text_outside_the_cells_is_known_with_its_place(write, texts):
    book = read_workbook(write())

    (sheet,) = book.sheets
    assert sheet.rows == [["Processo"]]
    assert list(sheet.aside) == [AsideText(*one) for one in texts]
    assert deserialise(serialise(book)) == book
