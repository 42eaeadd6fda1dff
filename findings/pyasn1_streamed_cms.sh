#!/bin/sh
# pyasn1 0.6.5 with pyasn1-modules 0.4.2 (RFC 5652), reading signed envelopes made by OpenSSL.
#
# Guess: its BER decoder reads a streamed envelope (indefinite lengths, content in pieces) as well as
#        a DER one, only slowly.
# Seen:  it reads the DER one quickly (5 MB in about 0.1 s) and refuses every streamed one: the tag of
#        an indefinite OCTET STRING inside the explicit [0] of eContent is looked for in vain. Besides,
#        an ANY taken out of an indefinite wrapper comes without its last end-of-contents octets, so
#        that the value handed back is no complete BER any more.
# Needs: openssl, python3 with pip.
set -eu
for tool in openssl python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/lib" \
  pyasn1==0.6.5 pyasn1-modules==0.4.2
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj "/CN=Mario Rossi" 2>/dev/null
printf '%s' "Il testo dell'atto." >act.txt
sign() { openssl cms -sign -binary -nodetach -signer cert.pem -inkey key.pem -in act.txt -outform DER "$@"; }
sign -out plain.p7m
sign -stream -out streamed.p7m
for file in plain streamed; do
  openssl cms -verify -noverify -inform DER -binary -in "$file.p7m" -out "$file.out" 2>/dev/null
  cmp act.txt "$file.out"
done
PYTHONPATH="$work/lib" python3 - <<'PY'
from pathlib import Path

from pyasn1.codec.ber import decoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, tag, univ
from pyasn1_modules import rfc5652


def content(name):
    envelope, _ = decoder.decode(Path(name).read_bytes(), asn1Spec=rfc5652.ContentInfo(), decodeOpenTypes=True)
    return bytes(envelope["content"]["encapContentInfo"]["eContent"])


class Wrapper(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType(
            "value",
            univ.Any().subtype(explicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatSimple, 0)),
        )
    )


assert content("plain.p7m") == Path("act.txt").read_bytes()
print("DER envelope: read")
try:
    content("streamed.p7m")
except PyAsn1Error as refusal:
    print("streamed envelope: refused,", str(refusal)[:60])
else:
    raise SystemExit("changed: the streamed envelope is read")

inner = bytes.fromhex("3080020105" "0000")
value, _ = decoder.decode(bytes.fromhex("3080a080") + inner + bytes(4), asn1Spec=Wrapper())
print("ANY inside an indefinite wrapper: given", inner.hex(), "handed back", bytes(value["value"]).hex())
if bytes(value["value"]) != inner[:-2]:
    raise SystemExit("changed: the ANY is handed back otherwise")
PY
echo "as described: OpenSSL reads both, pyasn1 only the DER one"
