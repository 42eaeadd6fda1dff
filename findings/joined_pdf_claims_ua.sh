#!/bin/sh
# pikepdf 10.17.0 (qpdf 12.4.2), pypdf 6.4.0, PyMuPDF 2.0: pages of a second PDF/UA document put
# behind those of a first one, as offices make one file of their annexes.
#
# Guess: the tags of both are in the file, or the file no longer says that it is PDF/UA.
# Seen:  the file says so still (`pdfuaid` in its metadata, /Marked true), and holds the tags of the
#        first document alone: one table of two. Two of the three leave nothing to tell it by but the
#        count; with pikepdf both pages say /StructParents 0, so that what is drawn on the second page
#        belongs to the table of the first. Joined from an empty file all three drop tags and claim.
# Needs: python3 with pip, and the libraries WeasyPrint draws with (pango).
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0 pikepdf==10.17.0 pypdf==6.4.0
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps PyMuPDF==2.0
cd "$work"
venv/bin/python - <<'PY'
import pikepdf
import pymupdf
import pypdf
from weasyprint import HTML

PAGE = (
    "<html lang=it><title>Allegato {0}</title><h1>Allegato {0}</h1><table>"
    "<tr><th scope=col>Fase</th><th scope=col>Rischio</th></tr><tr><td>1</td><td>{0}</td></tr></table>"
)
for name in "ab":
    HTML(string=PAGE.format(name)).write_pdf(f"{name}.pdf", pdf_variant="pdf/ua-1")


def with_pikepdf(first):
    with pikepdf.open(first) if first else pikepdf.new() as joined:
        for name in "b" if first else "ab":
            joined.pages.extend(pikepdf.open(f"{name}.pdf").pages)
        joined.save("joined.pdf")


def with_pypdf(first):
    joined = pypdf.PdfWriter(clone_from=first) if first else pypdf.PdfWriter()
    for name in "b" if first else "ab":
        joined.append(f"{name}.pdf")
    joined.write("joined.pdf")


def with_pymupdf(first):
    joined = pymupdf.open(first) if first else pymupdf.open()
    for name in "b" if first else "ab":
        joined.insert_pdf(pymupdf.open(f"{name}.pdf"))
    joined.save("joined.pdf")


def tables(element):
    if isinstance(element, pikepdf.Array):
        return sum(map(tables, element))
    if not isinstance(element, pikepdf.Dictionary):
        return 0
    return (element.get("/S") == "/Table") + tables(element.get("/K"))


def what_is_said(path):
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        metadata = root.Metadata.read_bytes() if "/Metadata" in root else b""
        return (
            b"pdfuaid" in metadata,
            tables(root.get("/StructTreeRoot")),
            [int(page.obj.get("/StructParents", -1)) for page in pdf.pages],
        )


assert what_is_said("a.pdf") == what_is_said("b.pdf") == (True, 1, [0])
for join, parents in ((with_pikepdf, [0, 0]), (with_pypdf, [0, -1]), (with_pymupdf, [0, -1])):
    join("a.pdf")
    seen = what_is_said("joined.pdf")
    print(f"{join.__name__}, behind the first: says PDF/UA {seen[0]}, tables {seen[1]} of 2, pages {seen[2]}")
    assert seen == (True, 1, parents), seen
    join(None)
    claim, count, _parents = what_is_said("joined.pdf")
    print(f"{join.__name__}, from nothing: says PDF/UA {claim}, tables {count} of 2")
    assert (claim, count) == (False, 0)
PY
