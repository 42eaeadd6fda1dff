#!/bin/sh
# Words of another language ("whistleblowing", a heading in German of a bilingual body) in a tagged PDF: drawn by WeasyPrint 70.0
# and by Typst 0.15.2, both asked for PDF/UA-1, and read by pdf.js 5.6.205, which gives Firefox's screen readers their tags.
#
# Guess: `lang` of a word and of a paragraph becomes /Lang of its tag in both (PDF/UA-1, 7.2), and a reader is told of both.
# Seen:  WeasyPrint writes the language of the whole document and no other, be it of a word or of a paragraph, and still says
#        PDF/UA-1; page-validation 0.11.0 finds nothing. Typst tags the paragraph, and says that of a word at its
#        signs on the page alone, where the standard allows it; pdf.js gives the paragraph's on and drops the word's.
# Needs: python3 with pip, node 20 with npm.
set -eu
for tool in python3 node npm; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  weasyprint==70.0 typst==0.15.2 pikepdf==10.17.0 page-validation==0.11.0
cd "$work"
npm install --silent --no-fund --no-audit pdfjs-dist@5.6.205 >/dev/null
PYTHONPATH="$work/lib" python3 - <<'PY'
import typst
import weasyprint

page = """<html lang="it"><head><title>Piano</title></head><body><h1>Piano</h1>
<p>Il <span lang="en">whistleblowing</span> in sede.</p><p lang="de">Korruptionsvorbeugung.</p></body></html>"""
weasyprint.HTML(string=page).write_pdf("weasyprint.pdf", pdf_variant="pdf/ua-1")
source = """#set document(title: "Piano")
#set text(lang: "it")
= Piano
Il #text(lang: "en")[whistleblowing] in sede.

#[#set text(lang: "de")
Korruptionsvorbeugung.]
"""
typst.compile(source.encode(), output="typst.pdf", pdf_standards="ua-1")
PY
cat >told.mjs <<'JS'
import fs from "fs";
const pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
const told = {};
for (const name of ["weasyprint", "typst"]) {
  const document = await pdfjs.getDocument({ data: new Uint8Array(fs.readFileSync(`${name}.pdf`)), verbosity: 0 }).promise;
  const found = [];
  const walk = (node) => { if (node.lang) found.push(node.lang); (node.children || []).forEach(walk); };
  walk(await (await document.getPage(1)).getStructTree());
  told[name] = found;
}
console.log(JSON.stringify(told));
JS
node told.mjs >told.json
PYTHONPATH="$work/lib" python3 - <<'PY'
import json
import sys
from pathlib import Path

import pikepdf
from page import ValidationProfile, validate_pdf_bytes


def of_tags(piece, found):
    """Return the languages of a tag and of those below it."""
    if isinstance(piece, pikepdf.Array):
        for one in piece:
            of_tags(one, found)
    elif isinstance(piece, pikepdf.Dictionary) and "/S" in piece:
        found += [str(piece.Lang)] if "/Lang" in piece else []
        of_tags(piece.get("/K", pikepdf.Array()), found)
    return found


def of_signs(pdf):
    """Return the languages that stand at the signs of the first page."""
    marks = [one.operands[1] for one in pikepdf.parse_content_stream(pdf.pages[0]) if str(one.operator) == "BDC"]
    return [str(mark["/Lang"]) for mark in marks if isinstance(mark, pikepdf.Dictionary) and "/Lang" in mark]


seen = {}
for name in ("weasyprint", "typst"):
    with pikepdf.open(f"{name}.pdf") as pdf:
        says_ua = b"pdfuaid" in pdf.Root.Metadata.read_bytes()
        seen[name] = [str(pdf.Root.Lang), of_tags(pdf.Root.StructTreeRoot.K, []), of_signs(pdf), says_ua]
drawn = Path("weasyprint.pdf").read_bytes()
faults = [one.rule_id for one in validate_pdf_bytes(drawn, profile=ValidationProfile.PDF_UA_1).failures]
told = json.loads(Path("told.json").read_text())
print(seen, "faults:", faults, "told:", told)
expected = {"weasyprint": ["it", [], [], True], "typst": ["it", ["de"], ["en"], True]}
if seen != expected or faults or told != {"weasyprint": [], "typst": ["de"]}:
    sys.exit("changed")
PY
echo "as described: of the language of words and paragraphs WeasyPrint tells nothing, and of Typst's Firefox hears the paragraph's"
