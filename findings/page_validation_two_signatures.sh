#!/bin/sh
# page-validation 0.11.0 (PDF/A checker) on a PDF/A-2b signed twice with pyHanko 0.38.0.
#
# Guess: a file that conforms to PDF/A-2 still does after one signature, and after a second, as in every act
#        signed by two people.
# Seen:  one signature conforms; with two, the range of the first, which ends where its own
#        revision ends as it must, is held against the end of the whole file and reported as
#        SIGNATURE-BYTERANGE. The document time stamp of a long-term signature does the same.
# Needs: openssl, python3 with pip.
set -eu
for tool in openssl python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  pyhanko==0.38.0 pikepdf==10.17.0 page-validation==0.11.0
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj "/CN=Mario Rossi" 2>/dev/null
PYTHONPATH="$work/lib" python3 - <<'PY'
import logging
import sys
from io import BytesIO

import page
import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

logging.disable(logging.CRITICAL)
signer = signers.SimpleSigner.load("key.pem", "cert.pem")


def signed(data, field):
    out = BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(data)),
        signers.PdfSignatureMetadata(field_name=field),
        signer=signer,
        output=out,
    )
    return out.getvalue()


file = pikepdf.new()
file.add_blank_page()
with file.open_metadata(set_pikepdf_as_editor=False) as metadata:
    metadata["pdfaid:part"] = "2"
    metadata["pdfaid:conformance"] = "B"
out = BytesIO()
file.save(out, deterministic_id=True)
once = signed(out.getvalue(), "Uno")
twice = signed(once, "Due")
seen = {}
for name, data in (("unsigned", out.getvalue()), ("signed", once), ("signed twice", twice)):
    seen[name] = [failure.rule_id for failure in page.validate_pdf_bytes(data, profile="2b").failures]
    print(f"{name}:", seen[name] or "conforms")
if seen != {"unsigned": [], "signed": [], "signed twice": ["PDFA2B-SIGNATURE-BYTERANGE-001"]}:
    sys.exit("changed: the second signature is judged otherwise")
PY
echo "as described: a second signature is reported against the first"
