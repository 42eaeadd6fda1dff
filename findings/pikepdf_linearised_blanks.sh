#!/bin/sh
# pikepdf 10.17.0 (qpdf 12.4.2 inside), linearising a PDF with object streams, which are there to save bytes.
#
# Guess: what object streams save is saved in the linearised form too; nothing is left empty in the file.
# Seen:  before the last "startxref" stands one run of blanks, of about five bytes for each object: nearly
#        40 KB of 875 at 4,000 pages, an eighth of a tagged PDF of 466 KB, which has many small objects.
#        Without object streams there is none.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" pikepdf==10.17.0
PYTHONPATH="$work/lib" python3 - <<'PY'
import io
import re

import pikepdf
from pikepdf import ObjectStreamMode as Mode


def written(pages, mode):
    book = pikepdf.new()
    for number in range(pages):
        book.add_blank_page()
        book.pages[-1].Contents = pikepdf.Stream(book, b"BT ET %d" % number)
    out = io.BytesIO()
    book.save(out, linearize=True, object_stream_mode=mode, deterministic_id=True)
    return out.getvalue()


def blanks(data):
    runs = re.findall(rb"( +)\s*startxref\s+\d+\s+%%EOF\s*\Z", data)
    return len(runs[0]) if runs else 0


for pages in (1000, 4000):
    found = {}
    for name, mode in (("with object streams", Mode.generate), ("without", Mode.disable)):
        data = written(pages, mode)
        found[name] = blanks(data)
        share = found[name] / len(data)
        print(f"{pages} pages {name}: {found[name]} blanks of {len(data)} bytes, {share:.1%}")
    # two objects a page
    if not 4 * 2 * pages < found["with object streams"] < 7 * 2 * pages:
        raise SystemExit("changed: the blanks are no longer about five bytes an object")
    if found["without"] > 100:
        raise SystemExit("changed: blanks without object streams too")
PY
echo "as described: a run of blanks that grows with the objects"
