#!/bin/sh
# A PDF with the words "ufficio" and "affidamenti", saved by LibreOffice Writer 7.4.7 and by WeasyPrint 70.0, written again as
# PDF/A by Ghostscript 10.00.0 (Debian 12), as systems of protocol and conservation do.
#
# Guess: the pages look alike and say the same words.
# Seen:  they look alike. Where the font draws ff, fi or ffi as one sign, as DejaVu does, Ghostscript writes what the sign stands
#        for with the bytes of its letters changed about, as U+6600 for f and U+6900 for i, signs of Chinese. "ufficio" is
#        neither found nor copied nor read aloud in any program; before, it was. Without PDF/A the same. WeasyPrint told not
#        to join letters (font-variant-ligatures: none) has no such sign, and its words remain.
# Needs: Debian 12's ghostscript; LibreOffice Writer 7.4 (libreoffice-writer-nogui); poppler's pdftotext; the font DejaVu
#        (fonts-dejavu-core); python3 with pip, and the libraries WeasyPrint draws with (pango).
set -eu
for tool in gs soffice pdftotext fc-match python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
versions="$(soffice --version -env:UserInstallation="file://$work/home" 2>/dev/null | head -n 1) / gs $(gs --version)"
case $versions in
*" 7.4."*"gs 10.00.0") ;;
*) echo "described for LibreOffice 7.4 and Ghostscript 10.00.0, here are: $versions" && exit 2 ;;
esac
fc-match "DejaVu Sans" | grep -q DejaVuSans.ttf || { echo "missing: the font DejaVu Sans"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0 python-docx==1.2.0
cd "$work"
page='<html lang="it"><meta charset="utf-8"><title>Atto</title><p style="font-family: DejaVu Sans">L’ufficio e gli affidamenti: fine.</p>'
venv/bin/python -c "
from docx import Document
act = Document()
act.styles['Normal'].font.name = 'DejaVu Sans'
act.add_paragraph('L’ufficio e gli affidamenti: fine.')
act.save('writer.docx')"
soffice -env:UserInstallation="file://$work/home" --headless --convert-to pdf writer.docx >/dev/null 2>&1
printf '%s' "$page" | venv/bin/weasyprint --pdf-variant pdf/ua-1 - joined.pdf 2>/dev/null
printf '%s' "$page" | sed 's/Sans"/Sans; font-variant-ligatures: none"/' |
  venv/bin/weasyprint --pdf-variant pdf/ua-1 - apart.pdf 2>/dev/null
for file in writer joined apart; do
  gs -q -dPDFA=2 -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -sOutputFile="again-$file.pdf" "$file.pdf" 2>/dev/null
done
cat >read.py <<'PY'
import subprocess
import sys

SAID = "L’ufficio e gli affidamenti: fine."


def words(name):
    return subprocess.run(["pdftotext", name, "-"], capture_output=True, check=True).stdout.decode().strip()


for name in ("writer", "joined", "apart"):
    before, after = words(f"{name}.pdf"), words(f"again-{name}.pdf")
    print(f"{name}: {before} -> {after}")
    assert before == SAID, f"changed: {name} says something else from the beginning"
    if (after == SAID) != (name == "apart"):
        sys.exit(f"changed: {name} says {after}")
    turned = {f"U+{ord(sign):04X}" for sign in after if ord(sign) > 0x2FFF}
    print("   ", sorted(turned))
    if name != "apart" and "U+6600" not in turned:
        sys.exit("changed: the bytes are no longer changed about")
PY
venv/bin/python read.py
echo "as described: written again, the words are no longer in the file"
