#!/bin/sh
# LibreOffice Calc 7.4.7 (Debian 12), exporting a table as PDF/UA, as offices do to publish one that is accessible.
#
# Guess: with PDF/UA and tags asked for, a sheet becomes a tagged table, perhaps with poor heads; what cannot be
#        tagged is not called PDF/UA.
# Seen:  the file says that it conforms to PDF/UA-1 (pdfuaid:part 1) and that it is marked, but the only things
#        in its structure tree are the running head and foot of each page, as paragraphs: of the 60 rows
#        nothing is a table, a row or a head. Without running head and foot there is no tree at all.
# Needs: soffice (LibreOffice Calc), python3 with pip.
set -eu
for tool in soffice python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
soffice --version | grep -q "LibreOffice 7.4" || { echo "missing: LibreOffice 7.4"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" pikepdf==10.17.0
cd "$work"
python3 - <<'PY'
NAMES = ("office", "table", "text")
SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES)


def row(*texts):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in texts
    )
    return f"<table:table-row>{cells}</table:table-row>"


head = f'<table:table-header-rows>{row("Processo", "Fase", "Rischio")}</table:table-header-rows>'
columns = '<table:table-column table:number-columns-repeated="3"/>'
rows = "".join(row("Gare", f"Fase {number}", "alto") for number in range(1, 61))
table = f'<table:table table:name="Registro">{columns}{head}{rows}</table:table>'
with open("calc.fods", "w", encoding="utf-8") as opened:
    opened.write(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>'
        f"{table}</office:spreadsheet></office:body></office:document>"
    )
PY
asked='{"UseTaggedPDF":{"type":"boolean","value":"true"},"PDFUACompliance":{"type":"boolean","value":"true"}}'
soffice "-env:UserInstallation=file://$work/profile" --headless \
  --convert-to "pdf:calc_pdf_Export:$asked" calc.fods >/dev/null 2>&1
PYTHONPATH="$work/lib" python3 - <<'PY'
import sys
from collections import Counter

import pikepdf


def roles(element, counted):
    if isinstance(element, pikepdf.Dictionary):
        counted[str(element.get("/S", ""))] += 1
        below = element.get("/K", [])
        for one in below if isinstance(below, pikepdf.Array) else [below]:
            roles(one, counted)
    return counted


with pikepdf.open("calc.pdf") as pdf:
    says_ua = b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    marked = bool(pdf.Root.MarkInfo.Marked)
    tagged = {role for role in roles(pdf.Root.get("/StructTreeRoot"), Counter()) if role}
print(f"says PDF/UA: {says_ua}; marked: {marked}; tagged: {tagged or 'nothing'}")
if not says_ua or not marked or tagged - {"/P"}:
    sys.exit("changed")
PY
echo "as described: Calc says PDF/UA of a table that is not tagged"
