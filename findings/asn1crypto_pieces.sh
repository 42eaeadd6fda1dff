#!/bin/sh
# asn1crypto 1.5.1, reading an OCTET STRING that comes in pieces, as streaming signers write it.
#
# Guess: reading is linear, and every constructed OCTET STRING is read, whatever the form of its length.
# Seen:  (1) the pieces are added one to the other, each time copying what is already there: four times
#        the bytes cost far more than four times the time (pieces of 1,000 bytes, the usual size of a
#        Java library: 5 MB in half a second, 20 MB in 19 s). Joined once, the same pieces cost a tenth and less.
#        (2) A constructed OCTET STRING of definite length, valid BER too, is refused; so is one inside
#        an indefinite one.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/lib" asn1crypto==1.5.1
PYTHONPATH="$work/lib" python3 - <<'PY'
import time

from asn1crypto import core

PIECE = core.OctetString(b"x" * 1000).dump()


def in_pieces(count):
    return b"\x24\x80" + PIECE * count + b"\0\0"


def seconds(act):
    best = 1e9
    for _ in range(2):
        start = time.process_time()
        assert len(act()) % 1000 == 0
        best = min(best, time.process_time() - start)
    return best


def native(data):
    return core.OctetString.load(data).native


def joined(data):
    pieces = core.SequenceOf(spec=core.OctetString, contents=core.OctetString.load(data).contents)
    return b"".join(piece.native for piece in pieces)


small, large = in_pieces(2000), in_pieces(8000)
assert native(small) == joined(small)
growth = seconds(lambda: native(large)) / seconds(lambda: native(small))
linear = seconds(lambda: joined(large)) / seconds(lambda: joined(small))
gain = seconds(lambda: native(large)) / seconds(lambda: joined(large))
print(f"2 MB to 8 MB: .native takes {growth:.1f} times as long, joining once {linear:.1f} times")
print(f"8 MB: .native takes {gain:.1f} times as long as joining once")
if growth < 6 or gain < 3:
    raise SystemExit("changed: reading pieces is no longer quadratic")

definite = bytes.fromhex("2408" "04026162" "04026364")
assert native(bytes.fromhex("2480" "04026162" "04026364" "0000")) == b"abcd"
for name, data in (
    ("definite", definite),
    ("definite inside indefinite", b"\x24\x80" + definite + b"\0\0"),
):
    try:
        value = native(data)
    except ValueError as refusal:
        print(f"{name}: refused,", str(refusal).split(" - ")[-1].splitlines()[0])
    else:
        raise SystemExit(f"changed: {name} is read as {value!r}")
PY
echo "as described: quadratic in the pieces, definite pieces refused"
