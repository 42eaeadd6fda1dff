#!/bin/sh
# docx2python 3.7.1, python-docx 1.2.0 and mammoth 1.13.0, reading tables of a form made with Word: places to fill in are
# content controls (w:sdt), and a row may begin later than the table (w:gridBefore).
#
# Guess: docx2python and mammoth, which are made for reading, give each cell in its place; python-docx, which
#        looks at direct children, leaves out what is in a control.
# Seen:  docx2python ends a row at a cell that is in a control (what follows is gone too), makes three rows of one whose
#        cell holds its paragraph in a control, and gives no row at all of a table with one row in a
#        control. python-docx leaves out the cell, the row or the words, and the columns move. mammoth
#        reads them all; but of a row that begins at the second column all three make a row that begins at the first.
#        None says a word.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  docx2python==3.7.1 python-docx==1.2.0 mammoth==1.13.0
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import re
import sys

import docx
import mammoth
from docx.oxml import parse_xml
from docx2python import docx2python

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(words):
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def cell(inside):
    return f"<w:tc><w:tcPr/>{inside}</w:tc>"


def control(inside):
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def row(*cells, before=""):
    return f"<w:tr>{before}{''.join(cells)}</w:tr>"


GARE, AVVIO, ALTO = (cell(paragraph(words)) for words in ("Gare", "Avvio", "alto"))
HEAD = row(*(cell(paragraph(words)) for words in ("Processo", "Fase", "Rischio")))
LATER = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
tables = {
    "a cell in a control": HEAD + row(GARE, control(AVVIO), ALTO),
    "a row in a control": HEAD + control(row(GARE, AVVIO, ALTO)),
    "a paragraph in a control": HEAD + row(GARE, cell(control(paragraph("Avvio")) + "<w:p/>"), ALTO),
    "a row from the second column": HEAD + row(AVVIO, ALTO, before=LATER),
}


def by_docx2python():
    with docx2python("t.docx") as read:
        return [["".join(one) for one in line] for line in read.body[0]][1:]


def by_python_docx():
    return [[one.text for one in line.cells] for line in docx.Document("t.docx").tables[0].rows][1:]


def by_mammoth():
    with open("t.docx", "rb") as file:
        html = mammoth.convert_to_html(file).value
    lines = re.findall(r"<tr>(.*?)</tr>", html)[1:]
    return [[re.sub("<.*?>", "", one) for one in re.findall(r"<td.*?</td>", line)] for line in lines]


seen = {}
for what, rows in tables.items():
    document = docx.Document()
    grid = "<w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
    document.element.body.insert(0, parse_xml(f"<w:tbl {SPACE}>{grid}{rows}</w:tbl>"))
    document.save("t.docx")
    seen[what] = (by_docx2python(), by_python_docx(), by_mammoth())
    print(f"{what}: docx2python {seen[what][0]}, python-docx {seen[what][1]}, mammoth {seen[what][2]}")
whole, moved = [["Gare", "Avvio", "alto"]], [["Avvio", "alto"]]
expected = {
    "a cell in a control": ([["Gare"]], [["Gare", "alto"]], whole),
    "a row in a control": ([], [], whole),
    "a paragraph in a control": ([["Gare"], ["Avvio"], ["", "alto"]], [["Gare", "", "alto"]], whole),
    "a row from the second column": (moved, moved, moved),
}
if seen != expected:
    sys.exit("changed")
PY
echo "as described: cells of a form are lost or move, without a word"
