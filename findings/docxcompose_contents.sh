#!/bin/sh
# Two documents with contents, put one behind the other by docxcompose 2.2.0 (python-docx 1.2.0), and opened by LibreOffice
# Writer 7.4.7 (Debian 12).
#
# Guess: a library that gives new numbers to bookmarks, styles, lists and notes keeps the bookmarks of two documents apart, so
#        that the contents of each tell the pages of its own headings.
# Seen:  bookmarks get new numbers and keep their names. Where the two were made by the same program, which counts _Toc1,
#        _Toc2, …, the contents of the second document tell the pages of the first, and look right. With names of their own
#        they are right.
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
"$work/venv/bin/pip" install --quiet --disable-pip-version-check docxcompose==2.2.0 python-docx==1.2.0
cd "$work"
cat >make.py <<'PY'
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxcompose.composer import Composer


def element(tag, **attributes):
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def page_of(paragraph, name):
    for kind in ("begin", f"PAGEREF {name} \\h", "separate", None, "end"):
        run = element("w:r")
        if kind is None:
            said = element("w:t")
            said.text = "?"
        elif kind.startswith("PAGEREF"):
            said = element("w:instrText")
            said.text = f" {kind} "
        else:
            said = element("w:fldChar", fldCharType=kind)
        run.append(said)
        paragraph._p.append(run)


def document(label, pages, name):
    made = Document()
    page_of(made.add_paragraph(f"Indice {label}: "), name)
    for _ in range(pages):
        made.add_page_break()
    heading = made.add_heading(f"Titolo {label}", 1)._p
    heading.insert(1, element("w:bookmarkStart", id="7", name=name))
    heading.append(element("w:bookmarkEnd", id="7"))
    return made


for file, names in (("alike", ("_Toc1", "_Toc1")), ("own", ("_TocA1", "_TocB1"))):
    both = Composer(document("A", 1, names[0]))
    both.append(document("B", 2, names[1]))
    both.save(f"{file}.docx")
    marks = Document(f"{file}.docx").element.xpath("//w:bookmarkStart")
    told = [(one.get(qn("w:id")), one.get(qn("w:name"))) for one in marks]
    print(f"{file}.docx: bookmarks {told}")
    assert [name for _id, name in told] == [*names], "changed: bookmarks have new names"
    assert len({number for number, _name in told}) == 2, "changed: bookmarks keep their numbers"
PY
venv/bin/python make.py
for file in alike own; do
  soffice -env:UserInstallation="file://$work/home" --headless --convert-to pdf "$file.docx" >/dev/null 2>&1
  pdftotext -f 4 -l 4 "$file.pdf" - | grep -q "Titolo B" || { echo "changed: the second heading is on another page"; exit 1; }
  said=$(pdftotext "$file.pdf" - | grep -o "Indice B: .*")
  echo "$file.pdf: the heading of B is on page 4; $said"
  case $file/$said in
  "alike/Indice B: 2" | "own/Indice B: 4") ;;
  *) echo "changed: $file says $said" && exit 1 ;;
  esac
done
echo "as described: the contents of the second document tell the pages of the first"
