#!/bin/sh
# tablib 3.10.0 (with odfpy 1.4.1), reading an .ods whose heading is repeated on each printed page and
# whose rows are grouped, as Calc stores both.
#
# Guess: rows that are to be repeated when printing, and rows that are grouped to be folded, are rows like
#        the others: all readers give them.
# Seen:  tablib looks only at the rows that stand directly under the table. A heading repeated on each
#        page and rows in a group are not read: the first row outside both becomes the heading, and
#        what is left is one row. Nothing is said. pyexcel-ods3 0.6.1, pandas 2.3.3 and python-calamine 0.5.4
#        read all five rows of the same file.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  tablib==3.10.0 odfpy==1.4.1 pyexcel-ods3==0.6.1 pandas==2.3.3 python-calamine==0.5.4
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import io

import pandas
import pyexcel_ods3
import python_calamine
import tablib
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableHeaderRows, TableRow, TableRowGroup
from odf.text import P

ROWS = [
    ["n.", "Processo", "Rischio"],
    ["1", "Affidamenti diretti", "Alto"],
    ["2", "Concorsi", "Medio"],
    ["3", "Permessi", "Basso"],
    ["4", "Contributi", "Medio"],
]


def row(texts):
    made = TableRow()
    for text in texts:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=text))
        made.addElement(cell)
    return made


document = OpenDocumentSpreadsheet()
table = Table(name="Registro")
repeated, group = TableHeaderRows(), TableRowGroup()
repeated.addElement(row(ROWS[0]))
table.addElement(repeated)
for texts in ROWS[1:3]:
    group.addElement(row(texts))
for part in (row(ROWS[3]), group, row(ROWS[4])):
    table.addElement(part)
document.spreadsheet.addElement(table)
file = io.BytesIO()
document.save(file)
written = [ROWS[0], ROWS[3], *ROWS[1:3], ROWS[4]]


def opened():
    return io.BytesIO(file.getvalue())


loaded = tablib.import_set(opened(), "ods")
print("tablib:", loaded.headers, list(loaded))
others = {
    "pyexcel-ods3": pyexcel_ods3.get_data(opened())["Registro"],
    "pandas": pandas.read_excel(opened(), engine="odf", header=None, dtype=str).values.tolist(),
    "calamine": python_calamine.load_workbook(opened()).get_sheet_by_index(0).to_python(),
}
for name, rows in others.items():
    print(f"{name}:", len(rows), "righe")
    assert [[str(cell) for cell in line] for line in rows] == [list(map(str, line)) for line in written], rows
assert loaded.headers == ROWS[3]
assert [list(line) for line in loaded] == [ROWS[4]]
PY
echo "as described: the heading and the grouped rows are gone, and nothing is said"
