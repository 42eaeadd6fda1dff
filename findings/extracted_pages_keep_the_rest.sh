#!/bin/sh
# Pages 1 and 3 of a tagged PDF of three pages, the second of which is to be left out: with pypdf 7.1.1, PyMuPDF 2.0, pikepdf
# 10.17.0, pdf-lib 1.17.1 and Debian 12's qpdf 11.3, mutool 1.21 and poppler 22.12.
#
# Guess: what stood on the page is gone with it, and so are its bookmark and the words that describe its picture, at least
#        where a tool of its own writes the new file and where a library is asked to leave out what nobody needs.
# Seen:  taken out by each of the four libraries, PyMuPDF with garbage=4 too, the page is no longer shown and all of it is
#        still in the file: the tags, which nobody takes out, hold it. So with mutool clean, unless it is asked for -g. Where
#        a link has a named end, poppler's pdfseparate puts the whole document into the file of each page, that of the link or
#        another, and pdfunite keeps it there. qpdf empties the page, and leaves its heading in the bookmarks and the words for
#        its picture in the tags; as with the libraries the file goes on saying that it is PDF/UA. Where pages are put into an
#        empty file (qpdf --empty, mutool merge, pypdf's append) nothing is left, no tag either.
# Needs: qpdf, mutool, pdfseparate and pdfunite of Debian 12; node 20 with npm; python3 with pip.
set -eu
for tool in qpdf mutool pdfseparate pdfunite node npm python3; do
  command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }
done
versions="$(qpdf --version | head -n 1) / $(mutool -v 2>&1) / $(pdfseparate -v 2>&1 | head -n 1)"
case $versions in
*" 11.3."*" 1.21."*" 22.12."*) ;;
*) echo "described for qpdf 11.3, mutool 1.21 and poppler 22.12, here are: $versions" && exit 2 ;;
esac
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2 pikepdf==10.17.0 pypdf==7.1.1
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps PyMuPDF==2.0
cd "$work"
npm install --silent --no-fund --no-audit pdf-lib@1.17.1 >/dev/null
mkdir out
cat >act.typ <<'TYP'
#set document(title: "Relazione", author: "Comune di Prova")
#set text(lang: "it")
= Prima parte
#link(<due>)[Si veda]
#pagebreak()
= Segnalazione di Carla Neri <due>
Il dipendente Bianchi ha segnalato.
#figure(rect(width: 20pt, height: 20pt), alt: "Firma di Mario Rossi")
#pagebreak()
= Terza parte
TYP
venv/bin/python -c "import typst; typst.compile('act.typ', output='act.pdf', pdf_standards=['ua-1'])"
qpdf act.pdf --pages . 1,3 -- out/qpdf.pdf
qpdf --empty --pages act.pdf 1,3 -- out/qpdf_empty.pdf
mutool clean act.pdf out/mutool_clean.pdf 1,3
mutool clean -g act.pdf out/mutool_clean_g.pdf 1,3
mutool merge -o out/mutool_merge.pdf act.pdf 1,3
pdfseparate act.pdf page-%d.pdf
pdfunite page-1.pdf page-3.pdf out/poppler.pdf
cat >take_out.js <<'JS'
const fs = require("fs");
const { PDFDocument } = require("pdf-lib");
PDFDocument.load(fs.readFileSync("act.pdf")).then(async (act) => {
  act.removePage(1);
  fs.writeFileSync("out/pdf_lib.pdf", await act.save());
});
JS
node take_out.js
cat >look.py <<'PY'
import sys
from pathlib import Path

import pikepdf
import pymupdf
import pypdf

SHOWN, LEFT = {"Prima parte\nSi veda", "Terza parte"}, {}
with pikepdf.open("act.pdf") as act:
    del act.pages[1]
    act.save("out/pikepdf.pdf")
writer = pypdf.PdfWriter(clone_from="act.pdf")
writer.remove_page(1)
writer.write("out/pypdf.pdf")
writer = pypdf.PdfWriter()
writer.append("act.pdf", pages=[0, 2])
writer.write("out/pypdf_append.pdf")
with pymupdf.open("act.pdf") as act:
    act.delete_page(1)
    act.save("out/pymupdf.pdf", garbage=4)


def words_of_hidden_pages(file):
    """The words of pages that are in the file and not among those it shows."""
    shown = {page.obj.objgen for page in file.pages}
    hidden = [
        thing
        for thing in file.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Page" and thing.objgen not in shown
    ]
    if not hidden:
        return ""
    with pikepdf.new() as apart:
        for page in hidden:
            own = {key: page[key] for key in ("/Type", "/MediaBox", "/Contents", "/Resources") if key in page}
            apart.pages.append(pikepdf.Page(apart.copy_foreign(file.make_indirect(pikepdf.Dictionary(own)))))
        apart.save("hidden.pdf")
    with pymupdf.open("hidden.pdf") as read:
        return "".join(page.get_text() for page in read)


def says(file, keys, words):
    things = [thing for thing in file.objects if isinstance(thing, pikepdf.Dictionary)]
    return any(words in str(thing.get(key, "")) for thing in things for key in keys)


for path in sorted(Path("out").iterdir()):
    with pymupdf.open(path) as read:
        assert {page.get_text().strip() for page in read} == SHOWN, path
    with pikepdf.open(path) as file:
        found = {
            "text": "Bianchi" in words_of_hidden_pages(file),
            "bookmark": says(file, ["/Title"], "Carla Neri"),
            "description": says(file, ["/Alt"], "Mario Rossi"),
            "tags": "/StructTreeRoot" in file.Root,
        }
        claims = "/Metadata" in file.Root and b"pdfuaid" in file.Root.Metadata.read_bytes()
    LEFT[path.stem] = {name for name, is_left in found.items() if is_left} | ({"PDF/UA"} if claims else set())
    print(f"{path.stem}: {', '.join(sorted(LEFT[path.stem])) or 'nothing'}")

ALL = {"text", "bookmark", "description", "tags", "PDF/UA"}
expected = {
    "mutool_clean": {"text", "bookmark", "description"},
    "mutool_clean_g": set(),
    "mutool_merge": set(),
    "pdf_lib": ALL,
    "pikepdf": ALL,
    "poppler": {"text"},
    "pymupdf": ALL,
    "pypdf": ALL,
    "pypdf_append": set(),
    "qpdf": ALL - {"text"},
    "qpdf_empty": set(),
}
if LEFT != expected:
    sys.exit(f"changed: {({name: LEFT[name] for name in LEFT if LEFT[name] != expected[name]})}")
PY
venv/bin/python look.py
echo "as described: a page that was taken out is not shown, and is in the file"
