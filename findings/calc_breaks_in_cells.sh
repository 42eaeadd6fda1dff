#!/bin/sh
# A break of line and a tab within a paragraph of a cell of an .ods, read by LibreOffice Calc 7.4.7 (Debian 12),
# python-calamine 0.9.1 and odfdo 3.27.3; the file with a tab is written by SheetJS (npm xlsx) 0.18.5.
#
# Guess: the office suite whose format it is reads both; OpenDocument allows them in every paragraph (1.3, 6.1.4 and 6.1.5).
# Seen:  Calc leaves both out and puts nothing in their place, so that "Area A" above "Area B" becomes "Area AArea B", and what
#        it saves keeps it so; it reads a second paragraph as a break. calamine loses the break too, odfdo reads both. SheetJS
#        writes a tab as the format says, and Calc opens that file without it.
# Needs: LibreOffice Calc 7.4 (Debian 12: libreoffice-calc-nogui); node 20 with npm; python3 with pip.
set -eu
for tool in soffice node npm python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(soffice --version -env:UserInstallation="file://$work/home" 2>/dev/null | head -n 1)
case $version in
*" 7.4."*) ;;
*) echo "described for LibreOffice 7.4, here is: $version" && exit 2 ;;
esac
export PIP_ROOT_USER_ACTION=ignore
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check odfdo==3.27.3 python-calamine==0.9.1 openpyxl==3.1.5
cd "$work"
npm install --silent --no-fund --no-audit xlsx@0.18.5 >/dev/null
node -e '
const sheets = require("xlsx");
const book = sheets.utils.book_new();
sheets.utils.book_append_sheet(book, sheets.utils.aoa_to_sheet([["art. 1\tcomma 9"]]), "R");
sheets.writeFile(book, "tab.ods");'
cat >make.py <<'PY'
import zipfile

KIND = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest")
)
FILES = ("/", KIND), ("content.xml", "text/xml")
LISTED = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>' for path, kind in FILES
)
CELLS = "".join(
    f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    for inside in (
        "<text:p>Area A<text:line-break/>Area B</text:p>",
        "<text:p>Area A</text:p><text:p>Area B</text:p>",
    )
)
with zipfile.ZipFile("line.ods", "w") as book:
    book.writestr("mimetype", KIND)
    book.writestr(
        "content.xml",
        f'<office:document-content {NAMES} office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="R"><table:table-column table:number-columns-repeated="2"/>'
        f"<table:table-row>{CELLS}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>",
    )
    book.writestr(
        "META-INF/manifest.xml", f'<manifest:manifest {NAMES} manifest:version="1.3">{LISTED}</manifest:manifest>'
    )
PY
venv/bin/python make.py
for file in tab line; do
  soffice -env:UserInstallation="file://$work/home" --headless --convert-to xlsx "$file.ods" >/dev/null 2>&1
done
cat >read.py <<'PY'
import sys
import zipfile

import odfdo
import openpyxl
import python_calamine

for name, mark in (("line", b"<text:line-break/>"), ("tab", b"<text:tab/>")):
    assert mark in zipfile.ZipFile(f"{name}.ods").read("content.xml"), f"changed: {name}.ods is written otherwise"
expected = {
    ("line", "calc"): ["Area AArea B", "Area A\nArea B"],
    ("line", "calamine"): ["Area AArea B", "Area A\nArea B"],
    ("line", "odfdo"): ["Area A\nArea B", "Area A\nArea B"],
    ("tab", "calc"): ["art. 1comma 9"],
    ("tab", "odfdo"): ["art. 1\tcomma 9"],
}
seen = {}
for name in ("line", "tab"):
    sheet = openpyxl.load_workbook(f"{name}.xlsx").active
    seen[name, "calc"] = [cell.value for cell in sheet[1]]
    seen[name, "odfdo"] = odfdo.Document(f"{name}.ods").body.get_table(0).get_values()[0]
lines = python_calamine.CalamineWorkbook.from_path("line.ods").get_sheet_by_index(0)
seen["line", "calamine"] = lines.to_python()[0]
for key, values in seen.items():
    print(*key, values)
if seen != expected:
    sys.exit(f"changed: {[key for key in seen if seen[key] != expected[key]]}")
PY
venv/bin/python read.py
echo "as described: Calc joins what a break or a tab keeps apart"
