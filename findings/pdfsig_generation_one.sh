#!/bin/sh
# PDFs signed by poppler's pdfsig 22.12 (Debian 12), read by pyHanko 0.38.0.
#
# Guess: a signature of poppler is one more incremental update of a few kB that pyHanko reads.
# Seen:  pdfsig gives some of its new objects the generation 1, though no object of that number ever
#        was there; pyHanko's reader, strict by default, refuses the whole file, signatures and all
#        (qpdf and poppler open it without a warning). With strict=False the signature is found intact and
#        covering the file. Besides, the update carries a whole font of the machine for
#        an appearance nobody asked for: where DejaVu is that font, 1.1 MB on a PDF of 1 kB.
# Needs: Debian's poppler-utils, libnss3-tools, qpdf, a font; openssl, python3 with pip.
set -eu
for tool in pdfsig certutil pk12util qpdf openssl python3; do
  command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }
done
version=$(pdfsig -v 2>&1 | head -n 1)
case $version in
*" 22.12."*) ;;
*) echo "described for pdfsig 22.12, here is: $version" && exit 2 ;;
esac
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" pyhanko==0.38.0 pikepdf==10.17.0
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj "/CN=Mario Rossi" 2>/dev/null
openssl pkcs12 -export -inkey key.pem -in cert.pem -name rossi -passout pass: -out both.p12
mkdir nss
certutil -N -d sql:nss --empty-password
pk12util -i both.p12 -d sql:nss -W "" -K "" >/dev/null
certutil -M -d sql:nss -n rossi -t CT,C,C
PYTHONPATH="$work/lib" python3 -c "
import pikepdf
file = pikepdf.new()
file.add_blank_page()
file.save('act.pdf')"
pdfsig -nssdir sql:nss -add-signature -nick rossi -digest SHA256 act.pdf signed.pdf 2>/dev/null
qpdf --check signed.pdf >/dev/null
pdfsig -nssdir sql:nss signed.pdf 2>/dev/null | grep -E "Total document signed|Signature is Valid"
PYTHONPATH="$work/lib" python3 - <<'PY'
import logging
import sys
from pathlib import Path

from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader

logging.disable(logging.CRITICAL)
before, after = Path("act.pdf").read_bytes(), Path("signed.pdf").read_bytes()
print(f"{len(before)} bytes before, {len(after)} signed, the first ones kept: {after.startswith(before)}")
with Path("signed.pdf").open("rb") as file:
    try:
        PdfFileReader(file)
    except PdfStrictReadError as refusal:
        print("pyHanko:", refusal)
        if "generation 1 was not preceded" not in str(refusal):
            sys.exit("changed: refused for another reason")
    else:
        sys.exit("changed: pyHanko reads it, strict")
    lenient = PdfFileReader(file, strict=False).embedded_signatures[0]
    lenient.compute_integrity_info()
    print("pyHanko, strict=False:", lenient.evaluate_signature_coverage().name)
PY
echo "as described: valid to poppler and qpdf, refused by pyHanko's strict reader"
