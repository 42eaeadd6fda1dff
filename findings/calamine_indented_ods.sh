#!/bin/sh
# An .ods whose XML is indented, as SheetJS (npm xlsx) 0.18.5 writes it, read by python-calamine 0.9.1, with which polars reads,
# and pandas where it is asked to.
#
# Guess: blanks between elements say nothing in OpenDocument, and every reader passes over them.
# Seen:  calamine refuses each sheet that SheetJS saves, at the first blank between two cells ("Expecting 'table-cell', found
#        'Text…'"); those between rows it passes over. pandas' engine "odf" reads all of them alike.
# Needs: node 20 with npm; python3 with pip.
set -eu
for tool in node npm python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  python-calamine==0.9.1 pandas==3.1.1 odfpy==1.4.1
cd "$work"
npm install --silent --no-fund --no-audit xlsx@0.18.5 >/dev/null
node -e '
const sheets = require("xlsx");
const book = sheets.utils.book_new();
const rows = [["Misura", "Esito"], ["Rotazione", "attuata"]];
sheets.utils.book_append_sheet(book, sheets.utils.aoa_to_sheet(rows), "R");
sheets.writeFile(book, "sheetjs.ods");'
cat >read.py <<'PY'
import sys
import zipfile

import pandas
import python_calamine

KIND = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest")
)
FILES = ("/", KIND), ("content.xml", "text/xml")
LISTED = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>' for path, kind in FILES
)


def row(words, between):
    cells = (f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>' for word in words)
    return f"<table:table-row>{between.join(cells)}</table:table-row>"


def save(name, rows="", between=""):
    said = rows.join(row(words, between) for words in (("Misura", "Esito"), ("Rotazione", "attuata")))
    with zipfile.ZipFile(name, "w") as saved:
        saved.writestr("mimetype", KIND)
        saved.writestr(
            "content.xml",
            f'<office:document-content {NAMES} office:version="1.3"><office:body><office:spreadsheet>'
            f'<table:table table:name="R"><table:table-column table:number-columns-repeated="2"/>{rows}{said}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        saved.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {NAMES} manifest:version="1.3">{LISTED}</manifest:manifest>',
        )


save("rows.ods", rows="\n  ")
save("between.ods", between="\n  ")


def with_calamine(name):
    try:
        return python_calamine.CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()
    except python_calamine.CalamineError as refusal:
        assert "Expecting 'table-cell', found 'Text(" in str(refusal), refusal
        return "refused"


WHOLE = [["Misura", "Esito"], ["Rotazione", "attuata"]]
expected = {
    "sheetjs.ods": "refused",
    "rows.ods": WHOLE,
    "between.ods": "refused",
}
for name, told in expected.items():
    frame = pandas.read_excel(name, engine="odf")
    if [list(frame.columns), *frame.values.tolist()] != WHOLE:
        sys.exit(f"changed: pandas reads {name} otherwise: {frame}")
    seen = with_calamine(name)
    print(f"{name}: odf reads it, calamine: {seen}")
    if seen != told:
        sys.exit(f"changed: calamine reads {name} otherwise")
PY
venv/bin/python read.py
echo "as described: calamine refuses cells with blanks between them"
