#!/bin/sh
# LibreOffice Writer 7.4.7 (Debian 12), exporting a document as PDF/A-2b and as PDF/UA at once, as two boxes of one
# window offer and as an act that is both kept and published wants.
#
# Guess: either box gives a file that conforms, and both together one that conforms to both.
# Seen:  with PDF/A alone the file conforms to PDF/A-2b, with PDF/UA alone to PDF/UA-1. With both it conforms to
#        PDF/UA-1 and no more to PDF/A-2b, which it still says it is: the mark of PDF/UA stands in the metadata
#        without the description (extension schema) that PDF/A asks for of each property it does not know.
# Needs: soffice (LibreOffice Writer), python3 with pip.
set -eu
for tool in soffice python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
soffice --version | grep -q "LibreOffice 7.4" || { echo "missing: LibreOffice 7.4"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  python-docx==1.2.0 page-validation==0.11.0 pikepdf==10.17.0
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
from docx import Document

document = Document()
document.core_properties.title = "Atto"
document.core_properties.language = "it-IT"
document.add_heading("Atto di adozione", 1)
document.add_paragraph("Si adotta il piano.")
document.save("atto.docx")
PY
convert() { # NAME ENTRIES
  soffice "-env:UserInstallation=file://$work/profile" --headless \
    --convert-to "pdf:writer_pdf_Export:{$2}" --outdir "$1" atto.docx >/dev/null 2>&1
}
kept='"SelectPdfVersion":{"type":"long","value":"2"}'
read_by_all='"PDFUACompliance":{"type":"boolean","value":"true"}'
convert a "$kept"
convert ua "$read_by_all"
convert both "$kept,$read_by_all"
PYTHONPATH="$work/lib" python3 - <<'PY'
import sys
from pathlib import Path

import pikepdf
from page import ValidationProfile, validate_pdf_bytes

A, UA = ValidationProfile.PDF_A_2B, ValidationProfile.PDF_UA_1


def faults(folder, profile):
    pdf = Path(folder, "atto.pdf").read_bytes()
    return [failure.rule_id for failure in validate_pdf_bytes(pdf, profile=profile).failures]


with pikepdf.open("both/atto.pdf") as pdf:
    metadata = pdf.Root.Metadata.read_bytes()
says_both = b"pdfaid:part" in metadata and b"pdfuaid:part" in metadata
described = b"pdfaSchema:schema" in metadata
alone = faults("a", A) + faults("ua", UA)
ua, a = faults("both", UA), faults("both", A)
print(f"alone: {alone or 'clean'}; both: says both {says_both}, described {described}, UA {ua or 'clean'}, A {a}")
if alone or ua or not says_both or described or not a or not all("XMP" in rule for rule in a):
    sys.exit("changed")
PY
echo "as described: asked for both, Writer breaks PDF/A by the mark of PDF/UA"
