#!/bin/sh
# A word broken at the end of a line, whose hyphen a PDF says is U+00AD, as ISO 32000-1 (14.8.2.2.3) wants of a tagged one, or a
# plain "-", in the readers most people have: pdf.js 5.6.205 (Firefox), PDFium (pypdfium2 5.15.2), MuPDF (PyMuPDF 2.0),
# poppler 22.12 (Evince, pdftotext).
#
# Guess: said to be soft, the hyphen is no letter of the word, and all find the word; a plain hyphen is in the way.
# Seen:  the other way round. With the plain hyphen all four join the word. With the soft one pdf.js leaves the sign out, so
#        that nothing tells that the word goes on, and its search finds no "amministrativa"; poppler keeps sign and end
#        of line. PDFium and MuPDF treat both alike.
# Needs: python3 with pip, node 20 with npm, pdftotext 22.12.
set -eu
for tool in python3 node npm pdftotext; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
pdftotext -v 2>&1 | grep -q "version 22.12" || { echo "missing: pdftotext 22.12"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" --no-deps \
  pypdfium2==5.15.2 pymupdf==2.0
cd "$work"
npm install --silent --no-fund --no-audit pdfjs-dist@5.6.205 >/dev/null
cat >make.py <<'PY'
def written(said):
    """Return a page of two lines; the sign 0xAD of its font is drawn as a hyphen and read as `said`."""
    names = "/CMapName /A def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange"
    spelt = f"2 beginbfrange <20> <2C> <0020> <2E> <7E> <002E> endbfrange 1 beginbfchar <AD> <{said}> endbfchar"
    cmap = f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap {names} {spelt} endcmap end end"
    lines = "BT /F 12 Tf 20 70 Td (Attivita ammini\\255) Tj 0 -15 Td (strativa del Comune) Tj ET"
    pieces = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(lines)} >>\nstream\n{lines}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 6 0 R"
        " /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [173 /hyphen] >> >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    text, places = "%PDF-1.7\n", []
    for number, piece in enumerate(pieces, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{piece}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(pieces) + 1
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("ascii")


for name, said in (("plain", "002D"), ("soft", "00AD")):
    with open(f"{name}.pdf", "wb") as file:
        file.write(written(said))
PY
cat >find.mjs <<'JS'
import fs from "fs";
// what shows a page is not there; the search asks nothing of it
const nothing = new Proxy(function () {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => "" : nothing), apply: () => nothing, construct: () => nothing, set: () => true,
});
Object.assign(globalThis, { document: nothing, window: globalThis, requestAnimationFrame: (then) => setTimeout(then, 0) });
const pdfjs = (globalThis.pdfjsLib = await import("pdfjs-dist/legacy/build/pdf.mjs"));
const { EventBus, FindState, PDFFindController } = await import("pdfjs-dist/legacy/web/pdf_viewer.mjs");
for (const name of ["plain", "soft"]) {
  const file = await pdfjs.getDocument({ data: new Uint8Array(fs.readFileSync(`${name}.pdf`)), verbosity: 0 }).promise;
  const items = (await (await file.getPage(1)).getTextContent()).items;
  const text = items.map((one) => one.str + (one.hasEOL ? "\n" : "")).join("");
  const eventBus = new EventBus();
  const search = new PDFFindController({ eventBus, linkService: { pagesCount: 1, page: 1, rotation: 0 } });
  search.setDocument(file);
  const told = new Promise((tell) => {
    eventBus.on("updatefindcontrolstate", ({ state }) => { if (state !== FindState.PENDING) tell(state === FindState.FOUND); });
  });
  eventBus.dispatch("pagesloaded", {});
  eventBus.dispatch("find", { type: "", query: "amministrativa", highlightAll: true });
  console.log("pdf.js", name, JSON.stringify(text), (await told) ? "found" : "not found");
}
process.exit(0);
JS
cat >read.py <<'PY'
import subprocess

import pymupdf
import pypdfium2

for name in ("plain", "soft"):
    page = pypdfium2.PdfDocument(f"{name}.pdf")[0]
    print("PDFium", name, ascii(page.get_textpage().get_text_range()))
for name in ("plain", "soft"):
    page = pymupdf.open(f"{name}.pdf")[0]
    print("MuPDF", name, "found" if page.search_for("amministrativa") else "not found")
for name in ("plain", "soft"):
    text = subprocess.run(["pdftotext", f"{name}.pdf", "-"], check=True, capture_output=True, text=True).stdout
    print("poppler", name, ascii(text.strip()))
PY
export PYTHONPATH="$work/lib"
python3 make.py
{ node find.mjs; python3 read.py; } | tee seen.txt
cat >expected.txt <<'TXT'
pdf.js plain "Attivita ammini-\nstrativa del Comune" found
pdf.js soft "Attivita ammini\nstrativa del Comune" not found
PDFium plain 'Attivita ammini\ufffestrativa del Comune'
PDFium soft 'Attivita ammini\ufffestrativa del Comune'
MuPDF plain found
MuPDF soft found
poppler plain 'Attivita amministrativa del Comune'
poppler soft 'Attivita ammini\xad\nstrativa del Comune'
TXT
cmp -s seen.txt expected.txt || { echo "changed"; exit 1; }
echo "as described: a hyphen said to be soft keeps two of four readers from finding the word"
