"""Tables of forms made with Word: content controls, rows that begin later, changes not accepted."""

import io

import docx
import pytest
from docx.oxml import parse_xml

from registry.spreadsheets.docx import read_docx
from registry.spreadsheets.parts import Parts

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
    [table] = read_docx(Parts(stream.getvalue()))
    assert [list(line) for line in table.rows] == read
