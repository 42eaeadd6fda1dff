#!/bin/sh
# docx2python 3.7.1, python-docx 1.2.0 and mammoth 1.13.0, reading a table with changes nobody has accepted yet,
# as offices send their registers back: one sentence deleted, one added, one moved within its cell.
#
# Guess: each reads the text either as it was or as it will be.
# Seen:  mammoth reads it as it will be. docx2python leaves out what is deleted, but says what was moved
#        twice, at the old place and at the new. python-docx says neither what was added nor what was
#        moved, nor that something is missing: the only text it reads is that nobody touched.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  python-docx==1.2.0 mammoth==1.13.0 docx2python==3.7.1
cd "$work"
venv/bin/python - <<'PY'
import zipfile

import mammoth
from docx import Document
from docx2python import docx2python

WHO = 'w:author="Redattore" w:date="2026-01-01T00:00:00Z"'


def run(text, tag="t"):
    return f'<w:r><w:{tag} xml:space="preserve">{text}. </w:{tag}></w:r>'


CELL = "".join((
    "<w:p>",
    run("Resta"),
    f'<w:moveFromRangeStart w:id="1" {WHO} w:name="move1"/>',
    f'<w:moveFrom w:id="2" {WHO}>{run("Spostata")}</w:moveFrom><w:moveFromRangeEnd w:id="1"/>',
    f'<w:del w:id="3" {WHO}>{run("Cancellata", "delText")}</w:del>',
    f'<w:ins w:id="4" {WHO}>{run("Aggiunta")}</w:ins>',
    f'<w:moveToRangeStart w:id="5" {WHO} w:name="move1"/>',
    f'<w:moveTo w:id="6" {WHO}>{run("Spostata")}</w:moveTo><w:moveToRangeEnd w:id="5"/>',
    "</w:p>",
))

document = Document()
cell = document.add_table(rows=1, cols=2).rows[0].cells
cell[0].text, cell[1].text = "Rischio", "QUI"
document.save("plain.docx")
with zipfile.ZipFile("plain.docx") as plain, zipfile.ZipFile("moved.docx", "w") as moved:
    for name in plain.namelist():
        data = plain.read(name)
        if name == "word/document.xml":
            text = data.decode()
            at = text.index("QUI</w:t>")
            begin, end = text.rindex("<w:p>", 0, at), text.index("</w:p>", at) + len("</w:p>")
            data = (text[:begin] + CELL + text[end:]).encode()
        moved.writestr(name, data)

with docx2python("moved.docx") as read, open("moved.docx", "rb") as file:
    seen = {
        "docx2python": read.text,
        "python-docx": Document("moved.docx").tables[0].rows[0].cells[1].text,
        "mammoth": mammoth.extract_raw_text(file).value,
    }
WORDS = ("Resta", "Spostata", "Cancellata", "Aggiunta")
counts = {name: {word: text.count(word) for word in WORDS} for name, text in seen.items()}
for name, count in counts.items():
    print(name, count)
assert counts["mammoth"] == dict(zip(WORDS, (1, 1, 0, 1)))
assert counts["docx2python"] == dict(zip(WORDS, (1, 2, 0, 1)))
assert counts["python-docx"] == dict(zip(WORDS, (1, 0, 0, 0)))
PY
