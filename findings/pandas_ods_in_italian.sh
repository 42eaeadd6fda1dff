#!/bin/sh
# An .ods that was saved in Italian, read by pandas 3.1.1 with odfpy 1.4.1 (engine "odf") and with python-calamine 0.9.1
# (engine "calamine").
#
# Guess: a cell that is true is read as True and one of 36 hours and 30 minutes as that time, by the values the format
#        keeps beside the words that are shown.
# Seen:  the engine "odf" takes the words: what is shown as TRUE is True and everything else is False, so that in an
#        Italian file every VERO becomes False, in silence. The time of a day is taken from the words too, and hours beyond a
#        day, as of training, make the whole file unreadable. The engine "calamine" reads the truth by its value, and of the
#        hours says how the format keeps them ('PT36H30M00S', a text).
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 odfpy==1.4.1 python-calamine==0.9.1
cd "$work"
cat >read.py <<'PY'
import sys

import pandas
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def saved(name, rows):
    book = OpenDocumentSpreadsheet()
    table = Table(name="Misure")
    for cells in rows:
        row = TableRow()
        for words, kept in cells:
            cell = TableCell(**kept)
            cell.addElement(P(text=words))
            row.addElement(cell)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(name)


def text(words):
    return words, {"valuetype": "string"}


def truth(words, value):
    return words, {"valuetype": "boolean", "booleanvalue": value}


heads = [text("Misura"), text("Attuata")]
for name, yes, no in (("english.ods", "TRUE", "FALSE"), ("italian.ods", "VERO", "FALSO")):
    saved(name, [heads, [text("Rotazione"), truth(yes, "true")], [text("Formazione"), truth(no, "false")]])
hours = "36:30", {"valuetype": "time", "timevalue": "PT36H30M00S"}
saved("hours.ods", [[text("Misura"), text("Ore")], [text("Formazione"), hours]])

said = {
    (name, engine): list(pandas.read_excel(name, engine=engine)["Attuata"])
    for name in ("english.ods", "italian.ods")
    for engine in ("odf", "calamine")
}
for key, values in said.items():
    print(*key, values)
if said.pop(("italian.ods", "odf")) != [False, False]:
    sys.exit("changed: odf no longer reads VERO as False")
if any(values != [True, False] for values in said.values()):
    sys.exit("changed: one of the others is read otherwise")

(read,) = pandas.read_excel("hours.ods", engine="calamine")["Ore"]
print("hours.ods calamine", repr(read))
if read != "PT36H30M00S":
    sys.exit("changed: calamine reads the hours otherwise")
try:
    pandas.read_excel("hours.ods", engine="odf")
except ValueError as refusal:
    print("hours.ods odf:", str(refusal).splitlines()[0])
else:
    sys.exit("changed: odf reads hours beyond a day")
PY
venv/bin/python read.py
echo "as described: VERO is read as False, and hours beyond a day are refused with the file"
