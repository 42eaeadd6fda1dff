#!/bin/sh
# tablib 3.10.0 (with odfpy 1.4.1), reading tables in OpenDocument as LibreOffice Calc stores them.
#
# Guess: what tablib loads from an .ods are the cells people see, each under its heading, as from .xlsx.
# Seen:  (1) cells that are equal or empty side by side are stored once with a count, and tablib reads them
#        once: what stands to the right moves under another heading. Empty rows come once, too.
#        (2) A cell with a comment gives the date of the comment, never its own text. (3) Of a text
#        only what stands before its first link, second paragraph or pair of blanks is read. (4) A time of
#        more than 24 hours refuses the whole file with ValueError.
#        Nothing but (4) says anything. Merged cells, dates, amounts keep their places.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" tablib==3.10.0 odfpy==1.4.1
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import io
import sys
import zipfile

import tablib

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
OTHERS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'


def cell(paragraphs, before="", more=""):
    return (
        f'<table:table-cell office:value-type="string"{more}>{before}{paragraphs}</table:table-cell>'
    )


def text(words):
    return f"<text:p>{words}</text:p>"


def load(*rows):
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content {SPACES} {OTHERS} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Foglio">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", KIND), ("content.xml", "text/xml"))
    )
    manifest = f'<manifest:manifest {SPACES} manifest:version="1.3">{entries}</manifest:manifest>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("mimetype", KIND)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", manifest)
    try:
        return [list(row) for row in tablib.Dataset().load(written.getvalue(), "ods", headers=False)]
    except ValueError as error:
        return f"refused: {error}"


THREE = ' table:number-columns-repeated="3"'
NOTE = "<office:annotation><dc:date>2026-01-15T00:00:00</dc:date><text:p>da rivedere</text:p></office:annotation>"
HOURS = '<table:table-cell office:value-type="time" office:time-value="PT30H15M00S"><text:p>30:15:00</text:p></table:table-cell>'
MERGED = cell(text("Gare"), more=' table:number-columns-spanned="2" table:number-rows-spanned="1"')
seen = {
    "three equal cells, then another": load(cell(text("Alto"), more=THREE) + cell(text("Basso"))),
    "three empty cells between two": load(
        cell(text("Gare")) + f"<table:table-cell{THREE}/>" + cell(text("Basso"))
    ),
    "a cell with a comment": load(cell(text("Gare"), before=NOTE)),
    "two paragraphs": load(cell(text("Fase uno") + text("Fase due"))),
    "a link": load(cell(text('vedi <text:a xlink:href="x">regolamento</text:a> comunale'))),
    "two blanks": load(cell(text("Ufficio <text:s/>gare"))),
    "30 hours": load(HOURS),
    "a merged cell": load(MERGED + "<table:covered-table-cell/>" + cell(text("Basso"))),
}
for what, rows in seen.items():
    print(f"{what}: {rows}")
expected = {
    "three equal cells, then another": [["Alto", "Basso"]],
    "three empty cells between two": [["Gare", "Basso"]],
    "a cell with a comment": [["2026-01-15T00:00:00"]],
    "two paragraphs": [["Fase uno"]],
    "a link": [["vedi "]],
    "two blanks": [["Ufficio "]],
    "30 hours": "refused: time data 'PT30H15M00S' does not match format '%H:%M:%S'",
    "a merged cell": [["Gare", "", "Basso"]],
}
if seen != expected:
    sys.exit("changed")
PY
echo "as described: cells move under other headings, and texts are cut, without a word"
