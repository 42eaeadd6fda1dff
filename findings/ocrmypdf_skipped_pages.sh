#!/bin/sh
# A tagged PDF/A-2a by WeasyPrint 70.0 passed through OCRmyPDF 17.13.0 with --skip-text, as archives of documents do with all
# that comes in, so that scanned pages get words and the others stay as they are.
#
# Guess: a page that has text is left alone, and with it the tags; or the PDF/A that comes out, not being of level A, is told.
# Seen:  it says that each page is skipped, and that tags are lost on pages it recognises again, with other options; then
#        Ghostscript writes the whole document anew as PDF/A-2b, and no tag is left of any page: no heading, no table. It ends
#        with 0. Asked for that very PDF/A by name (--output-type pdfa) it refuses, as this Ghostscript spoils words; left
#        to choose (auto, what it does if nothing is said) it takes it without a word, and "ufficio" is found no more. With
#        --output-type pdf tags, words and PDF/A-2a stay.
# Needs: Debian 12's ghostscript (10.00.0), tesseract-ocr, poppler's pdftotext; the font DejaVu (fonts-dejavu-core); python3
#        with pip, and the libraries WeasyPrint draws with (pango).
set -eu
for tool in gs tesseract pdftotext fc-match python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
[ "$(gs --version)" = 10.00.0 ] || { echo "described for Ghostscript 10.00.0, here is $(gs --version)"; exit 2; }
fc-match "DejaVu Sans" | grep -q DejaVuSans.ttf || { echo "missing: the font DejaVu Sans"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_ROOT_USER_ACTION=ignore
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ocrmypdf==17.13.0 pikepdf==10.18.0 weasyprint==70.0
cd "$work"
printf '%s' '<html lang="it"><meta charset="utf-8"><title>Allegato</title><body style="font-family: DejaVu Sans">' \
  '<h1>Allegato</h1><p>L’ufficio affida: fine.</p><table><tr><th scope="col">Processo<th scope="col">Livello' \
  '<tr><th scope="row">Gare<td>alto</table>' >page.html
venv/bin/weasyprint --pdf-variant pdf/a-2a page.html before.pdf 2>/dev/null
for type in auto pdf pdfa; do
  ended=0
  venv/bin/ocrmypdf --skip-text --output-type "$type" before.pdf "$type.pdf" >"$type.txt" 2>&1 || ended=$?
  echo "$type ends with $ended"
  echo "$ended" >"$type.ended"
done
cat >look.py <<'PY'
import subprocess
import sys
from pathlib import Path

import pikepdf


def told(name):
    words = subprocess.run(["pdftotext", name, "-"], capture_output=True, check=True).stdout.decode()
    with pikepdf.open(name) as pdf, pdf.open_metadata() as said:
        level = said["pdfaid:part"] + said["pdfaid:conformance"]
        return "/StructTreeRoot" in pdf.Root, level, "L’ufficio affida: fine." in words


seen = {name: told(f"{name}.pdf") for name in ("before", "auto", "pdf")}
for name, (tags, level, words) in seen.items():
    print(f"{name}: tags {tags}, PDF/A-{level}, its words are found {words}")
said, refused = Path("auto.txt").read_text(), Path("pdfa.txt").read_text()
ended = [int(Path(f"{name}.ended").read_text()) for name in ("auto", "pdf", "pdfa")]
expected = {"before": (True, "2A", True), "auto": (False, "2B", False), "pdf": (True, "2A", True)}
if seen != expected or ended != [0, 0, 3]:
    sys.exit(f"changed: {seen}, ended with {ended}")
if "skipping all processing on this page" not in said or "regressions" in said:
    sys.exit("changed: what it says of it")
if "serious regressions that corrupt PDFs with existing text" not in refused:
    sys.exit("changed: why it refuses")
print("as described: the page that is skipped loses its tags")
PY
venv/bin/python look.py
