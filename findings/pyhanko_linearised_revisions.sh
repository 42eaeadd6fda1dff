#!/bin/sh
# pyHanko 0.38.0 on a linearised PDF ("fast web view"), written by pikepdf 10.17.0.
#
# Guess: a linearised file that nobody has added to has one revision, and the first signature in it
#        signs the second (index 1), as in any other file.
# Seen:  the two cross-reference sections of a linearised file count as two revisions: an untouched
#        file has two, its first signature says it signs the third (index 2). Coverage and judgement
#        of changes are right in both. So "as many revisions as signatures, plus one" does not hold.
# Needs: openssl, python3 with pip.
set -eu
for tool in openssl python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" pyhanko==0.38.0 pikepdf==10.17.0
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj "/CN=Mario Rossi" 2>/dev/null
PYTHONPATH="$work/lib" python3 - <<'PY'
import logging
import sys
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
signer = signers.SimpleSigner.load("key.pem", "cert.pem")
trusted = ValidationContext(trust_roots=[signer.signing_cert], allow_fetching=False)


def written(*, linearize):
    file = pikepdf.new()
    file.add_blank_page()
    out = BytesIO()
    file.save(out, linearize=linearize, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def signed(data, field):
    out = BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(data)),
        signers.PdfSignatureMetadata(field_name=field),
        signer=signer,
        output=out,
    )
    return out.getvalue()


seen = {}
for name, linearize in (("plain", False), ("linearised", True)):
    data = written(linearize=linearize)
    untouched = PdfFileReader(BytesIO(data)).xrefs.total_revisions
    twice = PdfFileReader(BytesIO(signed(signed(data, "Uno"), "Due")))
    signatures = twice.embedded_signatures
    status = [validate_pdf_signature(each, trusted) for each in signatures]
    seen[name] = (
        untouched,
        twice.xrefs.total_revisions,
        [each.signed_revision for each in signatures],
        [(each.coverage.name, each.modification_level.name, each.valid) for each in status],
    )
    print(f"{name}: {untouched} untouched, {seen[name][1]} signed twice, signatures on {seen[name][2]}, {seen[name][3]}")
judged = [("ENTIRE_REVISION", "FORM_FILLING", True), ("ENTIRE_FILE", "NONE", True)]
if seen != {"plain": (1, 3, [1, 2], judged), "linearised": (2, 4, [2, 3], judged)}:
    sys.exit("changed: revisions are counted otherwise")
PY
echo "as described: a linearised file counts one revision more"
