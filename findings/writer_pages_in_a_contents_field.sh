#!/bin/sh
# A DOCX whose contents ask for the pages of the headings (PAGEREF), inside and outside a field TOC, opened by LibreOffice
# Writer 7.4.7 (Debian 12). The pages written beforehand, 99, are wrong, and the file asks for its fields to be renewed.
#
# Guess: Writer fills in a reference to a page when it opens a file, wherever it stands.
# Seen:  outside a field TOC it does. Within one the reference is a plain text from then on: the wrong page is printed, and an
#        ODT saved from it has no reference left. `updateFields`, which Word obeys, changes nothing.
# Needs: LibreOffice Writer 7.4 (Debian 12: libreoffice-writer-nogui); poppler's pdftotext; python3 with pip.
set -eu
for tool in soffice pdftotext python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(soffice --version -env:UserInstallation="file://$work/home" 2>/dev/null | head -n 1)
case $version in
*" 7.4."*) ;;
*) echo "described for LibreOffice 7.4, here is: $version" && exit 2 ;;
esac
export PIP_ROOT_USER_ACTION=ignore
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-docx==1.2.0
cd "$work"
cat >make.py <<'PY'
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def element(tag, **attributes):
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def mark(paragraph, kind):
    run = element("w:r")
    run.append(element("w:fldChar", fldCharType=kind))
    paragraph._p.append(run)


def begin(paragraph, code):
    mark(paragraph, "begin")
    run, said = element("w:r"), element("w:instrText")
    said.text = f" {code} "
    run.append(said)
    paragraph._p.append(run)
    mark(paragraph, "separate")


for name in ("inside", "outside"):
    made = Document()
    made.settings.element.insert(0, element("w:updateFields", val="true"))
    line = made.add_paragraph()
    if name == "inside":
        begin(line, 'TOC \\o "1-1" \\h')
    line.add_run("Titolo a pagina ")
    begin(line, "PAGEREF _Toc1 \\h")
    line.add_run("99")
    mark(line, "end")
    if name == "inside":
        mark(line, "end")
    made.add_page_break()
    heading = made.add_heading("Titolo", 1)._p
    heading.insert(1, element("w:bookmarkStart", id="1", name="_Toc1"))
    heading.append(element("w:bookmarkEnd", id="1"))
    made.save(f"{name}.docx")
PY
venv/bin/python make.py
for file in inside outside; do
  for kind in pdf odt; do
    soffice -env:UserInstallation="file://$work/home" --headless --convert-to $kind "$file.docx" >/dev/null 2>&1
  done
  said=$(pdftotext "$file.pdf" - | grep -o "a pagina .*")
  asked=$(python3 -c "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('content.xml').count(b'<text:bookmark-ref'))" "$file.odt")
  echo "$file a field TOC: $said, references in the ODT: $asked"
  case "$file/$said/$asked" in
  "inside/a pagina 99/0" | "outside/a pagina 2/1") ;;
  *) echo "changed: $file" && exit 1 ;;
  esac
done
echo "as described: within a field TOC the page is a plain text"
