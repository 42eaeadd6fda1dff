#!/bin/sh
# A text document with a table whose heads are repeated on each page, turned into HTML by pandoc 2.17.1.1 (Debian 12) and
# 3.9 (pypandoc_binary 1.17): as ODT and as DOCX, both saved by LibreOffice Writer 7.4.7.
#
# Guess: heads become heads, and a cell over two rows stays one, from both formats and in both versions.
# Seen:  of an ODT pandoc 2.17 leaves out the row of heads with all it says, and the row below a cell over two rows moves to
#        the left; a page made so says nothing of it. Of the DOCX it reads both, and so does pandoc 3.9 of either format.
# Needs: LibreOffice Writer 7.4 (Debian 12: libreoffice-writer-nogui); Debian's pandoc; python3 with pip.
set -eu
for tool in soffice pandoc python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
versions="$(soffice --version -env:UserInstallation="file://$work/home" 2>/dev/null | head -n 1) / $(pandoc --version | head -n 1)"
case $versions in
*" 7.4."*"pandoc 2.17.1.1") ;;
*) echo "described for LibreOffice 7.4 and pandoc 2.17.1.1, here are: $versions" && exit 2 ;;
esac
export PIP_ROOT_USER_ACTION=ignore
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc_binary==1.17 python-docx==1.2.0
cd "$work"
cat >make.py <<'PY'
from docx import Document
from docx.oxml import OxmlElement

made = Document()
table = made.add_table(3, 2)
for row, words in zip(table.rows, (("Processo", "Fase"), ("Gare", "Avvio"), ("", "Esito")), strict=True):
    for cell, word in zip(row.cells, words, strict=True):
        cell.text = word
table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
merged = table.cell(1, 0).merge(table.cell(2, 0))
merged.text = "Gare"
made.save("act.docx")
PY
venv/bin/python make.py
soffice -env:UserInstallation="file://$work/home" --headless --convert-to odt act.docx >/dev/null 2>&1
mkdir saved
soffice -env:UserInstallation="file://$work/home" --headless --convert-to docx --outdir saved act.odt >/dev/null 2>&1
newer=$(venv/bin/python -c "import pypandoc; print(pypandoc.get_pandoc_path())")
"$newer" --version | head -n 1 | grep -q "pandoc 3\.9" || { echo "changed: another pandoc in the package"; exit 1; }
pandoc act.odt --to html --output old-odt.html
pandoc saved/act.docx --to html --output old-docx.html
"$newer" act.odt --to html --output new-odt.html
"$newer" saved/act.docx --to html --output new-docx.html
cat >read.py <<'PY'
import re
import sys
from pathlib import Path

WHOLE = [["th Processo", "th Fase"], ["td over 2 Gare", "td Avvio"], ["td Esito"]]
expected = {
    "old-odt": [["td Gare", "td Avvio"], ["td Esito", "td "]],
    "old-docx": WHOLE,
    "new-odt": WHOLE,
    "new-docx": WHOLE,
}
for name, told in expected.items():
    page = Path(f"{name}.html").read_text(encoding="utf-8")
    seen = []
    for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL):
        cells = re.findall(r'<(t[hd])(?: rowspan="(\d+)")?[^>]*>(.*?)</t[hd]>', row, re.DOTALL)
        seen.append([f"{tag} {f'over {span} ' if span else ''}{re.sub('<.*?>', '', text)}" for tag, span, text in cells])
    print(f"{name}: {seen}")
    if seen != told:
        sys.exit(f"changed: {name} is read otherwise")
PY
venv/bin/python read.py
echo "as described: pandoc 2.17 leaves the heads of an ODT's table out"
