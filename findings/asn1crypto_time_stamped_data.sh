#!/bin/sh
# asn1crypto 1.5.1 and time-stamped data (RFC 5544, the .tsd files of Italian offices).
#
# Guess: its classes for RFC 5544 read a .tsd down to the time of its stamp.
# Seen:  (1) unless asn1crypto.tsp has been imported, even though nothing of it is used, the content of the
#        same file is an Any without fields. (2) With it, the stamp cannot be read: TimeStampAndCRL
#        declares its first field an EncapsulatedContentInfo where RFC 5544 says a TimeStampToken, that
#        is a ContentInfo; reading the field raises ValueError. Its bytes, loaded as
#        cms.ContentInfo, give the time. A .tsd of Bouncy Castle 1.72 (Java) meets the same.
# Needs: openssl, python3 with pip.
set -eu
for tool in openssl python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/lib" asn1crypto==1.5.1
cd "$work"
cat >tsa.cnf <<'CNF'
[tsa]
default_tsa = authority
[authority]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
crypto_device = builtin
[certificate]
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = name
[name]
CNF
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj "/CN=Marca temporale" \
  -config tsa.cnf -extensions certificate 2>/dev/null
printf '%s' "Il testo dell'atto." >act.txt
openssl ts -query -data act.txt -sha256 -cert -out query.tsq 2>/dev/null
openssl ts -reply -config tsa.cnf -queryfile query.tsq -inkey key.pem -signer cert.pem -token_out -out token.der 2>/dev/null
openssl ts -verify -data act.txt -in token.der -token_in -CAfile cert.pem >/dev/null 2>&1
cat >read.py <<'PY'
import sys
from pathlib import Path

from asn1crypto import cms, core


class Stamp(core.Sequence):
    _fields = [("token", cms.ContentInfo)]


class Stamps(core.SequenceOf):
    _child_spec = Stamp


class Evidence(core.Choice):
    _alternatives = [("stamps", Stamps, {"implicit": 0})]


class Data(core.Sequence):
    _fields = [("version", core.Integer), ("content", core.OctetString), ("evidence", Evidence)]


class File(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("content", Data, {"explicit": 0})]


stamp = Stamp({"token": cms.ContentInfo.load(Path("token.der").read_bytes())})
data = Data({"version": 1, "content": Path("act.txt").read_bytes(), "evidence": Evidence("stamps", Stamps([stamp]))})
tsd = File({"type": "1.2.840.113549.1.9.16.1.31", "content": data}).dump()
Path("act.tsd").write_bytes(tsd)

before = cms.ContentInfo.load(tsd)["content"]
print("without asn1crypto.tsp:", type(before).__name__)
if type(before) is not core.Any:
    sys.exit("changed: the fields are known without importing asn1crypto.tsp")

from asn1crypto import tsp  # noqa: E402

after = cms.ContentInfo.load(tsd)["content"]
print("with asn1crypto.tsp:", type(after).__name__, len(after["content"].native), "bytes of content")
if not isinstance(after, tsp.TimeStampedData):
    sys.exit("changed: another class reads the file")
evidence = after["temporal_evidence"].chosen[0]
raw = evidence["time_stamp"].dump()
try:
    value = evidence["time_stamp"].native
except ValueError as refusal:
    print("the stamp: refused,", str(refusal).split(" - ")[-1].splitlines()[0])
else:
    sys.exit(f"changed: the stamp is read as {type(value).__name__}")
token = cms.ContentInfo.load(raw)
print("its bytes as ContentInfo:", token["content"]["encap_content_info"]["content"].parsed["gen_time"].native)
PY
PYTHONPATH="$work/lib" python3 read.py
openssl asn1parse -inform DER -in act.tsd >/dev/null
echo "as described: asn1crypto opens the .tsd and cannot read its stamp"
