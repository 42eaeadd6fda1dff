#!/bin/sh
# The tags of a table over three pages, as pdf.js 5.6.205 (the reader of Firefox) hands them to a screen reader.
#
# Guess: of a table that is one Table in the file, as PDF/UA wants, each page shows its own rows, under the heads.
# Seen:  each page shows all the rows of all pages. The cells of the others are empty, and so are the heads on every page
#        but the first, so that from page two no cell has a head; spans, scopes and references to heads are not handed on.
#        A table that is cut into one Table a page, which is wrong by the standard, reads better there.
# Needs: python3 with pip, node 20 with npm.
set -eu
for tool in python3 node npm; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" typst==0.15.2
cd "$work"
npm install --silent --no-fund --no-audit pdfjs-dist@5.6.205 >/dev/null
cat >table.typ <<'TYPST'
#set document(title: "Scheda")
#set text(lang: "it")
#table(
  columns: 3,
  table.header[Processo][Fase][Rischio],
  ..range(90).map(n => ([Processo #n], [Fase #n], [basso])).flatten(),
)
TYPST
PYTHONPATH="$work/lib" python3 -c "
from pathlib import Path
import typst
Path('table.pdf').write_bytes(typst.compile('table.typ', pdf_standards=['ua-1']))"
cat >read.mjs <<'JS'
import fs from "fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
const data = new Uint8Array(fs.readFileSync("table.pdf"));
const file = await getDocument({ data, verbosity: 0 }).promise;
const told = [];
const words = (one) => (one.type === "content" ? 1 : 0) + (one.children ?? []).map(words).reduce((a, b) => a + b, 0);
const all = (one, role) => [...(one.role === role ? [one] : []), ...(one.children ?? []).flatMap((kid) => all(kid, role))];
const said = new Set();
const keys = (one) => { Object.keys(one).forEach((key) => said.add(key)); (one.children ?? []).forEach(keys); };
for (let number = 1; number <= file.numPages; number++) {
  const tree = await (await file.getPage(number)).getStructTree();
  keys(tree);
  const full = (role) => all(tree, role).filter(words).length;
  told.push([all(tree, "TR").length, full("TR"), full("TH")]);
}
console.log("rows, rows with words, heads with words, by page:", JSON.stringify(told));
console.log("of each tag:", [...said].sort().join(" "));
const [first, ...rest] = told;
const same = rest.length > 0 && told.every(([rows]) => rows === 91) && first[2] === 3 && rest.every(([, , heads]) => heads === 0);
if (!same || ["rowSpan", "scope", "headers"].some((key) => said.has(key))) { console.log("changed"); process.exit(1); }
JS
node read.mjs
echo "as described: all rows on each page, most of them empty, and no heads after the first"
